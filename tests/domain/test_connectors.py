import json
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.domain.connector import outgoing_message, understand
from app.domain.connector_checks import connector_faults
from app.domain.connector_json import DEEPEST, LARGEST_BODY
from app.domain.connector_shape import CodeTable, Connector, ConnectorField, KindCodes, Outgoing, Reading
from app.domain.hotline_message import HotlineMessage, MessageKind, MessageUnclear

CASE, URGE = MessageKind.CASE, MessageKind.URGE
BOTH = (CASE, URGE)
SHANGHAI = ZoneInfo("Asia/Shanghai")

CONNECTOR = Connector(
    code="trial",
    name="试验来源",
    time_zone=SHANGHAI,
    formats=("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"),
    kinds=KindCodes("head.type", {"NEW": CASE, "URGE": URGE}),
    fields=(
        ConnectorField("external_number", "工单编号", "data.order.no", longest=20, kinds=BOTH, required=BOTH),
        ConnectorField("occurred_at", "时间", "head.at", reading=Reading.INSTANT, kinds=BOTH, required=BOTH),
        ConnectorField("sequence", "序号", "head.seq", reading=Reading.WHOLE, kinds=BOTH),
        ConnectorField("channel", "渠道", constant="trial", kinds=(CASE,)),
        ConnectorField("content", "内容", "data.text", reading=Reading.LINES, kinds=BOTH, required=(CASE,)),
        ConnectorField("kind", "类型", "data.kind", reading=Reading.CODE, table="strict", kinds=BOTH),
        ConnectorField("level", "等级", "data.level", reading=Reading.CODE, table="lenient", kinds=BOTH),
        ConnectorField("category", "分类", "data.category", reading=Reading.CATEGORY, kinds=BOTH),
    ),
    tables={"strict": CodeTable({"1": "help", "true": "report"}), "lenient": CodeTable({"9": "high"}, "ordinary")},
    categories=CodeTable({"A": "01"}, "22"),
    outgoing=Outgoing(
        code_path="head.type",
        format="%Y%m%d%H%M%S",
        events={"appeal.signed": "SIGN"},
        fields={
            "external_number": "data.no",
            "upstream_number": "data.up",
            "text": "data.text",
            "occurred_at": "head.at",
        },
        constants={"head.from": "US"},
    ),
)
SECRET = "机密值"


def sent(**changes: object) -> dict[str, object]:
    """One message; `head__at=None` takes a value away."""
    parts: dict[str, dict[str, object]] = {
        "head": {"type": "NEW", "at": "2026-03-02 09:10:00", "seq": 7},
        "data": {"order": {"no": "ZB1"}, "text": "第一行\n第二行", "kind": 1, "level": "9", "category": "A"},
    }
    for place, value in changes.items():
        part, key = place.split("__")
        parts[part][key] = value
    return parts


def body(**changes: object) -> bytes:
    return json.dumps(sent(**changes), ensure_ascii=False).encode()


def refusal(content: bytes, connector: Connector = CONNECTOR) -> str:
    with pytest.raises(MessageUnclear) as caught:
        understand(connector, content)
    assert caught.value.reason == caught.value.message
    assert caught.value.reason.endswith("。")
    return caught.value.reason


def test_a_message_is_understood_whole() -> None:
    assert understand(CONNECTOR, body()) == HotlineMessage(
        CASE,
        "ZB1",
        datetime(2026, 3, 2, 1, 10, tzinfo=UTC),
        7,
        {"channel": "trial", "content": "第一行\n第二行", "kind": "help", "level": "high", "category": "01"},
    )


def test_what_another_kind_has_is_not_read_and_not_asked_for() -> None:
    message = understand(CONNECTOR, body(head__type="URGE", data__text=None, data__category=None, head__seq=None))
    assert (message.kind, message.sequence, dict(message.values)) == (URGE, None, {"kind": "help", "level": "high"})


VALUES = [
    # place, sent, field, understood
    ("data__kind", True, "kind", "report"),
    ("data__kind", " 1 ", "kind", "help"),
    ("data__level", "unknown", "level", "ordinary"),
    ("data__level", None, "level", None),
    ("data__category", "unknown", "category", "22"),
    ("data__category", None, "category", "22"),
    ("data__category", "", "category", "22"),
    ("data__text", 1.50, "content", "1.5"),
    ("data__text", "a\tb\r\nc", "content", "a\tb\r\nc"),
    ("data__text", "😀", "content", "😀"),
]


