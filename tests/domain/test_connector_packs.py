import json
from functools import reduce
from pathlib import Path

import pytest

from app.connectors import FOLDER, ConnectorRefused, load_connectors, packaged, read_connector
from app.domain.appeal import AppealKind
from app.domain.connector import outgoing_message, understand
from app.domain.hotline_message import MessageKind, MessageUnclear
from app.policies import packaged as packaged_policies

EXAMPLES = Path(__file__).parents[2] / "examples" / "hotlines"
UNDERSTOOD = json.loads((EXAMPLES / "understood.json").read_text(encoding="utf-8"))
CONNECTORS = packaged().connectors
GOOD = (FOLDER / "good_bad_rating.toml").read_text(encoding="utf-8")


def example(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes()


def changed(name: str, **changes: object) -> bytes:
    return json.dumps({**json.loads(example(name)), **changes}).encode()


def test_every_pack_can_be_used() -> None:
    assert packaged().refused == []
    assert list(CONNECTORS) == ["good-bad-rating", "hotline-12345", "provincial-response"]


def test_there_is_an_example_of_every_kind_of_every_pack() -> None:
    kinds = {f"{code}-{kind}" for code, one in CONNECTORS.items() for kind in one.kinds.codes.values()}
    assert kinds == set(UNDERSTOOD) == {path.stem for path in EXAMPLES.glob("*.json")} - {"understood"}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_what_comes_of_an_example(name: str) -> None:
    code, kind = name.rsplit("-", 1)
    message = understand(CONNECTORS[code], example(name))
    assert message.kind == kind
    assert UNDERSTOOD[name] == {
        "kind": message.kind,
        "external_number": message.external_number,
        "occurred_at": message.occurred_at.isoformat(),
        "sequence": message.sequence,
        "values": message.values,
    }


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_an_example_without_its_number_is_unclear(name: str) -> None:
    code, _ = name.rsplit("-", 1)
    field = next(field for field in CONNECTORS[code].fields if field.name == "external_number")
    *above, key = (field.path or "").split(".")
    sent = json.loads(example(name))
    del reduce(dict.__getitem__, above, sent)[key]
    with pytest.raises(MessageUnclear, match=f"「{field.label}」（{field.path}）没有填写"):
        understand(CONNECTORS[code], json.dumps(sent).encode())


@pytest.mark.parametrize("code", CONNECTORS)
def test_categories_and_kinds_are_those_of_the_policies(code: str) -> None:
    connector = CONNECTORS[code]
    ours = {*connector.categories.codes.values(), connector.categories.default}
    policies = [pack.data["category"] for pack in packaged_policies().packs.values() if pack.data.get("category")]
    assert policies
    assert all(ours <= set(categories) for categories in policies)
    kinds = {field.constant for field in connector.fields if field.name == "kind" and field.constant}
    kinds |= set(connector.tables["appeal_kinds"].codes.values()) if "appeal_kinds" in connector.tables else set()
    assert kinds
    assert kinds <= set(AppealKind)


@pytest.mark.parametrize(("level", "satisfaction"), [("1", "very_dissatisfied"), ("2", "dissatisfied")])
def test_a_bad_rating_becomes_a_complaint(level: str, satisfaction: str) -> None:
    message = understand(CONNECTORS["good-bad-rating"], changed("good-bad-rating-case", level=level))
    assert message.kind is MessageKind.CASE
    assert (message.values["kind"], message.values["satisfaction"]) == (AppealKind.COMPLAINT, satisfaction)


@pytest.mark.parametrize("level", ["3", "4", "5", "6", "", None])
def test_any_other_rating_becomes_no_complaint(level: str | None) -> None:
    with pytest.raises(MessageUnclear, match="「评价等级」（level）"):
        understand(CONNECTORS["good-bad-rating"], changed("good-bad-rating-case", level=level))


@pytest.mark.parametrize("level", ["1", "2", "3", "4", "5"])
def test_a_later_rating_may_be_any(level: str) -> None:
    message = understand(CONNECTORS["good-bad-rating"], changed("good-bad-rating-rating", level=level))
    assert message.kind is MessageKind.RATING


@pytest.mark.parametrize(("sent", "confidential"), [(True, "true"), ("0", "false"), (1, "true")])
def test_confidence_is_never_guessed(sent: object, confidential: str) -> None:
    hotline = CONNECTORS["hotline-12345"]
    message = understand(hotline, changed("hotline-12345-case", isConfidential=sent))
    assert message.values["confidential"] == confidential
    for unclear in (None, "", "否", "2"):
        with pytest.raises(MessageUnclear, match="「是否保密」（isConfidential）"):
            understand(hotline, changed("hotline-12345-case", isConfidential=unclear))


EVENT = {
    "external_number": "N1",
    "upstream_number": "U1",
    "number": "HB-1",
    "text": "已办结",
    "occurred_at": "2026-03-02T17:00:00+00:00",
}
TOLD = [
    (
        "hotline-12345",
        "appeal.resolved",
        {
            "source": "BIHUAN",
            "eventType": "RESOLVED",
            "orderNo": "N1",
            "superiorNo": "U1",
            "receiptNo": "HB-1",
            "content": "已办结",
            "eventTime": "2026-03-03 01:00:00",
        },
    ),
    (
        "provincial-response",
        "appeal.closed",
        {
            "head": {"sender": "BIHUAN", "action": "WRITE_OFF"},
            "data": {
                "task": {"no": "N1"},
                "appeal": {"no": "U1"},
                "feedback": {"receiptNo": "HB-1", "text": "已办结", "at": "20260303010000"},
            },
        },
    ),
    (
        "good-bad-rating",
        "appeal.visited",
        {
            "feedbackType": "VISITED",
            "evaluationNo": "N1",
            "feedback": "已办结",
            "feedbackAt": "2026-03-03 01:00:00",
        },
    ),
    ("hotline-12345", "appeal.merged", None),
    ("provincial-response", "appeal.assigned", None),
    ("good-bad-rating", "appeal.signed", None),
]


@pytest.mark.parametrize(("code", "event_type", "told"), TOLD)
def test_what_a_source_is_told(code: str, event_type: str, told: dict[str, object] | None) -> None:
    assert outgoing_message(CONNECTORS[code], {**EVENT, "type": event_type}) == told


BROKEN = [
    # what to replace, by what, the reason
    ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Nowhere"', "不是已知的时区"),
    ('label = "评价编号"\n', "", "没有写，请补上"),
    ('label = "评价编号"', 'label = "评价编号"\nlable = "x"', "不认识"),
    ("longest = 64", 'longest = "64"', "类型不对"),
    ('"BAD"', "BAD=", "第11行不是合法的 TOML"),
    ('"BAD" = "case"', '"BAD" = "story"', "不是可选的值"),
    ("[categories]\n", "[categories", "不是合法的 TOML"),
    ('default = "01"\n', "", "categories 没有 default"),
    ('"appeal.closed"', '"appeal.buried"', "没有这样的事件"),
]


@pytest.mark.parametrize(("old", "new", "reason"), BROKEN)
def test_a_broken_pack_is_refused_with_its_file_and_the_remedy(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(ConnectorRefused) as caught:
        read_connector(GOOD.replace(old, new, 1).encode(), file_name="own.toml")
    assert reason in caught.value.message
    assert all(fault.field.startswith("own.toml") for fault in caught.value.faults)


def test_a_broken_pack_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_bytes("code = '编码'".encode("gb18030"))
    (tmp_path / "c.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "d.toml").write_text(GOOD.replace('"good-bad-rating"', '"other"', 1), encoding="utf-8-sig")
    loaded = load_connectors(tmp_path)
    assert list(loaded.connectors) == ["good-bad-rating", "other"]
    assert [refused.faults[0].field for refused in loaded.refused] == ["b.toml", "c.toml"]
    assert ["不是 UTF-8" in loaded.refused[0].message, "已由另一个连接器使用" in loaded.refused[1].message] == [
        True,
        True,
    ]
