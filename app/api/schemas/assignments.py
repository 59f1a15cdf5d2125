"""What is sent to dispatch an appeal, and to hand an assignment back or on."""

from pydantic import Field

from app.api.schemas.base import Code, Flag, Input, OptionalText, Text, Word, example
from app.domain.policy import Level


class DispatchOrder(Input):
    """Which departments get the appeal; left out, the routing list decides."""

    model_config = example(
        lead=None, supports=[], level="ordinary", opinion="请核实到账情况，限期答复企业。", reason=""
    )

    lead: Code | None = None
    supports: list[Code] = Field(default=[], max_length=10)
    level: Level | None = None
    category: Code | None = None
    opinion: OptionalText = ""
    reason: OptionalText = Field(default="", description="与分类的承办清单不一致时必填。")


class ReturnRequest(Input):
    """Why the department cannot handle the appeal, on what basis, and who should."""

    model_config = example(reason="本单位无此项职责。", basis="三定规定第三条", department="finance")

    reason: Text
    basis: Text
    department: Code


class ReturnRuling(Input):
    """Whether the return is agreed to; then to whom, else why not."""

    model_config = example(uphold=True, department="finance", reason="同意退回，改派财金局。")

    uphold: Flag
    department: Code | None = None
    reason: Text


class Transfer(Input):
    """To which department an assignment moves, and why."""

    model_config = example(department="finance", reason="职责调整。")

    department: Code
    reason: Text


class Contact(Input):
    """How and about what the department has spoken to the enterprise."""

    model_config = example(way="电话", note="已与王会计通话，核实到账日期。")

    way: Word
    note: Text
