"""One's own API keys."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.keys import KeyCreate, KeyCreated, KeyOut, KeyRotation, KeysOut, key_created
from app.api.shown_once import show_once
from app.services import keys
from app.storage.queries.credentials import keys_of

MOST_LISTED = 200

router = APIRouter(prefix="/keys", tags=["账号与登录"], route_class=CommandRoute)


@router.post("", status_code=201, operation_id="create_key", summary="新建密钥")
async def post_key(body: KeyCreate, request: CurrentRequest) -> KeyCreated:
    """Make another key of one's own; it is shown in this answer only."""
    made = await keys.create_key(
        request.work,
        label=body.label,
        scopes=body.scopes,
        expires_at=body.expires_at,
        actor=request.actor,
        now=request.now,
    )
    show_once(request.response)
    return key_created(made)


@router.get("", operation_id="list_keys", summary="我的密钥")
async def get_keys(request: CurrentRequest) -> KeysOut:
    """Return one's own keys, newest first, with when each was used last (to the minute)."""
    rows = await keys_of(request.work.connection, request.actor.id, limit=MOST_LISTED)
    return KeysOut.model_validate({"items": rows})


@router.post("/{key_id}/rotation", status_code=201, operation_id="rotate_key", summary="轮换密钥")
async def post_rotation(key_id: UUID, body: KeyRotation, request: CurrentRequest) -> KeyCreated:
    """Make a key in the place of an old one, which goes on for the overlap."""
    made = await keys.rotate_key(
        request.work, key_id, overlap=timedelta(hours=body.overlap_hours), actor=request.actor, now=request.now
    )
    show_once(request.response)
    return key_created(made)


@router.delete("/{key_id}", operation_id="revoke_key", summary="作废密钥")
async def delete_key(key_id: UUID, request: CurrentRequest) -> KeyOut:
    """End one of one's keys, everywhere within 5 seconds."""
    row = await keys.revoke_key(request.work, key_id, actor=request.actor, now=request.now)
    return KeyOut.model_validate(row)
