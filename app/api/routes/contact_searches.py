"""Appeals found by the person behind them."""

from fastapi import APIRouter, Depends

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.contact_searches import ContactSearch, ContactSearchOut
from app.api.shown_once import forget
from app.services.contacts import Sought, search
from app.storage.queries.contacts import MOST_FOUND

router = APIRouter(prefix="/contact-searches", tags=["联系信息"], route_class=CommandRoute)


@router.post(
    "",
    operation_id="search_contacts",
    summary="按联系人、电话或外部编号查找诉求",
    dependencies=[Depends(forget)],
)
async def post_search(body: ContactSearch, request: CurrentRequest) -> ContactSearchOut:
    """Find appeals by contact; the words stand in the body, so that they are in no log, and who looked is recorded."""
    rows = await search(request.work, Sought(**body.model_dump()), actor=request.actor, now=request.now)
    return ContactSearchOut.model_validate({"items": rows[:MOST_FOUND], "more": len(rows) > MOST_FOUND})
