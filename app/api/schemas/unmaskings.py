"""Asking for a contact in clear, and the one answer that holds it."""

from app.api.schemas.base import Input, Output, Text, example
from app.domain.unmasking import UnmaskingPurpose


class Unmasking(Input):
    """What the contact is needed for; the enterprise reads it in its history."""

    model_config = example(purpose="visit", reason="按规定回访，核实办理结果是否满意。")

    purpose: UnmaskingPurpose
    reason: Text


class UnmaskedOut(Output):
    """Who stands behind an appeal. This answer is given once and kept nowhere."""

    model_config = example(
        number="GD-20261116-000123",
        enterprise_name="葛店某光电有限公司",
        uscc="91421003MA00000152",
        contact_name="王会计",
        contact_phone="13900000000",
        version=3,
    )

    number: str
    enterprise_name: str
    uscc: str | None
    contact_name: str | None
    contact_phone: str | None
    version: int
