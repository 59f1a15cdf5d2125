"""What a ledger's cells say, and why a row is refused."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import Invalid
from app.domain.ledger import FIELD_NAMES, Header, LedgerMap, LedgerRow, long_text, one_line, read_instant, read_row

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)
MAP = LedgerMap(columns={name: (label,) for name, label in FIELD_NAMES.items()}, zone=SHANGHAI, category="22")
HEADER = Header(0, {name: (place, label) for place, (name, label) in enumerate(FIELD_NAMES.items())})
WHOLE: Mapping[str, object] = {
    "external_number": "L-1",
    "enterprise_name": "某光电公司",
    "title": "补贴没有到账",
    "text": "公示期满两个月，款项仍未到账。",
    "received_at": "2019/4/24 16:03:40",
    "reply": "已于5月6日拨付。",
    "replied_at": "2019/5/6 9:30",
}


def read(**cells: object) -> LedgerRow:
    row = [{**WHOLE, **cells}.get(name) for name in FIELD_NAMES]
    return read_row(row, row_number=7, header=HEADER, ledger_map=MAP, now=NOW)


def faults(**cells: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        read(**cells)
    return [(fault.field, fault.reason) for fault in refusal.value.faults]


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2019/4/24 16:03:40", at(2019, 4, 24, 16, 3, 40)),
        ("2019-08-19 11:48", at(2019, 8, 19, 11, 48)),
        ("2019.8.19", at(2019, 8, 19)),
        ("2018/4/24", at(2018, 4, 24)),
        ("2018年4月24日", at(2018, 4, 24)),
        ("2018年4月24日16时3分", at(2018, 4, 24, 16, 3)),
        ("2018年4月24日 16时", at(2018, 4, 24, 16)),
        ("2018年4月24日 星期二 下午3:05", at(2018, 4, 24, 15, 5)),
        ("2018-4-24 上午12:10:09", at(2018, 4, 24, 0, 10, 9)),
        ("2018-4-24 下午12:10", at(2018, 4, 24, 12, 10)),
        ("２０１８／４／２４　１６：０３", at(2018, 4, 24, 16, 3)),
        ("\t\n 2018/4/24 16:03:40 \r\n", at(2018, 4, 24, 16, 3, 40)),
        ("2018-04-24T16:03:40.250", at(2018, 4, 24, 16, 3, 40)),
        ("2018-04-24T08:03:40Z", at(2018, 4, 24, 16, 3, 40)),
        ("20180424", at(2018, 4, 24)),
        (20180424.0, at(2018, 4, 24)),
        ("20180424160340", at(2018, 4, 24, 16, 3, 40)),
        (43214, at(2018, 4, 24)),
        (43214.66921296296, at(2018, 4, 24, 16, 3, 40)),
        (datetime.combine(date(2018, 4, 24), time(16, 3, 40)), at(2018, 4, 24, 16, 3, 40)),
        (date(2018, 4, 24), at(2018, 4, 24)),
    ],
)
def test_the_usual_ways_to_write_a_time_are_read(cell: object, instant: datetime) -> None:
    assert read_instant(cell, SHANGHAI) == instant


@pytest.mark.parametrize(
    "cell",
    [
        "去年春天",
        "2019/2/29",
        "2019/13/1",
        "19/4/24",
        "2019/4/24 25:00",
        "2019/4",
        "16:03",
        "2019/4/241:03",
        True,
        12,
        time(9),
    ],
)
def test_what_is_no_time_is_refused_with_what_was_written(cell: object) -> None:
    with pytest.raises(Invalid, match="不是可识别的时间") as refusal:
        read_instant(cell, SHANGHAI)
    assert str(cell)[:4] in refusal.value.message


def test_a_time_without_a_zone_is_taken_in_the_zone_of_the_map() -> None:
    assert read_instant("2019-01-01 00:00", ZoneInfo("UTC")) == at(2019, 1, 1, 8)


def test_a_whole_row_is_read() -> None:
    row = read()
    assert (row.row_number, row.external_number, row.category, row.result_type) == (7, "L-1", "22", "advice_answered")
    assert (row.received_at, row.replied_at) == (at(2019, 4, 24, 16, 3, 40), at(2019, 5, 6, 9, 30))


def test_a_row_without_a_reply_is_read() -> None:
    row = read(reply=" \n", replied_at="")
    assert (row.reply, row.replied_at) == ("", None)


def test_a_row_that_ends_early_lacks_its_last_cells() -> None:
    short = [WHOLE[name] for name in ("external_number", "enterprise_name", "title", "text", "received_at")]
    assert read_row(short, row_number=2, header=HEADER, ledger_map=MAP, now=NOW).replied_at is None


@pytest.mark.parametrize(
    ("written", "line"),
    [("\t\n  标题\u3000\u3000二\r\n", "标题 二"), ("\ufeff标题\u200b", "标题"), ("一\t二", "一 二")],
)
def test_a_title_becomes_one_line(written: str, line: str) -> None:
    assert one_line(written) == read(title=written).title == line


def test_a_long_text_keeps_its_lines_and_loses_its_edges() -> None:
    assert long_text("\n\t\t第一行\r\n第二行\r第三行　\n") == "第一行\n第二行\n第三行"


@pytest.mark.parametrize(("cell", "number"), [(2554.0, "2554"), (2554, "2554"), (" 025-54 ", "025-54"), (1.5, "1.5")])
def test_a_number_is_read_as_it_is_shown(cell: object, number: str) -> None:
    assert read(external_number=cell).external_number == number


@pytest.mark.parametrize(
    ("cells", "heading", "reason"),
    [
        ({"external_number": ""}, "外部编号", "不能为空"),
        ({"external_number": None}, "外部编号", "不能为空"),
        ({"external_number": 421003199001011234.0}, "外部编号", "超过15位的数字存为数值后末位已失真"),
        ({"enterprise_name": "\u3000"}, "企业", "不能为空"),
        ({"title": "长" * 201}, "标题", "有201字，最多200字"),
        ({"text": "\n\t"}, "诉求内容", "不能为空"),
        ({"text": "长" * 20_001}, "诉求内容", "有20001字，最多20000字"),
        ({"text": "坏\x00字\x1b"}, "诉求内容", "含有不可用的字符（U+0000、U+001B）"),
        ({"text": "坏\udc81字"}, "诉求内容", "含有不可用的字符（U+DC81）"),
        ({"reply": ""}, "答复内容", "不能为空"),
        ({"replied_at": ""}, "答复时间", "缺少时间"),
        ({"received_at": ""}, "收到时间", "缺少时间"),
        ({"received_at": "去年"}, "收到时间", "「去年」不是可识别的时间"),
        ({"replied_at": "2019/4/24 16:03:39"}, "答复时间", "早于收到时间（2019-04-24 16:03）"),
        ({"replied_at": "2019/4/23"}, "答复时间", "早于收到时间"),
        ({"replied_at": "2026/11/22 12:01"}, "答复时间", "不能是将来的时间"),
        ({"uscc": "91421003MA0000015"}, "统一社会信用代码", "应为18位"),
        ({"level": "很难"}, "难度等级", "没有「很难」，应为以下之一：一般、疑难、攻坚"),
        ({"result_type": "withdrawn"}, "办理结果", "没有「withdrawn」"),
    ],
)
def test_a_row_is_refused_with_heading_and_reason(cells: dict[str, object], heading: str, reason: str) -> None:
    assert [(field, reason in text) for field, text in faults(**cells)] == [(heading, True)]


def test_everything_wrong_with_a_row_is_named_at_once() -> None:
    assert [field for field, _ in faults(title="", text="", received_at="？")] == ["收到时间", "标题", "诉求内容"]


def test_a_row_in_the_future_is_refused() -> None:
    wrong = faults(received_at="2026/11/23", reply="", replied_at="")
    assert wrong == [("收到时间", "2026-11-23 00:00在导入之后，不能是将来的时间")]


def test_a_bare_date_on_the_day_of_receipt_is_no_earlier_than_the_receipt() -> None:
    assert read(replied_at="2019年4月24日").replied_at == at(2019, 4, 24, 16, 3, 40)


def test_a_row_without_a_category_is_refused_when_the_map_has_none_either() -> None:
    cells = [WHOLE.get(name) for name in FIELD_NAMES]
    without = LedgerMap(columns=MAP.columns, zone=SHANGHAI)
    with pytest.raises(Invalid) as refusal:
        read_row(cells, row_number=2, header=HEADER, ledger_map=without, now=NOW)
    assert [fault.field for fault in refusal.value.faults] == ["诉求类别"]


@pytest.mark.parametrize("written", ["疑难", "difficult"])
def test_a_level_is_written_in_chinese_or_as_its_code(written: str) -> None:
    assert read(level=written).level == "difficult"


def test_a_social_credit_code_is_trimmed_and_upper_case() -> None:
    assert read(uscc=" 91421003ma00000152 ").uscc == "91421003MA00000152"
