"""What auditors read of the records: how appeals went without their content, and every administrative act."""

from typing import Any

from app.domain.errors import NotAllowed
from app.domain.roles import Actor, Role
from app.services.office import Work
from app.storage.queries.acts import acts_after
from app.storage.queries.events import history_after


async def history_for(work: Work, *, actor: Actor, transaction: int, event_id: int, limit: int) -> list[dict[str, Any]]:
    """Return the next events of all appeals without their content; raise `NotAllowed` for all but auditors."""
    await _admit(work, actor)
    return await history_after(work.connection, transaction=transaction, event_id=event_id, limit=limit)


async def acts_for(work: Work, *, actor: Actor, after: int, limit: int) -> list[dict[str, Any]]:
    """Return the acts that follow one in their chain; raise `NotAllowed` for all but auditors."""
    await _admit(work, actor)
    return await acts_after(work.connection, after=after, limit=limit)


async def _admit(work: Work, actor: Actor) -> None:
    if not actor.has(Role.AUDITOR):
        raise NotAllowed("只有安全审计员可以读取全部流转记录和管理操作。")
    # Auditors reach no appeal and no act by themselves; of appeals nothing leaves here with its content.
    await work.stand_for_office()
