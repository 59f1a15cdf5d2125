"""What a substantive reply must contain, result by result; every gap is named at once."""

from itertools import product

import pytest

from app.domain.appeal import RESULT_TYPES, Outcome, ReplyKind
from app.domain.errors import Invalid
from app.domain.reply import check_reply

WAITING = list(product((ReplyKind.PROCEDURAL, ReplyKind.PROGRESS), (None, *Outcome)))
TEXT, PAPERS = "《条例》第25条", ("凭证017",)


def gaps(
    result: Outcome | None,
    *,
    basis: str | None = None,
    remedy: str | None = None,
    evidence: tuple[str, ...] = (),
    kind: ReplyKind = ReplyKind.SUBSTANTIVE,
) -> list[str]:
    """Return the fields that are found wanting."""
    try:
        check_reply(kind, result_type=result, basis=basis, remedy=remedy, evidence=evidence)
    except Invalid as refusal:
        return [fault.field for fault in refusal.faults]
    return []


@pytest.mark.parametrize(
    ("result", "owed"),
    [
        ("solved", ["evidence"]),
        ("partly_solved", ["evidence"]),
        ("unfounded", ["evidence"]),
        ("not_supported_by_law", ["basis", "remedy"]),
        ("policy_limited", ["basis", "remedy"]),
        ("advice_answered", []),
        (None, ["result_type"]),
        ("refused", ["result_type"]),
        ("merged", ["result_type"]),
    ],
)
def test_each_result_owes_something_of_its_own(result: str | None, owed: list[str]) -> None:
    given = None if result is None else Outcome(result)
    assert gaps(given) == owed
    assert gaps(given, basis=TEXT, remedy=TEXT, evidence=PAPERS) == [gap for gap in owed if gap == "result_type"]


@pytest.mark.parametrize(("basis", "remedy", "owed"), [
    (TEXT, None, ["remedy"]), (None, TEXT, ["basis"]), (" \u3000", TEXT, ["basis"]), ("", "\n", ["basis", "remedy"]),
])  # fmt: skip
def test_blank_is_not_given(basis: str | None, remedy: str | None, owed: list[str]) -> None:
    assert gaps(Outcome.POLICY_LIMITED, basis=basis, remedy=remedy) == owed


@pytest.mark.parametrize(("kind", "result"), WAITING)
def test_a_procedural_or_progress_reply_owes_nothing(kind: ReplyKind, result: Outcome | None) -> None:
    assert gaps(result, kind=kind) == []


def test_how_an_appeal_ends_without_an_answer_is_no_result_of_a_reply() -> None:
    endings = {"refused", "redirected", "merged", "withdrawn", "terminated"}
    assert set(Outcome) - set(RESULT_TYPES) == endings


def test_the_refusal_says_where_to_look() -> None:
    with pytest.raises(Invalid, match="不能提交审定") as refusal:
        check_reply(ReplyKind.SUBSTANTIVE, result_type=Outcome.SOLVED, basis=None, remedy=None, evidence=[])
    assert (refusal.value.code, refusal.value.faults[0].reason[:4]) == ("reply-incomplete", "请附佐证")
