"""Codes that fail their check, and letters that count until their last day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.enterprise import checked_override
from app.domain.errors import Invalid
from app.domain.letter import Letter, refuse_letter, status_of

GOOD, PILOT, WRONG = "91421003MA00000152", "91350100M0001TGQXM", "91421003MA00000153"
NOW = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def letter(issued: int, until: int) -> Letter:
    """Return a letter with its days counted from today."""
    return Letter("授字1号", TODAY + timedelta(days=issued), TODAY + timedelta(days=until), "李会计")


@pytest.mark.parametrize(("code", "hint"), [(PILOT, "M0"), (WRONG, "营业执照")])
def test_a_code_that_fails_its_check_counts_with_a_reason_only(code: str, hint: str) -> None:
    for reason in (None, ""):
        with pytest.raises(Invalid) as refusal:
            checked_override(code, reason)
        (fault,) = refusal.value.faults
        assert (fault.field, hint in fault.reason, code in fault.reason) == ("override_reason", True, False)
    assert checked_override(code, "早期试点代码") == "早期试点代码"


def test_a_code_that_checks_needs_no_reason_and_keeps_none() -> None:
    assert checked_override(GOOD, None) is None
    assert checked_override(GOOD, "多余") is None


@pytest.mark.parametrize(
    ("until", "withdrawn", "status"),
    [(None, False, "unverified"), (0, False, "verified"), (-1, False, "expired"), (9, True, "withdrawn"),
     (-1, True, "withdrawn")],
)  # fmt: skip
def test_a_letter_counts_through_its_last_day(until: int | None, withdrawn: bool, status: str) -> None:
    last = None if until is None else TODAY + timedelta(days=until)
    assert status_of(last, NOW if withdrawn else None, NOW) == status


def test_the_last_day_ends_at_midnight_in_shanghai() -> None:
    assert status_of(TODAY, None, NOW) == "verified"
    assert status_of(TODAY, None, NOW + timedelta(seconds=1)) == "expired"


@pytest.mark.parametrize(("issued", "until"), [(1, 9), (-9, -1), (0, 366 * 11)])
def test_a_letter_of_another_time_is_refused(issued: int, until: int) -> None:
    with pytest.raises(Invalid):
        refuse_letter(letter(issued, until), NOW)


@pytest.mark.parametrize(("issued", "until"), [(0, 0), (-400, 0), (0, 3650)])
def test_a_letter_of_today_is_taken(issued: int, until: int) -> None:
    refuse_letter(letter(issued, until), NOW)
