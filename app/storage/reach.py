"""Which appeals an actor can reach, asked twice.

`REACH` is the filter that every question about appeals carries. `stand` tells PostgreSQL who asks, and its row-level
security (migration "build the second wall") lets through the same rows and no others, so that a question that has
lost its filter still finds nothing foreign.

A department belongs to its jurisdiction: the same code elsewhere is another department. An empty scope reaches
nothing: every branch compares with a value that an account without it does not have.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.appeal import department_key
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
STAND = (
    "SELECT set_config('bihuan.account', %s, false), set_config('bihuan.jurisdictions', %s, false), "
    "set_config('bihuan.enterprise', %s, false), set_config('bihuan.channel', %s, false), "
    "set_config('bihuan.departments', %s, false), set_config('bihuan.filing', %s, false), "
    "set_config('bihuan.directory', %s, false), set_config('bihuan.everything', %s, false)"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, in PostgreSQL's words: settings of the session that the row-level policies compare with."""

    account: str = ""
    jurisdictions: str = ""
    enterprise: str = ""
    channel: str = ""
    departments: str = ""
    filing: str = ""
    directory: str = ""
    everything: str = ""


FILERS = (Role.CLERK, Role.CONNECTOR, Role.SUPERVISOR, Role.OBSERVER)
"""Who files for an enterprise in his own jurisdictions, whether he may read it afterwards or not."""
NOBODY = Standing()
"""Who has not signed in: reaches no appeal."""
THE_OFFICE = Standing(everything="on")
"""The program itself at its own duties: sweeping, recounting, importing."""


def standing_of(actor: Actor | None) -> Standing:
    """Return where an actor stands; administrators, auditors and evaluators reach no appeal."""
    if actor is None:
        return NOBODY
    in_department = actor.has(*DEPARTMENT_ROLES) and actor.department
    return Standing(
        account=str(actor.id),
        jurisdictions=",".join(sorted(actor.jurisdictions)) if actor.has(*OFFICE_ROLES, Role.SYSTEM) else "",
        enterprise=_written(actor.enterprise_id if actor.has(Role.ENTERPRISE) else None),
        channel=_written(actor.channel if actor.has(Role.CONNECTOR) else None),
        departments=",".join(
            department_key(jurisdiction, actor.department)
            for jurisdiction in sorted(actor.jurisdictions)
            if in_department and actor.department
        ),
        filing=",".join(sorted(actor.jurisdictions)) if actor.has(*FILERS) else "",
        directory="on" if actor.has(Role.ADMINISTRATOR) else "",
    )


async def stand(connection: AsyncConnection, standing: Standing) -> None:
    """Tell PostgreSQL who asks from here on; said at every opening, so nothing is left over from the asker before.

    The driver is asked directly: it is the one statement that every request sends beside its own.
    """
    assert connection.sync_connection is not None
    driver = connection.sync_connection.connection.driver_connection
    assert driver is not None
    await driver.execute(STAND, settings_of(standing))


def settings_of(standing: Standing) -> tuple[str, ...]:
    """Return the parameters of `STAND`."""
    return (
        standing.account,
        standing.jurisdictions,
        standing.enterprise,
        standing.channel,
        standing.departments,
        standing.filing,
        standing.directory,
        standing.everything,
    )


def reach_of(actor: Actor) -> dict[str, object]:
    """Return the parameters of `REACH`; administrators, auditors and evaluators reach no appeal."""
    return {
        "reach_jurisdictions": sorted(actor.jurisdictions) if actor.has(*OFFICE_ROLES, Role.SYSTEM) else [],
        "reach_enterprise": actor.enterprise_id if actor.has(Role.ENTERPRISE) else None,
        "reach_channel": actor.channel if actor.has(Role.CONNECTOR) else None,
        "reach_department_jurisdictions": sorted(actor.jurisdictions),
        "reach_department": actor.department if actor.has(*DEPARTMENT_ROLES) else None,
    }


def _written(value: UUID | str | None) -> str:
    return "" if value is None else str(value)
