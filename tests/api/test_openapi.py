"""The interface description: complete, with examples that hold."""

import re
from collections import Counter
from typing import Any

import jsonschema_rs

from tests.api.promises import JSON, Operation, operations
from tests.house import House

OPEN = {
    "read_health", "list_policies", "read_policy", "rate_appeal", "calculate_due", "read_calendar_status",
    "read_calendar_year", "open_session",
    "supply_by_link",
}  # fmt: skip
"""What needs no key: health, the published rules, counting, signing in, and a rating or supplement by its own link."""


def validator(operation: Operation, schema: dict[str, Any]) -> Any:
    """Return a validator of one schema within its document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": operation.document["components"]})


def faults(operation: Operation, schema: dict[str, Any], value: Any) -> list[str]:
    """Return what a schema has against a value."""
    return [f"{operation.name}: {error.message}" for error in validator(operation, schema).iter_errors(value)]


async def test_it_is_openapi_3_1_and_not_empty(house: House) -> None:
    everything = await operations(house)
    assert everything[0].document["openapi"].startswith("3.1")
    assert len(everything) >= 40


async def test_every_operation_has_an_id_of_its_own_and_a_chinese_summary(house: House) -> None:
    everything = await operations(house)
    counts = Counter(one.spec["operationId"] for one in everything)
    assert [name for name, count in counts.items() if count > 1] == []
    assert [name for name in counts if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []
    assert [one.name for one in everything if not re.search(r"[\u4e00-\u9fff]", one.spec.get("summary", ""))] == []


async def test_every_operation_needs_a_key_but_the_open_ones(house: House) -> None:
    everything = await operations(house)
    assert {one.name for one in everything if one.is_open} == OPEN
    document = everything[0].document
    schemes = {name for one in everything for entry in one.spec.get("security", []) for name in entry}
    assert schemes <= set(document["components"]["securitySchemes"])


async def test_the_description_does_not_promise_a_lock_that_is_not_there(house: House) -> None:
    """Whatever is said to need a key answers 401 without one, and whatever is open does not."""
    ids = {"number": "x", "jurisdiction": "gedian", "token": "t" * 40, **dict.fromkeys(IDS, str(house.now.year))}
    for one in await operations(house):
        answer = await house.ask(None, one.method, one.at(ids | UUIDS), one.example, version="*")
        assert (answer.status_code == 401 and NOT_SIGNED_IN in answer.text) == (not one.is_open), (
            one.name,
            answer.text,
        )


NOT_SIGNED_IN = "/problems/not-signed-in"
IDS = ("assignment_id", "reply_id", "supervision_id", "clock_id", "attachment_id")
UUIDS = dict.fromkeys(IDS, "00000000-0000-0000-0000-000000000007")


async def test_every_request_body_has_an_example_that_its_schema_accepts(house: House) -> None:
    with_body = [one for one in await operations(house) if one.body is not None]
    assert len(with_body) >= 20
    assert [one.name for one in with_body if not one.body or not one.body.get("examples")] == []
    assert [fault for one in with_body for fault in faults(one, one.body or {}, one.example)] == []


async def test_every_answer_has_an_example_that_its_schema_accepts(house: House) -> None:
    answered = [(one, one.answer) for one in await operations(house) if one.answer is not None]
    assert [one.name for one, answer in answered if not answer.get("examples")] == []
    assert [fault for one, answer in answered for fault in faults(one, answer, answer["examples"][0])] == []


async def test_an_example_shows_every_field_of_an_answer(house: House) -> None:
    for one in await operations(house):
        if one.answer is not None:
            assert set(one.answer["properties"]) == set(one.answer["examples"][0]), one.name


async def test_a_broken_example_would_be_found(house: House) -> None:
    (filing,) = [one for one in await operations(house) if one.name == "file_appeal"]
    assert faults(filing, filing.body or {}, filing.example | {"nonsense": 1})
    assert faults(filing, filing.body or {}, filing.example | {"petition": "yes"})


async def test_every_operation_describes_its_refusals(house: House) -> None:
    for one in await operations(house):
        refusal = one.spec["responses"]["4XX"]["content"]
        assert list(refusal) == ["application/problem+json"], one.name


async def test_every_path_parameter_is_described_with_its_type(house: House) -> None:
    for one in await operations(house):
        assert set(re.findall(r"{(\w+)}", one.path)) == set(one.parameters("path")), one.name
        for parameter in one.spec.get("parameters", []):
            assert parameter.get("schema"), (one.name, parameter["name"])


async def test_every_move_names_the_version_it_is_based_on_and_every_post_an_idempotency_key(house: House) -> None:
    everything = [one for one in await operations(house) if one.method == "POST"]
    without_version = {one.name for one in everything if "if-match" not in lower(one)}
    notices = {"propose_calendar", "approve_publication", "withdraw_publication"}
    people = """
        create_key rotate_key create_account disable_account enable_account revoke_credentials link_identity
        open_session give_password begin_second_factor confirm_second_factor remove_second_factor
        register_enterprise verify_enterprise withdraw_verification
        create_subscription pause_subscription resume_subscription rotate_secret ping_subscription redeliver
    """
    others = {"file_appeal", "rate_appeal", "supply_by_link", "attach_file", "search_contacts"}
    assert without_version == others | notices | set(people.split())
    unkept = {"open_session", "remove_second_factor", "ping_subscription"}
    assert {one.name for one in everything if "idempotency-key" not in lower(one)} == unkept


def lower(operation: Operation) -> list[str]:
    """Return the names of an operation's headers, whose case does not matter."""
    return [name.lower() for name in operation.parameters("header")]


async def test_an_answer_is_what_the_description_says(house: House) -> None:
    by_name = {one.name: one for one in await operations(house)}
    number, assignment = await house.assigned()
    asked = {
        "read_appeal": f"/appeals/{number}",
        "list_clocks": f"/appeals/{number}/clocks",
        "read_timeline": f"/appeals/{number}/timeline",
        "list_replies": f"/appeals/{number}/replies",
        "list_supervisions": f"/appeals/{number}/supervisions",
        "list_appeals": "/appeals",
        "read_feed": "/feed",
        "list_policies": "/policies",
        "read_policy": "/policies/gedian",
        "read_health": "/health",
        "list_attachments": f"/appeals/{number}/attachments",
        "judge_clocks": f"/appeals/{number}/verdicts",
        "read_calendar_status": "/calendars",
        "read_calendar_year": "/calendars/CN/years/2027",
        "list_publications": "/calendars/publications",
        "list_anchors": "/anchors",
        "calculate_due": "/calculator?received=2024-09-27T10:15%2B08:00&clock=handling&jurisdiction=gedian",
    }
    for name, path in asked.items():
        answer = await house.ask("leader", "GET", path)
        assert answer.headers["content-type"] == JSON
        assert faults(by_name[name], by_name[name].answer or {}, answer.json()) == []
    for who, name, path in (
        ("auditor", "list_audit_events", "/audit/events"),
        ("auditor", "list_audit_acts", "/audit/acts"),
        ("enterprise", "list_accesses", f"/appeals/{number}/accesses"),
    ):
        answer = await house.ask(who, "GET", path)
        assert faults(by_name[name], by_name[name].answer or {}, answer.json()) == []
    queue = await house.ask("officer", "GET", "/assignments")
    assert faults(by_name["list_assignments"], by_name["list_assignments"].answer or {}, queue.json()) == []
    signed = await house.do("officer", f"/assignments/{assignment}/signature")
    assert faults(by_name["sign_assignment"], by_name["sign_assignment"].answer or {}, signed) == []
