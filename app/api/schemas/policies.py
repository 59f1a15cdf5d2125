"""The rules, as their readers see them."""

from datetime import date

from app.api.schemas.base import Instant, Output, example
from app.domain.appeal import AppealStatus
from app.domain.clock_kind import CLOCK_NAMES, STATUTORY_CLOCKS, ClockKind
from app.domain.commitment import BASIS_NAMES, Basis
from app.domain.lifecycle import TRANSITIONS
from app.domain.policy import Level, Policy
from app.domain.track import TrackLimit


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


class CommitmentOut(CodeOut):
    """A service commitment that an appeal may cite; only a `promise` can be broken by a single case."""

    limit: str
    limit_text: str
    starts: str
    ends: str
    basis: Basis
    basis_name: str
    excludes: str
    clause: str
    mark: str


class TrackLimitOut(Output):
    """A limit that a law sets, from one move of the process to another."""

    kind: ClockKind
    name: str
    limit: str
    limit_text: str
    starts: str
    ends: str
    clause: str
    mark: str


class TrackOut(CodeOut):
    """A statutory track that a filer may state; `categories` suggest it and never set it."""

    categories: list[str]
    limits: list[TrackLimitOut]


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
        commitments=[
            {
                "code": "power_household",
                "name": "居民用户办电",
                "limit": "2 WD",
                "limit_text": "2个工作日",
                "starts": "提出正式用电申请",
                "ends": "完成装表接电",
                "basis": "promise",
                "basis_name": "承诺",
                "excludes": "",
                "clause": "葛店开发区……第5条",
                "mark": "demanded",
            }
        ],
        tracks=[
            {
                "code": "arrears",
                "name": "拖欠中小企业账款投诉",
                "categories": ["03"],
                "limits": [
                    {
                        "kind": "statutory_transfer",
                        "name": "法定转送",
                        "limit": "10 WD",
                        "limit_text": "10个工作日",
                        "starts": "受理登记",
                        "ends": "交办，或者诉求销号",
                        "clause": "国务院《保障中小企业款项支付条例》……第25条",
                        "mark": "law",
                    }
                ],
            }
        ],
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
    commitments: list[CommitmentOut]
    tracks: list[TrackOut]


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
    named = {"limits": _limits(policy), "commitments": _commitments(policy), "tracks": _tracks(policy)}
    return PolicyOut.model_validate({**head, **values, **named, "targets": targets}, from_attributes=True)


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


def _commitments(policy: Policy) -> list[CommitmentOut]:
    return [
        CommitmentOut(
            code=one.code,
            name=one.name,
            limit=str(one.limit),
            limit_text=one.limit.chinese,
            starts=one.starts,
            ends=one.ends,
            basis=one.basis,
            basis_name=BASIS_NAMES[one.basis],
            excludes=one.excludes,
            clause=one.clause.chinese,
            mark=one.clause.mark,
        )
        for one in policy.commitments.values()
    ]


def _tracks(policy: Policy) -> list[TrackOut]:
    return [
        TrackOut(
            code=one.code,
            name=one.name,
            categories=list(one.categories),
            limits=[_track_limit(one.limits[kind]) for kind in STATUTORY_CLOCKS if kind in one.limits],
        )
        for one in policy.tracks.values()
    ]


def _track_limit(one: TrackLimit) -> TrackLimitOut:
    return TrackLimitOut(
        kind=one.kind,
        name=CLOCK_NAMES[one.kind],
        limit=str(one.limit),
        limit_text=one.limit.chinese,
        starts=_start_name(one),
        ends=_end_name(one),
        clause=one.clause.chinese,
        mark=one.clause.mark,
    )


def _start_name(one: TrackLimit) -> str:
    """Name the move that starts a statutory clock."""
    return next(row.name for row in TRANSITIONS if one.kind in row.starts and row.to == one.starts.value)


def _end_name(one: TrackLimit) -> str:
    """Name the move that stops a statutory clock; closing the appeal stops every clock."""
    answering = next(row.name for row in TRANSITIONS if one.kind in row.stops and row.to is not AppealStatus.CLOSED)
    return f"{answering}，或者诉求销号"
