"""The body that puts a holiday notice forward: JSON, TOML or CSV, told apart by its content type."""

from typing import Any, Final

from app.domain.errors import Fault, Invalid
from app.domain.notice import Publication, read_publication

FORMS: Final = {
    "application/json": "json",
    "application/toml": "toml",
    "text/csv": "csv",
}
_JSON = {
    "year": 2027,
    "notice": {
        "number": "样例〔2026〕1号",
        "title": "关于2027年部分节假日安排的通知（样例）",
        "issued_on": "2026-11-20",
        "url": "https://example.org/notice",
        "source": "样例，非真实通知",
    },
    "break": [{"name": "元旦", "off": ["2027-01-01/2027-01-03"], "make_up": []}],
}
_DAYS = {
    "type": "array",
    "items": {"type": "string"},
    "description": "日期或起止：2027-01-01，或 2027-01-01/2027-01-03。",
}
_SCHEMA = {
    "type": "object",
    "required": ["year", "notice", "break"],
    "additionalProperties": False,
    "properties": {
        "year": {"type": "integer", "minimum": 2007, "maximum": 2100},
        "region": {"type": "string", "description": "CN，或辖区代码（当地调整）。"},
        "amends": {"type": "boolean", "description": "只改所列日期，其余不变。"},
        "effective_at": {"type": "string", "format": "date-time", "description": "生效时间，缺省为批准之时。"},
        "notice": {
            "type": "object",
            "required": ["title", "issued_on"],
            "properties": {name: {"type": "string"} for name in ("number", "title", "issued_on", "url", "source")},
        },
        "break": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "off"],
                "properties": {"name": {"type": "string"}, "off": _DAYS, "make_up": _DAYS},
            },
        },
    },
    "examples": [_JSON],
}
_TOML = """year = 2027

[notice]
number = "样例〔2026〕1号"
title = "关于2027年部分节假日安排的通知（样例）"
issued_on = 2026-11-20

[[break]]
name = "元旦"
off = ["2027-01-01/2027-01-03"]
"""
_CSV = "day,kind,name,number,title,issued_on,url,source,year\n2027-01-01,off,元旦,样例1号,样例通知,2026-11-20,,,2027\n"
NOTICE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "放假通知的全部日期。region 为辖区代码时是当地的调整；amends 为 true 时只改所列日期。",
        "content": {
            "application/json": {"schema": _SCHEMA, "example": _JSON},
            "application/toml": {"schema": {"type": "string"}, "example": _TOML},
            "text/csv": {"schema": {"type": "string"}, "example": _CSV},
        },
    }
}


def read_notice_body(body: bytes, content_type: str) -> Publication:
    """Read a notice; raise `Invalid` with every fault, or when the content type is none of the three."""
    form = FORMS.get(content_type.partition(";")[0].strip().lower())
    if form is None:
        known = "、".join(FORMS)
        raise Invalid("放假通知的格式无法识别。", Fault("Content-Type", f"应为以下之一：{known}"))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("放假通知不是UTF-8编码的文本，请另存为UTF-8后重试。") from None
    return read_publication(text, form)
