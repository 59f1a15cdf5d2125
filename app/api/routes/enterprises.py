"""Enterprises and their verification."""

from uuid import UUID

from fastapi import APIRouter

from app.api.command import CommandRoute
from app.api.dependencies import BareRequest, CurrentRequest
from app.api.schemas.decisions import Reason
from app.api.schemas.enterprises import EnterpriseCreate, EnterpriseOut, enterprise_out
from app.api.schemas.verifications import VerificationCreate
from app.services import enterprise_letters, enterprises
from app.storage.queries.enterprises import read_enterprise

router = APIRouter(prefix="/enterprises", tags=["企业"], route_class=CommandRoute)


@router.post("", status_code=201, operation_id="register_enterprise", summary="登记企业")
async def post_enterprise(body: EnterpriseCreate, request: CurrentRequest) -> EnterpriseOut:
    """Register an enterprise; a code whose check fails needs a reason."""
    enterprise_id = await enterprises.register_enterprise(
        request.work, **body.model_dump(), actor=request.actor, now=request.now
    )
    request.response.headers["Location"] = f"/api/v1/enterprises/{enterprise_id}"
    return await _shown(request, enterprise_id)


@router.get("/{enterprise_id}", operation_id="read_enterprise", summary="企业详情")
async def get_enterprise(enterprise_id: UUID, request: CurrentRequest) -> EnterpriseOut:
    """Return an enterprise with its verification as it is today."""
    row = await read_enterprise(request.work.connection, enterprise_id, request.actor)
    return enterprise_out(row, request.now)


@router.post("/{enterprise_id}/verification", status_code=201, operation_id="verify_enterprise", summary="核验企业授权")
async def post_verification(enterprise_id: UUID, body: VerificationCreate, request: CurrentRequest) -> EnterpriseOut:
    """Record the authorisation letter that was looked at; the newest counts."""
    await enterprise_letters.verify_enterprise(
        request.work, enterprise_id, body.stated(), actor=request.actor, now=request.now
    )
    return await _shown(request, enterprise_id)


@router.post("/{enterprise_id}/verification-withdrawal", operation_id="withdraw_verification", summary="撤回核验")
async def post_withdrawal(enterprise_id: UUID, body: Reason, request: CurrentRequest) -> EnterpriseOut:
    """Let the newest letter count no more."""
    await enterprise_letters.withdraw_verification(
        request.work, enterprise_id, reason=body.reason, actor=request.actor, now=request.now
    )
    return await _shown(request, enterprise_id)


async def _shown(request: BareRequest, enterprise_id: UUID) -> EnterpriseOut:
    """Return an enterprise as it is after what was noted for it."""
    await request.work.changes.flush(request.work.connection)
    row = await read_enterprise(request.work.connection, enterprise_id, request.actor)
    return enterprise_out(row, request.now)
