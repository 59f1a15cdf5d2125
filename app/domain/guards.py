"""Guards of the transition table: each refuses a move by raising, with a sentence for its reader."""

from collections.abc import Callable
from datetime import datetime

from app.domain.appeal import AppealStatus, AssignmentPart, Outcome
from app.domain.case import Attempt, Case
from app.domain.clock import Promise, compute_due, office_day
from app.domain.clock_kind import ClockKind
from app.domain.errors import Conflict, Fault, Invalid, NotFound
from app.domain.limit import Limit
from app.domain.policy import Level
from app.domain.roles import DEPARTMENT_ROLES, Role

Guard = Callable[[Case, Attempt], None]

ATTEMPT_DAYS_BEFORE_CLOSING = 3
"""Failed return visits on this many different working days allow closing an appeal that nobody rated."""


def reason_given(case: Case, attempt: Attempt) -> None:
    """A reason must stand beside every act that the enterprise or a department may contest."""
    if not attempt.given.reason.strip():
        raise Invalid("请写明理由。", Fault("reason", "理由不能为空"))


def supplement_once(case: Case, attempt: Attempt) -> None:
    """Gaps are told once, all together (一次性告知)."""
    if case.appeal.supplement_requested:
        raise Conflict("补正只能一次性告知一次，本诉求已经要求过补正。", code="supplement-already-requested")


def supplement_lapsed(case: Case, attempt: Attempt) -> None:
    """A supplement lapses only after its date and only if a reminder was delivered (东宝)."""
    clock = case.running(ClockKind.SUPPLEMENT)
    if clock is None or attempt.now < clock.due_at or clock.provisional:
        raise Conflict("补正期限尚未届满，不能按逾期未补正终止。", code="supplement-still-running")
    if not attempt.given.reminder_delivered:
        raise Conflict("尚无已送达的补正提醒，不能按逾期未补正终止；请先提醒企业。", code="reminder-not-delivered")


def master_fits(case: Case, attempt: Attempt) -> None:
    """Merging needs an open master of the same enterprise, or of the same matter against the same department."""
    appeal, master = case.appeal, attempt.given.master
    if master is None or master.id == appeal.id or master.jurisdiction != appeal.jurisdiction:
        raise Invalid("主诉求不存在，或不能并入自身。", Fault("into", "请填写同一辖区内另一件诉求的编号"))
    if not master.is_open or master.status not in (AppealStatus.RECEIVED, AppealStatus.ASSIGNED):
        raise Conflict("主诉求已办理或已销号，不能并入。", code="master-not-open")
    if attempt.given.is_master:
        raise Conflict("已有诉求并入本诉求，请把另一件并入本诉求。", code="is-a-master")
    same_matter = master.category == appeal.category and master.accused_department == appeal.accused_department
    if master.enterprise_id != appeal.enterprise_id and not same_matter:
        raise Conflict("只有同一企业，或同一被反映单位的同一事项，才能并案。", code="not-the-same-matter")


def is_merged(case: Case, attempt: Attempt) -> None:
    """Only a merged appeal can be taken out of its master, while the master is still being handled."""
    if case.appeal.outcome is not Outcome.MERGED:
        raise Conflict("本诉求没有并案，无需拆分。", code="not-merged")
    master = attempt.given.master
    if master is not None and master.status not in (AppealStatus.RECEIVED, AppealStatus.ASSIGNED):
        raise Conflict("主诉求已办理，不能再拆分；如不满意请申请复核。", code="master-not-open")


def own_assignment(case: Case, attempt: Attempt) -> None:
    """A department acts on its own, active assignment only; another one's is unknown to it."""
    assignment = case.assignment(attempt.given.assignment_id)
    if assignment is None or (
        attempt.actor.has(*DEPARTMENT_ROLES) and assignment.department != attempt.actor.department
    ):
        raise NotFound
    if not assignment.is_active:
        raise Conflict("这件交办已经结束。", code="assignment-ended")


def lead_assignment(case: Case, attempt: Attempt) -> None:
    """Only the lead department answers the enterprise and asks for time."""
    assignment = case.assignment(attempt.given.assignment_id)
    if assignment is None or assignment.part is not AssignmentPart.LEAD:
        raise Conflict("此项由主办单位办理，协办单位请向主办单位反馈。", code="not-the-lead")


