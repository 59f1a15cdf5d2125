"""Which roles go together, for every pair of them."""

from itertools import combinations
from uuid import UUID

import pytest

from app.domain.errors import Invalid, NotAllowed
from app.domain.role_combinations import (
    refuse_combination,
    refuse_own_account,
    refuse_unless_keeper,
    refuse_unless_reader,
)
from app.domain.roles import Actor, Role

OFFICE = ["clerk", "dispatcher", "reviewer", "callback", "supervisor", "leader"]


def goes(*roles: str) -> bool:
    """Tell whether one account may hold these roles."""
    try:
        refuse_combination(frozenset(map(Role, roles)))
    except Invalid:
        return False
    return True


def test_every_role_but_the_systems_goes_alone() -> None:
    assert [role.value for role in Role if not goes(role)] == ["system"]


def test_only_roles_of_the_office_go_together() -> None:
    allowed = {pair for pair in combinations(map(str, Role), 2) if goes(*pair)}
    assert allowed == set(combinations(OFFICE, 2))
    assert goes(*OFFICE)


@pytest.mark.parametrize(
    "roles",
    [("officer", "head"), ("head", "reviewer"), ("officer", "dispatcher"), ("administrator", "clerk"),
     ("auditor", "administrator"), ("enterprise", "clerk"), (*OFFICE, "head")],
)  # fmt: skip
def test_writer_approver_reviewer_and_keeper_are_different_accounts(roles: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_combination(frozenset(map(Role, roles)))
    assert refusal.value.code == "duties-not-separate"


def test_only_administrators_keep_accounts_and_auditors_read_them() -> None:
    for role in Role:
        actor = Actor(UUID(int=1), "甲", frozenset({role}))
        for check, allowed in (
            (refuse_unless_keeper, {"administrator"}),
            (refuse_unless_reader, {"administrator", "auditor"}),
        ):
            if role in allowed:
                check(actor)
            else:
                with pytest.raises(NotAllowed):
                    check(actor)


def test_nobody_decides_about_itself() -> None:
    actor = Actor(UUID(int=1), "甲", frozenset({Role.ADMINISTRATOR}))
    refuse_own_account(actor, UUID(int=2))
    with pytest.raises(NotAllowed):
        refuse_own_account(actor, UUID(int=1))
