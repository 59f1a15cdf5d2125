"""Working calendars: put forward by one person, previewed, approved by another, and brought into force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.calendars import load_breaks
from app.domain.act_kind import ActKind
from app.domain.calendar import WorkCalendar
from app.domain.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from app.domain.notice import (
    COUNTRY,
    Publication,
    breaks_data,
    publication_data,
    publication_of,
)
from app.domain.publication import PublicationState
from app.domain.roles import SYSTEM, Actor, Role
from app.policies import packaged
from app.services.acts import record_act
from app.services.calendar_regions import Region, change_by, region_of
from app.services.office import Office, Work
from app.services.recount_totals import Totals
from app.services.recounting import carry_out, work_out
from app.storage import UNAVAILABLE
from app.storage.ids import new_id
from app.storage.queries.calendars import own_breaks_in_force, supersede
from app.storage.queries.publications import effective_publications, publication_row
from app.storage.queries.recounting import hold_appeals

PROPOSERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)
APPROVERS = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.LEADER)


async def calendar_in_force(work: Work, jurisdiction: str | None) -> WorkCalendar:
    """Return the calendar that is in force now, read anew; the country's without a jurisdiction."""
    await work.calendars.learn(work.connection)
    return work.calendars.of(jurisdiction)


async def calendar_of_region(work: Work, region: str) -> WorkCalendar:
    """Return the calendar that is in force in a region; raise `NotFound` for an unknown one."""
    if region != COUNTRY and region not in packaged().packs:
        raise NotFound("没有这个辖区。", code="unknown-jurisdiction")
    return await calendar_in_force(work, _jurisdiction(region))


async def seed_calendar(work: Work, *, now: datetime) -> bool:
    """Bring the packaged notices into force where no calendar is yet; tell whether that was so."""
    if await own_breaks_in_force(work.connection):
        return False
    region = region_of(COUNTRY, {COUNTRY: load_breaks()})
    _insert(work, region, publication_id=None, now=now)
    work.calendars.forget()
    payload = {"version": region.calendar.version}
    await record_act(work, ActKind.CALENDAR_SEEDED, subject=COUNTRY, payload=payload, actor=SYSTEM, now=now)
    return True


