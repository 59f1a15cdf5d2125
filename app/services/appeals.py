"""Filing an appeal, and what the dispatching office decides about it before and after it is handled."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from app.domain.anonymity import Identity, anonymised
from app.domain.appeal import Appeal, AppealKind
from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.citation import Citation
from app.domain.clock import OFFICE_TIMEZONE, office_day
from app.domain.errors import Fault, Invalid, NotAllowed, NotFound
from app.domain.policy import Policy
from app.domain.roles import Actor, Role
from app.domain.sealing import Contact, sealed_contact
from app.domain.uscc import has_valid_check
from app.services.anonymising import registered
from app.services.citations import annex
from app.services.mergers import master_of
from app.services.office import Work
from app.services.transitions import Move, advance
from app.storage.ids import new_id
from app.storage.queries.accounts import find_enterprise
from app.storage.queries.links import was_reopened
from app.storage.records import appeal_values

REOPENING, RELAPSE = "reopening", "relapse"
"""Channels of appeals that take up a closed one: at the enterprise's request, or on a supervisor's finding."""

REVIEWED = "【复核】"
TITLE_LENGTH = 200
"""Characters that a title may have."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What a filer states. Who files for another names the enterprise; an enterprise files for itself."""

    jurisdiction: str
    title: str
    text: str
    category: str
    kind: AppealKind = AppealKind.COMPLAINT
    enterprise_name: str | None = None
    uscc: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    channel: str = "api"
    external_number: str | None = None
    accused_department: str | None = None
    petition: bool = False
    track: str | None = None
    confidential: bool = False
    retaliation: bool = False
    paper_received_on: date | None = None
    reopens_id: UUID | None = None
    enterprise_id: UUID | None = None
    citation: Citation | None = None
    anonymised_title: str | None = None

    @property
    def identity(self) -> Identity:
        """What the filing tells of who files."""
        names = (self.enterprise_name,) if self.enterprise_name else ()
        return Identity(names, self.uscc, self.contact_name, self.contact_phone)


async def file_appeal(
    work: Work, filing: Filing, *, actor: Actor, now: datetime, recorded_at: datetime | None = None
) -> Case:
    """Register an appeal: the server stamps the instant, a paper receipt date governs if it is earlier."""
    _may_file_here(filing, actor)
    received_at = _received_at(filing, now)
    policy_id, policy = await _policy(work, filing, received_at=received_at, now=recorded_at or now)
    filing = _checked(filing, policy)
    enterprise_id = await _enterprise(work, filing, actor=actor, now=recorded_at or now)
    number = await _number(work, policy, now)
    appeal = _new_appeal(filing, number, policy_id, enterprise_id, received_at=received_at, now=now)
    appeal = await _register(work, filing, appeal)
    case = Case(appeal, (), (), policy, work.calendars.of(filing.jurisdiction))
    cited = {} if filing.citation is None else {"citation": annex(work, filing.citation, case=case, now=now)}
    move = Move(
        given=Given(counted_from=received_at),
        # What is announced of a confidential appeal goes to many places: never its own words.
        payload={
            "title": appeal.anonymised_title or filing.title,
            "category": filing.category,
            "channel": appeal.channel,
            **cited,
        },
        recorded_at=recorded_at,
    )
    return advance(work, case, AppealAction.FILE, move, actor=actor, now=now)


async def _register(work: Work, filing: Filing, appeal: Appeal) -> Appeal:
    """Note the row: the contact sealed, beside the words of a confidential appeal their anonymised copy."""
    contact = sealed_contact(work.seals, Contact(filing.contact_name, filing.contact_phone), appeal.id)
    copy: dict[str, object] = {}
    if appeal.confidential:
        identity = await registered(work, appeal.enterprise_id, filing.identity)
        title = filing.anonymised_title or anonymised(filing.title, identity)
        appeal, copy = replace(appeal, anonymised_title=title), {"anonymised_text": anonymised(filing.text, identity)}
    work.changes.insert("appeal", {**appeal_values(appeal), **contact, **copy, "text": filing.text})
    return appeal


def _may_file_here(filing: Filing, actor: Actor) -> None:
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id is not None:
        return
    if filing.jurisdiction not in actor.jurisdictions:
        raise NotAllowed("您没有这个辖区的受理权限。", code="outside-jurisdiction")


