"""Oneself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.accounts import MeOut, me_out
from app.api.schemas.sessions import FactorBegun, FactorCode, FactorConfirmed
from app.api.shown_once import show_once
from app.services import logins
from app.services.proving import Identity
from app.services.second_factors import provisioning_uri

router = APIRouter(prefix="/me", tags=["账号与登录"], route_class=CommandRoute)


async def get_identity(request: Request) -> Identity:
    """Return what the process knows people by."""
    identity: Identity = request.app.state.identity
    return identity


CurrentIdentity = Annotated[Identity, Depends(get_identity)]


@router.get("", operation_id="read_me", summary="我是谁")
async def get_me(request: CurrentRequest) -> MeOut:
    """Return who is asking: roles in Chinese, scope, and how signed in."""
    return me_out(request.actor)


@router.post("/second-factor", status_code=201, operation_id="begin_second_factor", summary="申请二次验证")
async def post_second_factor(request: CurrentRequest) -> FactorBegun:
    """Make the secret of a second factor; it counts once a code of it was shown."""
    secret, login = await logins.begin_factor(request.work, actor=request.actor, now=request.now)
    show_once(request.response)
    return FactorBegun(secret=secret, uri=provisioning_uri(secret, login))


@router.post("/second-factor/confirmation", operation_id="confirm_second_factor", summary="启用二次验证")
async def post_confirmation(body: FactorCode, request: CurrentRequest) -> FactorConfirmed:
    """Enable the second factor by a code of it; the recovery codes are shown in this answer only."""
    codes = await logins.confirm_factor(request.work, code=body.code, actor=request.actor, now=request.now)
    show_once(request.response)
    return FactorConfirmed(recovery_codes=codes)
