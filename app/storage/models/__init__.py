"""Every table of the service; importing this package fills `Model.metadata`."""

from app.storage.models.access import AccessRow
from app.storage.models.account import AccountRow, ApiKeyRow
from app.storage.models.act import ActRow
from app.storage.models.anchor import AnchorRow
from app.storage.models.appeal import AppealRow, EnterpriseRow, appeal_number
from app.storage.models.assignment import AssignmentRow
from app.storage.models.attachment import AttachmentRow
from app.storage.models.calendar import CalendarRow
from app.storage.models.citation import CitationRow
from app.storage.models.clock import ClockRow
from app.storage.models.credential import CredentialRow, SignInFailureRow
from app.storage.models.delivery import DeliveryAttemptRow, DeliveryRow
from app.storage.models.enterprise import VerificationRow
from app.storage.models.event import EventRow
from app.storage.models.feedback import RatingRow, VisitRow
from app.storage.models.idempotency import IdempotencyRow
from app.storage.models.identity import IdentityRow
from app.storage.models.link import SupplementLinkRow
from app.storage.models.outbox import OutboxRow
from app.storage.models.policy import PolicyRow
from app.storage.models.publication import PublicationRow
from app.storage.models.reply import ReplyRow
from app.storage.models.session import SessionRow
from app.storage.models.subscription import SubscriptionRow
from app.storage.models.supervision import SupervisionRow

__all__ = [
    "AccessRow",
    "AccountRow",
    "ActRow",
    "AnchorRow",
    "ApiKeyRow",
    "AppealRow",
    "AssignmentRow",
    "AttachmentRow",
    "CalendarRow",
    "CitationRow",
    "ClockRow",
    "CredentialRow",
    "DeliveryAttemptRow",
    "DeliveryRow",
    "EnterpriseRow",
    "EventRow",
    "IdempotencyRow",
    "IdentityRow",
    "OutboxRow",
    "PolicyRow",
    "PublicationRow",
    "RatingRow",
    "ReplyRow",
    "SessionRow",
    "SignInFailureRow",
    "SubscriptionRow",
    "SupervisionRow",
    "SupplementLinkRow",
    "VerificationRow",
    "VisitRow",
    "appeal_number",
]
