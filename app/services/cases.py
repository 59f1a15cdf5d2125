"""How every move begins: the appeal is found within the actor's reach, locked, and compared with what was read."""

from uuid import UUID

from app.domain.case import Case
from app.domain.errors import Conflict, Stale
from app.domain.roles import Actor
from app.services.office import Work
from app.storage.queries.cases import StoredCase, lock_case, lock_case_of_assignment, lock_cases


async def take(work: Work, number: str, *, actor: Actor, version: int | None) -> Case:
    """Lock an appeal by its number; `Stale` if it is no longer the version that the caller has read."""
    return await _checked(work, await lock_case(work.connection, number, actor), version)


async def take_by_assignment(work: Work, assignment_id: UUID, *, actor: Actor, version: int | None) -> Case:
    """Lock the appeal that an assignment belongs to."""
    return await _checked(work, await lock_case_of_assignment(work.connection, assignment_id, actor), version)


async def take_by_id(work: Work, appeal_id: UUID, *, version: int | None = None) -> Case:
    """Lock an appeal by its id, where the use case itself has established the right to it."""
    (stored,) = await lock_cases(work.connection, [appeal_id])
    return await _checked(work, stored, version)


async def _checked(work: Work, stored: StoredCase, version: int | None) -> Case:
    if stored.appeal.erased_at is not None:
        raise Conflict("诉求已按期销毁，不能再办理。", code="appeal-erased")
    if version is not None and version != stored.appeal.version:
        raise Stale(f"诉求已有新的变化（当前为第{stored.appeal.version}版），请重新读取后再办理。")
    return await work.case(stored)
