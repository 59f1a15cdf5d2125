"""What a letter says about a due date."""

from datetime import date, datetime

import pytest

from app.calendars import load_calendar
from app.domain.calendar import DayKind
from app.domain.clock import OFFICE_TIMEZONE, Pause, Promise, Switch
from app.domain.errors import Invalid
from app.domain.explanation import ExplainedDay, Explanation, explain
from app.domain.limit import Limit

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


def test_a_morning_that_is_half_a_day_counts_on_the_day_itself() -> None:
    (only,) = explained("2026-03-03T09:00", "0.5 WD").days
    assert (only.counted, only.why) == (True, "上午收到，半个工作日计至当日结束")


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
