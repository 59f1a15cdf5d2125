"""Which of several limits governs: the shortest promise to the enterprise; the longer ones run on beside it."""

from dataclasses import replace

import pytest

from app.domain.appeal import AppealStatus
from app.domain.case import Case, Clock, ClockState
from app.domain.clock import Pause
from app.domain.clock_kind import ClockKind
from app.domain.competing import CompetingLimit, competing_limits, competing_sentence
from app.domain.policy import Level
from tests.domain.cases import LEAD, SUPPORT, a_case, a_clock, a_lead, a_support, at
from tests.domain.policy_texts import policy

K = ClockKind
MONDAY, TUESDAY = "2026-03-02 09:30", "2026-03-03 09:30"


def handling(limit: str = "5 WD", start: str = MONDAY) -> Clock:
    """Return the handling clock, due on Monday the 9th unless said otherwise."""
    return a_clock(K.HANDLING, limit, start)


def answer(limit: str = "15 WD", start: str = TUESDAY) -> Clock:
    """Return what the lead department owes the office (66号), due on Tuesday the 24th unless said otherwise."""
    return a_clock(K.DEPARTMENT_ANSWER, limit, start, assignment_id=LEAD)


def assigned(*clocks: Clock, jurisdiction: str = "gedian", **appeal: object) -> Case:
    """Return an assigned appeal with these clocks under the policy of a jurisdiction."""
    case = a_case(*clocks, a_lead(), status=AppealStatus.ASSIGNED, **appeal)
    return replace(case, policy=policy(jurisdiction))


def governing(clock: Clock, case: Case) -> CompetingLimit:
    """Return the one limit that governs."""
    (one,) = [limit for limit in competing_limits(clock, case) if limit.governs]
    return one


TABLE = [
    # jurisdiction, level, clocks beside each other, the kind that governs, what its reason says
    ("gedian", Level.ORDINARY, (handling(), answer()), K.HANDLING, "最早到期"),
    ("gedian", Level.DIFFICULT, (handling("15 WD"), answer()), K.HANDLING, "最早到期"),
    ("gedian", Level.DIFFICULT, (handling("15 WD"), answer(start=MONDAY)), K.HANDLING, "以本辖区文件要求的为准"),
    ("hubei", Level.DIFFICULT, (handling("15 WD"), answer(start=MONDAY)), K.HANDLING, "以对企业的承诺为准"),
    ("hubei", Level.ORDINARY, (handling(), answer()), K.HANDLING, "（惯例默认值，不作为文件要求）"),
    ("gedian", Level.DIFFICULT, (handling("25 WD"), answer(start=MONDAY)), K.HANDLING, "最早到期"),
    ("jingmen", Level.ORDINARY, (handling(), a_clock(K.SUBSTANTIVE_REPLY, "3 m")), K.HANDLING, "最早到期"),
    ("jingmen", Level.ORDINARY, (a_clock(K.SUBSTANTIVE_REPLY, "3 m"),), K.SUBSTANTIVE_REPLY, "征求意见稿"),
    ("gedian", Level.ORDINARY, (handling(), a_clock(K.STATUTORY_DECISION, "30 d")), K.HANDLING, "最早到期"),
    (
        "gedian",
        Level.DIFFICULT,
        (handling("15 WD"), a_clock(K.STATUTORY_DECISION, "7 WD")),
        K.STATUTORY_DECISION,
        "最早到期",
    ),
    (
        "gedian",
        Level.ORDINARY,
        (a_clock(K.STATUTORY_DECISION, "5 WD"), handling()),
        K.HANDLING,
        "以本辖区文件要求的为准",
    ),
    ("gedian", Level.ORDINARY, (a_clock(K.REWORK), answer()), K.REWORK, "最早到期"),
    (
        "gedian",
        Level.ORDINARY,
        (a_clock(K.ACCEPTANCE, "3 WD"), a_clock(K.STATUTORY_TRANSFER, "10 WD")),
        K.ACCEPTANCE,
        "未见条文原文",
    ),
    ("gedian", Level.ORDINARY, (a_clock(K.REVIEW, "2 WD"),), K.REVIEW, "没有与其并存且已起算的期限"),
]


@pytest.mark.parametrize(("jurisdiction", "level", "clocks", "kind", "reason"), TABLE)
def test_one_limit_governs_and_says_why(
    jurisdiction: str, level: Level, clocks: tuple[Clock, ...], kind: ClockKind, reason: str
) -> None:
    case = assigned(*clocks, jurisdiction=jurisdiction, level=level, track="arrears", petition=True)
    for clock in clocks:
        found = governing(clock, case)
        assert (found.kind, len(competing_limits(clock, case))) == (kind, len(clocks))
        assert reason in found.why


