"""Every announcement that there is, and what it is called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EVENT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "appeal.received": "诉求已登记",
        "appeal.supplement_requested": "已要求补充材料",
        "appeal.supplement_link_issued": "已发出补充材料链接",
        "appeal.supplied": "已补充材料",
        "appeal.lapsed": "逾期未补充，视为放弃",
        "appeal.refused": "不予受理",
        "appeal.redirected": "已告知其他渠道",
        "appeal.petition_answered": "信访事项已告知",
        "appeal.merged": "已并入其他诉求",
        "appeal.absorbed": "已吸收其他诉求",
        "appeal.unmerged": "已从合并中分出",
        "appeal.assigned": "已交办",
        "appeal.signed": "承办单位已签收",
        "appeal.contacted": "承办单位已联系企业",
        "appeal.transferred": "已改派",
        "appeal.return_requested": "承办单位申请退回",
        "appeal.sent_back": "已退回派单",
        "appeal.return_denied": "退回未获同意",
        "appeal.extension_requested": "承办单位申请延期",
        "appeal.extension_granted": "延期已批准",
        "appeal.extension_denied": "延期未获批准",
        "appeal.regraded": "难度等级已调整",
        "appeal.support_finished": "协办单位已办结",
        "appeal.reply_drafted": "答复已起草",
        "appeal.replied": "已有进展答复",
        "appeal.resolved": "承办单位已办结",
        "appeal.reviewed": "复核已通过",
        "appeal.rework_ordered": "已要求重办",
        "appeal.visited": "已回访",
        "appeal.rating_link_issued": "已发出评价链接",
        "appeal.rated": "企业已评价",
        "appeal.certified": "领导已认定",
        "appeal.closed": "已销号",
        "appeal.reopened": "已再次提出",
        "appeal.withdrawn": "企业已撤回",
        "appeal.terminated": "已终止办理",
        "appeal.suspended": "已中止计时",
        "appeal.resumed": "已恢复计时",
        "appeal.shelved": "已挂账",
        "appeal.unshelved": "已结束挂账",
        "appeal.supervised": "已督办",
        "appeal.supervision_answered": "督办已答复",
        "appeal.attached": "已上传附件",
        "appeal.detached": "已删除附件",
        "appeal.attachment_released": "附件已向承办单位开放",
        "appeal.attachment_quarantined": "附件发现病毒，已隔离",
        "appeal.copy_corrected": "匿名副本已更正",
        "appeal.unmasked": "联系信息被查看",
        "appeal.contact_deleted": "联系信息已删除",
        "appeal.retention_held": "已依法留存",
        "appeal.retention_released": "已解除留存",
        "appeal.erased": "已按期销毁",
        "clock.warned": "时限临近",
        "clock.breached": "已超期",
        "clock.ordered": "超期督办",
        "clock.ended": "中止期限届满",
        "clock.recounted": "按新的工作日历重算时限",
        "clock.breach_withdrawn": "按新的工作日历撤回超期",
    }
)
PING: Final = "webhook.ping"
"""Sent at the subscriber's wish, and about no appeal."""
VERSION: Final = 1
"""Of what is sent; a change that breaks a reader is a new version."""
