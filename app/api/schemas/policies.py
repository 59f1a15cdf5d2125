"""The rules, as their readers see them."""

from datetime import date

from app.api.schemas.base import Instant, Output, example
from app.domain.clock_kind import CLOCK_NAMES, ClockKind
from app.domain.policy import Level, Policy


class PolicyLine(Output):
    """One published policy."""

    jurisdiction: str
    name: str
    version: str
    effective_on: date
    published_at: Instant


class PoliciesOut(Output):
    """The newest version of every jurisdiction."""

    model_config = example(
        items=[
            {
                "jurisdiction": "gedian",
                "name": "葛店开发区",
                "version": "2021.1",
                "effective_on": "2021-04-19",
                "published_at": "2026-11-22T02:00:00Z",
            }
        ]
    )

    items: list[PolicyLine]


class CodeOut(Output):
    """A code and its name."""

    code: str
    name: str


class CategoryOut(CodeOut):
    """A category with the departments that answer it."""

    lead: str
    supports: list[str]


class LimitOut(Output):
    """A limit with the clause that it comes from. Marks: demanded, hubei, law, practice."""

    clock: ClockKind
    name: str
    level: Level
    limit: str
    clause: str
    mark: str


class TargetOut(Output):
    """A target that a document sets."""

    indicator: str
    name: str
    value: str
    clause: str


class PolicyOut(Output):
    """One policy: what an official recognises as the document."""

    model_config = example(
        jurisdiction="gedian",
        name="葛店开发区",
        version="2021.1",
        effective_on="2021-04-19",
        departments=[{"code": "economy", "name": "经发局"}],
        categories=[{"code": "02", "name": "惠企政策兑现", "lead": "economy", "supports": []}],
        limits=[
            {
                "clock": "handling",
                "name": "办结",
                "level": "ordinary",
                "limit": "5 WD",
                "clause": "葛店开发区……第53条",
                "mark": "demanded",
            }
        ],
        refusals=[{"code": "civil_dispute", "name": "市场主体之间的民事纠纷"}],
        terminations=[],
        redirect_channels=[{"code": "court", "name": "人民法院"}],
        suspension_causes=[],
        defects=[],
        targets=[],
    )

    jurisdiction: str
    name: str
    version: str
    effective_on: date
    departments: list[CodeOut]
    categories: list[CategoryOut]
    limits: list[LimitOut]
    refusals: list[CodeOut]
    terminations: list[CodeOut]
    redirect_channels: list[CodeOut]
    suspension_causes: list[CodeOut]
    defects: list[CodeOut]
    targets: list[TargetOut]


def policy_out(policy: Policy) -> PolicyOut:
    """Return a policy for its readers."""
    lists = (
        "departments",
        "categories",
        "refusals",
        "terminations",
        "redirect_channels",
        "suspension_causes",
        "defects",
    )
    values = {name: list(getattr(policy, name).values()) for name in lists}
    head = {name: getattr(policy, name) for name in ("jurisdiction", "name", "version", "effective_on")}
    targets = [
        TargetOut(indicator=one.indicator, name=one.name, value=one.written, clause=one.clause.chinese)
        for one in policy.targets.values()
    ]
    return PolicyOut.model_validate(
        {**head, **values, "limits": _limits(policy), "targets": targets}, from_attributes=True
    )


def _limits(policy: Policy) -> list[LimitOut]:
    rows = []
    for kind, rule in policy.limits.items():
        for level, entry in rule.entries.items():
            rows.append(
                LimitOut(
                    clock=kind,
                    name=CLOCK_NAMES[kind],
                    level=level,
                    limit=str(entry.limit),
                    clause=entry.clause.chinese,
                    mark=entry.clause.mark,
                )
            )
    return rows
