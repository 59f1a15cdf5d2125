"""The only package that knows SQL: tables, named questions, and the transaction."""

from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.unit_of_work import UnitOfWork, make_engine, reading, unit_of_work

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""The database cannot be reached, is too slow, or has no connection left: to be tried again later."""

__all__ = [
    "UNAVAILABLE",
    "AsyncConnection",
    "AsyncEngine",
    "DataError",
    "IntegrityError",
    "ProgrammingError",
    "UnitOfWork",
    "make_engine",
    "reading",
    "unit_of_work",
]
