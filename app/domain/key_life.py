"""How long keys live, and how many of them."""

from datetime import datetime, timedelta

from app.domain.errors import Conflict, Fault, Invalid

LONGEST_LIFE = timedelta(days=731)
USUAL_LIFE = timedelta(days=365)
LONGEST_OVERLAP = timedelta(days=7)
MOST_LIVE_KEYS = 20


def expiry(expires_at: datetime | None, now: datetime) -> datetime:
    """Return when a new key ends: a year from now unless stated, two years at most."""
    if expires_at is None:
        return now + USUAL_LIFE
    if not now < expires_at <= now + LONGEST_LIFE:
        raise Invalid("密钥的失效时间不可用。", Fault("expires_at", f"应晚于现在，且不超过{LONGEST_LIFE.days}天"))
    return expires_at


def end_of_overlap(
    overlap: timedelta, now: datetime, *, expires_at: datetime | None, rotated_at: datetime | None
) -> datetime:
    """Return when a rotated key dies: after the overlap, never later than it would have anyway."""
    if rotated_at is not None:
        raise Conflict("这把密钥已经轮换过，请轮换新的那一把。", code="key-rotated")
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid("重叠时间不可用。", Fault("overlap_hours", "应为0至168小时"))
    return min(now + overlap, expires_at or now + overlap)
