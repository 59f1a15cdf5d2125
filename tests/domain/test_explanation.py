"""What a letter says about a due date."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pytest

from app.calendars import load_calendar
from app.domain.calendar import DayKind
from app.domain.clock import OFFICE_TIMEZONE, Pause, Promise, Switch
from app.domain.counting import legs_of
from app.domain.errors import Invalid
from app.domain.explanation import ExplainedDay, ExplainedSwitch, Explanation, explain
from app.domain.limit import Limit, Unit
from tests.domain.test_due_oracle import sample

CALENDAR = load_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIMEZONE)


def explained(
    start: str, limit: str, *pauses: tuple[str, str | None], extend: str = "", switch: str = ""
) -> Explanation:
    promise = Promise(
        started_at=at(start),
        limit=Limit.parse(limit),
        pauses=tuple(Pause(at(begin), at(end) if end else None) for begin, end in pauses),
        extensions=tuple(map(Limit.parse, filter(None, extend.split(",")))),
        switches=frozenset(map(Switch, filter(None, switch.split(",")))),
    )
    return explain(promise, CALENDAR)


def test_a_count_across_the_national_day_reads_as_a_letter_would_say_it() -> None:
    assert explained("2024-09-27T10:15", "5 WD").sentences == (
        "2024年9月27日（周五）10:15收到，当日不计入，自次日起算（民法典第二百零一条）。",
        "期限为5个工作日：只计工作日，周末与放假日不计，调休上班日计入。",
        "计入的工作日依次为：9月29日、9月30日、10月8日、10月9日、10月10日。",
        "2024年9月29日（周日）因国庆节调休上班，是工作日。",
        "期间遇国庆节放假：2024年10月1日（周二）至2024年10月7日（周一）。",
        "到期日为2024年10月10日（周四），至当日24时止，2024年10月11日（周五）零时起即为超期。",
        f"工作日历版本{CALENDAR.version}，依据：《国务院办公厅关于2024年部分节假日安排的通知》（国办发明电〔2023〕7号）。",
    )


def test_every_day_tells_whether_and_why_it_counted() -> None:
    assert explained("2025-09-26T11:00", "7 d").days[-8:] == (
        ExplainedDay(date(2025, 10, 2), "周四", DayKind.HOLIDAY, "国庆节、中秋节", True, 6, "第6日"),
        ExplainedDay(
            day=date(2025, 10, 3),
            weekday="周五",
            kind=DayKind.HOLIDAY,
            name="国庆节、中秋节",
            counted=True,
            ordinal=7,
            why="第7日，期间的最后一日，适逢放假日（国庆节、中秋节），顺延",
        ),
        *(
            ExplainedDay(
                day=date(2025, 10, number),
                weekday=weekday,
                kind=DayKind.HOLIDAY,
                name="国庆节、中秋节",
                counted=False,
                ordinal=None,
                why="放假日（国庆节、中秋节），期满日继续顺延",
            )
            for number, weekday in ((4, "周六"), (5, "周日"), (6, "周一"), (7, "周二"), (8, "周三"))
        ),
        ExplainedDay(date(2025, 10, 9), "周四", DayKind.WORKING, None, False, None, "工作日，为顺延后的期满日"),
    )


@pytest.mark.parametrize(
    ("explanation", "phrase", "why"),
    [
        (explained("2025-09-26T11:00", "7 d"), "是休息日，顺延至2025年10月9日（周四）", "a roll is told"),
        (
            explained("2025-09-21T20:05", "7 d"),
            "因国庆节、中秋节调休上班，是工作日",
            "the make-up day that does not roll",
        ),
        (
            explained("2026-02-10T09:00", "15 WD", ("2026-02-13T10:00", "2026-02-25T10:00")),
            "2026年2月13日（周五）10:00暂停，此前已计2个工作日；2026年2月25日（周三）10:00恢复",
            "a pause tells what was used",
        ),
        (
            explained("2026-07-08T09:00", "60 d", extend="30 d"),
            "延长30日（自然日），自原到期日2026年9月7日（周一）的次日起继续计算",
            "an extension starts from the rolled day",
        ),
        (
            explained("2024-10-05T22:30", "5 WD", switch="deemed_receipt"),
            "按本地规则视为2024年10月8日（周二）收到",
            "the variant that ran is named",
        ),
        (explained("2026-12-28T09:00", "5 WD"), "仅供提醒，不得据以认定超期", "a projected date says what it is"),
        (explained("2026-12-28T09:00", "5 WD"), "期间遇元旦放假（推算）", "a projected holiday too"),
        (explained("2026-03-03T09:00", "5 WD", switch="close_of_business"), "至当日17:30止，17:30起", "office hours"),
        (explained("2026-03-03T15:00", "0.5 WD"), "至当日12:00止", "half a day"),
        (explained("2026-03-03T15:00", "30 WD"), "共计入30日，逐日见明细", "a long list is left to the table"),
        (explained("2026-03-03T15:00", "2 h"), "按小时计算，自该时刻起算", "hours"),
        (
            explained("2026-03-03T09:00", "2 h", ("2026-03-03T10:00", "2026-03-03T10:30")),
            "暂停的时长不计入",
            "hours stand still in a pause",
        ),
    ],
)
def test_what_moved_the_due_date_is_told(explanation: Explanation, phrase: str, why: str) -> None:
    assert any(phrase in sentence for sentence in explanation.sentences), why


RECEIPT = "按本地规则，休息日或下班后收到的，视为次一工作日收到；"
CLOSING = "按本地规则，最后一日计至下班时间17:30，不计至24时；"


@pytest.mark.parametrize(
    ("explanation", "sentence", "applied", "why"),
    [
        (
            explained("2024-10-05T22:30", "5 WD", switch="deemed_receipt"),
            f"{RECEIPT}本件因此视为2024年10月8日（周二）收到。",
            True,
            "received in a holiday",
        ),
        (
            explained("2026-03-03T17:29", "5 WD", switch="deemed_receipt"),
            f"{RECEIPT}本件在工作日下班前收到，收到之日不变。",
            False,
            "received in business",
        ),
        (
            explained("2026-03-07T09:00", "5 h", switch="deemed_receipt"),
            f"{RECEIPT}本期限按小时计算，自收到时刻起算，此项不起作用。",
            False,
            "hours run from the instant",
        ),
        (
            explained("2026-03-07T09:00", "5 WH", switch="deemed_receipt"),
            f"{RECEIPT}本期限按小时计算，自收到时刻起算，此项不起作用。",
            False,
            "working hours begin at the opening anyway",
        ),
        (
            explained("2026-03-03T09:00", "5 WD", switch="close_of_business"),
            f"{CLOSING}本件适用。",
            True,
            "the last day ends with business",
        ),
        (
            explained("2026-03-03T15:00", "0.5 WD", switch="close_of_business"),
            f"{CLOSING}本期限止于12时，此项不起作用。",
            False,
            "half a day ends at noon",
        ),
        (
            explained("2026-03-03T15:00", "5 h", switch="close_of_business"),
            f"{CLOSING}本期限按小时计算，止于期满时刻，此项不起作用。",
            False,
            "hours end when they end",
        ),
        (
            explained("2026-03-03T09:00", "5 WD", ("2026-03-05T10:00", None), switch="close_of_business"),
            f"{CLOSING}恢复计算之后适用。",
            False,
            "a paused clock has no last day yet",
        ),
    ],
)
def test_a_switch_that_ran_is_told_with_its_effect_even_if_it_had_none(
    explanation: Explanation, sentence: str, applied: bool, why: str
) -> None:
    assert sentence in explanation.sentences, why
    assert [one.applied for one in explanation.switches] == [applied], why


def test_a_switch_that_did_not_run_is_not_told() -> None:
    explanation = explained("2026-03-07T09:00", "5 WD")
    assert explanation.switches == ()
    assert not any("本地规则" in sentence for sentence in explanation.sentences)


def test_both_switches_are_told_in_one_order() -> None:
    explanation = explained("2026-03-07T09:00", "5 WD", switch="close_of_business,deemed_receipt")
    assert explanation.switches == (
        ExplainedSwitch(Switch.DEEMED_RECEIPT, applied=True),
        ExplainedSwitch(Switch.CLOSE_OF_BUSINESS, applied=True),
    )


@pytest.mark.parametrize(
    ("limit", "extend", "sentences", "former"),
    [
        (
            "5 WD",
            "3 WD,7 d",
            [
                "第1次延长（共2次）：延长3个工作日，自原到期日2026年3月10日（周二）的次日起继续计算。",
                "第2次延长（共2次）：延长7日（自然日），自原到期日2026年3月13日（周五）的次日起继续计算。",
            ],
            ["2026-03-11T00:00", "2026-03-14T00:00"],
        ),
        (
            "2 h",
            "1 h,1 h",
            [
                "第1次延长（共2次）：延长1小时，自原到期时刻2026年3月3日（周二）11:00起继续计算。",
                "第2次延长（共2次）：延长1小时，自原到期时刻2026年3月3日（周二）12:00起继续计算。",
            ],
            ["2026-03-03T11:00", "2026-03-03T12:00"],
        ),
    ],
)
def test_every_extension_is_told_as_which_one_of_how_many(
    limit: str, extend: str, sentences: list[str], former: list[str]
) -> None:
    explanation = explained("2026-03-03T09:00", limit, extend=extend)
    assert [sentence for sentence in explanation.sentences if "次延长" in sentence] == sentences
    assert [(one.number, one.count, one.former_due_at) for one in explanation.extensions] == [
        (number, 2, at(instant)) for number, instant in enumerate(former, start=1)
    ]


@pytest.mark.parametrize("limit", ["5 WD", "30 h", "15 WH"])
def test_an_extension_that_an_open_pause_keeps_off_has_nothing_to_go_on_from(limit: str) -> None:
    more = f"2 {limit.split()[1]}"
    explanation = explained("2026-03-03T09:00", limit, ("2026-03-04T10:00", None), extend=more)
    assert [(str(one.limit), one.former_due_at) for one in explanation.extensions] == [(more, None)]
    assert not any("次延长" in sentence for sentence in explanation.sentences)


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "switch", "applied", "why"),
    [
        ("2026-03-03T09:00", "5 WD", [("2026-03-04T10:00", "2026-03-04T11:00")], "", [True], "within the count"),
        ("2026-03-03T09:00", "5 WD", [("2026-03-04T10:00", "2026-03-04T10:00")], "", [False], "an empty one"),
        (
            "2026-03-03T09:00",
            "5 WD",
            [("2026-03-04T10:00", "2026-03-04T11:00"), ("2026-03-12T10:00", "2026-03-13T11:00")],
            "",
            [True, False],
            "the second when the time was up",
        ),
        (
            "2026-03-07T09:00",
            "5 WD",
            [("2026-03-07T10:00", "2026-03-08T10:00")],
            "deemed_receipt",
            [False],
            "over before the deemed receipt",
        ),
        ("2026-03-03T09:00", "5 WD", [("2026-03-04T10:00", None)], "", [True], "an open one"),
        ("2026-03-03T09:00", "2 h", [("2026-03-03T10:00", "2026-03-03T10:10")], "", [True], "hours stand still"),
        ("2026-03-03T09:00", "2 h", [("2026-03-03T10:00", "2026-03-03T10:00")], "", [False], "not for an empty one"),
        ("2026-03-03T09:00", "2 h", [("2026-03-03T11:00", "2026-03-03T12:00")], "", [False], "nor for one too late"),
    ],
)
def test_every_pause_is_told_with_whether_the_count_stood_still(
    start: str, limit: str, pauses: list[tuple[str, str | None]], switch: str, applied: list[bool], why: str
) -> None:
    explanation = explained(start, limit, *pauses, switch=switch)
    assert [(one.started_at, one.ended_at) for one in explanation.pauses] == [
        (at(begin), at(end) if end else None) for begin, end in pauses
    ]
    assert [one.applied for one in explanation.pauses] == applied, why


def test_days_that_were_counted_in_another_unit_are_not_called_working_days() -> None:
    mixed = explained("2026-03-03T09:00", "2 WD", extend="3 d")
    assert any(sentence.startswith("计入的日期依次为：3月4日、3月5日、3月6日") for sentence in mixed.sentences)


def test_ordinals_go_on_after_a_pause_and_begin_anew_in_an_extension() -> None:
    paused = ("2026-03-05T10:00", "2026-03-09T10:00")
    days = explained("2026-03-03T09:00", "3 WD", paused, extend="2 WD").days
    assert [(row.day.day, row.ordinal) for row in days if row.counted] == [(4, 1), (10, 2), (11, 3), (12, 1), (13, 2)]


def test_what_was_used_before_adds_up_over_the_pauses() -> None:
    first, second = ("2026-03-05T10:00", "2026-03-05T11:00"), ("2026-03-10T10:00", "2026-03-10T11:00")
    explanation = explained("2026-03-03T09:00", "5 WD", first, second)
    assert [row.ordinal for row in explanation.days if row.counted] == [1, 2, 3, 4, 5]
    assert any("2026年3月10日（周二）10:00暂停，此前已计3个工作日" in each for each in explanation.sentences)


def test_an_extension_that_is_paused_is_told_once() -> None:
    paused = ("2026-03-12T10:00", "2026-03-16T10:00")
    explanation = explained("2026-03-03T09:00", "5 WD", paused, extend="3 WD")
    assert sum("延长3个工作日" in sentence for sentence in explanation.sentences) == 1


def test_a_paused_clock_is_explained_up_to_the_pause() -> None:
    explanation = explained("2026-03-03T09:00", "5 WD", ("2026-03-05T10:00", None))
    assert explanation.due is None
    assert [row.why for row in explanation.days] == ["起算日，当日不计入", "工作日，第1个工作日", "暂停之日，不计入"]
    assert any("尚未恢复" in sentence for sentence in explanation.sentences)


def test_hours_that_are_paused_are_explained_up_to_the_pause() -> None:
    explanation = explained("2026-03-03T23:00", "5 h", ("2026-03-04T01:00", None))
    assert explanation.due is None
    assert [row.day.day for row in explanation.days] == [3, 4]


Row = tuple[str, int | None, str]

RECEIVED: Row = ("03-03", None, "起算日，当日不计入")
PAUSED, RESUMED = "暂停之日，不计入", "恢复计算之日，为新的起算日，当日不计入"
THIRD_AND_FOURTH: tuple[Row, ...] = (RECEIVED, ("03-04", None, PAUSED))
WEEKEND: tuple[Row, ...] = tuple((day, None, "周末休息日，不计入") for day in ("03-07", "03-08"))


def rows(explanation: Explanation) -> tuple[Row, ...]:
    """Return the table; a day that did not count must have no ordinal, and one that did must have one."""
    assert all(row.counted is (row.ordinal is not None) for row in explanation.days)
    return tuple((f"{row.day:%m-%d}", row.ordinal, row.why) for row in explanation.days)


def turns(explanation: Explanation) -> list[str]:
    """Return the sentences about what counted, rolled, was paused and extended."""
    words = ("计入的", "暂停", "次延长", "顺延至")
    return [one for one in explanation.sentences[2:-1] if any(word in one for word in words)]


@pytest.mark.parametrize(
    ("limit", "pauses", "extend", "table", "sentences"),
    [
        pytest.param(
            "0.5 WD",
            [("2026-03-04T09:00", "2026-03-05T09:00")],
            "",
            (*THIRD_AND_FOURTH, ("03-05", 1, "恢复计算之日，上午恢复，第1个工作日，计至当日结束（半个工作日）")),
            [
                "计入的工作日依次为：3月5日。",
                "2026年3月4日（周三）09:00暂停，此前已计0个工作日；"
                "2026年3月5日（周四）09:00恢复，余下的半个工作日自恢复时起计至当日结束。",
            ],
            id="resumed before noon",
        ),
        pytest.param(
            "0.5 WD",
            [("2026-03-04T09:00", "2026-03-05T14:00")],
            "",
            (
                *THIRD_AND_FOURTH,
                ("03-05", None, RESUMED),
                ("03-06", 1, "工作日，第1个工作日，计至12时（半个工作日）"),
            ),
            [
                "计入的工作日依次为：3月6日。",
                "2026年3月4日（周三）09:00暂停，此前已计0个工作日；"
                "2026年3月5日（周四）14:00恢复，当日不计入，其余自次日起计算。",
            ],
            id="resumed after noon",
        ),
        pytest.param(
            "1.5 WD",
            [("2026-03-05T09:00", "2026-03-06T09:00")],
            "",
            (
                RECEIVED,
                ("03-04", 1, "工作日，第1个工作日"),
                ("03-05", None, PAUSED),
                ("03-06", 2, "恢复计算之日，上午恢复，第2个工作日，计至当日结束（半个工作日）"),
            ),
            [
                "计入的工作日依次为：3月4日、3月6日。",
                "2026年3月5日（周四）09:00暂停，此前已计1个工作日；"
                "2026年3月6日（周五）09:00恢复，余下的半个工作日自恢复时起计至当日结束。",
            ],
            id="a day and a half, the half resumed before noon",
        ),
        pytest.param(
            "0.5 WD",
            [("2026-03-04T09:00", "2026-03-05T09:00"), ("2026-03-05T10:00", "2026-03-06T10:00")],
            "",
            (
                *THIRD_AND_FOURTH,
                ("03-05", None, PAUSED),
                ("03-06", 1, "恢复计算之日，上午恢复，第1个工作日，计至当日结束（半个工作日）"),
            ),
            [
                "计入的工作日依次为：3月6日。",
                "2026年3月4日（周三）09:00暂停，此前已计0个工作日；"
                "2026年3月5日（周四）09:00恢复，余下的半个工作日自恢复时起计算。",
                "2026年3月5日（周四）10:00暂停，此前已计0个工作日；"
                "2026年3月6日（周五）10:00恢复，余下的半个工作日自恢复时起计至当日结束。",
            ],
            id="paused again before the half was over",
        ),
        pytest.param(
            "0.5 WD",
            [],
            "0.5 WD",
            (RECEIVED, ("03-04", 1, "工作日，第1个工作日，计至12时（半个工作日）；延长期的半个工作日计至当日结束")),
            [
                "计入的工作日依次为：3月4日。",
                "第1次延长（共1次）：延长0.5个工作日，自原到期日2026年3月4日（周三）12时起继续计算。",
            ],
            id="extended at noon by the afternoon",
        ),
        pytest.param(
            "0.5 WD",
            [("2026-03-04T14:00", "2026-03-05T09:00")],
            "0.5 WD",
            (
                RECEIVED,
                ("03-04", 1, "工作日，第1个工作日，计至12时（半个工作日）；期满后暂停"),
                ("03-05", 1, "恢复计算之日，上午恢复，延长期第1个工作日，计至当日结束（半个工作日）"),
            ),
            [
                "计入的工作日依次为：3月4日、3月5日。",
                "第1次延长（共1次）：延长0.5个工作日，自原到期日2026年3月4日（周三）12时起继续计算。",
                "2026年3月4日（周三）14:00暂停，此前原期限已计满，延长期已计0个工作日；"
                "2026年3月5日（周四）09:00恢复，余下的半个工作日自恢复时起计至当日结束。",
            ],
            id="paused after the noon at which the limit ended",
        ),
    ],
)
def test_half_a_day_is_told_where_it_counted(
    limit: str, pauses: list[tuple[str, str | None]], extend: str, table: tuple[Row, ...], sentences: list[str]
) -> None:
    explanation = explained("2026-03-03T15:00", limit, *pauses, extend=extend)
    assert (rows(explanation), turns(explanation)) == (table, sentences)


@pytest.mark.parametrize(
    ("limit", "extend", "since"),
    [
        ("0.5 WD", "0.5 WD", "12时起"),
        ("0.5 WD", "1.5 WD", "12时起"),
        ("0.5 WD", "1 WD", "的次日起"),
        ("1 WD", "0.5 WD", "的次日起"),
    ],
)
def test_only_half_a_day_goes_on_from_noon(limit: str, extend: str, since: str) -> None:
    (sentence,) = [one for one in turns(explained("2026-03-03T15:00", limit, extend=extend)) if "次延长" in one]
    assert sentence.endswith(f"，自原到期日2026年3月4日（周三）{since}继续计算。")


ENDED = "工作日，第1个工作日；期满后暂停"
EXTENDED = "第1次延长（共1次）：延长1个工作日，自原到期日2026年3月4日（周三）的次日起继续计算。"
BEGUN = "2026年3月4日（周三）18:00暂停，此前原期限已计满，延长期已计0个工作日"


@pytest.mark.parametrize(
    ("resumed", "table", "sentences"),
    [
        pytest.param(
            "2026-03-06T09:00",
            (
                RECEIVED,
                ("03-04", 1, ENDED),
                ("03-05", None, "暂停期间，不计入"),
                ("03-06", None, RESUMED),
                *WEEKEND,
                ("03-09", 1, "工作日，延长期第1个工作日"),
            ),
            [
                "计入的工作日依次为：3月4日、3月9日。",
                EXTENDED,
                f"{BEGUN}；2026年3月6日（周五）09:00恢复，当日不计入，其余自次日起计算。",
            ],
            id="resumed on a later day",
        ),
        pytest.param(
            "2026-03-04T19:00",
            (RECEIVED, ("03-04", 1, f"{ENDED}，当日恢复"), ("03-05", 1, "工作日，延长期第1个工作日")),
            [
                "计入的工作日依次为：3月4日、3月5日。",
                EXTENDED,
                f"{BEGUN}；2026年3月4日（周三）19:00恢复，当日不计入，其余自次日起计算。",
            ],
            id="resumed on the same day",
        ),
        pytest.param(
            None,
            (RECEIVED, ("03-04", 1, ENDED)),
            [
                "计入的工作日依次为：3月4日。",
                EXTENDED,
                f"{BEGUN}，尚未恢复。",
                "时限正在暂停，恢复之后才有到期日。",
            ],
            id="not resumed",
        ),
    ],
)
def test_the_last_day_keeps_its_place_when_a_pause_begins_after_its_close(
    resumed: str | None, table: tuple[Row, ...], sentences: list[str]
) -> None:
    paused = ("2026-03-04T18:00", resumed)
    explanation = explained("2026-03-03T09:00", "1 WD", paused, extend="1 WD", switch="close_of_business")
    told = [one for one in turns(explanation) if "本地规则" not in one]
    assert (rows(explanation), told) == (table, sentences)


def test_a_pause_in_a_later_extension_says_what_was_over_before() -> None:
    paused = ("2026-03-06T10:00", "2026-03-06T11:00")
    explanation = explained("2026-03-03T09:00", "1 WD", paused, extend="1 WD,2 WD")
    assert any("暂停，此前原期限和前1次延长期已计满，第2次延长期已计0个工作日；" in one for one in turns(explanation))


TWO_DAYS: tuple[Row, ...] = (
    ("03-04", None, "起算日，当日不计入"),
    ("03-05", 1, "第1日"),
    ("03-06", 2, "第2日"),
)
REPLACED: Row = ("03-07", None, "期间的最后一日，适逢周末休息日，顺延，未届满即暂停，当日不计入")
SUNDAY: Row = ("03-08", None, "周末休息日，期满日继续顺延")
ROLLED = "此前已计2日，期间的最后一日2026年3月7日（周六）是休息日，已顺延至2026年3月9日（周一），尚未届满"


@pytest.mark.parametrize(
    ("pause", "table", "sentences"),
    [
        pytest.param(
            ("2026-03-09T10:00", "2026-03-10T09:00"),
            (
                *TWO_DAYS,
                REPLACED,
                SUNDAY,
                ("03-09", None, PAUSED),
                ("03-10", None, RESUMED),
                ("03-11", 3, "第3日，期间的最后一日"),
            ),
            [
                f"2026年3月9日（周一）10:00暂停，{ROLLED}；"
                "2026年3月10日（周二）09:00恢复，当日不计入，余下的最后一日自次日起计算。"
            ],
            id="on the day to which the last one rolls",
        ),
        pytest.param(
            ("2026-03-08T10:00", "2026-03-08T11:00"),
            (
                *TWO_DAYS,
                REPLACED,
                ("03-08", None, RESUMED),
                ("03-09", 3, "第3日，期间的最后一日"),
            ),
            [
                f"2026年3月8日（周日）10:00暂停，{ROLLED}；"
                "2026年3月8日（周日）11:00恢复，当日不计入，余下的最后一日自次日起计算。"
            ],
            id="before that day, and over at once",
        ),
        pytest.param(
            ("2026-03-07T10:00", "2026-03-09T09:00"),
            (
                *TWO_DAYS,
                ("03-07", None, PAUSED),
                ("03-08", None, "暂停期间，不计入"),
                ("03-09", None, RESUMED),
                ("03-10", 3, "第3日，期间的最后一日"),
            ),
            [
                "2026年3月7日（周六）10:00暂停，此前已计2日；"
                "2026年3月9日（周一）09:00恢复，当日不计入，其余自次日起计算。"
            ],
            id="on the last day itself",
        ),
        pytest.param(
            ("2026-03-09T10:00", None),
            (*TWO_DAYS, REPLACED, SUNDAY, ("03-09", None, PAUSED)),
            [f"2026年3月9日（周一）10:00暂停，{ROLLED}，尚未恢复。", "时限正在暂停，恢复之后才有到期日。"],
            id="not resumed",
        ),
        pytest.param(
            ("2026-03-10T00:00", "2026-03-11T09:00"),
            (
                *TWO_DAYS,
                ("03-07", 3, "第3日，期间的最后一日，适逢周末休息日，顺延"),
                SUNDAY,
                ("03-09", None, "工作日，为顺延后的期满日"),
            ),
            ["期间的最后一日2026年3月7日（周六）是休息日，顺延至2026年3月9日（周一）。"],
            id="too late",
        ),
    ],
)
def test_a_last_day_that_rolls_and_is_paused_is_counted_once(
    pause: tuple[str, str | None], table: tuple[Row, ...], sentences: list[str]
) -> None:
    explanation = explained("2026-03-04T10:00", "3 d", pause)
    assert (rows(explanation), turns(explanation)) == (table, sentences)


def test_a_rolled_last_day_that_is_paused_twice_still_leaves_one_day() -> None:
    first, second = ("2026-03-09T10:00", "2026-03-13T09:00"), ("2026-03-16T10:00", "2026-03-17T09:00")
    explanation = explained("2026-03-04T10:00", "3 d", first, second)
    assert [(row.day.day, row.ordinal) for row in explanation.days if row.counted] == [(5, 1), (6, 2), (18, 3)]
    assert ["已计2日" in sentence for sentence in turns(explanation)] == [True, True]


def counts_through(promise: Promise, days: Sequence[ExplainedDay]) -> bool:
    """Tell whether every limit and extension counts from 1 without a gap, as many days as it has and no more.

    Half a day is shown as a day, or shares the day on which the time before it ended at noon; a pause that is still
    open leaves days out at the end only.
    """
    counted = [row.ordinal for row in days if row.counted]
    wholes, halves = lengths(promise)
    least = 0 if promise.is_paused else sum(wholes)
    restarts = 0 if promise.is_paused else sum(whole > 0 for whole in wholes)
    return (
        all(after in (1, (before or 0) + 1) for before, after in pairwise((0, *counted)))
        and least <= len(counted) <= sum(wholes) + halves
        and restarts <= counted.count(1) <= len(wholes)
    )


def lengths(promise: Promise) -> tuple[list[int], int]:
    """Return the whole days of every limit that was reached, months as days, and how many have half a day more."""
    firsts = {leg.phase: leg for leg in reversed(tuple(legs_of(promise, CALENDAR)))}.values()
    limits = [leg.left for leg in firsts]
    days = [(leg.nominal_day - leg.start.day).days for leg in firsts]
    wholes = [
        limit.whole if limit.unit is Unit.WORKING_DAY else count for limit, count in zip(limits, days, strict=True)
    ]
    return wholes, sum(limit.has_half for limit in limits)


def in_days() -> list[Promise]:
    """Give a thousand promises at random in days and months; those with a pause also while the last one is open."""
    promises = [promise for promise in sample() if not promise.limit.unit.is_hourly]
    return promises + [
        replace(promise, pauses=(*promise.pauses[:-1], Pause(promise.pauses[-1].started_at)))
        for promise in promises
        if promise.pauses
    ]


def test_promises_at_random_never_count_more_days_than_they_have_nor_leave_one_out() -> None:
    wrong = [one for one in in_days() if not counts_through(one, explain(one, CALENDAR).days)]
    assert wrong == []
    assert len(in_days()) >= 1000


MISCOUNTS: dict[str, Callable[[ExplainedDay], list[ExplainedDay]]] = {
    "a day is left out": lambda row: [replace(row, counted=False)],
    "a day has no ordinal": lambda row: [replace(row, ordinal=None)],
    "a day counts twice": lambda row: [row, row],
    "a day too many": lambda row: [row, replace(row, ordinal=(row.ordinal or 0) + 1)],
}


@pytest.mark.parametrize("miscount", MISCOUNTS)
def test_a_day_miscounted_would_be_noticed(miscount: str) -> None:
    promise = Promise(at("2026-03-03T09:00"), Limit.parse("3 WD"), extensions=(Limit.parse("2 d"),))
    days = explain(promise, CALENDAR).days
    assert counts_through(promise, days)
    for number, row in enumerate(days):
        if row.counted:
            assert not counts_through(promise, (*days[:number], *MISCOUNTS[miscount](row), *days[number + 1 :]))


def test_a_morning_that_is_half_a_day_counts_on_the_day_itself() -> None:
    (only,) = explained("2026-03-03T09:00", "0.5 WD").days
    assert (only.ordinal, only.why) == (1, "上午收到，半个工作日计至当日结束")


def test_days_before_a_deemed_receipt_say_why_they_do_not_count() -> None:
    days = explained("2026-03-07T09:00", "1 WD", switch="deemed_receipt").days
    assert [row.day.day for row in days if "视为次一工作日收到" in row.why] == [7, 8]
    assert days[2].why == "视为收到之日，起算日，当日不计入"


def test_months_are_listed_day_by_day_and_every_notice_met_is_cited_once() -> None:
    explanation = explained("2025-11-30T08:00", "3 m")
    assert len(explanation.days) == 91
    assert [notice.year for notice in explanation.notices] == [2025, 2026]
    assert explanation.calendar_version == CALENDAR.version


def test_what_cannot_be_counted_cannot_be_explained() -> None:
    with pytest.raises(Invalid, match="超出工作日历范围"):
        explained("2006-03-03T09:00", "5 WD")
