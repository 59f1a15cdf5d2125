"""Notices that somebody publishes: how they are read, what is refused, and what the breaks become."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import load_breaks, load_statutory_days
from app.domain.calendar import Break, Notice, build
from app.domain.errors import Invalid
from app.domain.notice import (
    COUNTRY,
    Publication,
    apply_publication,
    check_publication,
    compose,
)
from tests.domain.notice_texts import (
    AMENDING,
    EXAMPLE,
    UNTIL_2026,
    WITH_2027,
    amendment,
    breaks_of_2027,
    day,
    days,
    example_and,
    example_with,
    noticed,
    one_break,
    publications,
)

STATUTORY = load_statutory_days()


def reasons(publication: Publication, in_force: Sequence[Break]) -> list[str]:
    with pytest.raises(Invalid, match="放假通知不能发布") as refusal:
        check_publication(publication, in_force, STATUTORY)
    return [fault.reason for fault in refusal.value.faults]


FAULTS = [
    (
        "a worked Monday",
        example_with("劳动节", make_up=days("04-26", "05-08")),
        "2027年通知「劳动节」：调休上班日2027-04-26是周一，只能是周六或周日，请核对通知原文。",
    ),
    (
        "a make-up day nearer to another break",
        example_with("春节", make_up=days("01-31", "03-21")),
        "2027年通知「春节」：调休上班日2027-03-21（周日）离本条放假日超过30天，请移到相应的假期，或核对日期。",
    ),
    (
        "a make-up day near no break",
        example_with("国庆节", make_up=days("07-31", "10-09")),
        "2027年通知「国庆节」：调休上班日2027-07-31（周六）前后30天内没有任何放假日，没有依据；请核对日期。",
    ),
    (
        "more days worked than gained: 端午节 itself is off by law",
        example_with("端午节", make_up=days("06-12")),
        "2027年通知「端午节」：调休上班1天（2027-06-12（周六）），只换得0个工作日的休息，多出的上班日没有依据；"
        "请核对通知原文。",
    ),
    (
        "a gap",
        example_with("国庆节", off=days("10-01/10-04", "10-07")),
        "2027年通知「国庆节」：放假日从2027-10-01到2027-10-07不连续，缺2027-10-05（周二）、2027-10-06（周三）；"
        "请补上，或分成两条。",
    ),
    (
        "a make-up day inside its break",
        example_with("国庆节", off=days("10-01", "10-03/10-07"), make_up=days("10-02")),
        "2027年通知「国庆节」：放假日从2027-10-01到2027-10-07不连续，缺2027-10-02（周六）；请补上，或分成两条。",
        "缺少法定假日：国庆节2027年10月2日，请在通知中补上放假日。",
    ),
    (
        "a day twice",
        example_with("元旦", off=days("01-01/01-03", "01-03")),
        "2027年通知「元旦」：2027-01-03（周日）已列在2027年「元旦」，同一天只能列一次，请删去一处。",
    ),
    (
        "a day off and worked",
        example_with("劳动节", make_up=days("05-02", "05-08")),
        "2027年通知「劳动节」：2027-05-02（周日）既放假又调休上班（另见2027年「劳动节」），请核对通知原文，只留一种。",
    ),
    (
        "a plain weekend",
        example_and("暑假", off=days("07-03/07-04")),
        "2027年通知「暑假」：放假日2027-07-03（周六）、2027-07-04（周日）本来就是周末，没有增加休息日；"
        "请核对日期，或删去这一条。",
    ),
    (
        "a day of another year",
        example_and("元旦（次年）", off=days("2028-03-01")),
        "2027年通知「元旦（次年）」：2028-03-01（周三）离2027年太远，应在2026-11-17至2028-02-14之间，请核对年份。",
    ),
    (
        "a break without days",
        example_and("儿童节"),
        "2027年通知「儿童节」：没有任何日子，请补上，或删去这一条。",
    ),
    (
        "a break of make-up days only",
        example_and("周末", make_up=days("06-12")),
        "2027年通知「周末」：只有调休上班日，没有放假日；请补上放假日，或删去这一条。",
    ),
    (
        "a statutory day forgotten",
        replace(EXAMPLE, breaks=tuple(row for row in EXAMPLE.breaks if row.name != "端午节")),
        "缺少法定假日：端午节2027年6月9日，请在通知中补上放假日。",
    ),
    ("no title", noticed(EXAMPLE, title=" "), "缺少通知标题，请按原文填写 title。"),
    ("no date", noticed(EXAMPLE, issued_on=None), "缺少发文日期，请填写 issued_on，例如 2026-11-05。"),
    (
        "a date of another year",
        noticed(EXAMPLE, issued_on=date(2028, 1, 1)),
        "2027年的通知应在2026年或2027年发文，请核对发文日期（issued_on）。",
    ),
    (
        "neither a number nor a reason",
        noticed(EXAMPLE, number="", source=""),
        "缺少文号：请填写 number；暂无文号的，请在 source 说明原因和来源。",
    ),
    (
        "a break with a paper of its own, without title",
        example_with("中秋节", notice=replace(EXAMPLE.notice, title="")),
        "另有依据的假期缺少通知标题，请在该条的 notice 中填写 title。",
    ),
    (
        "an instant without zone",
        replace(EXAMPLE, effective_at=datetime(2026, 12, 1, tzinfo=UTC).replace(tzinfo=None)),
        "生效时间没有时区，请写作 2026-11-05T00:00:00+08:00。",
    ),
    ("a year too late", noticed(EXAMPLE, year=2101), "年份应在2007至2100之间，请核对通知的年份（year）。"),
    ("a year too early", noticed(EXAMPLE, year=2006), "年份应在2007至2100之间，请核对通知的年份（year）。"),
    (
        "an amendment of nothing",
        amendment(one_break("05-06")),
        "2027年还没有已发布的放假通知，无从修改：请先发布国务院关于2027年的通知；"
        "如果这就是全年通知，请将 amends 改为 false。",
    ),
    (
        "a local notice before the country's",
        amendment(one_break("05-06"), region="gedian"),
        "2027年还没有已发布的放假通知，无从修改：请先发布国务院关于2027年的通知。",
    ),
    (
        "a local notice for the whole year",
        replace(EXAMPLE, region="gedian"),
        "辖区的通知只能在全国安排之上调整个别日子，不能代替全年：请将 amends 改为 true，或将 region 改为 CN。",
    ),
]

FAULTS_ON_2027 = [
    (
        "the same notice again",
        EXAMPLE,
        "《示例：关于2027年部分节假日安排的通知（样例，非正式文件）》（示例〔2026〕1号）"
        "与现行安排逐日相同，发布后没有任何变化，无须再次发布。",
    ),
    (
        "an older notice for the whole year",
        noticed(example_with("元旦", make_up=days("01-09"), off=days("01-01/01-04")), issued_on=date(2026, 11, 4)),
        "发文日期2026-11-04早于现行的《示例：关于2027年部分节假日安排的通知（样例，非正式文件）》（示例〔2026〕1号）"
        "（2026-11-05发文），旧通知不能改变新通知；请核对发文日期（issued_on）。",
    ),
    (
        "an older amendment",
        amendment(one_break("05-06"), notice=replace(AMENDING, issued_on=date(2026, 11, 4))),
        "发文日期2026-11-04早于现行的《示例：关于2027年部分节假日安排的通知（样例，非正式文件）》（示例〔2026〕1号）"
        "（2026-11-05发文），旧通知不能改变新通知；请核对发文日期（issued_on）。",
    ),
    (
        "an amendment without days",
        amendment(),
        "没有任何假期，请按通知原文逐条填写放假日（off）和调休上班日（make_up）。",
    ),
    (
        "a local notice in the State Council's name",
        amendment(one_break("05-06"), region="gedian", notice=replace(AMENDING, number="国办发明电〔2027〕1号")),
        "国务院的通知不能只在一个辖区发布：请将 region 改为 CN，或填写辖区自己通知的标题和文号。",
    ),
    (
        "work on a statutory day",
        amendment(one_break("05-06", make_up=["05-01"])),
        "劳动节2027年5月1日是法定假日，不能调为上班日；请核对日期。",
    ),
    (
        "make-up days left behind",
        amendment(one_break("05-01/05-06")),
        "2027年通知「劳动节」：放假日已全部由本通知改定，调休上班日2027-04-25（周日）、2027-05-08（周六）却没有；"
        "请一并列为放假或上班。",
    ),
    (
        "a day of the year before, decided there",
        noticed(example_with("元旦", off=days("2026-10-07", "01-01/01-03")), issued_on=date(2026, 11, 6)),
        "2027年通知「元旦」：2026-10-07（周三）离2027年太远，应在2026-11-17至2028-02-14之间，请核对年份。",
        "2027年通知「元旦」：2026-10-07（周三）已由2026年通知「国庆节」安排；请删去这一天，"
        "或将改动作为对2026年的修改（amends = true）另行发布。",
        "2027年通知「元旦」：放假日从2026-10-07到2027-01-03不连续，缺2026-10-08（周四）、2026-10-09（周五）、"
        "2026-10-10（周六）、2026-10-12（周一）、2026-10-13（周二）、2026-10-14（周三）、2026-10-15（周四）等62天；"
        "请补上，或分成两条。",
    ),
]


@pytest.mark.parametrize("row", FAULTS, ids=[row[0] for row in FAULTS])
def test_a_faulty_notice_is_refused_with_exactly_what_is_wrong(row: tuple[str, Publication, str]) -> None:
    assert reasons(row[1], UNTIL_2026) == list(row[2:])


@pytest.mark.parametrize("row", FAULTS_ON_2027, ids=[row[0] for row in FAULTS_ON_2027])
def test_a_notice_that_does_not_fit_what_is_in_force_is_refused(row: tuple[str, Publication, str]) -> None:
    assert reasons(row[1], WITH_2027) == list(row[2:])


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        (range(2007, 2026), "缺少2026年的放假通知（已发布至2025年），请先发布。"),
        (range(2029, 2031), "缺少2028年的放假通知（最早已发布2029年），请先发布。"),
    ],
)
def test_a_year_that_leaves_a_gap_is_refused(years: range, reason: str) -> None:
    in_force = [replace(row, notice=replace(EXAMPLE.notice, year=year)) for year in years for row in UNTIL_2026[:1]]
    assert reasons(EXAMPLE, in_force) == [reason]


def test_a_whole_year_older_than_an_amendment_of_it_is_refused() -> None:
    amended = apply_publication(WITH_2027, amendment(one_break("05-06")))
    corrected = noticed(
        example_with("元旦", off=days("01-01/01-04"), make_up=days("01-09")), issued_on=date(2027, 1, 7)
    )
    assert reasons(corrected, amended) == [
        "发文日期2027-01-07早于现行的《示例调整通知》（示例〔2027〕2号）（2027-01-08发文），"
        "旧通知不能改变新通知；请核对发文日期（issued_on）。"
    ]


@pytest.mark.parametrize(
    ("publication", "in_force", "why"),
    [
        (example_with("春节", make_up=days("01-31", "03-14")), UNTIL_2026, "30 days from the break is near enough"),
        (
            noticed(example_with("元旦", off=days("01-01/01-04"), make_up=days("01-09"))),
            WITH_2027,
            "a correction issued on the same day",
        ),
        (
            amendment(one_break("04-06"), notice=replace(AMENDING, title="另一通知", issued_on=date(2027, 1, 7))),
            apply_publication(WITH_2027, amendment(one_break("05-06"))),
            "an older amendment of other days",
        ),
        (amendment(one_break("05-08")), WITH_2027, "a make-up Saturday taken back is no plain weekend day"),
        (amendment(one_break("05-08", make_up=["05-09"])), WITH_2027, "a make-up day moved from Saturday to Sunday"),
        (amendment(one_break("02-04", "02-13")), WITH_2027, "days added at both ends of a break that is off already"),
        (noticed(EXAMPLE, number="", source="原件未见，文号待补。"), UNTIL_2026, "no number, and the source says why"),
        (EXAMPLE, (), "the first notice of all"),
    ],
)
def test_what_a_real_notice_may_do_is_not_refused(
    publication: Publication, in_force: Sequence[Break], why: str
) -> None:
    check_publication(publication, in_force, STATUTORY)


def test_every_fault_is_told_at_once() -> None:
    publication = noticed(example_with("劳动节", make_up=days("04-26", "05-08")), issued_on=None, title="")
    assert len(reasons(publication, UNTIL_2026)) == 3


def year_as_published(year: int) -> Publication:
    """Return a packaged year; ours lacks the date of issue of those whose paper was not seen."""
    rows = [row for row in load_breaks() if row.notice.year == year]
    publication = Publication(COUNTRY, False, rows[0].notice, tuple(rows))
    return publication if rows[0].notice.issued_on else _dated(publication, date(year - 1, 12, 1))


def _dated(publication: Publication, issued_on: date) -> Publication:
    main = publication.notice
    dated = replace(main, issued_on=issued_on)
    rows = (replace(row, notice=dated) if row.notice == main else row for row in publication.breaks)
    return replace(publication, notice=dated, breaks=tuple(rows))


@pytest.mark.parametrize("year", range(2007, 2027))
def test_every_real_notice_passes_on_top_of_the_years_before_it(year: int) -> None:
    before = [row for row in load_breaks() if row.notice.year < year]
    publication = year_as_published(year)
    check_publication(publication, before, STATUTORY)
    assert apply_publication(before, publication) == (*before, *publication.breaks)


def test_the_extension_of_2020_amends_a_year_that_was_published_without_it() -> None:
    *before, main, extension = [row for row in load_breaks() if row.notice.year <= 2020][:-4]
    assert (main.name, extension.name) == ("春节", "春节（延长）")
    planned = [*before, replace(main, make_up=(*main.make_up, date(2020, 2, 1)))]
    notice = replace(extension.notice, issued_on=date(2020, 1, 27))
    amending = Publication(COUNTRY, True, notice, (replace(extension, notice=notice),))
    check_publication(amending, planned, STATUTORY)
    assert apply_publication(planned, amending) == (*before, main, *amending.breaks)


def test_a_local_holiday_lies_on_top_of_the_countrys_and_ends_with_it() -> None:
    local = amendment(one_break("04-08/04-09", name="三月三"), region="gedian")
    check_publication(local, WITH_2027, STATUTORY)
    own = apply_publication((), local)
    there, elsewhere = (build(rows, statutory=STATUTORY) for rows in (compose(WITH_2027, own), WITH_2027))
    assert not there.is_working_day(day("04-08"))
    assert there.notice_of(day("04-08")) == AMENDING
    assert there.notice_of(day("07-01")) == EXAMPLE.notice
    assert elsewhere.is_working_day(day("04-08"))


def test_an_overlay_that_takes_a_whole_break_leaves_its_make_up_days_worked() -> None:
    taken = compose(WITH_2027, [one_break("05-01/05-05")])
    assert build(taken, statutory=STATUTORY).is_working_day(day("05-08"))


def test_a_whole_year_replaces_what_was_published_and_amended_for_it() -> None:
    amended = apply_publication(WITH_2027, amendment(one_break("05-06")))
    assert len(amended) == len(WITH_2027) + 1
    assert apply_publication(amended, EXAMPLE) == WITH_2027


def by_day(rows: Sequence[Break]) -> dict[date, tuple[str, Notice, str]]:
    """Merge slowly: whoever comes last decides the day."""
    table: dict[date, tuple[str, Notice, str]] = {}
    for row in rows:
        table |= {found: (row.name, row.notice, "off") for found in row.off}
        table |= {found: (row.name, row.notice, "make_up") for found in row.make_up}
    return table


@settings(deadline=None)
@given(publication=publications(), overlays=st.lists(breaks_of_2027(), max_size=3))
def test_merging_equals_deciding_day_by_day(publication: Publication, overlays: list[tuple[Break, ...]]) -> None:
    kept = [row for row in WITH_2027 if publication.amends or row.notice.year != 2027]
    applied = apply_publication(WITH_2027, publication)
    assert by_day(applied) == by_day([*kept, *publication.breaks])
    composed = compose(applied, *overlays)
    assert by_day(composed) == by_day([*applied, *(row for rows in overlays for row in rows)])
    assert len([found for row in composed for found in row.days]) == len(by_day(composed))


@settings(deadline=None, max_examples=25)
@given(overlays=st.lists(breaks_of_2027(), min_size=1, max_size=3))
def test_whatever_lies_on_top_can_be_built_and_the_last_overlay_decides(overlays: list[tuple[Break, ...]]) -> None:
    calendar = build(compose(WITH_2027, *overlays))
    last = {found: row.name for row in overlays[-1] for found in row.days}
    assert {found: calendar.holiday_name(found) for found in last} == last
    assert all(calendar.is_working_day(found) for row in overlays[-1] for found in row.make_up)
    assert not any(calendar.is_working_day(found) for row in overlays[-1] for found in row.off)
