"""How long words are kept: whole years by office days."""

from datetime import UTC, datetime

import pytest

from app.domain.clock import office_day
from app.domain.errors import NotAllowed
from app.domain.retention import HOLDERS, check_holder, erasable_before
from app.domain.roles import Role
from tests.domain.cases import somebody


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2036-03-02T00:00+08:00", "2026-03-02T00:00+08:00"),
        ("2036-03-02T23:59+08:00", "2026-03-02T00:00+08:00"),
        ("2036-03-01T16:00+00:00", "2026-03-02T00:00+08:00"),
        ("2036-02-29T12:00+08:00", "2026-02-28T00:00+08:00"),
    ],
)
def test_the_day_of_closing_itself_is_over_when_the_years_are(now: str, before: str) -> None:
    found = erasable_before(datetime.fromisoformat(now), 10)
    assert found == datetime.fromisoformat(before)
    assert found.astimezone(UTC).tzinfo is UTC
    assert office_day(found).isoformat() == before[:10]


@pytest.mark.parametrize("role", Role)
def test_supervision_and_discipline_alone_have_an_appeal_kept(role: Role) -> None:
    if role in HOLDERS:
        check_holder(somebody(role))
    else:
        with pytest.raises(NotAllowed):
            check_holder(somebody(role))
