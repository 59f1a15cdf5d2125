"""The process is one table: one row of `TRANSITIONS` is one sentence of the regulation."""

from functools import cache

from app.domain import guards, separation
from app.domain.appeal import HOLD_NAMES, STATUS_NAMES, AppealStatus, Hold
from app.domain.appeal_action import AppealAction
from app.domain.attachment_guards import ATTACHERS, handling, releasable
from app.domain.case import Attempt, Case
from app.domain.clock_kind import ClockKind as C
from app.domain.errors import ActionNotPossible, NotAllowed
from app.domain.roles import ROLE_NAMES, Actor, Role
from app.domain.transition import EVERY_CLOCK, Transition, others
from app.domain.transition import transition as _row

RECEIVED, ASSIGNED, RESOLVED, REVIEWED, CLOSED = AppealStatus
ANY_HOLD = tuple(Hold)
OPEN = (RECEIVED, ASSIGNED, RESOLVED, REVIEWED)
SERVICE_CLOCKS = (C.HANDLING, C.REWORK, C.DEPARTMENT_ANSWER)
"""What an enterprise waits for and what a department owes; these pause together."""
PETITION_CLOCKS = (C.PROCEDURAL_REPLY, C.SUBSTANTIVE_REPLY)
STATUTORY_ENTRY = (C.STATUTORY_ACCEPTANCE, C.STATUTORY_TRANSFER)
STATUTORY_ANSWER = (C.STATUTORY_DECISION, C.STATUTORY_MAXIMUM)
UNTIL_COMPLETE = (C.ACCEPTANCE, C.HANDLING, *STATUTORY_ENTRY, C.STATUTORY_DECISION)
"""What waits for complete papers (政府采购法实施条例 58 for the statutory decision)."""
SUSPENDED_CLOCKS = (*SERVICE_CLOCKS, C.STATUTORY_DECISION)
"""What a suspension pauses; time for tests and experts is not counted (招标投标法实施条例 61), a maximum runs on."""
FILERS = (Role.ENTERPRISE, Role.CLERK, Role.CONNECTOR, Role.SUPERVISOR, Role.OBSERVER)
DEPARTMENT = (Role.OFFICER, Role.HEAD)


