"""One's own sessions."""

from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.sessions import SessionEnded, SessionsOut, session_ended, session_out
from app.services.session_endings import close_session, revoke_session
from app.storage.queries.sessions import sessions_of

MOST_LISTED = 100

router = APIRouter(prefix="/sessions", tags=["账号与登录"], route_class=CommandRoute)


@router.get("", operation_id="list_sessions", summary="我的登录会话")
async def get_sessions(request: CurrentRequest) -> SessionsOut:
    """Return one's own sessions that have not ended, newest first; idle ones among them sign nobody in."""
    rows = await sessions_of(request.work.connection, request.actor.id, request.now, limit=MOST_LISTED)
    return SessionsOut(items=[session_out(row, request.actor) for row in rows])


@router.delete("/current", operation_id="close_session", summary="退出登录")
async def delete_current(request: CurrentRequest) -> SessionEnded:
    """End the session that asks, everywhere within 5 seconds."""
    return session_ended(await close_session(request.work, actor=request.actor, now=request.now))


@router.delete("/{session_id}", operation_id="revoke_session", summary="结束某个会话")
async def delete_session(session_id: UUID, request: CurrentRequest) -> SessionEnded:
    """End one of one's sessions, everywhere within 5 seconds."""
    return session_ended(await revoke_session(request.work, session_id, actor=request.actor, now=request.now))
