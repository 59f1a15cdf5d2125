"""Administrative acts as auditors read them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.api.schemas.base import Instant, Output, example
from app.domain.access import roles_in_words
from app.domain.act_kind import ACT_NAMES, OTHER_ACT


class ActOut(Output):
    """One administrative act: who did what to what, with all that its digest covers."""

    id: int
    at: Instant
    actor_id: UUID
    actor_name: str
    actor_roles: str
    role_names: list[str]
    action: str
    action_name: str
    subject: str
    payload: dict[str, Any]
    digest: str


class ActsOut(Output):
    """The next acts; ask again with `after` set to `next`. An empty page means: nothing new yet."""

    model_config = example(
        items=[
            {
                "id": 17,
                "at": "2026-11-16T02:00:00Z",
                "actor_id": "019abc00-0000-7000-8000-000000000001",
                "actor_name": "系统管理员",
                "actor_roles": "administrator",
                "role_names": ["系统管理员"],
                "action": "account.disabled",
                "action_name": "停用账号",
                "subject": "019abc00-0000-7000-8000-000000000002",
                "payload": {"name": "经发局经办人"},
                "digest": "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730",
            }
        ],
        next=17,
    )

    items: list[ActOut]
    next: int


def act_out(row: Mapping[str, Any]) -> ActOut:
    """Return one act with its roles and its kind in words."""
    words = {
        "role_names": roles_in_words(row["actor_roles"]),
        "action_name": ACT_NAMES.get(row["action"], OTHER_ACT),
    }
    return ActOut.model_validate({**row, **words})
