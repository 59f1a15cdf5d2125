"""A service commitment that an appeal cites: as it is stated, and what it came to."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from app.api.schemas.base import Code, Input, Instant, Output, Text, WrittenInstant, example
from app.api.schemas.explanations import ExplainedDayOut
from app.domain.citation import Citation, verdict_name
from app.domain.commitment import BASIS_NAMES, Basis
from app.domain.policy import Policy
from app.domain.verdict import CitationVerdict

EVIDENCE_LENGTH = 2000
"""Characters that the description of the papers may have."""

MOST_PAUSES = 50


def _short(text: str) -> str:
    if len(text) > EVIDENCE_LENGTH:
        raise ValueError(f"最多{EVIDENCE_LENGTH}个字")
    return text


class StatedPause(Input):
    """A stretch that does not count."""

    started_at: WrittenInstant
    ended_at: WrittenInstant


class CitationCreate(Input):
    """Which commitment is cited, when the service started and ended, and the papers that prove it."""

    model_config = example(
        commitment="power_household",
        started_at="2026-11-09T09:00:00+08:00",
        evidence="供电公司业务受理单（2026年11月9日）",
    )

    commitment: Code = Field(description="承诺编码，见 /api/v1/policies/{jurisdiction} 的 commitments。")
    started_at: WrittenInstant
    ended_at: WrittenInstant | None = Field(default=None, description="尚未办结的不填。")
    pauses: tuple[StatedPause, ...] = Field(
        default=(), max_length=MOST_PAUSES, description="不计入的时间，按先后排列，如用户自建工程。"
    )
    evidence: Annotated[Text, AfterValidator(_short)] = Field(
        description="证明起止时间的材料。", json_schema_extra={"maxLength": EVIDENCE_LENGTH}
    )

    def stated(self) -> Citation:
        """Return the citation as the process takes it."""
        pauses = tuple((pause.started_at, pause.ended_at) for pause in self.pauses)
        return Citation(self.commitment, self.started_at, self.evidence, self.ended_at, pauses)


CITATION_EXAMPLE = {
    "commitment": "power_household",
    "name": "居民用户办电",
    "limit": "2 WD",
    "limit_text": "2个工作日",
    "basis": "promise",
    "basis_name": "承诺",
    "starts": "提出正式用电申请",
    "ends": "完成装表接电",
    "excludes": "",
    "started_at": "2026-11-09T01:00:00Z",
    "ended_at": None,
    "pauses": [],
    "evidence": "供电公司业务受理单（2026年11月9日）",
    "due_day": "2026-11-11",
    "due_at": "2026-11-11T16:00:00Z",
    "provisional": False,
    "verdict": "breached",
    "verdict_name": "超过承诺时限",
    "late_by": 3,
    "sentences": ["至提交诉求时（2026年11月16日（周一）09:30）尚未办结：超过承诺时限，晚于到期日3个工作日。"],
    "days": [],
    "clause": "葛店开发区《关于以市场主体需求为导向打造一流营商环境的实施方案》第5条",
    "mark": "demanded",
    "policy": "葛店开发区 2025.1",
    "calendar_version": "CN-2026-1a2b3c4d",
    "computed_at": "2026-11-16T01:30:00Z",
}


class CitationOut(Output):
    """The cited commitment and the verdict as it was computed at the filing; it is never computed again."""

    model_config = example(**CITATION_EXAMPLE)

    commitment: str
    name: str
    limit: str
    limit_text: str
    basis: Basis
    basis_name: str
    starts: str
    ends: str
    excludes: str
    started_at: Instant
    ended_at: Instant | None
    pauses: list[tuple[Instant, Instant]]
    evidence: str
    due_day: date
    due_at: Instant
    provisional: bool
    verdict: CitationVerdict
    verdict_name: str
    late_by: int | None
    sentences: list[str]
    days: list[ExplainedDayOut]
    clause: str
    mark: str
    policy: str
    calendar_version: str
    computed_at: Instant


def citation_out(row: Mapping[str, Any], policy: Policy) -> CitationOut:
    """Return a stored citation with its clause, from the policy that the appeal pins."""
    cited = policy.commitment(row["commitment"])
    return CitationOut.model_validate(
        {
            **row,
            "limit": str(cited.limit),
            "limit_text": cited.limit.chinese,
            "basis": cited.basis,
            "basis_name": BASIS_NAMES[cited.basis],
            "starts": cited.starts,
            "ends": cited.ends,
            "excludes": cited.excludes,
            "verdict_name": verdict_name(CitationVerdict(row["verdict"]), cited.basis),
            "clause": cited.clause.chinese,
            "mark": cited.clause.mark,
            "policy": f"{policy.name} {policy.version}",
        }
    )
