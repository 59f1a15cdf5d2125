"""The rules as they are published: who answers what, within which limit, by which clause."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork, Now
from app.api.schemas.base import Code
from app.api.schemas.policies import PoliciesOut, PolicyOut, policy_out
from app.domain.policy_building import build_policy
from app.storage.queries.policies import newest_policies

router = APIRouter(prefix="/policies", tags=["规则"], route_class=CommandRoute)


@router.get("", operation_id="list_policies", summary="已发布的规则包")
async def get_policies(work: CurrentWork) -> PoliciesOut:
    """Return the newest published version of every jurisdiction; no account is needed to read the rules."""
    rows = await newest_policies(work.connection)
    return PoliciesOut.model_validate({"items": [{**row, "name": build_policy(row["content"]).name} for row in rows]})


@router.get("/{jurisdiction}", operation_id="read_policy", summary="规则包内容")
async def get_policy(jurisdiction: Code, work: CurrentWork, now: Now) -> PolicyOut:
    """Return the policy in force in a jurisdiction: departments, categories, limits, grounds, each with its clause."""
    _, policy = await work.rules.current(work.connection, jurisdiction, received_at=now, now=now)
    return policy_out(policy)
