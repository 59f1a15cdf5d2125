"""Asking for what is missing."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.supplements import Supplement, SupplementLink, SupplementRequest
from app.api.shown_once import show_once
from app.domain.limit import Limit
from app.services import links, supplements

router = APIRouter(prefix="/appeals/{number}", tags=["受理与交办"], route_class=CommandRoute)


@router.post("/supplement-request", operation_id="request_supplement", summary="一次性告知补正")
async def post_supplement_request(body: SupplementRequest, move: CurrentMove) -> CaseOut:
    """Tell the enterprise of every gap at once; its clocks pause until it supplies."""
    return move.answer(
        supplements.request_supplement(
            move.work, move.case, gaps=body.gaps, limit=_limit(body.limit), actor=move.actor, now=move.now
        )
    )


@router.post("/supplement", operation_id="supply", summary="企业补正")
async def post_supplement(body: Supplement, move: CurrentMove) -> CaseOut:
    """Take what the enterprise supplies; the paused clocks run on."""
    return move.answer(supplements.supply(move.work, move.case, text=body.text, actor=move.actor, now=move.now))


@router.post("/supplement-link", status_code=201, operation_id="issue_supplement_link", summary="发放补正链接")
async def post_supplement_link(move: CurrentMove) -> SupplementLink:
    """Issue a fresh single-use link until the supplement is due; earlier unused ones become worthless."""
    case, token, expires_at = await links.issue_supplement_link(move.work, move.case, actor=move.actor, now=move.now)
    move.tag(case.appeal.version)
    show_once(move.response)
    return SupplementLink(token=token, path=f"/api/v1/supplements/{token}", expires_at=expires_at)


@router.post("/supplement-lapse", operation_id="lapse_supplement", summary="逾期未补正终止")
async def post_supplement_lapse(move: CurrentMove) -> CaseOut:
    """End an appeal whose supplement never came, provided that a reminder was delivered."""
    return move.answer(supplements.lapse(move.work, move.case, actor=move.actor, now=move.now))


def _limit(written: str | None) -> Limit | None:
    return None if written is None else Limit.parse(written)
