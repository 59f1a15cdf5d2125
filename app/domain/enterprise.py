"""Who an enterprise is: its code, and the letter that says who speaks for it. Nothing is refused for lack of either."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.clock import office_day
from app.domain.errors import Fault, Invalid, NotAllowed
from app.domain.roles import Actor, Role
from app.domain.uscc import has_valid_check, is_pilot_code

REGISTRARS = (Role.CLERK, Role.DISPATCHER, Role.ADMINISTRATOR)
VERIFIERS = (Role.CLERK, Role.DISPATCHER)
LONGEST_YEARS = 10


class VerificationStatus(StrEnum):
    """How far somebody has looked at who speaks for an enterprise."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


VERIFICATION_NAMES = {
    VerificationStatus.UNVERIFIED: "未核验",
    VerificationStatus.VERIFIED: "已核验",
    VerificationStatus.EXPIRED: "授权已过期",
    VerificationStatus.WITHDRAWN: "授权已撤回",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """An authorisation letter (授权委托书) that somebody has looked at."""

    document_number: str
    issued_on: date
    valid_until: date
    authorised: str


def status_of(valid_until: date | None, withdrawn_at: datetime | None, now: datetime) -> VerificationStatus:
    """Return what the newest letter comes to now; it counts through its last day. None stands for no letter."""
    if valid_until is None:
        return VerificationStatus.UNVERIFIED
    if withdrawn_at is not None:
        return VerificationStatus.WITHDRAWN
    return VerificationStatus.VERIFIED if office_day(now) <= valid_until else VerificationStatus.EXPIRED


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


def refuse_letter(letter: Letter, now: datetime) -> None:
    """Raise `Invalid` for a letter that is not of today: from the future, at its end, or for ever."""
    today = office_day(now)
    wrong = {
        ("issued_on", "不能晚于今天"): letter.issued_on > today,
        ("valid_until", "授权已过期，请提交仍在有效期内的授权书"): letter.valid_until < today,
        ("valid_until", f"有效期最长{LONGEST_YEARS}年"): letter.valid_until.year
        > letter.issued_on.year + LONGEST_YEARS,
    }
    faults = [Fault(field, reason) for (field, reason), holds in wrong.items() if holds]
    if faults:
        raise Invalid("授权书的日期有误。", *faults)


def refuse_unless(actor: Actor, *roles: Role) -> None:
    """Raise `NotAllowed` for everybody else."""
    if not actor.has(*roles):
        raise NotAllowed("您的角色不能办理企业登记和核验。", code="role-not-allowed")
