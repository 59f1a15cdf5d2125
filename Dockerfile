# One image, three commands: web (the default), worker, migrate.

FROM python:3.13.9-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-server.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements-server.lock

FROM python:3.13.9-slim-trixie

LABEL version="0.1.0" \
      org.opencontainers.image.title="bihuan" \
      org.opencontainers.image.description="Enterprise appeals, answered in time, provably"

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIHUAN_HOME=/var/lib/bihuan

RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent bihuan \
    && install --directory --owner=bihuan --group=bihuan --mode=0750 /var/lib/bihuan

COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/bihuan
COPY alembic.ini pyproject.toml ./
COPY migrations migrations
COPY app app

USER bihuan
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/v1/health', timeout=4)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000"]