@pytest.mark.parametrize(("place", "value", "field", "ours"), VALUES)
def test_values(place: str, value: object, field: str, ours: str | None) -> None:
    assert understand(CONNECTOR, body(**{place: value})).values.get(field) == ours


TIMES = [
    ("2026-03-02 09:10:00", "2026-03-02T09:10:00+08:00"),
    ("20260302091000", "2026-03-02T09:10:00+08:00"),
    ("2026-03-02T01:10:00Z", "2026-03-02T01:10:00+00:00"),
    ("2026-03-02T03:10:00.250+02:00", "2026-03-02T03:10:00.250000+02:00"),
    ("2007-01-01 00:00:00", "2007-01-01T00:00:00+08:00"),
    ("2100-12-31 23:59:59", "2100-12-31T23:59:59+08:00"),
]


@pytest.mark.parametrize(("text", "instant"), TIMES)
def test_times(text: str, instant: str) -> None:
    assert understand(CONNECTOR, body(head__at=text)).occurred_at.isoformat() == instant


def test_a_naive_time_is_read_in_the_zone_of_its_source() -> None:
    berlin = replace(CONNECTOR, time_zone=ZoneInfo("Europe/Berlin"))
    assert understand(berlin, body()).occurred_at == datetime(2026, 3, 2, 8, 10, tzinfo=UTC)


def nested(levels: int) -> bytes:
    return body().replace(b'"head"', b'"x":' + b"[" * levels + b"]" * levels + b', "head"')


REFUSALS = [
    # name, body, part of the reason
    ("not UTF-8", body(data__text="x").replace(b'"x"', b'"\xff"'), "不是 UTF-8 编码"),
    ("surrogate in UTF-8", body(data__text="x").replace(b'"x"', b'"\xed\xa0\x80"'), "不是 UTF-8 编码"),
    ("byte order mark", b"\xef\xbb\xbf" + body(), "不是合法的 JSON"),
    ("empty", b"", "不是合法的 JSON"),
    ("cut off", body()[:-1], "不是合法的 JSON"),
    ("two objects", body() + body(), "不是合法的 JSON"),
    ("raw NUL", body(data__text="x").replace(b'"x"', b'"\0"'), "不是合法的 JSON"),
    ("list", b"[]", "应为一个 JSON 对象"),
    ("text", b'"a"', "应为一个 JSON 对象"),
    ("number", b"1", "应为一个 JSON 对象"),
    ("NaN", body(data__text=float("nan")), "NaN 或无穷大"),
    ("infinity", body(data__text=float("-inf")), "NaN 或无穷大"),
    ("too large", body(data__text="x" * LARGEST_BODY), "超过 256 KB"),
    ("too deep", nested(DEEPEST), "嵌套超过 16 层"),
    ("far too deep", b"[" * 200_000, "嵌套超过 16 层"),
    ("duplicate key", body().replace(b'"seq": 7', b'"seq": 7, "seq": 7'), "重名的字段"),
    ("escaped duplicate", body().replace(b'"seq": 7', b'"seq": 7, "s\\u0065q": 7'), "重名的字段"),
    ("escaped NUL", body(data__text="x").replace(b'"x"', b'"\\u0000"'), "控制字符"),
    ("escaped bell in a key", body().replace(b'"seq"', b'"\\u0007"'), "控制字符"),
    ("control in an unread list", body(data__more=["x"]).replace(b'"x"', b'"\\u001b"'), "控制字符"),
    ("C1 control", body(data__text="\x85"), "控制字符"),
    ("lone surrogate", body(data__text="x").replace(b'"x"', b'"\\ud800"'), "残缺字符"),
    ("kind absent", body(head__type=None), "「消息类型」（head.type）没有填写"),
    ("kind unknown", body(head__type=SECRET), "「消息类型」（head.type）没有填写或不在对照表里"),
    ("kind in a list", body(head__type=["NEW"]), "「消息类型」（head.type）应为文字或数字"),
    ("number absent", body(data__order={}), "「工单编号」（data.order.no）没有填写"),
    ("number blank", body(data__order={"no": "  "}), "「工单编号」（data.order.no）没有填写"),
    ("nothing above the number", body(data__order=None), "「工单编号」（data.order.no）没有填写"),
    ("text above the number", body(data__order=SECRET), "「工单编号」（data.order.no）的上一级应为对象"),
    ("list above the number", body(data__order=[SECRET]), "「工单编号」（data.order.no）的上一级应为对象"),
    ("number an object", body(data__order={"no": {}}), "「工单编号」（data.order.no）应为文字或数字"),
    ("number too long", body(data__order={"no": "1" * 21}), "「工单编号」（data.order.no）超过 20 个字"),
    ("number on two lines", body(data__order={"no": f"1\n{SECRET}"}), "「工单编号」（data.order.no）应为一行文字"),
    ("content absent from a case", body(data__text=None), "「内容」（data.text）没有填写"),
    ("time absent", body(head__at=None), "「时间」（head.at）没有填写"),
    ("time in no listed format", body(head__at="2026/03/02 09:10"), "「时间」（head.at）的时间格式"),
    ("naive ISO time not listed", body(head__at="2026-03-02T09:10:00"), "「时间」（head.at）的时间格式"),
    ("no such day", body(head__at="2026-02-30 09:10:00"), "「时间」（head.at）的时间格式"),
    ("epoch", body(head__at=1772413800), "「时间」（head.at）的时间格式"),
    ("unpadded time", body(head__at="2026-3-2 9:10:00"), "「时间」（head.at）的时间格式"),
    ("digit lost from a time", body(head__at="2026112091000"), "「时间」（head.at）的时间格式"),
    ("time in other digits", body(head__at="２０２６-03-02 09:10:00"), "「时间」（head.at）的时间格式"),
    ("year before", body(head__at="2006-12-31 23:59:59"), "2007 年至 2100 年"),
    ("year after", body(head__at="2101-01-01T00:00:00Z"), "2007 年至 2100 年"),
    ("first instant of all", body(head__at="0001-01-01T00:00:00+14:00"), "2007 年至 2100 年"),
    ("negative sequence", body(head__seq=-1), "「序号」（head.seq）应为不超过 18 位"),
    ("fractional sequence", body(head__seq=1.5), "「序号」（head.seq）应为不超过 18 位"),
    ("sequence beyond a database", body(head__seq=10**18), "「序号」（head.seq）应为不超过 18 位"),
    ("sequence in other digits", body(head__seq="７"), "「序号」（head.seq）应为不超过 18 位"),
    ("sequence yes", body(head__seq=True), "「序号」（head.seq）应为不超过 18 位"),
    ("unknown code", body(data__kind=SECRET), "「类型」（data.kind）的代码不在对照表里"),
]


