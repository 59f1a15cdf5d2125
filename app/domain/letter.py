"""The letter that says who speaks for an enterprise. Nothing is refused for lack of one."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.clock import office_day
from app.domain.errors import Fault, Invalid

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
