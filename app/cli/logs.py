"""What the running service writes about itself: one JSON object per line on the error stream."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

import structlog

from app.system_time import utc_now

# What these libraries say below these levels tells an operator nothing; failed duties are reported by our worker.
QUIET: Mapping[str, int] = MappingProxyType(
    {
        "alembic": logging.WARNING,
        "procrastinate": logging.CRITICAL,
        "psycopg.pool": logging.ERROR,
        "uvicorn.error": logging.WARNING,
    }
)


def configure_logs(level: str) -> None:
    """Send every log record of this process to the error stream as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, quiet_level in QUIET.items():
        logging.getLogger(name).setLevel(max(quiet_level, logging.getLogger().level))


def json_formatter() -> logging.Formatter:
    """Return the formatter: Chinese stays readable, an exception keeps its traceback."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_stamp, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _stamp(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["at"] = utc_now().isoformat(timespec="milliseconds")
    return event
