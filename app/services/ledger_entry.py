"""Enters one row of a ledger: filed, assigned, answered and resolved at its own instants by the usual services."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from app.domain.appeal import ReplyKind
from app.domain.case import Case
from app.domain.ledger import LedgerMap, LedgerRow
from app.domain.policy import Policy
from app.domain.roles import Actor, Role
from app.domain.routing import suggest
from app.services.appeals import Filing, file_appeal
from app.services.assignments import Order, assign, record_contact
from app.services.office import Work
from app.services.replies import ReplyDraft, resolve, write_reply
from app.storage.queries.lists import Page, list_appeals

NOTE = "据台账补录"
"""Stands on every act that a ledger reports, so that nobody takes it for one made here."""


def _fixed_id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"bihuan:ledger:{name}")


REGISTRAR = Actor(id=_fixed_id("registrar"), name="台账登记", roles=frozenset({Role.CLERK, Role.DISPATCHER}))
WRITER = Actor(id=_fixed_id("writer"), name="台账经办", roles=frozenset({Role.OFFICER}))
APPROVER = Actor(id=_fixed_id("approver"), name="台账审定", roles=frozenset({Role.HEAD}))


@dataclass(frozen=True, slots=True)
class Desk:
    """Where rows are entered: which jurisdiction, what the map says of every row, and the instant of the import."""

    jurisdiction: str
    ledger_map: LedgerMap
    recorded_at: datetime

    @property
    def registrar(self) -> Actor:
        """Who files and dispatches what the ledger reports."""
        return replace(REGISTRAR, jurisdictions=frozenset({self.jurisdiction}))


async def find_entered(work: Work, row: LedgerRow, desk: Desk) -> str | None:
    """Return the number of the appeal that already carries the row's external number; None if there is none."""
    filters = {"channel": desk.ledger_map.channel, "external_number": row.external_number}
    found = await list_appeals(
        work.connection, desk.registrar, filters=filters, order="received_at", page=Page(limit=1)
    )
    return found[0]["number"] if found else None


async def enter_row(work: Work, row: LedgerRow, desk: Desk, policy: Policy) -> Case:
    """Enter one row in one unit of work; a row without a reply stays assigned, and its old clocks will be found."""
    category = category_code(row.category, policy)
    case = await file_appeal(
        work,
        _filing(row, desk, category),
        actor=desk.registrar,
        now=row.received_at,
        recorded_at=desk.recorded_at,
    )
    case = _dispatch(work, case, row, desk)
    return case if row.replied_at is None else _answer(work, case, row, desk, row.replied_at)


def category_code(written: str, policy: Policy) -> str:
    """Return the code of a category written as its code or its name; raise `Invalid` for an unknown one."""
    named = [code for code, category in policy.categories.items() if category.name == written]
    return policy.category(named[0] if named else written).code


def _filing(row: LedgerRow, desk: Desk, category: str) -> Filing:
    return Filing(
        jurisdiction=desk.jurisdiction,
        title=row.title,
        text=row.text,
        category=category,
        kind=desk.ledger_map.kind,
        enterprise_name=row.enterprise_name,
        uscc=row.uscc,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        channel=desk.ledger_map.channel,
        external_number=row.external_number,
        petition=desk.ledger_map.petition,
        confidential=desk.ledger_map.confidential,
    )


def _dispatch(work: Work, case: Case, row: LedgerRow, desk: Desk) -> Case:
    """Assign to the lead of the routing list when received: a ledger tells neither of dispatch nor of supports."""
    lead = suggest(case.policy, category=case.appeal.category, accused_department=None).lead
    order = Order(lead=lead, level=row.level, opinion=NOTE, reason=NOTE)
    return assign(work, case, order, actor=desk.registrar, now=row.received_at, recorded_at=desk.recorded_at)


def _answer(work: Work, case: Case, row: LedgerRow, desk: Desk, replied_at: datetime) -> Case:
    (assignment,) = case.active()
    writer, approver = (replace(actor, department=assignment.department) for actor in (WRITER, APPROVER))
    case = record_contact(
        work, case, assignment, way=NOTE, note=NOTE, actor=writer, now=replied_at, recorded_at=desk.recorded_at
    )
    draft = _draft(row)
    case, reply_id = write_reply(
        work, case, assignment, draft, actor=writer, now=replied_at, recorded_at=desk.recorded_at
    )
    written = _reply_row(reply_id, draft, case, writer)
    return resolve(work, case, assignment, written, actor=approver, now=replied_at, recorded_at=desk.recorded_at)


def _draft(row: LedgerRow) -> ReplyDraft:
    return ReplyDraft(
        kind=ReplyKind.SUBSTANTIVE,
        text=row.reply,
        result_type=row.result_type,
        basis=row.basis,
        remedy=row.remedy,
        evidence=(row.evidence,) if row.evidence else (),
    )


def _reply_row(reply_id: UUID, draft: ReplyDraft, case: Case, writer: Actor) -> Mapping[str, object]:
    """Return what `resolve` asks of a stored reply; the row itself is not in the database before the unit ends."""
    return {
        "id": reply_id,
        "writer_id": writer.id,
        "round": case.appeal.round,
        "approver_id": None,
        "result_type": draft.result_type,
        "approved_at": None,
        "reviewer_id": None,
    }
