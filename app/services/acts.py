"""The record of administrative acts that concern no single appeal: one chain over all of them."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.act import act_digest
from app.domain.act_kind import ActKind
from app.domain.roles import Actor
from app.domain.timeline import plain
from app.services.office import Work
from app.storage.queries.acts import lock_newest_digest


async def record_act(
    work: Work, action: ActKind, *, subject: str, payload: Mapping[str, object], actor: Actor, now: datetime
) -> None:
    """Append an act to the record; it is stored with what it records, or neither is.

    Others who record one wait until this unit of work ends, so it is the last thing that a use case does: it waits
    for no row that another may hold who waits for this. The payload is never deleted: nothing personal beyond the
    names of accounts, and no secret nor what was made of one, belongs into it.
    """
    noted = work.changes.newest("act")
    before = await lock_newest_digest(work.connection) if noted is None else str(noted["digest"])
    act = {
        "at": now,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_roles": ",".join(sorted(actor.roles)),
        "action": action,
        "subject": subject,
        "payload": plain(payload),
    }
    work.changes.insert("act", {**act, "digest": act_digest(before, act)})