async def _policy(work: Work, filing: Filing, *, received_at: datetime, now: datetime) -> tuple[UUID, Policy]:
    try:
        return await work.rules.current(work.connection, filing.jurisdiction, received_at=received_at, now=now)
    except NotFound as refusal:
        raise Invalid(refusal.message, Fault("jurisdiction", "请从 /api/v1/policies 列出的辖区中选择")) from refusal


def _received_at(filing: Filing, now: datetime) -> datetime:
    if filing.paper_received_on is None:
        return now
    if filing.paper_received_on > office_day(now):
        raise Invalid("纸质件收件日期不能晚于今天。", Fault("paper_received_on", "应为今天或更早的日期"))
    return min(now, datetime.combine(filing.paper_received_on, time.min, OFFICE_TIMEZONE))


def _checked(filing: Filing, policy: Policy) -> Filing:
    """Refuse unknown codes; some categories are confidential whoever files."""
    category = policy.category(filing.category)
    if filing.accused_department is not None:
        policy.department(filing.accused_department)
    if filing.track is not None:
        policy.track(filing.track)
    return replace(filing, confidential=filing.confidential or category.confidential)


async def _enterprise(work: Work, filing: Filing, *, actor: Actor, now: datetime) -> UUID:
    if actor.has(Role.ENTERPRISE) and actor.enterprise_id is not None:
        return actor.enterprise_id
    if filing.enterprise_id is not None:
        return filing.enterprise_id
    if not filing.enterprise_name:
        raise Invalid("代企业登记时须写明企业名称。", Fault("enterprise_name", "不能为空"))
    found = await find_enterprise(work.connection, name=filing.enterprise_name, uscc=filing.uscc)
    return found or add_enterprise(work, name=filing.enterprise_name, uscc=filing.uscc, now=now)


def add_enterprise(work: Work, *, name: str, uscc: str | None, now: datetime) -> UUID:
    """Register an enterprise; a code that fails its check is kept and marked, for early pilot codes are legal."""
    enterprise_id = new_id(now)
    work.changes.insert(
        "enterprise",
        {
            "id": enterprise_id,
            "name": name,
            "uscc": uscc,
            "uscc_checked": uscc is not None and has_valid_check(uscc),
            "created_at": now,
        },
    )
    return enterprise_id


async def _number(work: Work, policy: Policy, now: datetime) -> str:
    number = await work.numbers.take(work.connection)
    return f"{policy.prefix}-{office_day(now):%Y%m%d}-{number:06d}"


def _new_appeal(
    filing: Filing, number: str, policy_id: UUID, enterprise_id: UUID, *, received_at: datetime, now: datetime
) -> Appeal:
    return Appeal(
        id=new_id(now),
        number=number,
        jurisdiction=filing.jurisdiction,
        policy_id=policy_id,
        enterprise_id=enterprise_id,
        channel=filing.channel,
        external_number=filing.external_number,
        title=filing.title,
        kind=filing.kind,
        category=filing.category,
        petition=filing.petition,
        track=filing.track,
        confidential=filing.confidential,
        retaliation=filing.retaliation,
        accused_department=filing.accused_department,
        received_at=received_at,
        filed_at=now,
        paper_received_on=filing.paper_received_on,
        reopens_id=filing.reopens_id,
        version=0,
    )


async def reopen(work: Work, case: Case, *, reason: str, text: str, actor: Actor, now: datetime) -> Case:
    """File a new appeal linked to a closed one: the old figures stay as they were."""
    master = await master_of(work, case)
    given = Given(
        reason=reason, master=master, reopened=await was_reopened(work.connection, case.appeal.id, channel=REOPENING)
    )
    advance(work, case, AppealAction.REOPEN, Move(given=given), actor=actor, now=now)
    old = case.appeal
    filing = Filing(
        jurisdiction=old.jurisdiction,
        title=f"{REVIEWED}{old.title}"[:TITLE_LENGTH],
        anonymised_title=old.anonymised_title and f"{REVIEWED}{old.anonymised_title}",
        text=text,
        category=old.category,
        kind=old.kind,
        channel=REOPENING if actor.has(Role.ENTERPRISE) else RELAPSE,
        accused_department=old.accused_department,
        petition=old.petition,
        track=old.track,
        confidential=old.confidential,
        retaliation=old.retaliation,
        reopens_id=old.id,
        enterprise_id=old.enterprise_id,
    )
    return await file_appeal(work, filing, actor=actor, now=now)
