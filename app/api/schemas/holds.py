"""What is sent to suspend, shelve or regrade an appeal."""

from app.api.schemas.base import Code, Day, Input, Text, example
from app.domain.policy import Level


class Suspension(Input):
    """A listed cause, with what proves it."""

    model_config = example(cause="statutory_step", evidence="专家评审通知〔2026〕12号")

    cause: Code
    evidence: Text


class Regrade(Input):
    """The level to raise to, and why."""

    model_config = example(level="difficult", reason="涉及三个部门，须现场核查。")

    level: Level
    reason: Text


class Shelving(Input):
    """The plan of a long-term matter and the day of its first milestone."""

    model_config = example(
        plan="12月15日前完成权属核查，次年一季度提请专题会议。",
        milestone_on="2026-12-15",
        reason="历史遗留问题，涉及原企业改制。",
    )

    plan: Text
    milestone_on: Day
    reason: Text
