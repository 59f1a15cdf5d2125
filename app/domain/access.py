"""Reading a confidential appeal: who is told of it, and in which words."""

from typing import Final

from app.domain.roles import ROLE_NAMES, Role

MAY_SEE_ACCESSES: Final = (Role.ENTERPRISE, Role.SUPERVISOR, Role.DISCIPLINE)
OFFICE: Final = "营商环境办公室"
READINGS: Final = {
    "read_appeal": "诉求详情",
    "list_clocks": "全部时限",
    "judge_clocks": "时限认定",
    "read_copy": "匿名副本与原文",
    "read_timeline": "流转记录",
    "list_replies": "答复",
    "list_supervisions": "督办记录",
    "explain_clock": "时限计算说明",
    "list_accesses": "查阅记录",
    "list_attachments": "附件清单",
    "download_attachment": "附件",
}
OTHER_READING: Final = "其他内容"


def roles_in_words(codes: str) -> list[str]:
    """Return the Chinese names of roles that are written as codes with commas between."""
    return [ROLE_NAMES[Role(code)] for code in codes.split(",") if code in Role.__members__.values()]
