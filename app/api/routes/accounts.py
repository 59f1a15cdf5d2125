"""Accounts, for administrators; auditors may read."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.api.command import CommandRoute
from app.api.dependencies import BareRequest, CurrentRequest
from app.api.pagination import AskedPage, cut
from app.api.schemas.accounts import (
    AccountCreate,
    AccountCreated,
    AccountOut,
    AccountPage,
    Authority,
    account_values,
)
from app.api.schemas.sessions import PasswordGrant, PasswordGranted
from app.api.shown_once import show_once
from app.domain.role_combinations import refuse_unless_reader
from app.services import administration, logins
from app.storage.queries.accounts import account_page, read_account

router = APIRouter(prefix="/accounts", tags=["账号与登录"], route_class=CommandRoute)


@router.post("", status_code=201, operation_id="create_account", summary="新建账号")
async def post_account(body: AccountCreate, request: CurrentRequest) -> AccountCreated:
    """Create an account; a machine's key is shown in this answer only, a person is then given a first password."""
    account_id, key = await administration.open_account(
        request.work, body.stated(body.name), actor=request.actor, now=request.now
    )
    show_once(request.response)
    request.response.headers["Location"] = f"/api/v1/accounts/{account_id}"
    return AccountCreated.model_validate({**await _values(request, account_id), "key": key})


@router.get("", operation_id="list_accounts", summary="账号列表")
async def get_accounts(request: CurrentRequest, page: AskedPage) -> AccountPage:
    """Return one page of accounts, newest first."""
    refuse_unless_reader(request.actor)
    rows = await account_page(request.work.connection, limit=page.limit + 1, after=page.after)
    items, following = cut(rows, page, by="created_at", identity="id")
    return AccountPage.model_validate({"items": list(map(account_values, items)), "next": following})


@router.get("/{account_id}", operation_id="read_account", summary="账号详情")
async def get_account(account_id: UUID, request: CurrentRequest) -> AccountOut:
    """Return one account."""
    refuse_unless_reader(request.actor)
    return await _shown(request, account_id)


@router.put("/{account_id}/authority", operation_id="change_authority", summary="变更角色与范围")
async def put_authority(account_id: UUID, body: Authority, request: CurrentRequest) -> AccountOut:
    """Replace roles and scope of somebody else's account."""
    await administration.change_authority(
        request.work, account_id, body.stated(""), actor=request.actor, now=request.now
    )
    return await _shown(request, account_id)


@router.post("/{account_id}/disablement", operation_id="disable_account", summary="停用账号")
async def post_disablement(account_id: UUID, request: CurrentRequest) -> AccountOut:
    """Let nobody sign in to an account any more, from 5 seconds on."""
    await administration.disable_account(request.work, account_id, actor=request.actor, now=request.now)
    return await _shown(request, account_id)


@router.post("/{account_id}/enablement", operation_id="enable_account", summary="恢复账号")
async def post_enablement(account_id: UUID, request: CurrentRequest) -> AccountOut:
    """Let an account be used again."""
    await administration.enable_account(request.work, account_id, actor=request.actor, now=request.now)
    return await _shown(request, account_id)


@router.post("/{account_id}/credential-revocation", operation_id="revoke_credentials", summary="作废全部密钥与会话")
async def post_credential_revocation(account_id: UUID, request: CurrentRequest) -> AccountOut:
    """End whatever an account is signed in with."""
    await administration.revoke_credentials(request.work, account_id, actor=request.actor, now=request.now)
    return await _shown(request, account_id)


@router.post("/{account_id}/password", status_code=201, operation_id="give_password", summary="发放初始密码")
async def post_password(
    account_id: UUID, body: PasswordGrant, request: CurrentRequest, http: Request
) -> PasswordGranted:
    """Give a first password, or another after it was lost; it is shown in this answer only and changed at once."""
    login, password = await logins.give_password(
        request.work,
        http.app.state.identity.passwords,
        account_id,
        login=body.login,
        actor=request.actor,
        now=request.now,
    )
    show_once(request.response)
    return PasswordGranted(login=login, password=password)


async def _shown(request: BareRequest, account_id: UUID) -> AccountOut:
    return AccountOut.model_validate(await _values(request, account_id))


async def _values(request: BareRequest, account_id: UUID) -> dict[str, object]:
    """Return an account as it is after what was noted for it."""
    await request.work.changes.flush(request.work.connection)
    return account_values(await read_account(request.work.connection, account_id))
