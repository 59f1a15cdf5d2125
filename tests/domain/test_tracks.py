"""Statutory tracks: what the packs say, and when their clocks start, pause, stop and are deemed never stopped."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.appeal import AppealStatus
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Clock, ClockState
from app.domain.clock_kind import CLOCK_NAMES, STATUTORY_CLOCKS, ClockKind
from app.domain.document import Mark
from app.domain.errors import Invalid
from app.domain.lifecycle import transition_of
from app.domain.policy import Level
from app.domain.policy_building import build_policy
from app.domain.policy_fault import PolicyRefused
from app.domain.track import STARTS_OF, TrackStart
from app.domain.turning import turn
from tests.domain.cases import a_case, a_clock, an_attempt, ids
from tests.domain.policy_texts import child, pack, policy

JURISDICTIONS = ("hubei", "gedian", "hongshan", "jingmen", "jingzhou", "dongbao")
LIMITS = [
    # track, clock, starts, limit, document, item
    ("foreign_investment", "statutory_acceptance", "received", "7 WD", "foreign_complaints", "15"),
    ("foreign_investment", "statutory_decision", "assigned", "60 WD", "foreign_complaints", "19"),
    ("arrears", "statutory_transfer", "received", "10 WD", "sme_payment", "25"),
    ("arrears", "statutory_decision", "assigned", "30 d", "sme_payment", "25"),
    ("arrears", "statutory_maximum", "assigned", "90 d", "sme_payment", "25"),
    ("procurement", "statutory_decision", "received", "30 WD", "procurement_law", "56"),
    ("procurement_question", "statutory_decision", "received", "7 WD", "procurement_law", "53"),
    ("bidding", "statutory_acceptance", "received", "3 WD", "bidding_rules", "61"),
    ("bidding", "statutory_decision", "assigned", "30 WD", "bidding_rules", "61"),
]
WORDS = {
    "statutory_transfer": ("自正式受理之日起10个工作日内", "转交"),
    "statutory_decision": ("自收到投诉材料之日起30日内形成处理结果", "以书面形式反馈投诉人"),
    "statutory_maximum": ("处理期限最长不得超过90日",),
}


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_jurisdiction_inherits_the_tracks_with_limits_clauses_and_marks(jurisdiction: str) -> None:
    found = [
        (track.code, one.kind.value, one.starts.value, str(one.limit), one.clause.document.id, one.clause.item)
        for track in policy(jurisdiction).tracks.values()
        for one in track.limits.values()
    ]
    assert found == LIMITS


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_a_statutory_limit_is_marked_as_law_and_cited_with_words_or_with_a_reservation(jurisdiction: str) -> None:
    clauses = [one.clause for track in policy(jurisdiction).tracks.values() for one in track.limits.values()]
    assert {clause.mark for clause in clauses} == {Mark.LAW}
    assert all(clause.words or (clause.note and clause.document.note) for clause in clauses)


@pytest.mark.parametrize("kind", WORDS)
def test_the_words_on_arrears_are_the_laws_own(kind: str) -> None:
    clause = policy("gedian").clause_for(ClockKind(kind), track="arrears")
    assert all(words in clause.words for words in WORDS[kind])
    assert clause.chinese.startswith("国务院《保障中小企业款项支付条例》（国务院令第802号）第25条：「")


def test_what_was_not_read_itself_does_not_stand_in_quotation_marks() -> None:
    clause = policy("gedian").clause_for(ClockKind.STATUTORY_DECISION, track="foreign_investment")
    assert "「" not in clause.chinese
    assert "未见条文原文" in clause.chinese


@pytest.mark.parametrize(
    ("category", "tracks"),
    [
        ("03", ["arrears"]),
        ("11", ["procurement", "procurement_question", "bidding"]),
        ("16", ["foreign_investment"]),
        ("02", []),
    ],
)
def test_a_category_suggests_its_tracks(category: str, tracks: list[str]) -> None:
    assert [one.code for one in policy("gedian").tracks.values() if category in one.categories] == tracks


def test_the_statutory_kinds_have_names_and_events_to_count_from() -> None:
    assert [CLOCK_NAMES[kind] for kind in STATUTORY_CLOCKS] == ["法定受理", "法定转送", "法定办结", "法定最长期限"]
    assert set(STARTS_OF) == set(STATUTORY_CLOCKS)


def test_an_unknown_track_is_refused_with_all_there_are() -> None:
    with pytest.raises(Invalid, match="没有这个法定期限类别") as refusal:
        policy("gedian").track("arrear")
    (fault,) = refusal.value.faults
    assert fault.field == "track"
    assert all(f"{one.code}（{one.name}）" in fault.reason for one in policy("gedian").tracks.values())


def test_a_statutory_kind_has_no_limit_without_a_track() -> None:
    with pytest.raises(Invalid):
        policy("gedian").limit_for(ClockKind.STATUTORY_DECISION, level=Level.ORDINARY)


def test_a_version_published_before_tracks_existed_is_still_read() -> None:
    old = {section: rows for section, rows in pack("gedian").items() if not section.startswith("track")}
    assert build_policy(old).tracks == {}


# —— what a pack may not say ——

CLAUSE = 'clause = { document = "sme_payment", item = "25", mark = "law", words = "30日内" }'
TRACK = '[[track]]\ncode = "test"\nname = "测试投诉"\n'
LIMIT = '[[track_limit]]\ncode = "test_limit"\ntrack = "test"\n'
DECISION = f'{LIMIT}clock = "statutory_decision"\nstarts = "assigned"\nlimit = "30 d"\n'
FAULTS = {
    "a track without a limit": (TRACK, "法定期限类别 test 没有期限；请至少补充一个 [[track_limit]]"),
    "a category that does not exist": (
        f'{TRACK}categories = ["3"]\n{DECISION}{CLAUSE}\n',
        "法定期限类别 test 的 categories「['3']」无法使用；请填写诉求类别编码的列表",
    ),
    "a limit of a track that does not exist": (
        f"{DECISION}{CLAUSE}\n",
        "法定期限 test_limit 的类别 test 不存在；请改为 foreign_investment、arrears、",
    ),
    "a clock that is not statutory": (
        f'{TRACK}{LIMIT}clock = "handling"\nstarts = "assigned"\nlimit = "30 d"\n{CLAUSE}\n',
        "法定期限 test_limit 的 clock「handling」无法使用；请改为 statutory_acceptance、",
    ),
    "an event from which the clock cannot count": (
        f'{TRACK}{LIMIT}clock = "statutory_maximum"\nstarts = "received"\nlimit = "90 d"\n{CLAUSE}\n',
        "法定期限 test_limit 的 statutory_maximum 不能自 received 起算；请改为 assigned 之一",
    ),
    "no clause": (f"{TRACK}{DECISION}", "法定期限 test_limit 缺少条款"),
    "neither words nor a note": (
        f'{TRACK}{DECISION}clause = {{ document = "sme_payment", mark = "law" }}\n',
        "法定期限 test_limit 既无条款原文也无说明；请填写 words（原文），未见原文的填写 note（转述）",
    ),
    "a mark that the document cannot carry": (
        f'{TRACK}{DECISION}clause = {{ document = "hb66", mark = "law", words = "30日内" }}\n',
        "法定期限 test_limit 的条款标记 law 与文件效力 superior 不符",
    ),
    "two limits of one kind": (
        f"{TRACK}{DECISION}{CLAUSE}\n{DECISION.replace('test_limit', 'second')}{CLAUSE}\n",
        "法定期限 second 与同一类别的另一项种类相同；每个类别的每种 clock 只保留一项",
    ),
    "a statutory kind among the ordinary limits": (
        f'[limit.statutory_decision]\nlimit = "30 d"\n{CLAUSE}\n',
        "时限 statutory_decision 是法定期限，不能写在 [limit] 中；请改写为 [[track_limit]]",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_pack_is_refused_for(name: str) -> None:
    body, expected = FAULTS[name]
    with pytest.raises(PolicyRefused) as refused:
        child(body)
    assert any(expected in str(fault) for fault in refused.value.policy_faults), str(refused.value)


def test_a_jurisdiction_may_add_a_track_and_shorten_a_limit() -> None:
    shorter = '[[track_limit]]\ncode = "arrears_decision"\ntrack = "arrears"\n'
    shorter += f'clock = "statutory_decision"\nstarts = "assigned"\nlimit = "20 d"\n{CLAUSE}\n'
    tracks = build_policy(child(f"{shorter}{TRACK}{DECISION}{CLAUSE}\n")).tracks
    assert str(tracks["arrears"].limits[ClockKind.STATUTORY_DECISION].limit) == "20 d"
    assert str(tracks["arrears"].limits[ClockKind.STATUTORY_MAXIMUM].limit) == "90 d"
    assert tracks["test"].begins(ClockKind.STATUTORY_DECISION, TrackStart.ASSIGNED)


# —— when the clocks turn ——


def started(action: AppealAction, case: Case, *, when: str = "2026-03-03 09:30") -> dict[str, Clock]:
    """Return what one row of the table starts, by kind, statutory kinds only."""
    _, new = turn(transition_of(action), case, an_attempt(when=when), added=(), undone_at=None, make_id=ids())
    return {clock.kind.value: clock for clock in new if clock.kind in STATUTORY_CLOCKS}


def turned(action: AppealAction, clock: Clock, *, when: str, undone_at: datetime | None = None) -> Clock:
    """Return the clock after one row of the table; itself where the row leaves it alone."""
    case = a_case(clock, track="arrears", status=AppealStatus.ASSIGNED)
    changed, _ = turn(transition_of(action), case, an_attempt(when=when), added=(), undone_at=undone_at, make_id=ids())
    return next(iter(changed), clock)


@pytest.mark.parametrize(
    ("track", "on_filing", "on_assignment"),
    [
        (None, [], []),
        ("foreign_investment", ["statutory_acceptance"], ["statutory_decision"]),
        ("arrears", ["statutory_transfer"], ["statutory_decision", "statutory_maximum"]),
        ("procurement", ["statutory_decision"], []),
        ("procurement_question", ["statutory_decision"], []),
        ("bidding", ["statutory_acceptance"], ["statutory_decision"]),
    ],
)
def test_a_track_starts_its_clocks_from_its_events(
    track: str | None, on_filing: list[str], on_assignment: list[str]
) -> None:
    assert list(started(AppealAction.FILE, a_case(track=track))) == on_filing
    assert list(started(AppealAction.ASSIGN, a_case(track=track, status=AppealStatus.ASSIGNED))) == on_assignment


def test_a_second_assignment_does_not_begin_the_statutory_limits_anew() -> None:
    running = a_clock(ClockKind.STATUTORY_DECISION, "30 d")
    case = a_case(running, track="arrears", status=AppealStatus.ASSIGNED)
    assert list(started(AppealAction.ASSIGN, case)) == ["statutory_maximum"]


def test_the_worked_case_of_arrears_over_spring_festival() -> None:
    filed = started(AppealAction.FILE, a_case(track="arrears"), when="2026-02-05 10:00")
    assert str(filed["statutory_transfer"].due_day) == "2026-02-26"
    passed_on = a_case(track="arrears", status=AppealStatus.ASSIGNED)
    assigned = started(AppealAction.ASSIGN, passed_on, when="2026-02-26 10:00")
    assert str(assigned["statutory_decision"].due_day) == "2026-03-30"  # day 30 is a Saturday
    assert str(assigned["statutory_maximum"].due_day) == "2026-05-27"


PAUSES = [
    # action, kind, state afterwards
    (AppealAction.REQUEST_SUPPLEMENT, ClockKind.STATUTORY_ACCEPTANCE, ClockState.PAUSED),
    (AppealAction.REQUEST_SUPPLEMENT, ClockKind.STATUTORY_TRANSFER, ClockState.PAUSED),
    (AppealAction.REQUEST_SUPPLEMENT, ClockKind.STATUTORY_DECISION, ClockState.PAUSED),
    (AppealAction.SUSPEND, ClockKind.STATUTORY_DECISION, ClockState.PAUSED),
    (AppealAction.SUSPEND, ClockKind.STATUTORY_MAXIMUM, ClockState.RUNNING),
    (AppealAction.SUSPEND, ClockKind.STATUTORY_ACCEPTANCE, ClockState.RUNNING),
    (AppealAction.SHELVE, ClockKind.STATUTORY_DECISION, ClockState.RUNNING),
    (AppealAction.SHELVE, ClockKind.STATUTORY_MAXIMUM, ClockState.RUNNING),
    (AppealAction.ASSIGN, ClockKind.STATUTORY_ACCEPTANCE, ClockState.STOPPED),
    (AppealAction.ASSIGN, ClockKind.STATUTORY_TRANSFER, ClockState.STOPPED),
    (AppealAction.ASSIGN, ClockKind.STATUTORY_DECISION, ClockState.RUNNING),
    (AppealAction.REFUSE, ClockKind.STATUTORY_ACCEPTANCE, ClockState.STOPPED),
    (AppealAction.REDIRECT, ClockKind.STATUTORY_TRANSFER, ClockState.STOPPED),
    (AppealAction.REPLY_PROGRESS, ClockKind.STATUTORY_DECISION, ClockState.RUNNING),
    (AppealAction.RESOLVE, ClockKind.STATUTORY_DECISION, ClockState.STOPPED),
    (AppealAction.RESOLVE, ClockKind.STATUTORY_MAXIMUM, ClockState.STOPPED),
]


@pytest.mark.parametrize(("action", "kind", "state"), PAUSES)
def test_a_move_leaves_a_statutory_clock(action: AppealAction, kind: ClockKind, state: ClockState) -> None:
    assert turned(action, a_clock(kind, "30 d"), when="2026-03-05 09:30").state is state


@pytest.mark.parametrize(
    ("kind", "limit", "due"),
    [
        (ClockKind.STATUTORY_DECISION, "30 WD", "2026-04-17"),  # three days of review are left out
        (ClockKind.STATUTORY_MAXIMUM, "30 WD", "2026-04-14"),  # the maximum counts through
    ],
)
def test_an_answer_sent_back_was_never_given_and_only_the_maximum_counts_the_review(
    kind: ClockKind, limit: str, due: str
) -> None:
    running = a_clock(kind, limit)
    assert str(running.due_day) == "2026-04-14"
    stopped = turned(AppealAction.RESOLVE, running, when="2026-03-05 09:30")
    revived = turned(AppealAction.SEND_BACK, stopped, when="2026-03-09 09:30", undone_at=stopped.stopped_at)
    assert (revived.state, str(revived.due_day)) == (ClockState.RUNNING, due)
    assert bool(revived.pauses) is (kind is ClockKind.STATUTORY_DECISION)


def test_a_rework_does_not_begin_a_statutory_limit_again() -> None:
    case = a_case(track="arrears", status=AppealStatus.ASSIGNED, round=2)
    assert started(AppealAction.REWORK, case) == {}


# —— the petition limits are policy data too ——


@pytest.mark.parametrize(
    ("written", "due"),
    [("7 d", "2025-10-09"), ("7 WD", "2025-10-13")],
)
def test_the_seven_days_of_a_petition_may_be_switched_to_working_days(written: str, due: str) -> None:
    words = 'clause = { document = "practice", mark = "practice", words = "7日内程序性回复" }'
    own = build_policy(child(f'[limit.procedural_reply]\nlimit = "{written}"\n{words}\n'))
    case = replace(a_case(petition=True), policy=own)
    attempt = an_attempt(when="2025-09-26 11:00")
    _, new = turn(transition_of(AppealAction.FILE), case, attempt, added=(), undone_at=None, make_id=ids())
    assert {clock.kind.value: str(clock.due_day) for clock in new}["procedural_reply"] == due
