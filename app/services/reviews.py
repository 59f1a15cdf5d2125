"""The check of a substantive reply by somebody who did not write it."""

from datetime import datetime

from app.domain.appeal_action import AppealAction
from app.domain.case import Case, Given
from app.domain.clock_kind import ClockKind
from app.domain.errors import Fault, Invalid
from app.domain.roles import Actor
from app.services.office import Work
from app.services.rating_links import add_link
from app.services.transitions import Move, advance
from app.storage.queries.links import merged_into
from app.storage.queries.replies import last_reply

HOLLOW_DEFECTS = frozenset({"hollow", "explaining"})
"""象征性 and 说明式 replies, which 荆州区 7 forbids outright."""


async def pass_review(work: Work, case: Case, *, note: str, actor: Actor, now: datetime) -> Case:
    """Pass the reply on to the enterprise; the feedback clock counts from the result, a rating link is issued."""
    review, reply = case.running(ClockKind.REVIEW), await last_reply(work.connection, case.appeal.id)
    given = Given(reason=note, reply=reply, counted_from=review.started_at if review is not None else now)
    if reply is not None:
        work.changes.update("reply", reply.id, {"passed_at": now, "reviewer_id": actor.id})
    links = {"rating_token": add_link(work, case.appeal.id, case.appeal.round, now=now)}
    for appeal_id in await merged_into(work.connection, case.appeal.id):
        links[f"rating_token:{appeal_id}"] = add_link(work, appeal_id, case.appeal.round, now=now)
    move = Move(given=given, payload={"note": note}, announced=links)
    return advance(work, case, AppealAction.PASS, move, actor=actor, now=now)


async def send_back(work: Work, case: Case, *, defects: list[str], note: str, actor: Actor, now: datetime) -> Case:
    """Send the reply back with defect codes: the handling clock is deemed never stopped, net of the review."""
    if not defects:
        raise Invalid("退回重办须指明缺陷。", Fault("defects", f"请至少选择一项：{'、'.join(case.policy.defects)}"))
    names = [case.policy.defect(code).name for code in defects]
    given = Given(reason=f"{'、'.join(names)}：{note}", reply=await last_reply(work.connection, case.appeal.id))
    hollow = case.appeal.hollow_reply or not HOLLOW_DEFECTS.isdisjoint(defects)
    again = case.appeal.round + 1
    move = Move(
        given=given,
        appeal={"round": again, "result_type": None, "resolved_at": None, "hollow_reply": hollow},
        payload={"defects": defects, "note": note, "round": again},
    )
    return advance(work, case, AppealAction.SEND_BACK, move, actor=actor, now=now)
