"""Filing: by whom, when it counts from, and across the year's odd days."""

from typing import Any

import pytest

from tests.house import House, clock_of

FOR_ANOTHER = {"enterprise_name": "葛店某光电有限公司"}


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-02-10 09:30", "2026-02-24"),  # 11 12 13, 14 Saturday made up, [15 to 23 off], 24
        ("2026-02-24 09:30", "2026-03-02"),  # 25 26 27, 28 Saturday made up, 03-02
        ("2026-02-14 09:30", "2026-02-28"),  # filed on the make-up day itself: 24 25 26 27 28
        ("2026-02-18 20:00", "2026-02-28"),  # filed in the holidays: 24 25 26 27 28
        ("2026-09-30 17:00", "2026-10-13"),  # [10-01 to 07 off], 8 9, 10 Saturday made up, 12 13
        ("2026-04-29 17:10", "2026-05-09"),  # 30, [05-01 to 05 off], 6 7 8, 9 Saturday made up
        ("2026-03-07 10:00", "2026-03-13"),  # a plain Saturday is day 0 like any other
    ],
)
async def test_the_due_day_follows_the_notices_of_holidays_and_make_up_days(house: House, filed: str, due: str) -> None:
    house.go_to(filed)
    case = await house.file()
    assert (case["due_day"], clock_of(case, "handling")["provisional"]) == (due, False)


@pytest.mark.parametrize(
    ("filed", "level", "due"),
    [("2026-09-18 14:00", "difficult", "2026-10-15"), ("2026-02-10 09:00", "difficult", "2026-03-09")],
)
async def test_fifteen_working_days_run_across_the_long_holidays(
    house: House, filed: str, level: str, due: str
) -> None:
    house.go_to(filed)
    number, _ = await house.assigned(level=level)
    assert (await house.read(number))["due_day"] == due


async def test_a_pause_before_and_a_resumption_after_the_spring_festival(house: House) -> None:
    house.go_to("2026-02-10 09:00")
    number, _ = await house.assigned(level="difficult")
    house.go_to("2026-02-13 09:00")  # used up: 11, 12
    await house.do("supervisor", f"/appeals/{number}/suspension", {"cause": "papers", "evidence": "补充材料通知"})
    house.go_to("2026-02-25 09:00")
    case = await house.do("supervisor", f"/appeals/{number}/resumption", {"reason": "材料收齐。"})
    assert case["due_day"] == "2026-03-13"  # 26 27, 28 Saturday made up, 03-02 to 06, 09 to 13


async def test_the_warning_before_the_spring_festival_comes_on_the_make_up_saturday(house: House) -> None:
    house.go_to("2026-02-10 09:30")
    number, assignment = await house.assigned()
    await house.do("officer", f"/assignments/{assignment}/signature")
    await house.do("officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    for written, warned in (("2026-02-13 23:59:59.999999", 0), ("2026-02-14", 1), ("2026-02-23 12:00", 0)):
        house.go_to(written)
        assert (await house.sweep()).warned == warned, written
    house.go_to("2026-02-25")
    assert (await house.sweep()).breached == 1


async def test_the_day_is_shanghais_not_greenwichs(house: House) -> None:
    house.go_to("2026-03-03 00:30")  # 16:30 of 03-02 in Greenwich
    assert (await house.file())["due_day"] == "2026-03-10"


@pytest.mark.parametrize(
    ("paper", "due"),
    [
        ("2026-02-27", "2026-03-05"),  # 28 Saturday made up, 03-02 03 04 05
        ("2026-03-02", "2026-03-09"),  # the same day counts the same
        ("2026-02-01", "2026-02-06"),  # already late when it is registered
    ],
)
async def test_a_paper_receipt_governs_if_it_is_earlier(house: House, paper: str, due: str) -> None:
    case = await house.file("clerk", paper_received_on=paper, **FOR_ANOTHER)
    assert (case["due_day"], (await house.read(case["number"]))["paper_received_on"]) == (due, paper)


async def test_a_paper_that_was_left_lying_is_late_from_the_start(house: House) -> None:
    case = await house.file("clerk", paper_received_on="2026-02-01", **FOR_ANOTHER)
    assert (case["late"], case["overdue"]) == (True, True)
    (filed,) = await house.rows("SELECT filed_at FROM appeal")
    assert filed["filed_at"] == house.now, "the server's instant is kept beside it"


async def test_a_paper_is_not_received_tomorrow(house: House) -> None:
    body = {"paper_received_on": "2026-03-03"}
    answer = await house.ask("clerk", "POST", "/appeals", filing(**body, **FOR_ANOTHER))
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "paper_received_on")


