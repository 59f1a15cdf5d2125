"""Every call that changes something leaves its record: one event for each appeal that it changes, or one act.

The journeys are led again, in a house that looks at the records after every call: some of them, which together reach
every operation, or with --full all.
"""

import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from app.domain.act_kind import ActKind
from app.services import keys
from app.services.acts import record_act
from app.services.office import Work
from tests import journeys
from tests.api.promises import operations
from tests.database import fresh_database
from tests.house import House, open_house
from tests.journeys import test_identity
from tests.process.counting import watched

Journey = Callable[[House], Awaitable[None]]
ENOUGH = {
    "test_attachments": (
        "an_uploader_takes_back_what_nobody_has_relied_on",
        "a_department_gets_the_filers_papers_when_they_are_released_the_accused_one_never",
    ),
    "test_confidential_copy": ("a_dispatcher_compares_and_corrects_the_copy",),
    "test_contacts": (
        "a_search_stays_within_reach_and_is_on_record",
        "the_enterprise_alone_has_its_contact_deleted_and_only_after_closing",
        "the_answer_is_not_given_again_for_the_same_key",
    ),
    "test_identity": (
        "an_account_is_opened_changed_stopped_and_linked_act_by_act",
        "a_person_signs_in_protects_the_account_and_leaves_act_by_act",
        "a_key_is_made_rotated_and_ended_act_by_act",
        "an_enterprise_is_registered_verified_and_doubted_act_by_act",
    ),
    "test_links": ("a_link_supplies_its_own_appeal_only",),
    "test_calendars": ("nobody_decides_twice_and_nobody_decides_an_unknown_notice",),
    "test_confidential": ("a_reopened_appeal_stays_confidential",),
    "test_endings": (
        "a_leader_certifies_what_was_dealt_with_lawfully_and_it_counts_as_dissatisfied",
        "a_relapse_found_by_the_supervisor_does_not_use_up_the_enterprises_own_request",
        "a_termination_names_its_ground_and_ends_what_departments_hold",
    ),
    "test_filing": ("a_pause_before_and_a_resumption_after_the_spring_festival",),
    "test_holds": ("off_the_shelf_the_rest_of_the_limit_counts_from_that_day",),
    "test_ladder": ("an_order_is_answered_once_and_by_its_own_department",),
    "test_more_time": ("a_dispatch_order_does_not_lower_a_level",),
    "test_retention": ("what_is_held_is_kept_until_it_is_released",),
    "test_refusal": ("a_procedural_answer_leaves_the_substantive_one_owing",),
    "test_returns": ("a_transfer_does_not_count_as_a_return",),
    "test_review": ("a_support_finishes_before_the_lead_answers",),
    "test_rework": ("a_dissatisfied_return_visit_leads_to_a_rework_by_the_clerk", "a_second_dissatisfaction_escalates"),
    "test_statutory_tracks": (
        "a_separated_appeal_is_not_given_its_statutory_time_twice",
        "a_reopened_appeal_keeps_its_track",
    ),
    "test_supplement": (
        "a_supplement_lapses_after_its_date_and_a_delivered_reminder",
        "days_used_up_before_the_pause_stay_used_and_the_rest_counts_from_the_supply",
    ),
    "test_webhooks": (
        "a_subscription_is_changed_paused_resumed_and_deleted",
        "after_ten_attempts_it_is_given_up_kept_and_sent_again_by_one_call",
        "two_secrets_sign_while_one_is_replaced",
    ),
    "test_verdicts": (
        "every_former_due_date_is_kept_and_told_with_its_cause",
        "what_is_only_projected_when_it_stops_is_not_judged",
    ),
}


def chosen() -> Iterator[Journey]:
    for module, names in ENOUGH.items():
        for name in names:
            yield getattr(import_module(f"tests.journeys.{module}"), f"test_{name}")


def all_journeys() -> Iterator[Journey]:
    """Return every journey that needs nothing but a house."""
    for path in sorted(Path(journeys.__path__[0]).glob("test_*.py")):
        module = import_module(f"tests.journeys.{path.stem}")
        for name, journey in inspect.getmembers(module, inspect.iscoroutinefunction):
            own = name.startswith("test_") and journey.__module__ == module.__name__
            if own and list(inspect.signature(journey).parameters) == ["house"]:
                yield journey


@pytest.mark.timeout(600)
async def test_every_operation_records_what_it_does_once(
    postgres_server: str, template_database: str, request: pytest.FixtureRequest
) -> None:
    seen, wrong, known = set[str](), [], set[str]()
    for journey in all_journeys() if request.config.getoption("--full") else chosen():
        with fresh_database(postgres_server, template=template_database) as url:
            async with open_house(url) as house:
                watch = await watched(house)
                await journey(house)
                seen |= watch.seen
                wrong += [(journey.__name__, *one) for one in watch.wrong]
                known = {one.name for one in await operations(house) if one.method != "GET"}
    assert wrong == []
    assert seen == known, "every operation that changes something was reached"


TOO_FEW = "DELETE FROM event WHERE id = (SELECT max(id) FROM event)"
TOO_MANY = (
    "INSERT INTO act (at, actor_id, actor_name, actor_roles, action, subject, payload, digest) "
    "SELECT at, actor_id, actor_name, actor_roles, action, subject, payload, digest FROM act LIMIT 1"
)


@pytest.mark.parametrize("meddling", [TOO_FEW, TOO_MANY])
async def test_a_record_too_few_or_too_many_would_be_seen(house: House, meddling: str) -> None:
    """The control: a trigger meddles with the records behind the program's back."""
    for statement in (
        "ALTER TABLE event DISABLE TRIGGER USER",
        "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        f"AS $$ BEGIN {meddling}; RETURN NULL; END $$",
        "CREATE TRIGGER meddling AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION meddle()",
    ):
        await house.rows(statement)
    watch = await watched(house)
    await house.file()
    assert [name for name, _ in watch.wrong] == ["file_appeal"]


OF_OTHER_JOURNEYS = ("calendar", "publication", "contacts", "subscription", "secret", "redeliver")


async def test_an_act_that_is_not_recorded_would_be_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: nobody records an act any more."""

    async def forget(*_what: object, **_more: object) -> None:
        return

    for name, module in list(sys.modules.items()):
        if name.startswith("app.services.") and hasattr(module, "record_act"):
            monkeypatch.setattr(module, "record_act", forget)
    watch = await watched(house)
    for name in ENOUGH["test_identity"]:
        # What the journey says of the acts is wrong by now.
        with suppress(AssertionError):
            await getattr(test_identity, f"test_{name}")(house)
    assert {name for name, _ in watch.wrong} == watch.seen
    acts = {one.name for one in watch.everything if one.method != "GET" and watch.acts_of(one.name)}
    assert watch.seen == {name for name in acts if not any(word in name for word in OF_OTHER_JOURNEYS)}


async def test_an_act_of_another_transaction_would_be_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the act is stored, but not with what it records."""

    async def apart(_work: Work, action: ActKind, **more: Any) -> None:
        async with house.office.work() as other:
            await record_act(other, action, **more)

    monkeypatch.setattr(keys, "record_act", apart)
    watch = await watched(house)
    await house.do("clerk", "/keys", {"label": "对接", "scopes": ["read"]})
    assert watch.wrong == [("create_key", ({}, {}, 1, 2))]
