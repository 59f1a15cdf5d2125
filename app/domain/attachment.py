"""Files that hang on an appeal: what may be attached, how much, and who may see it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.appeal import Appeal
from app.domain.attachment_kind import KINDS, FileKind
from app.domain.confidence import MASKED, is_hidden
from app.domain.errors import Fault, Invalid
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor, Role

MEBIBYTE = 1_048_576


class Purpose(StrEnum):
    """What a file is attached for."""

    EVIDENCE = "evidence"
    SUPPLEMENT = "supplement"
    REPLY = "reply"
    AUTHORISATION = "authorisation"


class Scan(StrEnum):
    """What the virus scanner says; `unscanned`: none was set up when the file came."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


SCAN_NAMES = {
    Scan.PENDING: "待查毒",
    Scan.CLEAN: "未发现病毒",
    Scan.INFECTED: "发现病毒，已隔离",
    Scan.UNSCANNED: "未查毒",
}
FILER_PURPOSES = frozenset({Purpose.EVIDENCE, Purpose.SUPPLEMENT, Purpose.AUTHORISATION})
DEPARTMENT_PURPOSES = frozenset({Purpose.EVIDENCE, Purpose.REPLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLimits:
    """How much may be attached. Each side of an appeal has its own room, so that neither can silence the other."""

    file_bytes: int = 20 * MEBIBYTE
    appeal_files: int = 20
    appeal_bytes: int = 200 * MEBIBYTE
    day_files: int = 200
    day_bytes: int = 1024 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Attachment:
    """One stored file with its facts; `department` is the uploader's, None for the side that filed.

    `relied_on_at`: the first time that somebody else took its content. `passed_at`: when a reply of the appeal last
    passed its review. A deleted attachment stays as a tombstone without content.
    """

    id: UUID
    name: str
    kind: FileKind
    size: int
    sha256: str
    purpose: Purpose
    note: str
    uploader_id: UUID
    uploader_name: str
    department: str | None
    uploaded_at: datetime
    scan: Scan
    scan_finding: str | None
    released_at: datetime | None
    relied_on_at: datetime | None
    damaged_at: datetime | None
    deleted_at: datetime | None
    passed_at: datetime | None = None

    @property
    def media_type(self) -> str:
        """The type that the content is served as: from our list, never what a sender stated."""
        return KINDS[self.kind].media_type

    def may_be_seen_by(self, actor: Actor, appeal: Appeal) -> bool:
        """Tell whether somebody who can read the appeal may also see this file."""
        if is_hidden(appeal, actor):
            return self._seen_without_knowing_the_filer(actor, appeal)
        if actor.has(*OFFICE_ROLES, *DEPARTMENT_ROLES, Role.SYSTEM):
            return True
        return self.purpose is not Purpose.REPLY or self._has_passed()

    def shown_to(self, actor: Actor, appeal: Appeal) -> "Attachment":
        """Return the file as somebody who sees it is told of it: its very name may say who filed in confidence."""
        if not is_hidden(appeal, actor) or self.department is not None or self.uploader_id == actor.id:
            return self
        return replace(self, name=f"附件.{KINDS[self.kind].extensions[0]}", note="", uploader_name=MASKED)

    def _seen_without_knowing_the_filer(self, actor: Actor, appeal: Appeal) -> bool:
        """A file may show who filed in confidence: only a released one is shown, to the accused department none."""
        if self.uploader_id == actor.id or (self.department is not None and self.department == actor.department):
            return True
        if actor.department is not None and actor.department == appeal.accused_department:
            return False
        return self.department is not None or self.released_at is not None

    def _has_passed(self) -> bool:
        """A reply's file is shown to the enterprise when the reply is: once the review has passed."""
        return self.passed_at is not None and self.passed_at >= self.uploaded_at


def check_purpose(purpose: Purpose, actor: Actor) -> None:
    """Only departments reply, only the side that filed supplements and authorises."""
    fitting = DEPARTMENT_PURPOSES if actor.has(*DEPARTMENT_ROLES) else FILER_PURPOSES
    if purpose not in fitting:
        listed = "、".join(one for one in Purpose if one in fitting)
        raise Invalid("这类用途不由您上传。", Fault("purpose", f"应为下列之一：{listed}"))
