"""A question to the deadline calculator, and its answer."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.api.schemas.base import Code, Input, Instant, Output, example
from app.api.schemas.clauses import ClauseOut, clause_values
from app.api.schemas.explanations import (
    ExplainedDayOut,
    ExplainedExtensionOut,
    ExplainedPauseOut,
    ExplainedSwitchOut,
    NoticeOut,
    explanation_parts,
)
from app.domain.clock_kind import ClockKind
from app.domain.explanation import origin_sentence
from app.domain.policy import Level
from app.services.calculator import Calculation, Question

# A plus sign that was not escaped arrives as a space, which stands nowhere else between minutes and an offset.
_LOST_PLUS = re.compile(r"(?<=:\d\d)((?:\.\d+)?) (?=\d\d:?\d\d(?:$|/))")
_RECEIVED, _PAUSE = "2024-09-27T10:15+08:00", "2024-09-29T09:00+08:00/2024-09-30T09:00+08:00"


def _with_plus(text: object) -> object:
    return _LOST_PLUS.sub(r"\1+", text) if isinstance(text, str) else text


WrittenTime = Annotated[str, BeforeValidator(_with_plus)]


class CalculatorQuery(Input):
    """The parameters of one question; a misspelt one is refused, for it would silently give another date."""

    received: WrittenTime = Field(
        description="收到时间，ISO 8601，须带时区；2007年至2100年之间。", examples=[_RECEIVED]
    )
    limit: str | None = Field(
        default=None,
        description="期限：5 WD（工作日）、0.5 WD、7 d（自然日）、3 m（月）、2 h（小时）、3 WH（工作小时）；"
        "最长3660日或工作日，或者相当的小时数、月数。与 clock 二者择一。",
        examples=["5 WD"],
    )
    pause: list[WrittenTime] = Field(
        default_factory=list, description="一次已恢复的暂停，写作「起/止」，可重复，最多50次。", examples=[[_PAUSE]]
    )
    extension: list[str] = Field(
        default_factory=list, description="一次延长的期限，可重复，最多20次。", examples=[["3 WD"]]
    )
    switch: list[str] = Field(
        default_factory=list,
        description="本地规则，可重复：deemed_receipt（休息日或下班后收到的视为次一工作日收到）、"
        "close_of_business（最后一日计至下班）。",
        examples=[["deemed_receipt"]],
    )
    jurisdiction: Code | None = Field(
        default=None, description="辖区代码：按其工作日历计算；与 clock 同用时必填。", examples=["gedian"]
    )
    clock: ClockKind | None = Field(
        default=None,
        description="时限种类：从该辖区收到之日有效的规则包选取期限、条款与本地规则。与 limit 二者择一。",
        examples=["handling"],
    )
    level: Level | None = Field(
        default=None, description="难易程度，只与 clock 同用；缺省为 ordinary。", examples=["ordinary"]
    )
    track: Code | None = Field(
        default=None, description="法定期限类别，只与法定期限的 clock 同用，此时必填。", examples=["arrears"]
    )
    explain: bool = Field(default=True, description="是否逐日说明。", examples=[True])

    @property
    def question(self) -> Question:
        """The question as the service takes it."""
        return Question(
            received=self.received,
            limit=self.limit,
            jurisdiction=self.jurisdiction,
            clock=self.clock,
            level=self.level,
            track=self.track,
            pauses=self.pause,
            extensions=self.extension,
            switches=self.switch,
            explain=self.explain,
        )


class CalculationOut(Output):
    """When it is due and why; the lists are empty where no explanation was asked for."""

    model_config = example(
        due_day="2024-10-10",
        due_at="2024-10-10T16:00:00Z",
        provisional=False,
        limit="5 WD",
        limit_text="5个工作日",
        clause={
            "text": "葛店开发区党工委《关于以市场主体需求为导向打造一流营商环境的实施方案》第53条",
            "words": "一般问题5个工作日、疑难问题15个工作日办结",
            "standing": "issued",
            "mark": "demanded",
        },
        calendar_version="CN-2026-1a2b3c4d",
        sentences=["期限为5个工作日：只计工作日，周末与放假日不计，调休上班日计入。"],
        days=[
            {
                "day": "2024-09-29",
                "weekday": "周日",
                "kind": "make_up",
                "name": "国庆节",
                "counted": True,
                "ordinal": 1,
                "minutes": None,
                "why": "调休上班日（国庆节），第1个工作日",
            }
        ],
        notices=[
            {
                "year": 2024,
                "number": "国办发明电〔2023〕7号",
                "title": "国务院办公厅关于2024年部分节假日安排的通知",
                "url": "",
            }
        ],
        pauses=[],
        extensions=[],
        switches=[],
    )

    due_day: date
    due_at: Instant
    provisional: bool
    limit: str
    limit_text: str
    clause: ClauseOut | None
    calendar_version: str
    sentences: list[str]
    days: list[ExplainedDayOut]
    notices: list[NoticeOut]
    pauses: list[ExplainedPauseOut]
    extensions: list[ExplainedExtensionOut]
    switches: list[ExplainedSwitchOut]


def calculation_out(calculation: Calculation) -> CalculationOut:
    """Return the answer of the calculator; its last sentence names the clause."""
    due, clause, limit = calculation.due, calculation.clause, calculation.promise.limit
    parts = explanation_parts(calculation.explanation)
    if calculation.explanation:
        parts["sentences"] = [*calculation.explanation.sentences, origin_sentence(clause.chinese if clause else None)]
    return CalculationOut.model_validate(
        {
            "due_day": due.day,
            "due_at": due.at,
            "provisional": due.provisional,
            "limit": str(limit),
            "limit_text": limit.chinese,
            "clause": clause_values(clause),
            "calendar_version": calculation.calendar_version,
            **parts,
        },
        from_attributes=True,
    )
