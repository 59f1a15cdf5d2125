"""What the running service writes about itself: one JSON object per line on the error stream.

A log is read by more people than an appeal may be: what was sent, and what an exception quotes of it, stays out.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, Final

import structlog

from app.system_time import utc_now

# What these libraries say below these levels tells an operator nothing, or quotes statements with their values;
# failed duties are reported by our worker.
QUIET: Mapping[str, int] = MappingProxyType(
    {
        "alembic": logging.WARNING,
        "asyncio": logging.INFO,
        "httpcore": logging.INFO,
        "httpx": logging.WARNING,
        "multipart": logging.INFO,
        "procrastinate": logging.CRITICAL,
        "psycopg": logging.INFO,
        "psycopg.pool": logging.ERROR,
        "python_multipart": logging.INFO,
        "sqlalchemy": logging.WARNING,
        "uvicorn.error": logging.WARNING,
    }
)
QUOTING_NOTHING: Final = frozenset({"OperationalError", "InterfaceError", "OSError", "DomainError"})
"""Exceptions of these kinds say what an operator must know, such as that no server listens, and no stored value."""
_SECRETS = re.compile(
    r"(?P<kept>bh_|(?:[Bb]earer|[Bb]asic)\s+|/ratings/)[^\s\"'\\]+|(?P<account>://[^\s/:@]*:)[^\s/@]+(?=@)"
)
_AS_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)
_NOT_SHOWN = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def configure_logs(level: str) -> None:
    """Send every log record of this process to the error stream as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, quiet_level in QUIET.items():
        logging.getLogger(name).setLevel(max(quiet_level, logging.getLogger().level))


def json_formatter() -> logging.Formatter:
    """Return the formatter: Chinese stays readable, an exception keeps its places, secrets go."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            _stamp,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _say_where,
            _line,
        ],
    )


def _stamp(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["at"] = utc_now().isoformat(timespec="milliseconds")
    return event


def _say_where(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put kind and places of an exception in its stead; its words may quote what was sent."""
    info = event.pop("exc_info", None)
    if info:
        error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else sys.exc_info()[1]
        event["exception"] = "" if error is None else _told(error)
    return event


def _told(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{'' if before is None else _told(before)}{frames}{_named(error)}\n"


def _named(error: BaseException) -> str:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    state = getattr(error, "sqlstate", None)
    words = f": {error}" if kinds & QUOTING_NOTHING else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{f' [{state}]' if state else ''}{words}"


def _line(logger: object, name: str, event: MutableMapping[str, Any]) -> str:
    """Write one line: secrets go, and what could break or disguise it is written as an escape."""
    line = str(_AS_JSON(logger, name, event))
    return _NOT_SHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", _SECRETS.sub(r"\g<kept>\g<account>…", line))
