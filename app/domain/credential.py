"""How somebody signed in, and what that way of signing in may be used for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.errors import NotAllowed
from app.domain.key_scope import EVERY_SCOPE, SCOPE_NAMES, KeyScope
from app.domain.roles import Actor


class Means(StrEnum):
    """The three ways to sign in."""

    KEY = "key"
    SESSION = "session"
    OIDC = "oidc"


KEY_PREFIX, SESSION_PREFIX = "bh_", "bhs_"
SESSION_IDLE, SESSION_LIFE = timedelta(minutes=30), timedelta(hours=12)
MEANS_NAMES = {Means.KEY: "接口密钥", Means.SESSION: "密码登录", Means.OIDC: "统一身份认证"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Actor):
    """An actor together with the credential that admitted it."""

    means: Means
    credential_id: UUID
    scopes: frozenset[KeyScope] = EVERY_SCOPE
    must_change_password: bool = False
    until: datetime | None = None

    def counts_at(self, now: datetime) -> bool:
        """Tell whether a credential that knows its own end has not come to it."""
        return self.until is None or now < self.until


def require_scope(actor: Actor, scope: KeyScope | None) -> None:
    """Raise `NotAllowed` unless the credential may be used for this; None stands for what everybody signed in may."""
    if scope is None:
        return
    if not isinstance(actor, SignedIn) or scope not in actor.scopes:
        raise NotAllowed(
            f"当前密钥没有「{SCOPE_NAMES[scope]}」用途（{scope}），请换用有此用途的密钥。", code="scope-missing"
        )
    if actor.must_change_password:
        raise NotAllowed("首次登录须先修改密码：PUT /api/v1/me/password。", code="password-change-required")
