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
from app.gateways.keyring import KeyringFile, SealCipher
from app.gateways.postgres_programs import DatabaseUnavailable
from app.gateways.sealing import Sealer
from app.main import make_shelf
from app.services.office import Office
from app.storage import make_engine
from app.system_time import utc_now

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
    refuse_older_schema(url)
    office = Office(
        make_engine(url, pool_size=settings.pool_size),
        shelf=make_shelf(settings),
        seals=Sealer(keyring_file(settings).current),
    )
    try:
        yield office
    finally:
        await office.engine.dispose()


def keyring_file(settings: Settings) -> KeyringFile:
    """Return the file with the keys that the settings name."""
    return KeyringFile(settings.keyring_path, SealCipher(settings.cipher), utc_now)


def is_ready(url: str) -> bool:
    """Tell whether the database has a schema that this program can work with."""
    return _is_enough(_found_revision(url))


def refuse_older_schema(url: str) -> None:
    """Refuse a database that lacks migrations; a newer one is fine, for migrations only add."""
    found = _found_revision(url)
    if not _is_enough(found):
        raise DatabaseUnavailable(
            f"数据库结构是「{found or '空'}」，程序需要「{_needed()}」。请先运行：./run bihuan migrate",
            code="schema-too-old",
        )


def _found_revision(url: str) -> str | None:
    """Return the migration that the database stands at, asked as its owner: the service's role may not exist yet."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else str(found[0])


def _is_enough(found: str | None) -> bool:
    return found is not None and found[:NUMBER_DIGITS] >= _needed()[:NUMBER_DIGITS]


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
