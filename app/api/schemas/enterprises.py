"""Enterprises as they are registered and read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from app.api.schemas.appeals import Uscc
from app.api.schemas.base import Input, Instant, Output, Word, example
from app.api.schemas.verifications import LETTER_EXAMPLE, VerificationOut
from app.domain.letter import VERIFICATION_NAMES, status_of


class EnterpriseCreate(Input):
    """An enterprise by its unified social credit code."""

    model_config = example(name="葛店某光电有限公司", uscc="91421003MA00000152", override_reason=None)

    name: Word
    uscc: Uscc = Field(description="统一社会信用代码（GB 32100）。")
    override_reason: Word | None = Field(default=None, description="校验位不符仍予登记的理由，例如「早期试点代码」。")


class EnterpriseOut(Output):
    """One enterprise. An unverified one files like any other; the flag is for whoever reads its appeals."""

    model_config = example(
        id="019abc00-0000-7000-8000-000000000051",
        name="葛店某光电有限公司",
        uscc="91421003MA00000152",
        uscc_checked=True,
        override_reason=None,
        created_at="2026-11-23T01:30:00Z",
        verification={
            "status": "verified",
            "status_name": "已核验",
            **LETTER_EXAMPLE,
            "verified_at": "2026-11-23T01:40:00Z",
            "withdrawn_at": None,
            "withdrawal_reason": None,
        },
    )

    id: UUID
    name: str
    uscc: str | None
    uscc_checked: bool
    override_reason: str | None
    created_at: Instant
    verification: VerificationOut


def enterprise_out(row: Mapping[str, Any], now: datetime) -> EnterpriseOut:
    """Return an enterprise as it is shown now."""
    status = status_of(row["valid_until"], row["withdrawn_at"], now)
    verification = {**row, "status": status, "status_name": VERIFICATION_NAMES[status]}
    return EnterpriseOut.model_validate({**row, "verification": verification})