def filing(**changes: Any) -> dict[str, Any]:
    """Return what is filed."""
    text = "公示期满已两个月，款项仍未到账。"
    return {"jurisdiction": "gedian", "title": "补贴未到账", "text": text, "category": "02"} | changes


async def test_a_paper_of_tomorrow_in_greenwich_may_be_todays_in_shanghai(house: House) -> None:
    house.go_to("2026-03-03 00:30")
    case = await house.file("clerk", paper_received_on="2026-03-03", **FOR_ANOTHER)
    assert case["due_day"] == "2026-03-10"


async def test_a_clerk_files_for_an_enterprise_that_is_found_again_by_its_code(house: House) -> None:
    code = {"uscc": " 91421003ma00000152 "}
    case = await house.file("clerk", **FOR_ANOTHER, **code)
    assert (await house.read(case["number"], "enterprise"))["enterprise_name"] == "葛店enterprise公司"


async def test_who_files_for_another_names_it(house: House) -> None:
    answer = await house.ask("clerk", "POST", "/appeals", filing())
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "enterprise_name")


async def test_nobody_files_into_a_foreign_jurisdiction(house: House) -> None:
    body = filing(jurisdiction="jingzhou", **FOR_ANOTHER)
    await house.refuse("clerk", "/appeals", body, status=403, code="outside-jurisdiction")


@pytest.mark.parametrize("who", ["officer", "head", "dispatcher", "leader", "administrator", "auditor"])
async def test_who_may_not_file_is_refused(house: House, who: str) -> None:
    answer = await house.ask(who, "POST", "/appeals", filing(**FOR_ANOTHER))
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


@pytest.mark.parametrize(
    ("change", "field", "named"),
    [
        ({"jurisdiction": "atlantis"}, "jurisdiction", "/api/v1/policies"),
        ({"category": "99"}, "category", "02"),
        ({"accused_department": "nobody"}, "department", "economy"),
        ({"title": " "}, "title", "至少1个字"),
        ({"uscc": "123"}, "uscc", "18位"),
    ],
)
async def test_what_cannot_be_filed_is_named_with_what_can(
    house: House, change: dict[str, str], field: str, named: str
) -> None:
    answer = await house.ask("enterprise", "POST", "/appeals", filing(**change))
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["field"]) == (422, field)
    assert named in fault["reason"]


async def test_a_code_with_a_wrong_check_character_is_taken_with_a_warning(house: House) -> None:
    case = await house.file("clerk", **FOR_ANOTHER, uscc="91421003MA00000153")
    assert "校验位" in case["warnings"][0]


async def test_a_hotline_number_is_registered_once(house: House) -> None:
    external = {"external_number": "HD-2026-000123", **FOR_ANOTHER}
    case = await house.file("hotline", **external)
    read = await house.read(case["number"], "hotline")
    assert (read["channel"], read["external_number"]) == ("hotline-12345", "HD-2026-000123")
    answer = await house.ask("hotline", "POST", "/appeals", filing(**external))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/external-number-taken")
    found = await house.items("/appeals?channel=hotline-12345&external_number=HD-2026-000123")
    assert [one["number"] for one in found] == [case["number"]]


async def test_the_receipt_is_the_number_and_where_to_read_it(house: House) -> None:
    answer = await house.ask("enterprise", "POST", "/appeals", filing())
    number = answer.json()["number"]
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/appeals/{number}")
    assert number.startswith("GD-20260302-")
    assert answer.headers["etag"] == '"1"'


async def test_a_clock_explains_itself_day_by_day(house: House) -> None:
    house.go_to("2026-02-10 09:30")
    clock = clock_of(await house.file(), "handling")
    answer = (await house.ask("enterprise", "GET", f"/clocks/{clock['id']}/explanation")).json()
    counted = [day["day"] for day in answer["days"] if day["counted"]]
    assert counted == ["2026-02-11", "2026-02-12", "2026-02-13", "2026-02-14", "2026-02-24"]
    assert [day["kind"] for day in answer["days"] if day["day"] == "2026-02-14"] == ["make_up"]
    assert (answer["due_day"], len(answer["notices"])) == ("2026-02-24", 1)
