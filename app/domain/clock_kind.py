"""The clock kinds of the process, one row each: a policy pack gives each its limit and clause."""

from enum import StrEnum


class ClockKind(StrEnum):
    """One promise that a clock keeps; numbers in comments are the catalogue's C-numbers."""

    ACCEPTANCE = "acceptance"
    SIGN = "sign"
    CONTACT = "contact"
    RETURN_RULING = "return_ruling"
    HANDLING = "handling"
    DEPARTMENT_ANSWER = "department_answer"
    MILESTONE = "milestone"
    PROCEDURAL_REPLY = "procedural_reply"
    SUBSTANTIVE_REPLY = "substantive_reply"
    REVIEW = "review"
    FEEDBACK = "feedback"
    REWORK = "rework"
    BAD_RATING_CONTACT = "bad_rating_contact"
    BAD_RATING_RECTIFICATION = "bad_rating_rectification"
    SUPPLEMENT = "supplement"
    SUPERVISION_ANSWER = "supervision_answer"
    OBJECTION = "objection"
    STATUTORY_ACCEPTANCE = "statutory_acceptance"
    STATUTORY_TRANSFER = "statutory_transfer"
    STATUTORY_DECISION = "statutory_decision"
    STATUTORY_MAXIMUM = "statutory_maximum"


CLOCK_NAMES = {
    ClockKind.ACCEPTANCE: "受理审查",
    ClockKind.SIGN: "签收",
    ClockKind.CONTACT: "首次联系企业",
    ClockKind.RETURN_RULING: "退单裁定",
    ClockKind.HANDLING: "办结",
    ClockKind.DEPARTMENT_ANSWER: "承办单位反馈",
    ClockKind.MILESTONE: "挂账攻坚节点",
    ClockKind.PROCEDURAL_REPLY: "程序性回复",
    ClockKind.SUBSTANTIVE_REPLY: "实体性答复",
    ClockKind.REVIEW: "复核",
    ClockKind.FEEDBACK: "反馈并听取意见",
    ClockKind.REWORK: "重办",
    ClockKind.BAD_RATING_CONTACT: "差评回访",
    ClockKind.BAD_RATING_RECTIFICATION: "差评整改",
    ClockKind.SUPPLEMENT: "企业补正",
    ClockKind.SUPERVISION_ANSWER: "督办回复",
    ClockKind.OBJECTION: "企业异议期",
    ClockKind.STATUTORY_ACCEPTANCE: "法定受理",
    ClockKind.STATUTORY_TRANSFER: "法定转送",
    ClockKind.STATUTORY_DECISION: "法定办结",
    ClockKind.STATUTORY_MAXIMUM: "法定最长期限",
}

STATUTORY_CLOCKS = (
    ClockKind.STATUTORY_ACCEPTANCE,
    ClockKind.STATUTORY_TRANSFER,
    ClockKind.STATUTORY_DECISION,
    ClockKind.STATUTORY_MAXIMUM,
)
"""Limits that a law sets for one class of appeals (C20–C23): they run beside the shorter promises."""