@pytest.mark.parametrize(("content", "reason"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_refusals_give_their_reason_and_never_the_value(content: bytes, reason: str) -> None:
    told = refusal(content)
    assert reason in told
    assert SECRET not in told


def test_the_deepest_and_the_largest_that_pass() -> None:
    understand(CONNECTOR, nested(DEEPEST - 1))
    understand(CONNECTOR, body(data__text="[" * 40 + '"{\\'))
    room = LARGEST_BODY - len(body(data__more=""))
    wide = replace(CONNECTOR.fields[4], path="data.more", longest=LARGEST_BODY)
    connector = replace(CONNECTOR, fields=(*CONNECTOR.fields[:4], wide))
    assert len(understand(connector, body(data__more="x" * room)).values["content"]) == room
    assert "超过 256 KB" in refusal(body(data__more="x" * (room + 1)), connector)


@pytest.mark.parametrize("content", [b'"' + b'\\"' * 130_000, b"{" * 260_000, b'"' * 260_000, b"1" * 260_000])
def test_a_hostile_body_is_refused_at_once(content: bytes) -> None:
    begun = time.perf_counter()
    refusal(content)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("order", list(permutations(["order", "text", "kind", "level"])))
def test_the_order_of_keys_says_nothing(order: tuple[str, ...]) -> None:
    message = sent()
    data = message["data"]
    assert isinstance(data, dict)
    shuffled = {"data": {key: data[key] for key in (*order, "category")}, "head": message["head"]}
    assert understand(CONNECTOR, json.dumps(shuffled).encode()) == understand(CONNECTOR, body())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
TIMELY = st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
PLACES = ("data__order", "data__text", "data__kind", "data__level", "data__category", "head__at", "head__seq")
NEAR = st.dictionaries(st.sampled_from(PLACES), TIMELY | JSON, max_size=2)
WRITTEN = JSON | NEAR.map(lambda changes: sent(**changes))
BODIES = st.binary(max_size=60) | WRITTEN.map(lambda written: json.dumps(written).encode())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODIES)
def test_any_body_is_understood_or_unclear(content: bytes) -> None:
    message = None
    with suppress(MessageUnclear):
        message = understand(CONNECTOR, content)
    event("unclear" if message is None else "understood")
    assert message is None or (message.occurred_at.tzinfo and 2007 <= message.occurred_at.year <= 2100)


EVENT: dict[str, Any] = {
    "type": "appeal.signed",
    "external_number": "ZB1",
    "text": "已签收",
    "occurred_at": datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
}


def test_an_event_is_told_in_the_words_and_the_zone_of_the_source() -> None:
    assert outgoing_message(CONNECTOR, EVENT) == {
        "head": {"type": "SIGN", "at": "20260303010000", "from": "US"},
        "data": {"no": "ZB1", "text": "已签收"},
    }
    told = outgoing_message(CONNECTOR, {**EVENT, "upstream_number": "HB1", "occurred_at": "2026-03-02T17:00:00+00:00"})
    assert told is not None
    assert told["data"] == {"no": "ZB1", "up": "HB1", "text": "已签收"}
    assert told["head"] == {"type": "SIGN", "at": "20260303010000", "from": "US"}


def test_what_the_source_does_not_want_is_not_told() -> None:
    assert outgoing_message(CONNECTOR, {**EVENT, "type": "appeal.closed"}) is None
    assert outgoing_message(replace(CONNECTOR, outgoing=None), EVENT) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"external_number": None}, "没有来源编号"),
        ({"occurred_at": None}, "缺失或没有时区"),
        ({"occurred_at": "2026-03-02T17:00:00"}, "缺失或没有时区"),
        ({"occurred_at": EVENT["occurred_at"].replace(tzinfo=None)}, "缺失或没有时区"),
    ],
)
def test_an_event_that_cannot_be_told(change: dict[str, object], reason: str) -> None:
    with pytest.raises(MessageUnclear, match=reason):
        outgoing_message(CONNECTOR, {**EVENT, **change})


