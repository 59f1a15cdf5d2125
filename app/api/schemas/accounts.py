"""Accounts as an administrator sees and makes them, and oneself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from app.api.schemas.base import Code, Input, Instant, Output, Word, example
from app.domain.credential import MEANS_NAMES, Means, SignedIn
from app.domain.key_scope import KeyScope
from app.domain.roles import ROLE_NAMES, Role
from app.services.accounts import NewAccount

AUTHORITY_EXAMPLE: dict[str, Any] = {
    "roles": ["officer"],
    "jurisdictions": ["gedian"],
    "department": "economy",
    "enterprise_id": None,
    "channel": None,
}
ACCOUNT_EXAMPLE: dict[str, Any] = {
    "id": "019abc00-0000-7000-8000-000000000021",
    "name": "经发局经办人",
    **AUTHORITY_EXAMPLE,
    "role_names": ["承办单位经办人"],
    "login": "zhang.san",
    "must_change_password": False,
    "second_factor": True,
    "created_at": "2026-11-23T01:30:00Z",
    "disabled_at": None,
}


class Authority(Input):
    """Roles, and the scope within which they count; it replaces what there was."""

    model_config = example(**AUTHORITY_EXAMPLE)

    roles: list[Role] = Field(min_length=1, max_length=6)
    jurisdictions: list[Code] = Field(default=[], max_length=50, description="辖区代码，含其下级。")
    department: Code | None = Field(default=None, description="承办单位代码；承办单位角色必填。")
    enterprise_id: UUID | None = Field(default=None, description="企业角色必填。")
    channel: Code | None = Field(default=None, description="热线对接角色必填。")

    def stated(self, name: str) -> NewAccount:
        """Return the account that is described."""
        return NewAccount(
            name=name,
            roles=frozenset(self.roles),
            jurisdictions=tuple(sorted(set(self.jurisdictions))),
            department=self.department,
            enterprise_id=self.enterprise_id,
            channel=self.channel,
        )


class AccountCreate(Authority):
    """An account for somebody else."""

    model_config = example(name="经发局经办人", **AUTHORITY_EXAMPLE)

    name: Word


class AccountOut(Output):
    """One account, without anything that signs in."""

    model_config = example(**ACCOUNT_EXAMPLE)

    id: UUID
    name: str
    roles: list[Role]
    role_names: list[str]
    jurisdictions: list[str]
    department: str | None
    enterprise_id: UUID | None
    channel: str | None
    login: str | None
    must_change_password: bool
    second_factor: bool
    created_at: Instant
    disabled_at: Instant | None


class AccountCreated(AccountOut):
    """A new account; the key of a machine is shown this once, a person is given a first password."""

    model_config = example(**ACCOUNT_EXAMPLE | {"login": None, "second_factor": False}, key=None)

    key: str | None


class AccountPage(Output):
    """One page of accounts, newest first."""

    model_config = example(items=[ACCOUNT_EXAMPLE], next=None)

    items: list[AccountOut]
    next: str | None


class MeOut(Output):
    """Who is asking, as what, within which scope, and how signed in."""

    model_config = example(
        **{name: ACCOUNT_EXAMPLE[name] for name in ("id", "name", *AUTHORITY_EXAMPLE, "role_names")},
        means="session",
        means_name="密码登录",
        scopes=["read", "file", "move", "manage"],
        must_change_password=False,
    )

    id: UUID
    name: str
    roles: list[Role]
    role_names: list[str]
    jurisdictions: list[str]
    department: str | None
    enterprise_id: UUID | None
    channel: str | None
    means: Means
    means_name: str
    scopes: list[KeyScope]
    must_change_password: bool


def account_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as an account is shown."""
    return {**row, "role_names": [ROLE_NAMES[Role(role)] for role in row["roles"]]}


def me_out(actor: SignedIn) -> MeOut:
    """Return what somebody who is signed in sees of itself."""
    roles = [role for role in Role if role in actor.roles]
    return MeOut(
        id=actor.id,
        name=actor.name,
        roles=roles,
        role_names=[ROLE_NAMES[role] for role in roles],
        jurisdictions=sorted(actor.jurisdictions),
        department=actor.department,
        enterprise_id=actor.enterprise_id,
        channel=actor.channel,
        means=actor.means,
        means_name=MEANS_NAMES[actor.means],
        scopes=[scope for scope in KeyScope if scope in actor.scopes],
        must_change_password=actor.must_change_password,
    )
