"""Importing a ledger: rows go in whole at their own instants, or stay out with a reason."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.calendars import load_calendar
from app.domain.errors import Invalid, NotFound
from app.domain.ledger import LedgerMap
from app.policies import packaged
from app.services.ledger import ImportReport, RowResult, import_ledger
from app.services.ledger_figures import Share, Verdict, middle_and_most, shares
from app.services.ledger_map import find_header, read_map
from app.services.ledger_report import LATE_ON_A_REST_DAY, PROVISIONAL_DUE, refusal_lines, report_sheets, summary_lines
from app.services.office import Office
from app.services.policies import publish_packs
from app.services.sweeping import sweep
from app.storage import make_engine
from tests.database import connect

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[2] / "examples" / "letters.toml"
HEADINGS = ["编号", "企业", "标题", "内容", "收到", "答复", "答复于", "类别", "难度", "结果"]
FIELDS = [
    "external_number",
    "enterprise_name",
    "title",
    "text",
    "received_at",
    "reply",
    "replied_at",
    "category",
    "level",
    "result_type",
]
MAP = LedgerMap(
    columns={name: (heading,) for name, heading in zip(FIELDS, HEADINGS, strict=True)}, zone=SHANGHAI, category="22"
)
IN_TIME = ("2024-09-27 10:15", "2024-10-10 23:59:59")
"""Received before the National Day break: the fifth working day is 10 October."""
LATE = ("2024-09-27 10:15", "2024-10-11 00:00:00")


def row(number: str, received: str, replied: str = "", **cells: str) -> list[object]:
    given = {
        "external_number": number,
        "enterprise_name": "某光电公司",
        "title": f"第{number}号来信",
        "text": "款项仍未到账。",
        "received_at": received,
        "reply": "已拨付。" if replied else "",
        "replied_at": replied,
    }
    return [{**given, **cells}.get(name, "") for name in FIELDS]


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """An office under the packaged policies."""
    opened = Office(make_engine(database_url))
    async with opened.work() as work:
        await publish_packs(work, packaged().packs.values(), now=NOW)
    yield opened
    await opened.engine.dispose()


async def take_in(office: Office, *rows: Sequence[object], **options: Any) -> ImportReport:
    return await import_ledger(office, [HEADINGS, *rows], MAP, **{"jurisdiction": "gedian", "now": NOW, **options})


def asked(url: str, question: str) -> list[tuple[Any, ...]]:
    with connect(url) as connection:
        return connection.execute(question).fetchall()


async def test_a_row_is_received_answered_and_resolved_at_its_own_instants(office: Office, database_url: str) -> None:
    await take_in(office, row("1", *IN_TIME))
    received = datetime(2024, 9, 27, 2, 15, tzinfo=UTC)
    replied = datetime(2024, 10, 10, 15, 59, 59, tzinfo=UTC)
    assert asked(
        database_url, "SELECT status, channel, received_at, resolved_at, result_type, overdue FROM appeal"
    ) == [("resolved", "import", received, replied, "advice_answered", False)]
    events = asked(database_url, "SELECT action, at, recorded_at FROM event ORDER BY sequence")
    assert events == [
        ("file", received, NOW),
        ("assign", received, NOW),
        ("contact", replied, NOW),
        ("draft_reply", replied, NOW),
        ("resolve", replied, NOW),
    ]
    assert {at for (at,) in asked(database_url, "SELECT created_at FROM outbox")} == {NOW}


async def test_the_handling_clock_stops_at_the_reply_and_the_review_counts_from_the_import(
    office: Office, database_url: str
) -> None:
    await take_in(office, row("1", *LATE))
    (handling,) = asked(database_url, "SELECT due_day::text, stopped_at >= due_at FROM clock WHERE kind = 'handling'")
    assert handling == ("2024-10-10", True)
    assert asked(database_url, "SELECT started_at, state FROM clock WHERE kind = 'review'") == [(NOW, "running")]
    assert asked(database_url, "SELECT kind FROM clock WHERE state <> 'stopped'") == [("review",)]


async def test_every_act_says_that_a_ledger_reports_it_and_two_people_answered(
    office: Office, database_url: str
) -> None:
    await take_in(office, row("1", *IN_TIME))
    assert asked(database_url, "SELECT actor_name FROM event ORDER BY sequence") == [
        ("台账登记",),
        ("台账登记",),
        ("台账经办",),
        ("台账经办",),
        ("台账审定",),
    ]
    assert asked(database_url, "SELECT opinion, department FROM assignment") == [("据台账补录", "office")]
    assert asked(database_url, "SELECT text, writer_id <> approver_id, written_at = approved_at FROM reply") == [
        ("已拨付。", True, True)
    ]


async def test_a_row_without_a_reply_is_assigned_and_the_sweep_finds_its_old_clock(
    office: Office, database_url: str
) -> None:
    report = await take_in(office, row("1", "2026-11-02 09:00"))
    assert [one.figures and one.figures.verdict for one in report.rows] == [Verdict.UNANSWERED]
    assert asked(database_url, "SELECT status FROM appeal") == [("assigned",)]
    await sweep(office, now=NOW)
    assert asked(database_url, "SELECT due_day::text, breached_at IS NULL FROM clock WHERE kind = 'handling'") == [
        ("2026-11-09", False)
    ]


async def test_a_second_import_adds_nothing_and_shows_the_same_figures(office: Office, database_url: str) -> None:
    rows = row("1", *IN_TIME), row("2", *LATE), row("3", "2024-09-27")
    first = await take_in(office, *rows)
    written = asked(database_url, "SELECT count(*) FROM event")
    second = await take_in(office, *rows)
    assert [one.result for one in second.rows] == [RowResult.EXISTING] * 3
    assert second.figures == first.figures
    assert [one.appeal_number for one in second.rows] == [one.appeal_number for one in first.rows]
    assert asked(database_url, "SELECT count(*) FROM event") == written


async def test_a_row_that_cannot_be_used_is_named_and_nothing_else_is_lost(office: Office, database_url: str) -> None:
    report = await take_in(
        office,
        row("1", *IN_TIME),
        row("2", "去年", "2024-10-10"),
        ["", None, " "],
        row("1", *IN_TIME),
        row("", *IN_TIME),
        row("3", *IN_TIME, category="99"),
        row("4", *IN_TIME, result_type="已解决"),
        row("5", "1999-01-01", "1999-01-02"),
        row("6", *IN_TIME),
    )
    reasons = {
        (3, "收到", "「去年」不是可识别的时间"),
        (5, "编号", "与第2行的编号重复"),
        (6, "编号", "不能为空"),
        (7, "类别", "应为以下之一"),
        (8, "佐证", "请附佐证"),
        (9, "收到", "超出工作日历范围"),
    }
    lines = refusal_lines(report)
    assert {(number, heading) for number, heading, _ in lines} == {(number, heading) for number, heading, _ in reasons}
    assert all(any(number == one[0] and reason in one[2] for one in lines) for number, _, reason in reasons)
    assert asked(database_url, "SELECT external_number FROM appeal ORDER BY 1") == [("1",), ("6",)]
    assert asked(database_url, "SELECT count(*) FROM reply") == [(2,)]


async def test_one_enterprise_is_registered_once(office: Office, database_url: str) -> None:
    await take_in(office, row("1", *IN_TIME), row("2", *LATE), row("3", *LATE, enterprise_name="另一家"))
    assert asked(database_url, "SELECT name FROM enterprise ORDER BY name") == [("另一家",), ("某光电公司",)]


async def test_a_trial_run_tells_the_same_and_leaves_nothing(office: Office, database_url: str) -> None:
    rows = row("1", *IN_TIME), row("2", "去年"), row("3", *LATE)
    trial = await take_in(office, *rows, dry_run=True)
    assert [asked(database_url, f"SELECT count(*) FROM {table}") for table in ("appeal", "enterprise", "event")] == [
        [(0,)]
    ] * 3
    real = await take_in(office, *rows)
    assert [one.result for one in trial.rows] == [one.result for one in real.rows]
    assert (trial.figures, refusal_lines(trial)) == (real.figures, refusal_lines(real))
    assert [one.appeal_number for one in trial.rows] == ["", "", ""]


async def test_a_number_that_another_jurisdiction_has_taken_is_refused(office: Office, database_url: str) -> None:
    await take_in(office, row("1", *IN_TIME))
    for dry_run in (True, False):
        report = await take_in(office, row("1", *IN_TIME), row("2", *IN_TIME), jurisdiction="jingmen", dry_run=dry_run)
        assert [one.result for one in report.rows] == [RowResult.REFUSED, RowResult.IMPORTED]
        assert "其他辖区" in refusal_lines(report)[0][2]


async def test_an_interruption_leaves_whole_rows_and_the_next_import_goes_on(office: Office, database_url: str) -> None:
    rows = [row(str(number), *IN_TIME) for number in range(1, 5)]
    running: list[asyncio.Task[ImportReport]] = []
    # The cancellation arrives where the second row waits for the database, in the middle of its transaction.
    running.append(asyncio.create_task(take_in(office, *rows, tell=lambda _done, _total: running[0].cancel())))
    with pytest.raises(asyncio.CancelledError):
        await running[0]
    assert asked(database_url, "SELECT external_number, event_count FROM appeal") == [("1", 5)]
    assert asked(database_url, "SELECT count(*) FROM event") == [(5,)]
    report = await take_in(office, *rows)
    assert [one.result for one in report.rows] == [RowResult.EXISTING, *[RowResult.IMPORTED] * 3]


async def test_progress_counts_the_rows_that_are_not_blank(office: Office) -> None:
    heard: list[tuple[int, int]] = []
    await take_in(office, row("1", *IN_TIME), [], row("2", "去年"), tell=lambda *counts: heard.append(counts))
    assert heard == [(1, 2), (2, 2)]


async def test_category_and_level_of_a_row_overrule_the_map(office: Office, database_url: str) -> None:
    report = await take_in(office, row("1", *LATE, category="税费", level="疑难"))
    (one,) = report.figures
    assert (one.limit.chinese, one.due.day.isoformat(), one.verdict) == ("15个工作日", "2024-10-23", Verdict.IN_TIME)
    assert asked(database_url, "SELECT category, level, lead_department, due_day::text FROM appeal") == [
        ("08", "difficult", "tax", "2024-10-23")
    ]


async def test_the_report_gives_each_row_its_due_date_clause_and_days(office: Office) -> None:
    report = await take_in(
        office,
        row("1", *IN_TIME),
        row("2", "2024-09-06 08:00", "2024-09-15 10:00"),
        row("3", "2026-11-19"),
        row("4", "?"),
    )
    detail, totals, refused = report_sheets(report)
    answers = [dict(zip(detail.headings, line, strict=True)) for line in detail.rows]
    shown = [(one["到期日"], one["是否按期"], one["用时工作日"], one["结果"]) for one in answers]
    assert shown == [
        ("2024-10-10", "按期", 5, "已导入"),
        ("2024-09-13", "超期", 6, "已导入"),
        ("2026-11-26", "未答复", None, "已导入"),
        ("", "", None, "拒收"),
    ]
    assert "（鄂葛开工（2021）4号）第53条" in str(answers[0]["依据条款"])
    assert str(answers[3]["说明"]).startswith("收到：「?」")
    assert [line[:2] for line in refused.rows] == [(5, "收到")]
    assert ("5个工作日内答复", "1/2（50.00%）") in totals.rows


async def test_an_answer_on_the_rest_day_after_the_due_day_is_late_and_says_why(office: Office) -> None:
    report = await take_in(office, row("1", "2024-10-18 08:00", "2024-10-26 08:00"))
    (line,) = report_sheets(report)[0].rows
    assert (line[10], line[11], line[13]) == ("超期", 5, LATE_ON_A_REST_DAY)


async def test_a_due_date_in_a_year_without_a_notice_is_provisional_and_counts_in_no_share(office: Office) -> None:
    now = datetime(2027, 1, 8, tzinfo=UTC)
    report = await take_in(office, row("1", "2026-12-28 08:00", "2027-01-06 08:00"), now=now)
    (line,) = report_sheets(report)[0].rows
    assert (line[10], line[13]) == ("暂定", PROVISIONAL_DUE)
    assert [share.decided for share in shares(report.figures)] == [0, 0]


async def test_an_unanswered_row_is_late_once_its_time_is_over_and_undecided_before(office: Office) -> None:
    report = await take_in(office, row("1", *IN_TIME), row("2", "2026-11-10"), row("3", "2026-11-19"))
    assert [(share.in_time, share.decided) for share in shares(report.figures)] == [(1, 2), (1, 1)]
    assert middle_and_most(report.figures) == (5, 5)


async def test_totals_without_a_row_are_dashes(office: Office) -> None:
    totals = dict(summary_lines(await take_in(office)))
    assert (totals["5个工作日内答复"], totals["用时工作日中位数"]) == ("0/0（—）", "—")
    assert totals["规则包版本"].startswith("葛店开发区 ")
    assert totals["工作日历版本"] == load_calendar().version


@pytest.mark.parametrize(
    ("in_time", "decided", "percentage"),
    [
        (2, 3, "66.66%"),
        (1, 3, "33.33%"),
        (9_999_999, 10_000_000, "99.99%"),
        (7, 7, "100.00%"),
        (0, 9, "0.00%"),
        (1, 20, "5.00%"),
    ],
)
def test_a_percentage_is_cut_off_and_never_rounded_up(in_time: int, decided: int, percentage: str) -> None:
    assert Share(5, in_time, decided).percentage == percentage


async def test_wrong_headings_jurisdiction_or_category_stop_the_import_before_the_first_row(
    office: Office, database_url: str
) -> None:
    line = row("1", *IN_TIME)
    with pytest.raises(NotFound, match="没有已发布的规则包"):
        await take_in(office, line, jurisdiction="atlantis")
    with pytest.raises(Invalid, match="台账现有的列：甲、乙"):
        await import_ledger(office, [["甲", "", "乙"], line], MAP, jurisdiction="gedian", now=NOW)
    wrong = LedgerMap(columns=MAP.columns, zone=SHANGHAI, category="77")
    with pytest.raises(Invalid, match="没有这个诉求类别"):
        await import_ledger(office, [HEADINGS, line], wrong, jurisdiction="gedian", now=NOW)
    assert asked(database_url, "SELECT count(*) FROM appeal") == [(0,)]


def test_a_missing_heading_is_named_with_those_that_there_are() -> None:
    ledger_map = LedgerMap(columns={"title": ("标题", "主题"), "text": ("内容",)}, zone=SHANGHAI)
    with pytest.raises(Invalid, match="台账现有的列：内容、时间") as refusal:
        find_header([["内容", "时间"]], ledger_map)
    assert [(one.field, one.reason) for one in refusal.value.faults] == [("标题", "没有名为「标题」或「主题」的列")]


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        find_header([["内容", "标题", "内容"]], LedgerMap(columns={"text": ("内容",)}, zone=SHANGHAI))
    assert [(one.field, one.reason) for one in refusal.value.faults] == [("内容", "有两列同名，请改名或删去一列")]


def test_the_header_may_stand_below_a_title_and_carry_blanks() -> None:
    table = [["某区诉求台账"], [], ["序号", " 标\u3000题\n", "内容"]]
    header = find_header(table, LedgerMap(columns={"title": ("无", "标 题"), "text": ("内容",)}, zone=SHANGHAI))
    assert (header.place, header.columns) == (2, {"title": (1, "标 题"), "text": (2, "内容")})


def test_an_empty_file_has_no_header() -> None:
    with pytest.raises(Invalid, match="台账现有的列：（空）"):
        find_header([], MAP)


def test_the_example_map_can_be_used() -> None:
    ledger_map = read_map(EXAMPLE.read_text(encoding="utf-8"), file_name=EXAMPLE.name)
    assert ledger_map.columns["replied_at"] == ("答复时间",)
    assert (ledger_map.category, ledger_map.channel, ledger_map.zone.key) == ("22", "import", "Asia/Shanghai")


NEEDED = 'external_number = "a"\nenterprise_name = "b"\ntitle = "c"\ntext = "d"\nreceived_at = "e"\n'


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (
            "[columns]\n" + NEEDED.replace('title = "c"\n', "") + '[defaults]\ncategory = "22"',
            "[columns].title",
            "缺少",
        ),
        (f"[columns]\n{NEEDED}titel = 'x'\n[defaults]\ncategory = '22'", "[columns].titel", "应为「title」"),
        (f"[columns]\n{NEEDED}uscc = 5\n[defaults]\ncategory = '22'", "[columns].uscc", "应为列名"),
        (f"[columns]\n{NEEDED}uscc = []\n[defaults]\ncategory = '22'", "[columns].uscc", "应为列名"),
        (f"[columns]\n{NEEDED}reply = 'x'\n[defaults]\ncategory = '22'", "[columns].replied_at", "同时给出"),
        (f"[columns]\n{NEEDED}", "[defaults].category", "没有诉求类别"),
        (f"[columns]\n{NEEDED}[defaults]\ncategory = 22", "[defaults].category", "须加引号"),
        (f"[columns]\n{NEEDED}[defaults]\ncategory = '22'\nkind = 'ask'", "[defaults].kind", "consultation"),
        (f"[columns]\n{NEEDED}[defaults]\ncategory = '22'\nresult_type = 'merged'", "[defaults].result_type", "solved"),
        (f"[columns]\n{NEEDED}[defaults]\ncategory = '22'\npetition = 'no'", "[defaults].petition", "true 或 false"),
        (f"[columns]\n{NEEDED}[defaults]\ncategory = '22'\ncolour = 1", "[defaults].colour", "没有这个键"),
        (f"[columns]\n{NEEDED}[defaults]\ncategory = '22'\n[dates]\ntimezone = 'Mars'", "[dates].timezone", "没有时区"),
        (f"[column]\nx = 1\n[columns]\n{NEEDED}[defaults]\ncategory = '22'", "[column]", "应为「columns」"),
        (f"defaults = 1\n[columns]\n{NEEDED}category = 'x'", "[defaults]", "应为表"),
    ],
)
def test_a_fault_in_the_map_is_named_with_file_key_and_mend(text: str, key: str, reason: str) -> None:
    with pytest.raises(Invalid, match="列映射文件m.toml有1处问题") as refusal:
        read_map(text, file_name="m.toml")
    assert [(one.field, reason in one.reason) for one in refusal.value.faults] == [(key, True)]


def test_a_map_that_is_no_toml_is_refused_with_the_place() -> None:
    with pytest.raises(Invalid, match=r"m\.toml不是有效的TOML（.*line 2"):
        read_map("[columns]\ntitle = \n", file_name="m.toml")


def test_what_the_map_leaves_out_takes_its_default() -> None:
    ledger_map = read_map(f"[columns]\n{NEEDED}category = '类别'", file_name="m.toml")
    assert (ledger_map.category, ledger_map.level, ledger_map.zone.key) == ("", "ordinary", "Asia/Shanghai")
