"""Signing in, and what is signed in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field, SecretStr

from app.api.schemas.base import Input, Instant, Output, Word, example
from app.domain.credential import SESSION_IDLE, SignedIn

LONGEST_TYPED = 200
SESSION_EXAMPLE = {
    "id": "019abc00-0000-7000-8000-000000000031",
    "address": "10.8.0.17",
    "created_at": "2026-11-23T01:30:00Z",
    "expires_at": "2026-11-23T13:30:00Z",
    "last_used_at": "2026-11-23T02:05:00Z",
    "current": True,
}
IDLE_MINUTES = int(SESSION_IDLE.total_seconds()) // 60
Typed = SecretStr


class SignIn(Input):
    """A login with its password, and a code where a second factor is enabled."""

    model_config = example(login="zhang.san", password="三月的江水向东流2026", code="492039")

    login: Word
    password: Typed = Field(min_length=1, max_length=LONGEST_TYPED)
    code: str = Field(default="", max_length=40, description="二次验证码，或一个恢复码；未启用时留空。")


class SessionCreated(Output):
    """A new session; the token is shown this once and sent as `Authorization: Bearer`."""

    model_config = example(
        token="bhs_3q2-7wX…", expires_at="2026-11-23T13:30:00Z", idle_minutes=IDLE_MINUTES, must_change_password=False
    )

    token: str
    expires_at: Instant
    idle_minutes: int
    must_change_password: bool


class SessionOut(Output):
    """One of one's own sessions."""

    model_config = example(**SESSION_EXAMPLE)

    id: UUID
    address: str | None
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant
    current: bool


class SessionsOut(Output):
    """One's own sessions that have not ended, newest first."""

    model_config = example(items=[SESSION_EXAMPLE])

    items: list[SessionOut]


class SessionEnded(Output):
    """A session that has ended."""

    model_config = example(id=SESSION_EXAMPLE["id"], revoked_at="2026-11-23T02:30:00Z")

    id: UUID
    revoked_at: Instant


class PasswordChange(Input):
    """The password that counts, and the one that is to count."""

    model_config = example(current="首次口令-7f3a9c", new="三月的江水向东流2026")

    current: Typed = Field(min_length=1, max_length=LONGEST_TYPED)
    new: Typed = Field(min_length=1, max_length=LONGEST_TYPED, description="至少12个字符，不含登录名，不是常见密码。")


class PasswordChanged(Output):
    """The new password counts; every other session has ended."""

    model_config = example(changed_at="2026-11-23T01:35:00Z")

    changed_at: Instant


class PasswordGrant(Input):
    """A first password for an account; the login is needed the first time only."""

    model_config = example(login="zhang.san")

    login: Word | None = None


class PasswordGranted(Output):
    """A password made by chance; it is shown this once and changed at the first sign-in."""

    model_config = example(login="zhang.san", password="pXk3…")

    login: str
    password: str


class FactorBegun(Output):
    """The secret of a second factor, for an authenticator; it is shown this once."""

    model_config = example(secret="JBSWY3DPEHPK3PXP…", uri="otpauth://totp/…")

    secret: str
    uri: str


class FactorCode(Input):
    """A code that the authenticator shows."""

    model_config = example(code="492039")

    code: str = Field(min_length=6, max_length=10)


class FactorConfirmed(Output):
    """The second factor counts; the recovery codes are shown this once, each is good once."""

    model_config = example(recovery_codes=["QV3T-7XKA-MM2P-J5LC"])

    recovery_codes: list[str]


class FactorRemoval(Input):
    """Password, and a last code or recovery code."""

    model_config = example(password="三月的江水向东流2026", code="492039")

    password: Typed = Field(min_length=1, max_length=LONGEST_TYPED)
    code: str = Field(min_length=1, max_length=40)


class FactorRemoved(Output):
    """Signing in takes the password alone again."""

    model_config = example(second_factor=False)

    second_factor: bool


def session_out(row: Mapping[str, Any], actor: SignedIn) -> SessionOut:
    """Return one session as its owner sees it."""
    return SessionOut.model_validate({**row, "current": row["id"] == actor.credential_id})


def session_ended(row: Mapping[str, Any]) -> SessionEnded:
    """Return which session has ended, and when."""
    return SessionEnded(id=row["id"], revoked_at=row["revoked_at"])
