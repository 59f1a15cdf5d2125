"""Filing, reading and listing appeals."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.api.schemas.base import LONG_TEXT, Code, Day, Flag, Input, Instant, Output, Text, Word, example
from app.api.schemas.cases import CASE_EXAMPLE, CaseOut, case_values
from app.api.schemas.citations import CITATION_EXAMPLE, CitationCreate, CitationOut, citation_out
from app.domain.anonymity import COPY_MISSING
from app.domain.appeal import AppealKind, AppealStatus, Hold, Outcome
from app.domain.case import Case
from app.domain.citation import Citation
from app.domain.confidence import MASKED, is_hidden, shown_contact
from app.domain.letter import VerificationStatus, status_of
from app.domain.policy import Level, Policy
from app.domain.retention import ERASED
from app.domain.roles import DEPARTMENT_ROLES, Actor, Role
from app.domain.sealing import UNREADABLE, Contact
from app.domain.uscc import has_valid_check, is_well_formed, normalise
from app.storage.queries.cases import AppealReading

USCC_WARNING = "统一社会信用代码的校验位不符，已按所填登记；如为早期试点代码可忽略，否则请核对。"


def _code(text: str) -> str:
    """Refuse a code that cannot be one; a failed check character is only warned about."""
    code = normalise(text)
    if not is_well_formed(code):
        raise ValueError("统一社会信用代码应为18位数字或大写字母（不含 I、O、S、V、Z）")
    return code


Uscc = Annotated[str, StringConstraints(max_length=40), AfterValidator(_code)]


class AppealCreate(Input):
    """An appeal as it is filed. An enterprise files for itself; a clerk or hotline names the enterprise."""

    model_config = example(
        jurisdiction="gedian",
        title="免申即享补贴未到账",
        text="我公司符合2026年稳岗补贴免申即享条件，公示期满已两个月，款项仍未到账，窗口答复不一。",
        category="02",
        kind="complaint",
        accused_department="economy",
    )

    jurisdiction: Code
    title: Word
    text: Text = Field(description=f"诉求内容，最多{LONG_TEXT}字。")
    category: Code = Field(description="问题分类编码，见 /api/v1/policies/{jurisdiction}。")
    kind: AppealKind = AppealKind.COMPLAINT
    enterprise_name: Word | None = None
    uscc: Uscc | None = Field(default=None, description="统一社会信用代码（GB 32100）。")
    contact_name: Word | None = None
    contact_phone: Word | None = None
    external_number: Word | None = None
    accused_department: Code | None = None
    petition: Flag = Field(default=False, description="涉法涉诉信访事项：另有7日程序性回复和3个月实体答复的时限。")
    track: Code | None = Field(
        default=None,
        description="法定期限类别编码，如 arrears（拖欠中小企业账款投诉）；填写后法定期限与办结期限并行计时。",
    )
    confidential: Flag = False
    retaliation: Flag = False
    paper_received_on: Day | None = Field(default=None, description="纸质件收件日期；早于登记日时，期限自该日起算。")
    citation: CitationCreate | None = Field(default=None, description="所引的承诺时限：登记时核算，随诉求存档。")

    def cited(self) -> Citation | None:
        """Return the citation as the process takes it, if there is one."""
        return None if self.citation is None else self.citation.stated()

    def warnings(self) -> list[str]:
        """Return what the filer should look at again, though it is not refused."""
        wrong = self.uscc is not None and not has_valid_check(self.uscc)
        return [USCC_WARNING] if wrong else []


class FiledOut(CaseOut):
    """A filed appeal: its number is the receipt."""

    model_config = example(**CASE_EXAMPLE, warnings=[])

    warnings: list[str]


class AppealOut(CaseOut):
    """One appeal as its reader may see it; the filer of a confidential one stays hidden from departments.

    Offices see the contact masked; `unmaskings` shows it in clear for a stated purpose.
    """

    model_config = example(
        **CASE_EXAMPLE,
        text="我公司符合2026年稳岗补贴免申即享条件，公示期满已两个月，款项仍未到账。",
        enterprise_name="葛店某光电有限公司",
        uscc="91421003MA00000152",
        enterprise_verification="verified",
        contact_name="王**",
        contact_phone="139****0000",
        channel="api",
        external_number=None,
        accused_department=None,
        paper_received_on=None,
        master=None,
        reopens=None,
        policy="葛店开发区 2021.1",
        retention_held=False,
        erased_at=None,
        citation=CITATION_EXAMPLE,
    )

    text: str
    enterprise_name: str
    uscc: str | None
    enterprise_verification: VerificationStatus | None
    contact_name: str | None
    contact_phone: str | None
    channel: str
    external_number: str | None
    accused_department: str | None
    paper_received_on: date | None
    master: str | None
    reopens: str | None
    policy: str
    retention_held: bool
    erased_at: Instant | None
    citation: CitationOut | None


class AppealItem(Output):
    """One line of a list."""

    number: str
    jurisdiction: str
    title: str
    kind: AppealKind
    category: str
    channel: str
    external_number: str | None
    status: AppealStatus
    hold: Hold
    level: Level
    round: int
    outcome: Outcome | None
    lead_department: str | None
    received_at: Instant
    due_at: Instant | None
    due_day: date | None
    provisional: bool
    overdue: bool
    supervised: bool
    confidential: bool
    petition: bool
    closed_at: Instant | None
    version: int


ITEM_EXAMPLE = {name: CASE_EXAMPLE.get(name) for name in AppealItem.model_fields} | {"channel": "api"}


class AppealPage(Output):
    """One page of appeals; `next` is the cursor of the page after it, absent at the end."""

    model_config = example(items=[ITEM_EXAMPLE], next="eyJhIjoiMjAyNi0xMS0xNiJ9")

    items: list[AppealItem]
    next: str | None


class QueueItem(AppealItem):
    """One assignment in a department's queue, with the appeal that it belongs to."""

    assignment_id: UUID
    department: str
    part: str
    assigned_at: Instant
    signed_at: Instant | None
    signed_late: bool
    contacted_at: Instant | None
    return_requested_at: Instant | None
    finished_at: Instant | None
    designated: bool
    lamp: str