async def propose(work: Work, publication: Publication, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Put a notice forward; raise `Invalid` with everything that is wrong with it, or when it would change nothing."""
    _refuse_others(actor, PROPOSERS, "只有系统管理员或督查室可以提交放假通知。")
    _refuse_unknown_region(publication.region)
    await work.calendars.learn(work.connection)
    await change_by(work.connection, work.calendars, publication)
    row = {
        "id": new_id(now),
        "region": publication.region,
        "year": publication.notice.year,
        "content": publication_data(publication),
        "effective_at": publication.effective_at or now,
        "state": PublicationState.PROPOSED,
        "based_on": work.calendars.of(_jurisdiction(publication.region)).version,
        "proposed_by": actor.id,
        "proposed_by_name": actor.name,
        "proposed_at": now,
        "reason": "",
    }
    work.changes.insert("calendar_publication", row)
    await _record(work, ActKind.CALENDAR_PROPOSED, row, actor=actor, now=now)
    return {**_UNDECIDED, **row}


async def withdraw(work: Work, publication_id: UUID, *, reason: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Withdraw, or refuse, a notice that is not in force yet."""
    refuse_unconcerned(actor)
    row = await _locked(work, publication_id, PublicationState.PROPOSED, PublicationState.APPROVED)
    withdrawn = _decide(work, row, PublicationState.WITHDRAWN, actor, now, reason=reason)
    await _record(work, ActKind.CALENDAR_WITHDRAWN, withdrawn, actor=actor, now=now)
    return withdrawn


async def approve(work: Work, publication_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Approve a notice as a second person; it comes into force at once, or at its effective instant."""
    refuse_unconcerned(actor)
    row = await _locked(work, publication_id, PublicationState.PROPOSED)
    if row["proposed_by"] == actor.id:
        raise NotAllowed("提交人不能批准自己提交的放假通知，请由另一人复核后批准。", code="same-person")
    approved = _decide(work, row, PublicationState.APPROVED, actor, now)
    if row["effective_at"] <= now:
        approved = await _bring_into_force(work, approved, actor=actor, now=now)
    await _record(work, ActKind.CALENDAR_APPROVED, approved, actor=actor, now=now)
    return approved


async def apply_effective(office: Office, *, now: datetime) -> list[UUID]:
    """Bring into force what was approved and whose effective instant has come, one transaction each."""
    async with office.look() as work:
        due = await effective_publications(work.connection, now)
    return [one for one in due if await _apply_one(office, one, now=now)]


async def _apply_one(office: Office, publication_id: UUID, *, now: datetime) -> bool:
    try:
        async with office.work() as work:
            row = await _locked(work, publication_id, PublicationState.APPROVED)
            applied = await _bring_into_force(work, row, actor=SYSTEM, now=now)
            await _record(work, ActKind.CALENDAR_APPLIED, applied, actor=SYSTEM, now=now)
    except (Conflict, *UNAVAILABLE):
        # Another worker has brought it into force, somebody has withdrawn it, or the appeals are held: the next sweep
        # tries again, and this one goes on with the clocks.
        return False
    except Invalid as refusal:
        await _give_up(office, publication_id, refusal, now=now)
        return False
    return True


async def _give_up(office: Office, publication_id: UUID, refusal: Invalid, *, now: datetime) -> None:
    """Withdraw what a notice that came into force in the meantime has made impossible."""
    async with office.work() as work:
        row = await publication_row(work.connection, publication_id, lock=True)
        if row is not None and row["state"] == PublicationState.APPROVED:
            reason = f"到生效时间时已不能启用：{refusal.message}"
            withdrawn = _decide(work, row, PublicationState.WITHDRAWN, SYSTEM, now, reason=reason)
            await _record(work, ActKind.CALENDAR_WITHDRAWN, withdrawn, actor=SYSTEM, now=now)


async def _bring_into_force(work: Work, row: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Replace the calendars in force and recount every open clock, in the caller's transaction."""
    await work.stand_for_office()
    await hold_appeals(work.connection)
    await work.calendars.learn(work.connection)
    change, regions = await change_by(work.connection, work.calendars, publication_of(row["content"]))
    totals, appeals = Totals(), 0
    scope = await work_out(work.connection, change, totals, now=now)
    if scope is not None:
        appeals = await carry_out(work.connection, publication_id=row["id"], actor=actor, now=now)
    await supersede(work.connection, [region.name for region in regions], now)
    for region in regions:
        _insert(work, region, publication_id=row["id"], now=now)
    work.calendars.forget()
    applied = {
        "state": PublicationState.APPLIED,
        "applied_at": now,
        "version": next(region.calendar.version for region in regions if region.name == row["region"]),
        "totals": {**totals.data(), "appeals": appeals},
    }
    work.changes.update("calendar_publication", row["id"], applied)
    return {**row, **applied}


def _insert(work: Work, region: Region, *, publication_id: UUID | None, now: datetime) -> None:
    work.changes.insert(
        "calendar",
        {
            "id": new_id(now),
            "region": region.name,
            "version": region.calendar.version,
            "breaks": breaks_data(region.all),
            "own_breaks": breaks_data(region.own),
            "published_until": region.calendar.published_until,
            "in_force_from": now,
            "publication_id": publication_id,
        },
    )


async def _locked(work: Work, publication_id: UUID, *states: PublicationState) -> dict[str, Any]:
    row = await publication_row(work.connection, publication_id, lock=True)
    if row is None:
        raise NotFound
    if row["state"] not in states:
        raise Conflict(f"这份放假通知{_STATE_WORDS[row['state']]}，不能再办理。", code="publication-decided")
    return row


def _decide(
    work: Work, row: Mapping[str, Any], state: PublicationState, actor: Actor, now: datetime, *, reason: str = ""
) -> dict[str, Any]:
    decided = {
        "state": state,
        "decided_by": actor.id,
        "decided_by_name": actor.name,
        "decided_at": now,
        "reason": reason,
    }
    work.changes.update("calendar_publication", row["id"], decided)
    return {**row, **decided}


async def _record(work: Work, action: ActKind, row: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    told = {name: row[name] for name in ("region", "year", "effective_at", "state", "reason")}
    payload = {**told, "notice": row["content"], "version": row.get("version")}
    await record_act(work, action, subject=str(row["id"]), payload=payload, actor=actor, now=now)


def refuse_unconcerned(actor: Actor) -> None:
    """Refuse everybody who may not see, decide or withdraw notices put forward."""
    _refuse_others(actor, APPROVERS, "只有系统管理员、督查室或分管领导可以查看和批准放假通知。")


def _refuse_others(actor: Actor, roles: tuple[Role, ...], message: str) -> None:
    if not actor.has(*roles):
        raise NotAllowed(message)


def _refuse_unknown_region(region: str) -> None:
    if region != COUNTRY and region not in packaged().packs:
        known = "、".join((COUNTRY, *packaged().packs))
        raise Invalid("没有这个辖区。", Fault("region", f"应为以下之一：{known}"))


def _jurisdiction(region: str) -> str | None:
    return None if region == COUNTRY else region


_UNDECIDED = dict.fromkeys(("decided_by", "decided_by_name", "decided_at", "applied_at", "version", "totals"))
_STATE_WORDS = {
    PublicationState.PROPOSED: "尚待批准",
    PublicationState.APPROVED: "已批准，到生效时间自动启用",
    PublicationState.APPLIED: "已启用",
    PublicationState.WITHDRAWN: "已撤回",
}
