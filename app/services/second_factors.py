"""The second factor: time-based codes (RFC 6238), each good once, and recovery codes for a lost device."""

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pyotp

from app.domain.sealing import SealBroken, Seals
from app.services.office import Work
from app.storage.queries.passwords import use_recovery_code, use_step

STEP_SECONDS, DRIFT_STEPS = 30, 1
RECOVERY_CODES, RECOVERY_GROUPS, RECOVERY_GROUP = 10, 4, 4
ISSUER = "闭环"

logger = logging.getLogger("bihuan.identity")


@dataclass(frozen=True, slots=True)
class Factor:
    """What a code was found to be; it counts once it has been used up."""

    step: int | None = None
    recovery_digest: str | None = None

    async def use_up(self, work: Work, credential_id: UUID) -> bool:
        """Use it up; False if somebody else was quicker."""
        if self.recovery_digest is not None:
            return await use_recovery_code(work.connection, credential_id, self.recovery_digest)
        return self.step is None or await use_step(work.connection, credential_id, self.step)


NOT_NEEDED = Factor()


def find_factor(credential: Mapping[str, Any], code: str, seals: Seals, now: datetime) -> Factor | None:
    """Return what a code is for a credential; None if it is nothing, or has been used."""
    if credential["totp_enabled_at"] is None:
        return NOT_NEEDED
    step = _step(credential, code, seals, now)
    if step is not None:
        return Factor(step=step)
    digest = recovery_digest(code)
    known = [one for one in credential["recovery_digests"] if hmac.compare_digest(one, digest)]
    return Factor(recovery_digest=known[0]) if known else None


def _step(credential: Mapping[str, Any], code: str, seals: Seals, now: datetime) -> int | None:
    """Return the step of a code; none without the key that sealed the secret, recovery codes go on without it."""
    try:
        secret = open_secret(credential, seals)
    except SealBroken:
        logger.exception("a second factor cannot be opened: is its key in the keyring?")
        return None
    return matching_step(secret, code, after=credential["totp_step"], now=now)


def matching_step(secret: str, code: str, *, after: int | None, now: datetime) -> int | None:
    """Return the time step that a code belongs to, one off at most; a step up to `after` has been used."""
    current = int(now.timestamp()) // STEP_SECONDS
    totp, given = pyotp.TOTP(secret), code.strip().encode("utf-8", "replace")
    steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    matching = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    return next((step for step in matching if after is None or step > after), None)


def make_secret(account_id: UUID, seals: Seals) -> tuple[str, str]:
    """Return a new secret, in clear for its owner and sealed for the database."""
    secret = pyotp.random_base32()
    return secret, sealed_secret(secret, account_id, seals)


def sealed_secret(secret: str, account_id: UUID, seals: Seals) -> str:
    """Return a secret as it is stored."""
    return base64.b64encode(seals.seal(secret.encode(), _context(account_id))).decode()


def provisioning_uri(secret: str, login: str) -> str:
    """Return what an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def open_secret(credential: Mapping[str, Any], seals: Seals) -> str:
    """Return the secret of a credential in clear; raise `SealBroken`."""
    sealed = base64.b64decode(credential["totp_sealed"])
    return seals.open(sealed, _context(credential["account_id"])).decode()


def make_recovery_codes() -> list[str]:
    """Return new recovery codes: 80 random bits each, so a plain digest is enough to keep."""
    return ["-".join(_group() for _ in range(RECOVERY_GROUPS)) for _ in range(RECOVERY_CODES)]


def recovery_digest(code: str) -> str:
    """Return what is kept of a recovery code, however it was typed."""
    plain = "".join(code.upper().split()).replace("-", "")
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _group() -> str:
    return base64.b32encode(secrets.token_bytes(5)).decode()[:RECOVERY_GROUP]


def _context(account_id: UUID) -> str:
    return f"totp:{account_id}"
