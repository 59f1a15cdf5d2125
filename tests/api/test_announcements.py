"""The description of what is sent holds for everything that can be sent."""

import json
import re
from pathlib import Path

from app.api.announcements import Announcement
from app.domain import lifecycle
from app.domain.event_type import EVENT_NAMES, PING
from tests.house import House
from tests.mailbox import deliver, posted, subscribed

APP = Path(lifecycle.__file__).parents[1]
TYPE = re.compile("[\"']((?:appeal|clock)\\.[a-z_]+)[\"']")


def announced_in_code() -> set[str]:
    """Return what moves announce, and every text of the program that has the form of an event type."""
    sources = [*APP.glob("services/*.py"), *APP.glob("domain/*.py"), APP / "storage/queries/recounting_sql.py"]
    written = "".join(path.read_text() for path in sources if path.name != "event_type.py")
    return {row.announces for row in lifecycle.TRANSITIONS} | set(TYPE.findall(written))


def test_every_move_has_a_type_that_is_described() -> None:
    assert announced_in_code() <= set(EVENT_NAMES)
    assert set(EVENT_NAMES) - announced_in_code() == set(), "and nothing is described that nobody announces"
    assert len(set(EVENT_NAMES.values())) == len(EVENT_NAMES)


async def test_the_description_lists_every_type_with_an_example_that_fits(house: House) -> None:
    document = (await house.client.get("/api/v1/openapi.json")).json()
    assert set(document["webhooks"]) == {*EVENT_NAMES, PING}
    for type_, methods in document["webhooks"].items():
        content = methods["post"]["requestBody"]["content"]["application/json"]
        (example,) = content.get("examples") or content["schema"]["examples"]
        assert Announcement.model_validate(example).type == type_
        assert "webhook-id" in methods["post"]["description"]


async def test_what_is_sent_is_as_described(house: House) -> None:
    mailbox = posted(house)
    await subscribed(house, "leader")
    number, assignment = await house.assigned()
    await house.resolve(assignment)
    assert await deliver(house) == 5
    for letter in mailbox.letters:
        told = json.loads(letter.body)
        assert set(told) == set(Announcement.model_fields)
        assert Announcement.model_validate(told).type in {*EVENT_NAMES, PING}
        assert letter.id.startswith("ping_") or told["data"]["number"] == number
