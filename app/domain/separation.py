"""Separation of duties: who writes, approves, reviews and asks are four people, and nobody judges his own case.

Guards of the transition table like those in `guards`.
"""

from app.domain.case import Attempt, Case
from app.domain.errors import Conflict, NotAllowed


def not_accused(case: Case, attempt: Attempt) -> None:
    """The accused department never refuses, merges, transfers or reviews."""
    accused = case.appeal.accused_department
    if accused is not None and attempt.actor.department == accused:
        raise NotAllowed("被反映单位不得对本诉求作出此项决定，请由其他单位的人员办理。", code="accused-department")


def four_eyes(case: Case, attempt: Attempt) -> None:
    """The writer of a reply is never its approver; after a rework the approver is another one than before."""
    reply = attempt.given.reply
    if reply is None or reply.round != case.appeal.round:
        raise Conflict("本轮次没有待审定的实体性答复。", code="no-reply-to-approve")
    if reply.approved_at is not None:
        raise Conflict("这份答复已经审定。", code="reply-already-approved")
    if reply.writer_id == attempt.actor.id:
        raise NotAllowed("答复的起草人不能审定自己的答复，请由另一位负责人审定。", code="writer-is-approver")
    if case.appeal.rework_count and case.appeal.last_approver_id == attempt.actor.id:
        raise NotAllowed("重办的答复须由另一位负责人审定。", code="same-approver-after-rework")


def independent_reviewer(case: Case, attempt: Attempt) -> None:
    """A reviewer neither wrote nor approved the reply and does not belong to a handling department."""
    reply, actor = attempt.given.reply, attempt.actor
    if reply is not None and actor.id in (reply.writer_id, reply.approver_id):
        raise NotAllowed("复核人不能是答复的起草人或审定人。", code="reviewer-is-handler")
    if actor.department is not None and actor.department in {one.department for one in case.assignments}:
        raise NotAllowed("承办单位的人员不能复核本诉求。", code="reviewer-is-handler")


def independent_caller(case: Case, attempt: Attempt) -> None:
    """Who asks the enterprise neither wrote, approved nor reviewed the reply, nor belongs to a handling department."""
    reply, actor = attempt.given.reply, attempt.actor
    if reply is not None and actor.id in (reply.writer_id, reply.approver_id, reply.reviewer_id):
        raise NotAllowed("回访人不能是答复的起草人、审定人或复核人。", code="caller-is-handler")
    if actor.department is not None and actor.department in {one.department for one in case.assignments}:
        raise NotAllowed("承办单位的人员不能回访本诉求。", code="caller-is-handler")