class QueuePage(Output):
    """One page of a department's queue, what is due first comes first."""

    model_config = example(
        items=[
            ITEM_EXAMPLE
            | {
                "assignment_id": "019abc00-0000-7000-8000-000000000002",
                "department": "economy",
                "part": "lead",
                "assigned_at": "2026-11-16T02:00:00Z",
                "signed_at": None,
                "signed_late": False,
                "contacted_at": None,
                "return_requested_at": None,
                "finished_at": None,
                "designated": False,
                "lamp": "yellow",
            }
        ],
        next=None,
    )

    items: list[QueueItem]
    next: str | None


def appeal_out(reading: AppealReading, case: Case, contact: Contact, *, actor: Actor, now: datetime) -> AppealOut:
    """Return one appeal, masked where its reader may not know who filed it, or need not know whom to call."""
    hidden = is_hidden(case.appeal, actor)
    shown = shown_contact(contact, case, actor)
    erased = case.appeal.erased_at is not None
    person = {
        "enterprise_name": ERASED if erased else MASKED if hidden else reading.enterprise_name,
        "uscc": None if hidden or erased else reading.uscc,
        "contact_name": UNREADABLE if shown.unreadable else shown.name,
        "contact_phone": shown.phone,
    }
    values = {
        **case_values(case, actor=actor, now=now),
        **person,
        "enterprise_verification": _verification(reading, actor=actor, now=now),
        "text": (reading.anonymised_text or COPY_MISSING) if hidden else reading.text,
        "channel": case.appeal.channel,
        "external_number": None if hidden and not actor.has(Role.CONNECTOR) else case.appeal.external_number,
        "accused_department": case.appeal.accused_department,
        "paper_received_on": case.appeal.paper_received_on,
        "master": reading.master_number,
        "reopens": reading.reopens_number,
        "policy": f"{case.policy.name} {case.policy.version}",
        "retention_held": case.appeal.retention_hold is not None,
        "erased_at": case.appeal.erased_at,
        "citation": _citation(reading, case.policy, hidden=hidden),
    }
    return AppealOut.model_validate(values)


def _verification(reading: AppealReading, *, actor: Actor, now: datetime) -> VerificationStatus | None:
    """Whether the filer has proven who it is concerns the office, and no department."""
    if actor.has(*DEPARTMENT_ROLES):
        return None
    letter = reading.letter or {}
    valid_until, withdrawn_at = letter.get("valid_until"), letter.get("withdrawn_at")
    return status_of(
        None if valid_until is None else date.fromisoformat(valid_until),
        None if withdrawn_at is None else datetime.fromisoformat(withdrawn_at),
        now,
    )


def _citation(reading: AppealReading, policy: Policy, *, hidden: bool) -> CitationOut | None:
    """Papers name who was served, so they stay hidden with the filer."""
    if reading.citation is None:
        return None
    evidence = {"evidence": MASKED} if hidden else {}
    return citation_out({**reading.citation, **evidence}, policy)
