"""Oneself."""

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.accounts import MeOut, me_out

router = APIRouter(prefix="/me", tags=["账号与登录"], route_class=CommandRoute)


@router.get("", operation_id="read_me", summary="我是谁")
async def get_me(request: CurrentRequest) -> MeOut:
    """Return who is asking: roles in Chinese, scope, and how signed in."""
    return me_out(request.actor)
