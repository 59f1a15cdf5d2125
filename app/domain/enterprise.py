"""Who an enterprise is: its code, and who may register and verify it."""

from app.domain.errors import Fault, Invalid, NotAllowed
from app.domain.roles import Actor, Role
from app.domain.uscc import has_valid_check, is_pilot_code

REGISTRARS = (Role.CLERK, Role.DISPATCHER, Role.ADMINISTRATOR)
VERIFIERS = (Role.CLERK, Role.DISPATCHER)


def checked_override(code: str, override_reason: str | None) -> str | None:
    """Return why a code counts though its check character is wrong, None if it is right; raise `Invalid` without."""
    if has_valid_check(code):
        return None
    if override_reason:
        return override_reason
    hint = "请与营业执照核对；确认无误的，在本字段写明理由后重新提交"
    if is_pilot_code(code):
        hint = f"第9位起为 M0 的早期试点代码校验位不符是正常的，仍然有效；{hint}（例如「早期试点代码」）"
    raise Invalid("统一社会信用代码的校验位不符。", Fault("override_reason", hint), code="uscc-check-failed")


def refuse_unless(actor: Actor, *roles: Role) -> None:
    """Raise `NotAllowed` for everybody else."""
    if not actor.has(*roles):
        raise NotAllowed("您的角色不能办理企业登记和核验。", code="role-not-allowed")
