"""Whether the service can do its work, and with what."""

from datetime import date

from app.api.schemas.base import Output, example


class HealthOut(Output):
    """The service, its schema and its calendar."""

    model_config = example(
        status="ok",
        version="0.1.0",
        schema_revision="0001_create_tables",
        calendar_version="CN-2026-1a2b3c4d",
        calendar_published_until="2026-12-31",
    )

    status: str
    version: str
    schema_revision: str | None
    calendar_version: str
    calendar_published_until: date
