"""Files of an appeal: what is sent with one, and what is answered about them."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints, WithJsonSchema

from app.api.schemas.base import Input, Instant, OptionalText, Output, example
from app.domain.attachment import SCAN_NAMES, Attachment, Purpose, Scan

ATTACHMENT_EXAMPLE = {
    "id": "019abc00-0000-7000-8000-000000000005",
    "name": "拨付凭证017.pdf",
    "purpose": "evidence",
    "note": "银行回单",
    "size": 48213,
    "sha256": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
    "type": "application/pdf",
    "uploaded_at": "2026-11-16T02:00:00Z",
    "uploader_name": "葛店某光电有限公司",
    "department": None,
    "scan": "clean",
    "scan_name": "未发现病毒",
    "scan_finding": None,
    "released_at": None,
    "damaged_at": None,
    "deleted_at": None,
}


class ReceivedFile(Input):
    """What the edge has made of the file that was sent: its name and the SHA-256 of its content."""

    name: str
    sha256: str


class AttachmentCreate(Input):
    """A file with what it is for; sent as multipart/form-data, one file a request."""

    model_config = example(file="（文件内容）", purpose="evidence", note="银行回单")

    file: Annotated[
        ReceivedFile,
        WithJsonSchema(
            {
                "type": "string",
                "format": "binary",
                "description": "文件，须带文件名：PDF、OFD、DOCX、XLSX、PNG、JPEG、WebP 或 UTF-8 纯文本。",
            }
        ),
    ]
    purpose: Purpose
    note: Annotated[OptionalText, StringConstraints(max_length=2_000)] = ""


class AttachmentOut(Output):
    """One file of an appeal; a deleted one stays as a tombstone."""

    model_config = example(**ATTACHMENT_EXAMPLE)

    id: UUID
    name: str
    purpose: Purpose
    note: str
    size: int
    sha256: str
    type: str
    uploaded_at: Instant
    uploader_name: str
    department: str | None
    scan: Scan
    scan_name: str
    scan_finding: str | None
    released_at: Instant | None
    damaged_at: Instant | None
    deleted_at: Instant | None


class AttachmentsOut(Output):
    """The files of an appeal that the reader may see, oldest first."""

    model_config = example(items=[ATTACHMENT_EXAMPLE])

    items: list[AttachmentOut]


def attachment_out(attachment: Attachment) -> AttachmentOut:
    """Return an attachment as it is answered."""
    return AttachmentOut(
        type=attachment.media_type,
        scan_name=SCAN_NAMES[attachment.scan],
        **{name: getattr(attachment, name) for name in AttachmentOut.model_fields if name not in COMPUTED},
    )


COMPUTED = frozenset({"type", "scan_name"})
