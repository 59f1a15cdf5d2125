"""Enterprises and their appeals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Sequence, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.appeal import AppealKind, AppealStatus, Hold, Outcome
from app.domain.policy import Level
from app.storage.base import Model, one_of

NUMBERS_PER_BLOCK = 10
"""Case numbers that a process takes from the sequence at once; what it does not use leaves a gap."""

appeal_number = Sequence("appeal_number", metadata=Model.metadata, increment=NUMBERS_PER_BLOCK)


class EnterpriseRow(Model):
    """An enterprise that files appeals."""

    __tablename__ = "enterprise"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    uscc: Mapped[str | None] = mapped_column(unique=True)
    uscc_checked: Mapped[bool]
    override_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    registered_by: Mapped[UUID | None]
    registered_in: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))


class AppealRow(Model):
    """One appeal. The text is stored out of line, so that lists and scans stay narrow.

    `contact_name` and `contact_phone` hold what was written before contacts were sealed; nothing new goes there.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        one_of("status", AppealStatus),
        one_of("hold", Hold),
        one_of("level", Level),
        one_of("outcome", Outcome),
        one_of("kind", AppealKind),
        Index("uq_appeal_channel_external_number", "channel", "external_number", unique=True),
        Index("ix_appeal_received_at", "received_at", "id"),
        Index("ix_appeal_jurisdiction_received_at", "jurisdiction", "received_at", "id"),
        Index("ix_appeal_enterprise_id_received_at", "enterprise_id", "received_at", "id"),
        Index(
            "ix_appeal_jurisdiction_due_at", "jurisdiction", "due_at", "id", postgresql_where=text("status <> 'closed'")
        ),
        Index("ix_appeal_due_at", "due_at", "id", postgresql_where=text("status <> 'closed'")),
        Index("ix_appeal_jurisdiction_status_received_at", "jurisdiction", "status", "received_at", "id"),
        Index(
            "ix_appeal_jurisdiction_lead_department_received_at", "jurisdiction", "lead_department", "received_at", "id"
        ),
        Index("ix_appeal_channel_received_at", "channel", "received_at", "id"),
        Index("ix_appeal_master_id", "master_id", postgresql_where=text("master_id IS NOT NULL")),
        Index("ix_appeal_reopens_id", "reopens_id", postgresql_where=text("reopens_id IS NOT NULL")),
        Index("ix_appeal_policy_id", "policy_id"),
        Index(
            "ix_appeal_contact_phone_index",
            "contact_phone_index",
            postgresql_where=text("contact_phone_index IS NOT NULL"),
        ),
        Index(
            "ix_appeal_contact_name_index",
            "contact_name_index",
            postgresql_where=text("contact_name_index IS NOT NULL"),
        ),
        Index(
            "ix_appeal_closed_at",
            "closed_at",
            "id",
            postgresql_where=text("closed_at IS NOT NULL AND erased_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    jurisdiction: Mapped[str]
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policy.id"))
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    channel: Mapped[str]
    external_number: Mapped[str | None]
    title: Mapped[str]
    kind: Mapped[str]
    category: Mapped[str]
    petition: Mapped[bool]
    confidential: Mapped[bool]
    retaliation: Mapped[bool]
    accused_department: Mapped[str | None]
    received_at: Mapped[datetime]
    filed_at: Mapped[datetime]
    departments: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    paper_received_on: Mapped[date | None]
    track: Mapped[str | None]
    status: Mapped[str]
    hold: Mapped[str]
    level: Mapped[str]
    round: Mapped[int]
    outcome: Mapped[str | None]
    result_type: Mapped[str | None]
    lead_department: Mapped[str | None]
    due_at: Mapped[datetime | None]
    due_day: Mapped[date | None]
    provisional: Mapped[bool]
    overdue: Mapped[bool]
    supervised: Mapped[bool]
    rung: Mapped[int | None]
    hollow_reply: Mapped[bool]
    supplement_requested: Mapped[bool]
    return_count: Mapped[int]
    designated: Mapped[bool]
    extension_asked: Mapped[str | None]
    extension_count: Mapped[int]
    rework_count: Mapped[int]
    satisfied: Mapped[bool | None]
    certified: Mapped[bool]
    last_approver_id: Mapped[UUID | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    master_id: Mapped[UUID | None] = mapped_column(ForeignKey("appeal.id"))
    reopens_id: Mapped[UUID | None] = mapped_column(ForeignKey("appeal.id"))
    version: Mapped[int]
    event_count: Mapped[int]
    chain_head: Mapped[str]
    updated_at: Mapped[datetime | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_sealed: Mapped[bytes | None]
    contact_phone_index: Mapped[str | None]
    contact_name_index: Mapped[str | None]
    text: Mapped[str]
    anonymised_title: Mapped[str | None]
    anonymised_text: Mapped[str | None]
    retention_hold: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    erased_by: Mapped[str | None]
    erased_rule: Mapped[str | None]
