"""Every table of the service; importing this package fills `Model.metadata`."""

from app.storage.models.account import AccountRow, ApiKeyRow
from app.storage.models.appeal import AppealRow, EnterpriseRow, appeal_number
from app.storage.models.assignment import AssignmentRow
from app.storage.models.clock import ClockRow
from app.storage.models.event import EventRow, OutboxRow
from app.storage.models.feedback import RatingRow, VisitRow
from app.storage.models.idempotency import IdempotencyRow
from app.storage.models.policy import PolicyRow
from app.storage.models.reply import ReplyRow
from app.storage.models.supervision import SupervisionRow

__all__ = [
    "AccountRow",
    "ApiKeyRow",
    "AppealRow",
    "AssignmentRow",
    "ClockRow",
    "EnterpriseRow",
    "EventRow",
    "IdempotencyRow",
    "OutboxRow",
    "PolicyRow",
    "RatingRow",
    "ReplyRow",
    "SupervisionRow",
    "VisitRow",
    "appeal_number",
]
