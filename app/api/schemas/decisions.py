"""What is sent to refuse, redirect, merge or end an appeal."""

from app.api.schemas.base import Code, Input, OptionalText, Text, Word, example
from app.domain.appeal import ReplyKind


class Notice(Input):
    """A decision on a listed ground, with the written notice to the enterprise."""

    model_config = example(
        reason_code="civil_dispute", notice="所反映事项属市场主体之间的合同纠纷，请通过仲裁或诉讼解决。"
    )

    reason_code: Code
    notice: Text


class Termination(Notice):
    """Ending an open appeal on a ground of the stop list, with the written notice to the enterprise."""

    model_config = example(reason_code="settled", notice="双方已经和解，经企业同意终止办理。")


class Redirection(Input):
    """Where the matter belongs, with the written notice to the enterprise."""

    model_config = example(channel="court", notice="该事项已进入诉讼程序，请向受理法院反映。")

    channel: Code
    notice: Text


class Merger(Input):
    """Which appeal this one is merged into."""

    model_config = example(into="GD-20261116-000120", reason="同一企业就同一事项重复反映。")

    into: Word
    reason: Text


class Reason(Input):
    """A reason, in words."""

    model_config = example(reason="已与企业核实，情况如上。")

    reason: Text


class Note(Input):
    """A note, which may be empty."""

    model_config = example(note="已核对附件和联系记录。")

    note: OptionalText = ""


NO_NOTE = Note()
"""What stands for a request without a body."""


class Reopening(Input):
    """Why a closed appeal is taken up again, and what is new."""

    model_config = example(reason="款项被退回，问题重现。", text="11月25日款项因账号错误被退回，至今未再拨付。")

    reason: Text
    text: Text


class PetitionAnswer(Input):
    """What the dispatching office answers to a petition that it has redirected."""

    model_config = example(kind="procedural", text="您反映的事项已转至受理法院，可凭转办单号查询进展。")

    kind: ReplyKind
    text: Text
