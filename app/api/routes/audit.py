"""What those concerned read of who has read."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.pagination import AskedPage, cut
from app.api.reading import CurrentReading
from app.api.schemas.audit import AccessesOut
from app.services.accesses import readings_of

router = APIRouter(tags=["审计"], route_class=CommandRoute)


@router.get("/appeals/{number}/accesses", operation_id="list_accesses", summary="保密诉求的查阅记录")
async def get_accesses(request: CurrentReading, page: AskedPage) -> AccessesOut:
    """Return who has read a confidential appeal, by office and role, newest first."""
    case = await request.work.case(request.reading.case)
    rows = await readings_of(request.work, case, page, actor=request.actor)
    items, following = cut(rows, page, by="at", identity="id")
    return AccessesOut.model_validate({"items": items, "next": following})
