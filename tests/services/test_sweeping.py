"""One appeal that cannot be swept keeps nobody else waiting."""

import logging
from typing import Any

import pytest

from app.domain.errors import Conflict
from app.services import sweeping
from tests.house import House


async def test_an_appeal_that_refuses_what_is_due_is_reported_and_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = [(await house.file())["number"] for _ in range(3)]
    raise_rung = sweeping.raise_rung

    def refusing(work: Any, case: Any, *rest: Any, **more: Any) -> Any:
        if case.appeal.number == numbers[1]:
            raise Conflict("不能督办。")
        return raise_rung(work, case, *rest, **more)

    house.go_to("2026-03-12")
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(sweeping, "raise_rung", refusing)
        count = await house.sweep()
        assert (await house.sweep()).total == 0, "it is tried again, and leaves nothing by halves"
    assert [numbers[1] in record.getMessage() for record in caplog.records] == [True, True]
    rows = {row["number"]: row["overdue"] for row in await house.rows("SELECT number, overdue FROM appeal")}
    assert [rows[number] for number in numbers] == [True, False, True]
    again = await house.sweep()
    assert again.total * 2 == count.total, "once the fault is mended, it has what the others had"
    assert await house.rows("SELECT 1 FROM appeal WHERE NOT overdue") == []
