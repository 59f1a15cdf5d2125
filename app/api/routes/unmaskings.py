"""Contacts in clear, and deleted."""

from fastapi import APIRouter, Depends

from app.api.command import CommandRoute
from app.api.moving import CurrentMove
from app.api.schemas.cases import CaseOut
from app.api.schemas.unmaskings import UnmaskedOut, Unmasking
from app.api.shown_once import forget
from app.services.contacts import delete_contact
from app.services.unmaskings import unmask

router = APIRouter(prefix="/appeals/{number}", tags=["联系信息"], route_class=CommandRoute)


@router.post(
    "/unmaskings",
    operation_id="unmask_contact",
    summary="查看联系信息",
    dependencies=[Depends(forget)],
)
async def post_unmasking(body: Unmasking, move: CurrentMove) -> UnmaskedOut:
    """Show the contact in clear, once, for a stated purpose; the enterprise sees in its history who asked and why."""
    shown = await unmask(move.work, move.case, purpose=body.purpose, reason=body.reason, actor=move.actor, now=move.now)
    version = shown.case.appeal.version
    move.tag(version)
    return UnmaskedOut(
        number=shown.case.appeal.number,
        enterprise_name=shown.enterprise_name,
        uscc=shown.uscc,
        contact_name=shown.contact.name,
        contact_phone=shown.contact.phone,
        version=version,
    )


@router.delete("/contact", operation_id="delete_contact", summary="删除联系信息")
async def remove_contact(move: CurrentMove) -> CaseOut:
    """Delete the contact of a closed appeal at the enterprise's own wish."""
    return move.answer(delete_contact(move.work, move.case, actor=move.actor, now=move.now))
