"""Whether there is room for one more file."""

from dataclasses import dataclass

from app.domain.attachment import MEBIBYTE, AttachmentLimits
from app.domain.attachment_errors import TooLarge


@dataclass(frozen=True, slots=True)
class Used:
    """What is there already: on this side of the appeal, and what the enterprise has uploaded on this office day.

    Deleted files leave their room in the appeal; they stay counted for the day.
    """

    appeal_files: int
    appeal_bytes: int
    day_files: int
    day_bytes: int


def check_room(used: Used, limits: AttachmentLimits, *, size: int) -> None:
    """Refuse what does not fit any more; `size` in bytes."""
    if used.appeal_files >= limits.appeal_files:
        raise _full(f"每件诉求最多上传{limits.appeal_files}个附件，已达上限。")
    if used.appeal_bytes + size > limits.appeal_bytes:
        raise _full(f"每件诉求的附件合计最多{_mebibytes(limits.appeal_bytes)}，这个文件放不下。")
    if used.day_files >= limits.day_files or used.day_bytes + size > limits.day_bytes:
        raise _full(
            f"贵企业今日上传的附件已达上限（{limits.day_files}个、{_mebibytes(limits.day_bytes)}），请明日再上传；"
            "诉求本身可以照常提交。"
        )


def file_too_large(limits: AttachmentLimits) -> TooLarge:
    """Return the refusal of a file that is too large by itself."""
    return TooLarge(f"单个附件最多{_mebibytes(limits.file_bytes)}，请压缩或拆分后重新上传。", code="file-too-large")


def _full(message: str) -> TooLarge:
    return TooLarge(message, code="quota-exceeded")


def _mebibytes(size: int) -> str:
    return f"{size / MEBIBYTE:g} MiB"