A, G, S = AppealAction, guards, separation

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    _row(A.FILE, "受理登记", "received", from_=(RECEIVED,), to=RECEIVED, by=FILERS,
         starts=(C.ACCEPTANCE, C.HANDLING, *PETITION_CLOCKS, *STATUTORY_ENTRY, C.STATUTORY_DECISION)),
    _row(A.REQUEST_SUPPLEMENT, "一次性告知补正", "supplement_requested", from_=(RECEIVED,), by=(Role.DISPATCHER,),
         to_hold=Hold.SUPPLEMENT, guards=(S.not_accused, G.supplement_once, G.reason_given), pauses=UNTIL_COMPLETE,
         starts=(C.SUPPLEMENT,)),
    _row(A.SUPPLY, "补正", "supplied", from_=(RECEIVED,), by=(Role.ENTERPRISE, Role.CLERK, Role.DISPATCHER),
         holds=(Hold.SUPPLEMENT,), to_hold=Hold.NONE, stops=(C.SUPPLEMENT,), resumes=UNTIL_COMPLETE),
    _row(A.LAPSE, "逾期未补正终止", "lapsed", from_=(RECEIVED,), to=CLOSED, by=(Role.DISPATCHER,),
         holds=(Hold.SUPPLEMENT,), to_hold=Hold.NONE, guards=(S.not_accused, G.supplement_lapsed), stops=EVERY_CLOCK),
    _row(A.REFUSE, "不予受理", "refused", from_=(RECEIVED,), to=CLOSED, by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.reason_given), stops=EVERY_CLOCK, starts=(C.OBJECTION,)),
    _row(A.REDIRECT, "转其他渠道", "redirected", from_=(RECEIVED,), to=CLOSED, by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.reason_given), stops=others(*PETITION_CLOCKS), starts=(C.OBJECTION,)),
    _row(A.MERGE, "并案", "merged", from_=(RECEIVED, ASSIGNED), to=CLOSED, by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.reason_given, G.master_fits), stops=EVERY_CLOCK),
    _row(A.ABSORB, "并入他案", "absorbed", from_=(RECEIVED, ASSIGNED), by=(Role.DISPATCHER,), guards=(S.not_accused,)),
    _row(A.UNMERGE, "拆分并案", "unmerged", from_=(CLOSED,), to=RECEIVED, by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.reason_given, G.is_merged),
         revives=(C.ACCEPTANCE, C.HANDLING, C.REWORK, *PETITION_CLOCKS, *STATUTORY_ENTRY, *STATUTORY_ANSWER)),
    _row(A.ASSIGN, "交办", "assigned", from_=(RECEIVED,), to=ASSIGNED, by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.graded_in_time), stops=(C.ACCEPTANCE, *STATUTORY_ENTRY),
         starts=(C.SIGN, C.CONTACT, C.DEPARTMENT_ANSWER, *STATUTORY_ANSWER)),
    _row(A.SIGN, "签收", "signed", from_=(ASSIGNED,), by=(*DEPARTMENT, Role.SYSTEM), holds=ANY_HOLD,
         guards=(G.own_assignment, G.unsigned), stops=(C.SIGN,)),
    _row(A.RETURN, "申请退回", "return_requested", from_=(ASSIGNED,), by=DEPARTMENT,
         guards=(G.own_assignment, G.reason_given, G.returnable), starts=(C.RETURN_RULING,)),
    _row(A.UPHOLD_RETURN, "同意退回并改派", "transferred", from_=(ASSIGNED,), by=(Role.DISPATCHER,), holds=ANY_HOLD,
         guards=(G.own_assignment, S.not_accused, G.return_pending, G.other_department),
         stops=(C.RETURN_RULING, C.SIGN, C.CONTACT, C.DEPARTMENT_ANSWER),
         starts=(C.SIGN, C.CONTACT, C.DEPARTMENT_ANSWER)),
    _row(A.DENY_RETURN, "不同意退回", "return_denied", from_=(ASSIGNED,), by=(Role.DISPATCHER,), holds=ANY_HOLD,
         guards=(G.own_assignment, S.not_accused, G.return_pending, G.reason_given), stops=(C.RETURN_RULING,)),
    _row(A.TRANSFER, "改派", "transferred", from_=(ASSIGNED,), by=(Role.DISPATCHER,), holds=ANY_HOLD,
         guards=(G.own_assignment, S.not_accused, G.reason_given, G.other_department),
         stops=(C.RETURN_RULING, C.SIGN, C.CONTACT, C.DEPARTMENT_ANSWER),
         starts=(C.SIGN, C.CONTACT, C.DEPARTMENT_ANSWER)),
    _row(A.CONTACT, "联系企业", "contacted", from_=(ASSIGNED,), by=DEPARTMENT, holds=ANY_HOLD,
         guards=(G.own_assignment,), stops=(C.CONTACT, C.BAD_RATING_CONTACT)),
    _row(A.FINISH_SUPPORT, "协办办结", "support_finished", from_=(ASSIGNED,), by=DEPARTMENT, holds=ANY_HOLD,
         guards=(G.own_assignment, G.supporting), stops=(C.SIGN, C.DEPARTMENT_ANSWER)),
    _row(A.DRAFT_REPLY, "起草实体性答复", "reply_drafted", from_=(ASSIGNED,), by=DEPARTMENT,
         guards=(G.own_assignment, G.lead_assignment, G.no_return_pending)),
    _row(A.REPLY_PROCEDURAL, "程序性回复", "replied", from_=(ASSIGNED,), by=DEPARTMENT, holds=ANY_HOLD,
         guards=(G.own_assignment, G.lead_assignment), stops=(C.PROCEDURAL_REPLY,)),
    _row(A.REPLY_PROGRESS, "进展答复", "replied", from_=(ASSIGNED,), by=DEPARTMENT, holds=ANY_HOLD,
         guards=(G.own_assignment, G.lead_assignment), stops=PETITION_CLOCKS),
    _row(A.REQUEST_EXTENSION, "申请延期", "extension_requested", from_=(ASSIGNED,), by=DEPARTMENT,
         guards=(G.own_assignment, G.lead_assignment, G.reason_given, G.extension_askable)),
    _row(A.GRANT_EXTENSION, "同意延期", "extension_granted", from_=(ASSIGNED,), by=(Role.SUPERVISOR,),
         guards=(S.not_accused, G.extension_pending, G.not_yet_due)),
    _row(A.DENY_EXTENSION, "不同意延期", "extension_denied", from_=(ASSIGNED,), by=(Role.SUPERVISOR,), holds=ANY_HOLD,
         guards=(S.not_accused, G.extension_pending, G.reason_given)),
    _row(A.SUSPEND, "暂停", "suspended", from_=(ASSIGNED,), by=(Role.SUPERVISOR,), to_hold=Hold.SUSPENDED,
         guards=(S.not_accused, G.reason_given, G.not_yet_due), pauses=SUSPENDED_CLOCKS),
    _row(A.RESUME, "恢复办理", "resumed", from_=(ASSIGNED,), by=(Role.SUPERVISOR,), holds=(Hold.SUSPENDED,),
         to_hold=Hold.NONE, guards=(S.not_accused,), resumes=SUSPENDED_CLOCKS),
    _row(A.REGRADE, "调整难度等级", "regraded", from_=(RECEIVED, ASSIGNED), by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.reason_given, G.raises_level, G.not_yet_due)),
    _row(A.SHELVE, "挂账攻坚", "shelved", from_=(ASSIGNED,), by=(Role.LEADER,), to_hold=Hold.SHELVED,
         guards=(S.not_accused, G.reason_given, G.plan_given), pauses=SERVICE_CLOCKS, starts=(C.MILESTONE,)),
    _row(A.UNSHELVE, "解除挂账", "unshelved", from_=(ASSIGNED,), by=(Role.LEADER, Role.SUPERVISOR),
         holds=(Hold.SHELVED,), to_hold=Hold.NONE, guards=(S.not_accused,), stops=(C.MILESTONE,),
         resumes=SERVICE_CLOCKS),
    _row(A.RESOLVE, "审定答复（办结）", "resolved", from_=(ASSIGNED,), to=RESOLVED, by=(Role.HEAD,),
         guards=(G.own_assignment, G.lead_assignment, G.no_return_pending, G.contacted, G.supports_finished,
                 S.four_eyes),
         stops=(*SERVICE_CLOCKS, C.SIGN, C.CONTACT, *PETITION_CLOCKS, C.BAD_RATING_RECTIFICATION, *STATUTORY_ANSWER),
         starts=(C.REVIEW,)),
    _row(A.SEND_BACK, "复核退回重办", "sent_back", from_=(RESOLVED,), to=ASSIGNED, by=(Role.REVIEWER,),
         guards=(S.not_accused, S.independent_reviewer, G.reason_given), stops=(C.REVIEW,),
         revives=(*SERVICE_CLOCKS, C.SUBSTANTIVE_REPLY, C.BAD_RATING_RECTIFICATION, *STATUTORY_ANSWER)),
    _row(A.PASS, "复核通过", "reviewed", from_=(RESOLVED,), to=REVIEWED, by=(Role.REVIEWER,),
         guards=(S.not_accused, S.independent_reviewer), stops=(C.REVIEW,), starts=(C.FEEDBACK,)),
    _row(A.VISIT, "回访", "visited", from_=(REVIEWED,), by=(Role.CALLBACK,),
         guards=(S.not_accused, S.independent_caller),
         stops=(C.FEEDBACK, C.BAD_RATING_CONTACT)),
    _row(A.RATE, "企业评价", "rated", from_=(REVIEWED, CLOSED), by=(Role.ENTERPRISE,), guards=(G.rateable,),
         stops=(C.FEEDBACK,)),
    _row(A.REWORK, "不满意重办", "rework_ordered", from_=(REVIEWED,), to=ASSIGNED, by=(Role.CALLBACK, Role.SYSTEM),
         guards=(S.not_accused, S.independent_caller, G.dissatisfied, G.reason_given), stops=(C.FEEDBACK,),
         starts=(C.REWORK, C.SIGN, C.CONTACT, C.DEPARTMENT_ANSWER, C.BAD_RATING_CONTACT, C.BAD_RATING_RECTIFICATION)),
    _row(A.ISSUE_LINK, "发放评价链接", "rating_link_issued", from_=(REVIEWED,), by=(Role.ENTERPRISE, Role.CALLBACK)),
    _row(A.ISSUE_SUPPLEMENT_LINK, "发放补正链接", "supplement_link_issued", from_=(RECEIVED,),
         by=(Role.DISPATCHER, Role.CLERK, Role.CALLBACK), holds=(Hold.SUPPLEMENT,)),
    _row(A.CERTIFY, "领导认定依法办结", "certified", from_=(REVIEWED,), by=(Role.LEADER,),
         guards=(S.not_accused, G.reason_given)),
    _row(A.CLOSE, "销号", "closed", from_=(REVIEWED,), to=CLOSED, by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.heard_or_tried), stops=EVERY_CLOCK),
    _row(A.WITHDRAW, "撤回", "withdrawn", from_=OPEN, to=CLOSED, by=(Role.ENTERPRISE,), holds=ANY_HOLD,
         to_hold=Hold.NONE, guards=(G.reason_given, G.not_retaliation), stops=EVERY_CLOCK),
    _row(A.TERMINATE, "终止", "terminated", from_=OPEN, to=CLOSED, by=(Role.DISPATCHER,), holds=ANY_HOLD,
         to_hold=Hold.NONE, guards=(S.not_accused, G.reason_given), stops=EVERY_CLOCK),
    _row(A.ANSWER_PETITION, "信访答复", "petition_answered", from_=(CLOSED,), by=(Role.DISPATCHER,),
         guards=(S.not_accused, G.redirected, G.reason_given), stops=PETITION_CLOCKS),
    _row(A.REOPEN, "申请复核（重新受理）", "reopened", from_=(CLOSED,), by=(Role.ENTERPRISE, Role.SUPERVISOR),
         guards=(G.reason_given, G.reopenable), stops=(C.OBJECTION,)),
    _row(A.SUPERVISE, "督办", "supervised", from_=OPEN, by=(Role.SUPERVISOR, Role.SYSTEM), holds=ANY_HOLD,
         guards=(S.not_accused, G.reason_given), starts=(C.SUPERVISION_ANSWER,)),
    _row(A.ANSWER_SUPERVISION, "督办回复", "supervision_answered", from_=OPEN, by=DEPARTMENT, holds=ANY_HOLD,
         guards=(G.own_assignment, G.reason_given), stops=(C.SUPERVISION_ANSWER,)),
    _row(A.ATTACH, "上传附件", "attached", from_=OPEN, by=ATTACHERS, holds=ANY_HOLD, guards=(handling,)),
    _row(A.DETACH, "删除附件", "detached", from_=(RECEIVED,), by=ATTACHERS, holds=ANY_HOLD),
    _row(A.RELEASE_ATTACHMENT, "开放附件", "attachment_released", from_=OPEN, by=(Role.DISPATCHER,), holds=ANY_HOLD,
         guards=(releasable,)),
)
# fmt: on