def test_every_limit_comes_with_its_own_start_due_day_clause_mark_and_standing() -> None:
    case = assigned(handling(), answer(), a_clock(K.STATUTORY_DECISION, "30 d", TUESDAY), track="arrears")
    found = [
        (one.name, str(one.limit), one.started_at, str(one.due_day), one.clause.item, one.clause.mark.value)
        for one in competing_limits(case.clocks[0], case)
    ]
    assert found == [
        ("办结", "5 WD", at(MONDAY), "2026-03-09", "53", "demanded"),
        ("承办单位反馈", "15 WD", at(TUESDAY), "2026-03-24", "", "hubei"),
        ("法定办结", "30 d", at(TUESDAY), "2026-04-02", "25", "law"),
    ]
    assert [one.clause.standing.value for one in competing_limits(case.clocks[0], case)] == [
        "issued",
        "superior",
        "law",
    ]


def test_what_does_not_govern_says_what_it_is() -> None:
    clocks = (handling(), answer(), a_clock(K.SUBSTANTIVE_REPLY, "3 m"), a_clock(K.STATUTORY_MAXIMUM, "90 d"))
    _, internal, petition, statutory = competing_limits(clocks[0], assigned(*clocks, petition=True, track="arrears"))
    assert internal.why.startswith("这是承办单位向受理单位反馈的内部期限")
    assert internal.why.endswith("（仅据新闻摘要转述，未见条文原文）")
    assert petition.why.startswith("到期较晚，作为外部上限单独计时")
    assert statutory.why == "法定期限是外部上限，单独计时；对企业以更早到期的承诺为准"


def test_before_the_assignment_the_limits_that_will_count_from_it_are_named_without_a_date() -> None:
    case = a_case(handling(), track="arrears")
    waiting = [one for one in competing_limits(case.clocks[0], case) if one.started_at is None]
    assert [one.kind for one in waiting] == [K.DEPARTMENT_ANSWER, K.STATUTORY_DECISION, K.STATUTORY_MAXIMUM]
    assert {(one.due_day, one.governs) for one in waiting} == {(None, False)}
    assert all("自交办之日起算" in one.why for one in waiting)


def test_without_a_track_only_the_department_answer_is_to_come() -> None:
    case = a_case(handling())
    assert [one.kind for one in competing_limits(case.clocks[0], case)] == [K.HANDLING, K.DEPARTMENT_ANSWER]


def test_a_paused_limit_still_governs_but_has_no_due_day() -> None:
    paused = replace(handling(), state=ClockState.PAUSED, pauses=(Pause(at(TUESDAY)),))
    found = governing(paused, assigned(paused, answer()))
    assert (found.kind, found.due_day) == (K.HANDLING, None)
    assert "现已暂停" in found.why


def test_a_stopped_clock_is_compared_with_what_ran_when_it_stopped() -> None:
    stopped = replace(handling(), state=ClockState.STOPPED, stopped_at=at("2026-03-05 10:00"))
    with_it = replace(answer(), state=ClockState.STOPPED, stopped_at=at("2026-03-05 10:00"))
    earlier = replace(a_clock(K.SUBSTANTIVE_REPLY, "3 m"), state=ClockState.STOPPED, stopped_at=at("2026-03-04 10:00"))
    later = a_clock(K.REWORK, "5 WD", "2026-03-09 10:00")
    case = assigned(stopped, with_it, earlier, later, petition=True)
    assert [one.kind for one in competing_limits(stopped, case)] == [K.HANDLING, K.DEPARTMENT_ANSWER]
    assert [one.kind for one in competing_limits(later, case)] == [K.REWORK]


def test_of_several_departments_the_leads_limit_is_shown() -> None:
    support = a_clock(K.DEPARTMENT_ANSWER, "15 WD", "2026-03-04 09:30", assignment_id=SUPPORT)
    case = a_case(handling(), support, answer(), a_lead(), a_support(), status=AppealStatus.ASSIGNED)
    _, shown = competing_limits(case.clocks[0], case)
    assert shown.started_at == at(TUESDAY)
    _, own = sorted(competing_limits(support, case), key=lambda one: one.kind is K.DEPARTMENT_ANSWER)
    assert own.started_at == at("2026-03-04 09:30")


def test_one_sentence_names_all_and_the_one_that_governs() -> None:
    case = assigned(handling(), answer())
    assert competing_sentence(competing_limits(case.clocks[0], case)) == (
        "同一事项有2项期限并存：办结5个工作日（至2026年3月9日（周一））、承办单位反馈15个工作日（至2026年3月24日（周二））；"
        "以「办结」为准：对企业的承诺中它最早到期，按它判定是否逾期。"
    )


def test_where_nothing_competes_nothing_is_said() -> None:
    review = a_clock(K.REVIEW, "2 WD")
    assert competing_sentence(competing_limits(review, assigned(review))) is None