def supporting(case: Case, attempt: Attempt) -> None:
    """Only a supporting department reports its part done; the lead resolves."""
    assignment = case.assignment(attempt.given.assignment_id)
    if assignment is None or assignment.part is not AssignmentPart.SUPPORT:
        raise Conflict("主办单位请提交实体性答复；只有协办单位登记协办办结。", code="not-a-support")
    if assignment.finished_at is not None:
        raise Conflict("这件协办已经办结。", code="support-already-finished")


def unsigned(case: Case, attempt: Attempt) -> None:
    """An assignment is signed once."""
    assignment = case.assignment(attempt.given.assignment_id)
    if assignment is not None and assignment.signed_at is not None:
        raise Conflict("这件交办已经签收。", code="already-signed")


def returnable(case: Case, attempt: Attempt) -> None:
    """A return is asked for within its window, never twice at once, and never by a designated department."""
    assignment = case.assignment(attempt.given.assignment_id)
    if assignment is None:
        return
    if assignment.designated or case.appeal.designated:
        raise Conflict("本单位已被指定承办，不得再退回。", code="designated")
    if assignment.return_pending:
        raise Conflict("退回申请正在裁定。", code="return-pending")
    if attempt.now >= _window_end(case, assignment.assigned_at, "return"):
        raise Conflict("已超过退回申请期限，请继续办理。", code="return-window-over")


def return_pending(case: Case, attempt: Attempt) -> None:
    """A ruling needs a request for return."""
    assignment = case.assignment(attempt.given.assignment_id)
    if assignment is None or not assignment.return_pending:
        raise Conflict("没有待裁定的退回申请。", code="no-return-pending")


def no_return_pending(case: Case, attempt: Attempt) -> None:
    """While a return is being ruled on, the answer waits for the ruling."""
    if any(one.return_pending for one in case.active()):
        raise Conflict("退回申请正在裁定，请等待裁定结果。", code="return-pending")


def other_department(case: Case, attempt: Attempt) -> None:
    """A transferred assignment goes to a department that does not hold one already."""
    held = {one.department for one in case.active()}
    if attempt.given.department is None or attempt.given.department in held:
        raise Invalid("请指定另一个承办单位。", Fault("department", "该单位已在承办本诉求，或没有填写"))


def extension_askable(case: Case, attempt: Attempt) -> None:
    """An extension is asked for at least one working day before due, as often as the policy allows."""
    appeal, clock = case.appeal, case.main_clock()
    if appeal.extension_pending:
        raise Conflict("延期申请正在审批。", code="extension-pending")
    allowed, times = case.policy.extension_for(appeal.level)
    if appeal.extension_count >= times:
        raise Conflict(f"延期最多{times}次，已经用完。", code="no-extension-left")
    today = office_day(attempt.now)
    if clock is None or case.calendar.working_days_between(today, clock.due_day) < 1:
        raise Conflict("延期须在到期前至少1个工作日提出。", code="extension-too-late")
    _within_cap(attempt.given.extension, allowed)


def extension_pending(case: Case, attempt: Attempt) -> None:
    """A decision needs a request for extension."""
    if not case.appeal.extension_pending:
        raise Conflict("没有待审批的延期申请。", code="no-extension-pending")


def not_yet_due(case: Case, attempt: Attempt) -> None:
    """What lengthens the time must come before the due instant."""
    clock = case.main_clock()
    if clock is None or attempt.now >= clock.due_at:
        raise Conflict("已经到期，不能再变更期限。", code="already-due")


def raises_level(case: Case, attempt: Attempt) -> None:
    """Regrading goes from ordinary to difficult (or on to stubborn), never back."""
    order = list(Level)
    wanted = attempt.given.level
    if wanted not in order or order.index(Level(wanted)) <= order.index(case.appeal.level):
        raise Invalid("难度等级只能由一般调为疑难、由疑难调为攻坚。", Fault("level", "应为 difficult 或 stubborn"))


def graded_in_time(case: Case, attempt: Attempt) -> None:
    """A level chosen on dispatch is never lower than before and does not undo a breach that has already happened."""
    if attempt.given.level is not None:
        raises_level(case, attempt)
        not_yet_due(case, attempt)


def plan_given(case: Case, attempt: Attempt) -> None:
    """Shelving needs a plan whose first milestone lies ahead, though no further than the policy's first review."""
    day, today = attempt.given.milestone_on, office_day(attempt.now)
    limit, _ = case.policy.limit_for(ClockKind.MILESTONE, level=case.appeal.level)
    latest = compute_due(Promise(started_at=attempt.now, limit=limit), case.calendar).day
    if day is None or not today < day <= latest:
        reason = f"应在今天之后，且不晚于{latest:%Y-%m-%d}（{limit.chinese}内）"
        raise Invalid("挂账攻坚须有计划，并写明首个节点日期。", Fault("milestone_on", reason))


