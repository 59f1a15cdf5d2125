"""The appeal and what hangs on it: plain values that the process decides on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.policy import Level


class AppealStatus(StrEnum):
    """The documents' own loop 发现-整改-复核-反馈-销号 (荆门 7); everything else is an attribute."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    REVIEWED = "reviewed"
    CLOSED = "closed"


STATUS_NAMES = {
    AppealStatus.RECEIVED: "已受理登记",
    AppealStatus.ASSIGNED: "已交办",
    AppealStatus.RESOLVED: "已办理待复核",
    AppealStatus.REVIEWED: "已复核反馈",
    AppealStatus.CLOSED: "已销号",
}


class Hold(StrEnum):
    """Why an open appeal waits; a hold is never a way out of the process."""

    NONE = "none"
    SUPPLEMENT = "supplement"
    SUSPENDED = "suspended"
    SHELVED = "shelved"


HOLD_NAMES = {Hold.NONE: "正常", Hold.SUPPLEMENT: "待补正", Hold.SUSPENDED: "暂停", Hold.SHELVED: "挂账攻坚"}


class Outcome(StrEnum):
    """How a closed appeal ended; the first six are also the result types of a substantive reply."""

    SOLVED = "solved"
    PARTLY_SOLVED = "partly_solved"
    NOT_SUPPORTED_BY_LAW = "not_supported_by_law"
    POLICY_LIMITED = "policy_limited"
    UNFOUNDED = "unfounded"
    ADVICE_ANSWERED = "advice_answered"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


OUTCOME_NAMES = {
    Outcome.SOLVED: "已解决",
    Outcome.PARTLY_SOLVED: "部分解决并有后续计划",
    Outcome.NOT_SUPPORTED_BY_LAW: "依法不予支持",
    Outcome.POLICY_LIMITED: "受政策限制",
    Outcome.UNFOUNDED: "查证不属实",
    Outcome.ADVICE_ANSWERED: "建议咨询已答复",
    Outcome.REFUSED: "不予受理",
    Outcome.REDIRECTED: "转其他渠道",
    Outcome.MERGED: "并案",
    Outcome.WITHDRAWN: "撤回",
    Outcome.TERMINATED: "终止",
}

RESULT_TYPES = tuple(Outcome)[:6]


class AppealKind(StrEnum):
    """What the enterprise asks for (诉求类型)."""

    CONSULTATION = "consultation"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"


class ReplyKind(StrEnum):
    """程序性, 进展 and 实体性 replies; only a substantive one can resolve an appeal."""

    PROCEDURAL = "procedural"
    PROGRESS = "progress"
    SUBSTANTIVE = "substantive"


class AssignmentPart(StrEnum):
    """主办 or 协办."""

    LEAD = "lead"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Appeal:
    """What the process knows of one appeal: attributes without the long texts."""

    id: UUID
    number: str
    jurisdiction: str
    policy_id: UUID
    enterprise_id: UUID
    channel: str
    external_number: str | None
    title: str
    kind: AppealKind
    category: str
    petition: bool
    confidential: bool
    retaliation: bool
    accused_department: str | None
    received_at: datetime
    filed_at: datetime
    departments: tuple[str, ...] = ()
    """Who has or had a charge of it and has not handed it back: keys of departments."""
    paper_received_on: date | None = None
    track: str | None = None
    status: AppealStatus = AppealStatus.RECEIVED
    hold: Hold = Hold.NONE
    level: Level = Level.ORDINARY
    round: int = 1
    outcome: Outcome | None = None
    result_type: Outcome | None = None
    lead_department: str | None = None
    due_at: datetime | None = None
    due_day: date | None = None
    provisional: bool = False
    overdue: bool = False
    supervised: bool = False
    rung: int | None = None
    hollow_reply: bool = False
    supplement_requested: bool = False
    return_count: int = 0
    designated: bool = False
    extension_asked: str | None = None
    extension_count: int = 0
    rework_count: int = 0
    satisfied: bool | None = None
    certified: bool = False
    last_approver_id: UUID | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    master_id: UUID | None = None
    reopens_id: UUID | None = None
    version: int = 1
    event_count: int = 0
    chain_head: str = ""
    updated_at: datetime | None = None
    anonymised_title: str | None = None
    retention_hold: str | None = None
    erased_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.status is not AppealStatus.CLOSED

    @property
    def extension_pending(self) -> bool:
        """Whether an extension has been asked for and nobody has decided yet."""
        return self.extension_asked is not None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One department's charge of one appeal in one round."""

    id: UUID
    appeal_id: UUID
    round: int
    jurisdiction: str
    department: str
    part: AssignmentPart
    assigned_at: datetime
    due_at: datetime | None = None
    designated: bool = False
    signed_at: datetime | None = None
    signed_late: bool = False
    contacted_at: datetime | None = None
    return_requested_at: datetime | None = None
    proposed_department: str | None = None
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    passed_on: bool = False

    @property
    def is_active(self) -> bool:
        """Whether the department still has the charge."""
        return self.ended_at is None

    @property
    def return_pending(self) -> bool:
        """Whether the department has asked to hand the assignment back and nobody has ruled yet."""
        return self.return_requested_at is not None and self.is_active


def department_key(jurisdiction: str, department: str) -> str:
    """Return the name of a department that no other jurisdiction repeats."""
    return f"{jurisdiction}/{department}"


def departments_of(assignments: Iterable[Assignment]) -> tuple[str, ...]:
    """Return the departments that these charges let in: all but those that have handed theirs back."""
    let_in = (one for one in assignments if not one.passed_on)
    return tuple(sorted({department_key(one.jurisdiction, one.department) for one in let_in}))


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """Who wrote, approved and reviewed a substantive reply, and what it claims."""

    id: UUID
    writer_id: UUID
    round: int
    approver_id: UUID | None = None
    result_type: Outcome | None = None
    approved_at: datetime | None = None
    reviewer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What has been tried and heard of the enterprise since the review passed.

    `attempt_days` are the office days of failed attempts; silence is never satisfaction.
    """

    attempt_days: frozenset[date] = field(default_factory=frozenset)
    heard: bool = False
    satisfied: bool | None = None
    solved: bool | None = None
