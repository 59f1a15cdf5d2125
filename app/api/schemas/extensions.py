"""What is sent to ask for more time and to rule on it."""

from app.api.schemas.base import Flag, Input, Text, WrittenLimit, example


class ExtensionRequest(Input):
    """How much more time, why, and what has been done so far."""

    model_config = example(length="5 WD", reason="须等待银行退汇信息。", progress="已核对公示名单和账号。")

    length: WrittenLimit
    reason: Text
    progress: Text


class ExtensionRuling(Input):
    """Whether the extension is granted."""

    model_config = example(grant=True, reason="情况属实，同意延期一次。")

    grant: Flag
    reason: Text