def contacted(case: Case, attempt: Attempt) -> None:
    """No answer without having spoken to the enterprise."""
    lead = case.lead()
    if lead is None or lead.contacted_at is None:
        raise Conflict("尚无联系企业的记录，请先登记首次联系。", code="enterprise-not-contacted")


def supports_finished(case: Case, attempt: Attempt) -> None:
    """The lead answers when every supporting department has done its part."""
    open_supports = [
        one.department for one in case.active() if one.part is AssignmentPart.SUPPORT and not one.finished_at
    ]
    if open_supports:
        names = "、".join(case.policy.department(code).name for code in open_supports)
        raise Conflict(f"协办单位尚未办结：{names}。", code="supports-open")


def dissatisfied(case: Case, attempt: Attempt) -> None:
    """Rework follows a dissatisfied or unsolved answer of the enterprise, heard by rating or return visit."""
    heard = attempt.given.heard
    if heard.satisfied is not False and heard.solved is not False:
        raise Conflict("企业没有表示不满意或未解决，不能启动重办。", code="not-dissatisfied")


def rateable(case: Case, attempt: Attempt) -> None:
    """A closed appeal is rated no more; one that was merged is rated when its master has been reviewed."""
    if case.appeal.status is AppealStatus.CLOSED and case.appeal.outcome is not Outcome.MERGED:
        raise Conflict("诉求已经销号，不能再评价；如有异议请申请复核。", code="already-closed")


def heard_or_tried(case: Case, attempt: Attempt) -> None:
    """Closing needs the enterprise's word, three attempts on three working days, or a leader's certificate."""
    heard = attempt.given.heard
    unhappy = heard.satisfied is False or heard.solved is False
    if case.appeal.certified or attempt.given.certified:
        return
    if unhappy:
        raise Conflict("企业不满意或问题未解决：应重办，或由分管领导签字认定依法办结。", code="enterprise-dissatisfied")
    tried = sum(case.calendar.is_working_day(day) for day in heard.attempt_days)
    if not heard.heard and tried < ATTEMPT_DAYS_BEFORE_CLOSING:
        raise Conflict(
            f"尚未听取企业意见：须有企业评价，或在3个不同工作日各联系一次未果（已有{tried}个）。",
            code="enterprise-not-heard",
        )


def not_retaliation(case: Case, attempt: Attempt) -> None:
    """An appeal under supervision for retaliation cannot be withdrawn under pressure."""
    if case.appeal.retaliation and case.appeal.supervised:
        raise Conflict("涉及打击报复的诉求正在督办，不能撤回。", code="retaliation-supervised")


def redirected(case: Case, attempt: Attempt) -> None:
    """The petition clocks of a redirected appeal go on until the dispatching office answers for them."""
    if case.appeal.outcome is not Outcome.REDIRECTED or not case.appeal.petition:
        raise Conflict("只有已转其他渠道的信访类诉求才需要另作信访答复。", code="not-a-redirected-petition")


def reopenable(case: Case, attempt: Attempt) -> None:
    """The enterprise may ask once, within the policy's window after closing; a supervisor on a relapse at any time."""
    appeal, given = case.appeal, attempt.given
    if given.master is not None and given.master.is_open:
        raise Conflict("主诉求尚在办理，请待主诉求销号后再申请复核。", code="master-still-open")
    if attempt.actor.has(Role.SUPERVISOR):
        return
    if given.reopened:
        raise Conflict("每件诉求只能申请复核一次。", code="already-reopened")
    if attempt.now >= _window_end(case, appeal.closed_at or attempt.now, "reopen"):
        raise Conflict("已超过申请复核的期限。", code="reopen-window-over")


def _within_cap(asked: Limit | None, allowed: Limit) -> None:
    if asked is None or asked.unit is not allowed.unit or asked.amount > allowed.amount:
        raise Invalid("延期长度超过规定。", Fault("length", f"最长{allowed.chinese}，写作「{allowed}」"))


def _window_end(case: Case, started_at: datetime, window: str) -> datetime:
    promise = Promise(started_at=started_at, limit=case.policy.window(window))
    return compute_due(promise, case.calendar).at
