"""Who acts: roles, and the actor that every use case receives."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of DESIGN section 6; the Chinese names stand in `ROLE_NAMES`."""

    ENTERPRISE = "enterprise"
    CLERK = "clerk"
    DISPATCHER = "dispatcher"
    OFFICER = "officer"
    HEAD = "head"
    REVIEWER = "reviewer"
    CALLBACK = "callback"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    DISCIPLINE = "discipline"
    CONNECTOR = "connector"
    EVALUATOR = "evaluator"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"


ROLE_NAMES = {
    Role.ENTERPRISE: "企业",
    Role.CLERK: "受理员",
    Role.DISPATCHER: "派单员",
    Role.OFFICER: "承办单位经办人",
    Role.HEAD: "承办单位负责人",
    Role.REVIEWER: "复核员",
    Role.CALLBACK: "回访员",
    Role.SUPERVISOR: "督查室（优化办）",
    Role.LEADER: "分管（包联）领导",
    Role.DISCIPLINE: "纪检监察",
    Role.CONNECTOR: "热线对接系统",
    Role.EVALUATOR: "第三方评估",
    Role.OBSERVER: "观察员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.AUDITOR: "安全审计员",
    Role.SYSTEM: "系统",
}

DEPARTMENT_ROLES = frozenset({Role.OFFICER, Role.HEAD})
OFFICE_ROLES = frozenset({Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER})
"""Roles that see every appeal of their jurisdictions."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine that acts, with the scope that the account was given.

    An empty scope means nothing: no jurisdictions, no department and no enterprise see no appeal.
    `jurisdictions` already holds every jurisdiction below the granted ones.
    """

    id: UUID
    name: str
    roles: frozenset[Role]
    jurisdictions: frozenset[str] = frozenset()
    department: str | None = None
    enterprise_id: UUID | None = None
    channel: str | None = None

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM_ID = UUID(int=0)
SYSTEM = Actor(id=SYSTEM_ID, name="系统", roles=frozenset({Role.SYSTEM}))
COMMAND_LINE = Actor(id=UUID(int=1), name="命令行", roles=frozenset({Role.SYSTEM}))
"""Whoever runs the program's commands on its machine; who that was the machine knows."""