def with_field(index: int, **changes: Any) -> Connector:
    fields = list(CONNECTOR.fields)
    fields[index] = replace(fields[index], **changes)
    return replace(CONNECTOR, fields=tuple(fields))


def with_outgoing(**changes: Any) -> Connector:
    assert CONNECTOR.outgoing
    return replace(CONNECTOR, outgoing=replace(CONNECTOR.outgoing, **changes))


FAULTS = [
    (replace(CONNECTOR, kinds=KindCodes("type", {})), "kinds.codes 是空的"),
    (replace(CONNECTOR, kinds=KindCodes("a..b", {"NEW": CASE})), "kinds.path 应为"),
    (replace(CONNECTOR, categories=CodeTable({})), "categories 没有 default"),
    (replace(CONNECTOR, formats=("%Y-%m-%d",)), "formats 里有不能用的格式"),
    (replace(CONNECTOR, formats=("%y%m%d%H%M",)), "formats 里有不能用的格式"),
    (replace(CONNECTOR, formats=("%Y%m%d%H%M%z",)), "formats 里有不能用的格式"),
    (with_field(4, name="Content"), "的 name 应为小写字母"),
    (with_field(4, constant="x"), "应在 path 和 constant 中写一个"),
    (with_field(4, path=None), "应在 path 和 constant 中写一个"),
    (with_field(4, path="a b"), "的 path 应为字母"),
    (with_field(5, table=None), "应在 table 写明"),
    (with_field(5, table="absent"), "应在 table 写明"),
    (with_field(4, table="strict"), "应在 table 写明"),
    (with_field(3, required=(URGE,)), "required 应在 kinds 之内"),
    (with_field(4, name="kind"), "字段 kind 写了 2 次"),
    (with_field(0, required=(CASE,)), "消息 urge 缺少必填字段 external_number"),
    (with_field(1, reading=Reading.LINE), "缺少必填字段 occurred_at"),
    (with_field(1, name="at"), "缺少必填字段 occurred_at"),
    (with_field(2, reading=Reading.LINE), "sequence 应按 whole"),
    (with_outgoing(events={"appeal.dreamt": "X"}), "没有这样的事件：appeal.dreamt"),
    (with_outgoing(fields={"external_number": "no"}), "outgoing.fields 应含"),
    (with_outgoing(fields={"external_number": "no", "occurred_at": "at", "phone": "p"}), "outgoing.fields 应含"),
    (with_outgoing(constants={"head": "US"}), "互不重叠"),
    (with_outgoing(format="%Y"), "outgoing.format 不能用"),
]


@pytest.mark.parametrize(("connector", "fault"), FAULTS)
def test_a_connector_that_would_fail_on_messages_is_named_faulty(connector: Connector, fault: str) -> None:
    assert any(fault in found for found in connector_faults(connector)), connector_faults(connector)


def test_the_trial_connector_has_no_fault() -> None:
    assert connector_faults(CONNECTOR) == ()
