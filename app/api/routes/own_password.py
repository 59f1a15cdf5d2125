"""Changes of how one signs in that take the password: requests that are not kept, not even their digest."""

from fastapi import APIRouter

from app.api.opening import CurrentOpening, OpenRoute
from app.api.schemas.sessions import (
    FactorRemoval,
    FactorRemoved,
    PasswordChange,
    PasswordChanged,
)
from app.services import logins

router = APIRouter(tags=["账号与登录"], route_class=OpenRoute)


@router.put("/me/password", operation_id="change_password", summary="修改密码")
async def put_password(body: PasswordChange, opening: CurrentOpening) -> PasswordChanged:
    """Change one's password; every other session ends."""
    await logins.change_password(
        opening.office,
        opening.identity,
        current=body.current.get_secret_value(),
        new=body.new.get_secret_value(),
        actor=await opening.actor(),
        address=opening.address,
        now=opening.now,
    )
    return PasswordChanged(changed_at=opening.now)


@router.post("/me/second-factor/removal", operation_id="remove_second_factor", summary="停用二次验证")
async def post_removal(body: FactorRemoval, opening: CurrentOpening) -> FactorRemoved:
    """Disable one's second factor, by password and a last code."""
    await logins.remove_factor(
        opening.office,
        opening.identity,
        password=body.password.get_secret_value(),
        code=body.code,
        actor=await opening.actor(),
        address=opening.address,
        now=opening.now,
    )
    return FactorRemoved(second_factor=False)
