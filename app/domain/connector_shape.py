"""What has to be known of another system to read and write its messages: data, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.hotline_message import MessageKind


class Reading(StrEnum):
    """How a field is read: one line, several lines, an instant, a whole number, or by a table of codes."""

    LINE = "line"
    LINES = "lines"
    INSTANT = "instant"
    WHOLE = "whole"
    CODE = "code"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The source's codes and ours; without a default an unknown code is unclear."""

    codes: Mapping[str, str]
    default: str | None = None

    def ours(self, code: str) -> str | None:
        """Return our code for the source's, or None where neither the table nor its default has one."""
        return self.codes.get(code, self.default)


@dataclass(frozen=True, slots=True)
class ConnectorField:
    """One field of ours: where the source has it, or what it always is; `longest` counts characters."""

    name: str
    label: str
    path: str | None = None
    constant: str | None = None
    reading: Reading = Reading.LINE
    table: str | None = None
    longest: int = 200
    kinds: tuple[MessageKind, ...] = tuple(MessageKind)
    required: tuple[MessageKind, ...] = ()


@dataclass(frozen=True, slots=True)
class KindCodes:
    """Where the source says what a message is, and its codes for that."""

    path: str
    codes: Mapping[str, MessageKind]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the source wants to hear: its code by our event type, its path by our field, its format of instants."""

    code_path: str
    format: str
    events: Mapping[str, str]
    fields: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Connector:
    """One source; `formats` are the ways in which it writes times of `time_zone` without saying so."""

    code: str
    name: str
    time_zone: ZoneInfo
    formats: tuple[str, ...]
    kinds: KindCodes
    fields: tuple[ConnectorField, ...]
    tables: Mapping[str, CodeTable]
    categories: CodeTable
    outgoing: Outgoing | None = None
