"""The packaged connectors: one TOML file per source, read here and nowhere else."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.domain.connector import Connector
from app.domain.connector_checks import connector_faults
from app.domain.errors import Fault, Invalid

FOLDER = Path(__file__).parent

_SHAPE = TypeAdapter(Connector)
_REASONS = {
    "missing": "没有写，请补上",
    "unexpected_keyword_argument": "不认识，请检查拼写或删去",
    "enum": "不是可选的值，请改正",
    "zoneinfo_str": "不是已知的时区，请写成 Asia/Shanghai 这样的名称",
}


class ConnectorRefused(Invalid):
    """A connector that cannot be used; each fault names the file, the place and how to mend it."""

    code = "connector-refused"

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(f"{fault.field}：{fault.reason}" for fault in faults), *faults)


@dataclass(frozen=True, slots=True)
class LoadedConnectors:
    """The connectors that can be used, by code, and why the others cannot."""

    connectors: dict[str, Connector] = field(default_factory=dict)
    refused: list[ConnectorRefused] = field(default_factory=list)


def load_connectors(folder: Path | None = None) -> LoadedConnectors:
    """Read every connector of the folder; a broken one does not stop the others."""
    loaded = LoadedConnectors()
    for path in sorted((folder or FOLDER).glob("*.toml")):
        try:
            _keep(path.name, read_connector(path.read_bytes(), file_name=path.name), loaded)
        except ConnectorRefused as refused:
            loaded.refused.append(refused)
    return loaded


@cache
def packaged() -> LoadedConnectors:
    """Return the connectors that come with the program, read once."""
    return load_connectors()


def read_connector(content: bytes, *, file_name: str) -> Connector:
    """Return the connector that a TOML file describes; raise `ConnectorRefused` with everything that is wrong."""
    written = json.dumps(_toml(content, file_name), default=str)
    try:
        connector = _SHAPE.validate_json(written, strict=True, extra="forbid")
    except ValidationError as error:
        raise ConnectorRefused(*_shape_faults(error, file_name)) from None
    if faults := connector_faults(connector):
        raise ConnectorRefused(*(Fault(file_name, reason) for reason in faults))
    return connector


def _toml(content: bytes, file_name: str) -> object:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConnectorRefused(Fault(file_name, "不是 UTF-8 编码的文本，请另存为 UTF-8 编码。")) from None
    except tomllib.TOMLDecodeError as error:
        raise ConnectorRefused(Fault(file_name, f"{_line_of(error)}不是合法的 TOML，请检查该处的写法。")) from None


def _line_of(error: tomllib.TOMLDecodeError) -> str:
    """The parser tells the place only in its sentence, which is English and may repeat the text."""
    found = re.search(r"at line (\d+)", str(error))
    return f"第{found[1]}行" if found else "文件末尾"


def _shape_faults(error: ValidationError, file_name: str) -> list[Fault]:
    return [
        Fault(
            f"{file_name} {'.'.join(str(part) for part in one['loc'])}",
            f"{_REASONS.get(one['type'], '类型不对，请对照现有的连接器改正')}。",
        )
        for one in error.errors(include_url=False, include_input=False)
    ]


def _keep(file_name: str, connector: Connector, loaded: LoadedConnectors) -> None:
    """A code names one source: what came from one must not be answered to another."""
    if connector.code in loaded.connectors:
        raise ConnectorRefused(Fault(file_name, "code 已由另一个连接器使用，请改用其他代码。"))
    loaded.connectors[connector.code] = connector
