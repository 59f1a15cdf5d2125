"""Who an account is to an outside identity provider, for administrators; auditors may read."""

from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.api.schemas.identities import IdentitiesOut, IdentityLink, IdentityOut
from app.domain.role_combinations import refuse_unless_reader
from app.services.identities import link_identity, unlink_identity
from app.storage.queries.accounts import read_account
from app.storage.queries.identities import identities_of

router = APIRouter(prefix="/accounts/{account_id}/identities", tags=["账号与登录"], route_class=CommandRoute)


@router.post("", status_code=201, operation_id="link_identity", summary="关联统一身份")
async def post_identity(account_id: UUID, body: IdentityLink, request: CurrentRequest) -> IdentityOut:
    """Let a subject of an issuer stand for an account."""
    row = await link_identity(
        request.work, account_id, issuer=body.issuer, subject=body.subject, actor=request.actor, now=request.now
    )
    return IdentityOut.model_validate(row)


@router.get("", operation_id="list_identities", summary="已关联的统一身份")
async def get_identities(account_id: UUID, request: CurrentRequest) -> IdentitiesOut:
    """Return what is linked to an account."""
    refuse_unless_reader(request.actor)
    await read_account(request.work.connection, account_id)
    return IdentitiesOut.model_validate({"items": await identities_of(request.work.connection, account_id)})


@router.delete("/{identity_id}", operation_id="unlink_identity", summary="解除统一身份")
async def delete_identity(account_id: UUID, identity_id: UUID, request: CurrentRequest) -> IdentityOut:
    """Let a subject no longer stand for an account, everywhere within 5 seconds."""
    row = await unlink_identity(request.work, account_id, identity_id, actor=request.actor, now=request.now)
    return IdentityOut.model_validate(row)
