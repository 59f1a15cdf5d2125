"""Signing in: a request that is not kept, not even its digest."""

from fastapi import APIRouter

from app.api.opening import CurrentOpening, OpenRoute
from app.api.schemas.sessions import (
    IDLE_MINUTES,
    SessionCreated,
    SignIn,
)
from app.api.shown_once import show_once
from app.services import sessions

router = APIRouter(tags=["账号与登录"], route_class=OpenRoute)


@router.post("/sessions", status_code=201, operation_id="open_session", summary="登录")
async def post_session(body: SignIn, opening: CurrentOpening) -> SessionCreated:
    """Sign in; whatever is wrong is answered by one and the same 401."""
    opened = await sessions.open_session(
        opening.office,
        opening.identity,
        login=body.login,
        password=body.password.get_secret_value(),
        code=body.code,
        address=opening.address,
        now=opening.now,
    )
    show_once(opening.response)
    return SessionCreated(
        token=opened.token,
        expires_at=opened.expires_at,
        idle_minutes=IDLE_MINUTES,
        must_change_password=opened.must_change_password,
    )
