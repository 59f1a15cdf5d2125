"""Passwords with their second factor, and what was tried in vain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Model


class CredentialRow(Model):
    """The login of a person: an argon2id hash, a sealed TOTP secret, digests of recovery codes."""

    __tablename__ = "credential"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), unique=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    must_change: Mapped[bool]
    changed_at: Mapped[datetime]
    totp_sealed: Mapped[str | None]
    totp_enabled_at: Mapped[datetime | None]
    totp_step: Mapped[int | None]
    recovery_digests: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))


class SignInFailureRow(Model):
    """How often one login was tried in vain from one address; of both only a digest is kept."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_failed_at", "failed_at"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    blocked_until: Mapped[datetime]
