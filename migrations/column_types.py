"""Column types that SQLAlchemy has no name for, so that migrations need nothing of the program."""

from typing import Any

from sqlalchemy.types import UserDefinedType


class Spelled(UserDefinedType[Any]):
    """A type of PostgreSQL by the name that it has there: `Spelled("xid8")`."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as DDL writes it."""
        return self.name


class Xid8(Spelled):
    """The full number of a transaction."""

    def __init__(self) -> None:
        super().__init__("xid8")