NEVER_OFFERED = frozenset({AppealAction.FILE, AppealAction.ABSORB})
"""What begins an appeal, or only happens together with another move."""

_BY_ACTION = {row.action: row for row in TRANSITIONS}


def transition_of(action: AppealAction) -> Transition:
    """Return the row of an action; every action has exactly one."""
    return _BY_ACTION[action]


def allowed_actions(case: Case, actor: Actor) -> tuple[str, ...]:
    """Return the actions that the table has for this actor from here, guards not yet asked."""
    return _allowed(actor.roles, case.appeal.status, case.appeal.hold)


@cache
def _allowed(roles: frozenset[Role], status: AppealStatus, hold: Hold) -> tuple[str, ...]:
    """The table never changes while the program runs, so each place in it is looked up once."""
    rows = (row for row in TRANSITIONS if row.action not in NEVER_OFFERED)
    return tuple(
        row.action for row in rows if status in row.from_ and hold in row.holds and not row.by.isdisjoint(roles)
    )


def find_transition(action: AppealAction, case: Case, attempt: Attempt) -> Transition:
    """Return the row to follow; raise `NotAllowed`, `ActionNotPossible` or what a guard refuses with."""
    row = transition_of(action)
    if not _is_open_to(row, attempt.actor):
        names = "、".join(ROLE_NAMES[role] for role in sorted(row.by))
        raise NotAllowed(f"「{row.name}」只能由{names}办理。", code="role-not-allowed")
    if not _fits(row, case):
        here = f"{STATUS_NAMES[case.appeal.status]}（{HOLD_NAMES[case.appeal.hold]}）"
        raise ActionNotPossible(
            f"诉求目前为「{here}」，不能「{row.name}」。", allowed=allowed_actions(case, attempt.actor)
        )
    for guard in row.guards:
        guard(case, attempt)
    return row


def _is_open_to(row: Transition, actor: Actor) -> bool:
    return not row.by.isdisjoint(actor.roles)


def _fits(row: Transition, case: Case) -> bool:
    if row.action is AppealAction.FILE:
        return case.appeal.event_count == 0
    return case.appeal.status in row.from_ and case.appeal.hold in row.holds
