"""The figures that a monitoring system collects."""

from prometheus_client.parser import text_string_to_metric_families

from tests.house import House


async def figures(house: House) -> dict[str, float]:
    """Return the figures by name and label."""
    answer = await house.ask(None, "GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {" ".join((one.name, *one.labels.values())): one.value for family in families for one in family.samples}


async def test_clocks_that_wait_for_a_notice_are_counted_by_year_without_an_account(house: House) -> None:
    assert await figures(house) == {
        "bihuan_calendar_published_until_year CN": 2026,
        "bihuan_calendar_publications_open": 0,
    }
    house.go_to("2026-12-28 09:00")
    await house.file()
    await house.file()
    found = await figures(house)
    assert found["bihuan_clocks_awaiting_notice 2027"] == 2
    assert (await house.ask(None, "GET", "/calendars")).json()["waiting"] == [{"year": 2027, "clocks": 2}]
