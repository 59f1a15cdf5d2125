"""The database that a command works on: the server that the settings name, or the embedded PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from pydantic import ValidationError

from app.api.faults import fault_of
from app.config import PREFIX, PROJECT, Settings
from app.domain.errors import Fault, Invalid
from app.gateways.embedded_postgres import EmbeddedPostgres
from app.gateways.postgres_programs import DatabaseUnavailable
from app.services.office import Office
from app.storage import make_engine, reading
from app.storage.queries.housekeeping import found_revision

HEAD = PROJECT / "migrations" / "HEAD"
CONNECT_SECONDS = 10
DRIVER = "postgresql+psycopg://"
NUMBER_DIGITS = 4


def read_settings(**given: Any) -> Settings:
    """Return the settings; what is given overrules the environment, None stands for not given."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise Invalid("设置有误，请改正下列环境变量后重试。", *map(_variable_fault, error.errors())) from None


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the URL of a database that answers; the embedded PostgreSQL is given up at the end."""
    if settings.url is None:
        with EmbeddedPostgres(settings.postgres_home) as url:
            yield url
    else:
        _refuse_silent(settings.url)
        yield settings.url


@asynccontextmanager
async def open_office(settings: Settings, url: str) -> AsyncIterator[Office]:
    """Yield an office on a migrated database."""
    office = Office(make_engine(url, pool_size=settings.pool_size))
    try:
        await refuse_older_schema(office)
        yield office
    finally:
        await office.engine.dispose()


def is_ready(url: str) -> bool:
    """Tell whether the database has a schema that this program can work with."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return False
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return found is not None and found[0][:NUMBER_DIGITS] >= _needed()[:NUMBER_DIGITS]


async def refuse_older_schema(office: Office) -> None:
    """Refuse a database that lacks migrations; a newer one is fine, for migrations only add."""
    async with reading(office.engine) as connection:
        found = await found_revision(connection)
    needed = _needed()
    if found is None or found[:NUMBER_DIGITS] < needed[:NUMBER_DIGITS]:
        raise DatabaseUnavailable(
            f"数据库结构是「{found or '空'}」，程序需要「{needed}」。请先运行：./run bihuan migrate",
            code="schema-too-old",
        )


def _needed() -> str:
    return HEAD.read_text(encoding="utf-8").strip()


def _refuse_silent(url: str) -> None:
    """Refuse a database that is none of PostgreSQL's, or does not answer."""
    if not url.startswith(DRIVER):
        raise Invalid(f"{PREFIX}DATABASE_URL 应以 postgresql:// 开头：只支持 PostgreSQL。")
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise DatabaseUnavailable(
            f"连不上数据库，请核对 {PREFIX}DATABASE_URL，并确认数据库在运行。（{reason}）"
        ) from None


def _variable_fault(error: Any) -> Fault:
    fault = fault_of(error)
    return Fault(f"{PREFIX}{fault.field.upper()}", fault.reason)
