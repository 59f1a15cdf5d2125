"""Everybody who may ask, within and out of reach, and appeals of theirs and of others to ask about."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.domain.roles import Role
from app.services.accounts import NewAccount
from tests.api.promises import NOWHERE
from tests.house import FILING, LEAD, OTHER, SUBSTANTIVE, House, lead_of
from tests.process.test_random_lives import MODEL

ANONYMOUS, UNKNOWN_KEY = "anonymous", "unknown_key"
NOBODIES = (ANONYMOUS, UNKNOWN_KEY, "revoked", "expired", "disabled")
"""Who is not let in at all."""
ELSEWHERE = ("foreign_dispatcher", "foreign_leader", "foreign_supervisor", "foreign_officer", "foreign_head")
"""People of 荆州, who reach what is filed there and nothing of 葛店."""
OUTSIDERS = ("rival", "officer_third", "head_third", "foreign_hotline", "observer", "evaluator", "discipline",
             "administrator", "auditor")  # fmt: skip
"""People of 葛店 or of no place who have no part in the appeal."""
INSIDERS = ("enterprise", "clerk", "dispatcher", "reviewer", "callback", "supervisor", "leader", "officer", "head",
            "second_head", "officer_other", "head_other", "hotline")  # fmt: skip
EVERYBODY = (*INSIDERS, *OUTSIDERS, *ELSEWHERE, *NOBODIES)
FOREIGN_FILING = {
    "jurisdiction": "jingzhou",
    "title": "补贴未到账",
    "text": "公示期满已两个月。",
    "category": "02",
    "enterprise_name": "荆州某公司",
}
LATER = "2026-03-11"
"""A day on which what was filed on `MONDAY` is overdue and ordered, and no supplement has come."""

Ids = dict[str, str]
Way = tuple[tuple[str, str], ...]
ASSIGNED: Way = (("dispatcher", "assign"),)
DRAFTED: Way = (*ASSIGNED, ("officer", "contact"), ("officer", "draft"))
RESOLVED: Way = (*DRAFTED, ("head", "approve"))
REVIEWED: Way = (*RESOLVED, ("reviewer", "pass"))
STAGES: dict[str, Way] = {
    "received": (),
    "supplement": (("dispatcher", "supplement"),),
    "assigned": ASSIGNED,
    "drafted": DRAFTED,
    "return pending": (*ASSIGNED, ("officer", "return")),
    "extension pending": (*ASSIGNED, ("officer", "ask_extension")),
    "suspended": (*ASSIGNED, ("supervisor", "suspend")),
    "shelved": (*ASSIGNED, ("leader", "shelve")),
    "resolved": RESOLVED,
    "reviewed": REVIEWED,
    "heard": (*REVIEWED, ("callback", "visit")),
    "unhappy": (*REVIEWED, ("callback", "unhappy")),
    "struck off": (*REVIEWED, ("callback", "visit"), ("dispatcher", "close")),
}


@dataclass
class Neighbourhood:
    """Appeals of 葛店 at every stage, and one of 荆州 with all that hangs on it."""

    house: House
    own: dict[str, Ids] = field(default_factory=dict)
    foreign: Ids = field(default_factory=dict)


async def settle(house: House) -> Neighbourhood:
    """Admit everybody and bring appeals to every stage."""
    await admit_everybody(house)
    around = Neighbourhood(house)
    for stage, way in STAGES.items():
        around.own[stage] = await _brought(house, way)
    around.own["supported"] = await _supported(house)
    around.own["reviewed"]["token"] = await _link(house, around.own["reviewed"]["number"])
    around.own["redirected"] = await _redirected(house)
    around.own["held"] = {"number": (await house.file())["number"]}
    await house.do("supervisor", f"/appeals/{around.own['held']['number']}/retention-hold", {"reason": "调查中。"})
    around.own["merged"] = await _merged(house, around.own["received"]["number"])
    around.foreign = await _far_away(house)
    return around


async def admit_everybody(house: House) -> None:
    """Give an account to everybody whom the house does not know yet."""
    far, near = {"jurisdictions": ("jingzhou",)}, {"jurisdictions": ("gedian",)}
    people: dict[str, tuple[Role, dict[str, Any]]] = {
        "foreign_leader": (Role.LEADER, far),
        "foreign_supervisor": (Role.SUPERVISOR, far),
        "foreign_officer": (Role.OFFICER, {**far, "department": LEAD}),
        "foreign_head": (Role.HEAD, {**far, "department": LEAD}),
        "foreign_hotline": (Role.CONNECTOR, {"channel": "hotline-other"}),
        "evaluator": (Role.EVALUATOR, near),
        "discipline": (Role.DISCIPLINE, near),
        "expired": (Role.LEADER, {**near, "key_expires_at": house.now - timedelta(1)}),
        "revoked": (Role.LEADER, near),
        "disabled": (Role.LEADER, near),
    }
    for who, (role, scope) in people.items():
        await house.admit(who, NewAccount(who, frozenset({role}), **scope))
    await house.admit_everywhere("everywhere")
    house.keys[UNKNOWN_KEY] = "bh_" + "x" * 43
    await house.rows(
        "UPDATE api_key SET revoked_at = a.created_at FROM account a WHERE a.id = account_id AND a.name = 'revoked'"
    )
    await house.rows("UPDATE account SET disabled_at = created_at WHERE name = 'disabled'")


async def fall_overdue(around: Neighbourhood) -> None:
    """Let time pass, so that orders wait for their answers and a supplement can lapse."""
    for day in ("2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10", LATER):
        around.house.go_to(day)
        await around.house.sweep()
    for ids, reader in ((around.own["assigned"], "leader"), (around.foreign, "foreign_leader")):
        orders = await around.house.items(f"/appeals/{ids['number']}/supervisions", reader)
        ids["supervision_id"] = orders[-1]["id"]


async def _brought(house: House, way: Way) -> Ids:
    case = await house.file(contact_name="王会计", contact_phone="13900000000")
    ids = {"number": case["number"], "assignment_id": NOWHERE, "reply_id": NOWHERE}
    for who, name in way:
        path = MODEL[name].path.format(n=ids["number"], a=ids["assignment_id"], r=ids["reply_id"])
        case = await house.do(who, path, _soon(MODEL[name].body))
        ids["reply_id"] = case.get("reply_id", ids["reply_id"])
        if any(one["ended_at"] is None for one in case["assignments"]):
            ids["assignment_id"] = lead_of(case)
    return ids | {"clock_id": case["clocks"][0]["id"]}


def _soon(body: Any) -> Any:
    return body | {"milestone_on": "2026-03-12"} if isinstance(body, dict) and "milestone_on" in body else body


async def _supported(house: House) -> Ids:
    number, _ = await house.assigned(supports=[OTHER])
    (support,) = [one["id"] for one in (await house.read(number))["assignments"] if one["part"] == "support"]
    return {"number": number, "assignment_id": support}


async def _link(house: House, number: str) -> str:
    return str((await house.do("enterprise", f"/appeals/{number}/rating-link"))["token"])


async def _redirected(house: House) -> Ids:
    number = (await house.file(petition=True))["number"]
    await house.do("dispatcher", f"/appeals/{number}/redirection", {"channel": "court", "notice": "请向法院反映。"})
    return {"number": number}


async def _merged(house: House, master: str) -> Ids:
    number = (await house.file(text=FILING["text"] + "另一份。"))["number"]
    await house.do("dispatcher", f"/appeals/{number}/merger", {"into": master, "reason": "同一事项"})
    return {"number": number}


async def _far_away(house: House) -> Ids:
    number = (await house.do("everywhere", "/appeals", FOREIGN_FILING))["number"]
    case = await house.do("everywhere", f"/appeals/{number}/assignment", {"lead": LEAD, "reason": "由其承办。"})
    assignment = lead_of(case)
    await house.do("foreign_officer", f"/assignments/{assignment}/contact", {"way": "电话", "note": "已核实"})
    reply = await house.do("foreign_officer", f"/assignments/{assignment}/replies", SUBSTANTIVE)
    ids = {"number": number, "assignment_id": assignment, "reply_id": reply["reply_id"]}
    return ids | {"clock_id": case["clocks"][0]["id"]}
