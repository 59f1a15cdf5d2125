"""How far it is known who speaks for an enterprise."""

from datetime import date
from typing import Any

from pydantic import Field

from app.api.schemas.base import Day, Input, Instant, Output, Word, example
from app.domain.letter import Letter, VerificationStatus

LETTER_EXAMPLE: dict[str, Any] = {
    "document_number": "授字〔2026〕17号",
    "issued_on": "2026-11-02",
    "valid_until": "2027-11-01",
    "authorised": "李会计",
}


class VerificationCreate(Input):
    """The authorisation letter that was looked at."""

    model_config = example(**LETTER_EXAMPLE)

    document_number: Word
    issued_on: Day
    valid_until: Day
    authorised: Word = Field(description="被授权的经办人。")

    def stated(self) -> Letter:
        """Return the letter."""
        return Letter(self.document_number, self.issued_on, self.valid_until, self.authorised)


class VerificationOut(Output):
    """The newest letter and what it comes to now; without one only the status says so."""

    status: VerificationStatus
    status_name: str
    document_number: str | None
    issued_on: date | None
    valid_until: date | None
    authorised: str | None
    verified_at: Instant | None
    withdrawn_at: Instant | None
    withdrawal_reason: str | None
