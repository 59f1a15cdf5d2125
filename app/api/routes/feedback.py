"""The check of a reply, and what the enterprise is asked and says."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.decisions import Reason
from app.api.schemas.feedback import RatingLink, Visit
from app.services import rating_links, reworks, visits

router = APIRouter(prefix="/appeals/{number}", tags=["复核与反馈"], route_class=CommandRoute)


@router.post("/visits", operation_id="record_visit", summary="回访")
async def post_visits(body: Visit, move: CurrentMove) -> CaseOut:
    """Record a return visit; an attempt that reached nobody leaves the feedback clock running."""
    return move.answer(await visits.visit(move.work, move.case, **body.model_dump(), actor=move.actor, now=move.now))


@router.post("/rework", operation_id="order_rework", summary="不满意重办")
async def post_rework(body: Reason, move: CurrentMove) -> CaseOut:
    """Start a new round on what a return visit heard; the second failure climbs a level."""
    return move.answer(
        await reworks.rework_by_visit(move.work, move.case, reason=body.reason, actor=move.actor, now=move.now)
    )


@router.post("/rating-link", status_code=201, operation_id="issue_rating_link", summary="发放评价链接")
async def post_rating_link(move: CurrentMove) -> RatingLink:
    """Issue a fresh single-use link; earlier unused ones become worthless."""
    case, token = await rating_links.issue_link(move.work, move.case, actor=move.actor, now=move.now)
    move.tag(case.appeal.version)
    return RatingLink(token=token, path=f"/api/v1/ratings/{token}")
