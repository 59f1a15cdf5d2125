"""Which appeals an actor can reach: the scope filter that every question about appeals carries.

A department belongs to its jurisdiction: the same code elsewhere is another department. An empty scope reaches
nothing: every branch compares with a value that an account without it does not have.
"""

from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor, Role

REACH = """(
    a.jurisdiction = ANY(CAST(:reach_jurisdictions AS text[]))
    OR a.enterprise_id = CAST(:reach_enterprise AS uuid)
    OR a.channel = CAST(:reach_channel AS text)
    OR (CAST(:reach_department AS text) IS NOT NULL AND EXISTS (
        SELECT 1 FROM assignment s
        WHERE s.appeal_id = a.id AND s.department = CAST(:reach_department AS text)
        AND s.jurisdiction = ANY(CAST(:reach_department_jurisdictions AS text[])) AND NOT s.passed_on))
)"""


def reach_of(actor: Actor) -> dict[str, object]:
    """Return the parameters of `REACH`; administrators, auditors and evaluators reach no appeal."""
    return {
        "reach_jurisdictions": sorted(actor.jurisdictions) if actor.has(*OFFICE_ROLES, Role.SYSTEM) else [],
        "reach_enterprise": actor.enterprise_id if actor.has(Role.ENTERPRISE) else None,
        "reach_channel": actor.channel if actor.has(Role.CONNECTOR) else None,
        "reach_department_jurisdictions": sorted(actor.jurisdictions),
        "reach_department": actor.department if actor.has(*DEPARTMENT_ROLES) else None,
    }
