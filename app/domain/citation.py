"""Citing a service commitment: what a filer states of one case, and what it comes to on the day of filing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from app.domain.calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar
from app.domain.clock import (
    Due,
    Pause,
    Promise,
    Switch,
    compute_due,
    is_breached,
    start_of_day,
    working_days_used,
)
from app.domain.commitment import BASIS_NAMES, FIGURE_NAMES, Basis, Commitment
from app.domain.counting import is_countable, require_aware
from app.domain.errors import Fault, Invalid
from app.domain.explanation import ExplainedDay, chinese_instant, explain
from app.domain.verdict import CitationVerdict

MOST_PAUSED = timedelta(days=3 * 366)
"""The longest that the pauses of a citation may be together: the explanation has a line for each of their days."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a filer states: which commitment, when it started and ended, and the papers that prove the dates.

    `pauses` are the half-open stretches that do not count, in order.
    """

    commitment: str
    started_at: datetime
    evidence: str
    ended_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def instants(self) -> dict[str, tuple[datetime, ...]]:
        """Every instant that is stated, by the field that states it."""
        ended = () if self.ended_at is None else (self.ended_at,)
        return {"started_at": (self.started_at,), "ended_at": ended, "pauses": tuple(chain(*self.pauses))}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a citation comes to, day by day and in sentences for a letter.

    `late_by` counts the working days after the due day: 0 for less than one, None when it is not late.
    """

    due: Due
    verdict: CitationVerdict
    late_by: int | None
    days: tuple[ExplainedDay, ...]
    sentences: tuple[str, ...]


def assess(
    citation: Citation, commitment: Commitment, calendar: WorkCalendar, *, switches: frozenset[Switch], now: datetime
) -> Assessment:
    """Judge a citation as of the filing; raise `Invalid` for instants that cannot be, or pauses in disorder."""
    _refuse_foreign_years(citation)
    _refuse_disorder(citation, now)
    promise = _promise(citation, commitment, switches)
    due, explanation = compute_due(promise, calendar), explain(promise, calendar)
    verdict = _verdict(citation, commitment.basis, due, now)
    late = verdict in (CitationVerdict.BREACHED, CitationVerdict.BEYOND_AVERAGE)
    until = citation.ended_at or now
    late_by = working_days_used(start_of_day(due.day), until, calendar) if late else None
    sentences = (
        *_commitment_sentences(commitment),
        *explanation.sentences,
        _verdict_sentence(citation, commitment.basis, verdict, late_by, now),
        *_reservations(commitment.basis, verdict),
        f"承诺依据：{commitment.clause.chinese}",
    )
    return Assessment(due, verdict, late_by, explanation.days, sentences)


def verdict_name(verdict: CitationVerdict, basis: Basis) -> str:
    """Return the verdict in Chinese; only a promise is ever said to be broken."""
    figure = FIGURE_NAMES[basis]
    match verdict:
        case CitationVerdict.KEPT:
            return f"在{figure}之内"
        case CitationVerdict.RUNNING:
            return "尚未到期"
        case CitationVerdict.PROJECTED:
            return "到期日为推算，不作认定"
        case _:
            return f"超过{figure}"


def _promise(citation: Citation, commitment: Commitment, switches: frozenset[Switch]) -> Promise:
    try:
        pauses = tuple(Pause(*stretch) for stretch in citation.pauses)
        return Promise(citation.started_at, commitment.limit, pauses, switches=switches)
    except Invalid as refusal:
        raise Invalid(refusal.message, *(Fault("pauses", fault.reason) for fault in refusal.faults)) from refusal


def _verdict(citation: Citation, basis: Basis, due: Due, now: datetime) -> CitationVerdict:
    if due.provisional:
        return CitationVerdict.PROJECTED
    if is_breached(due.at, due.provisional, citation.ended_at, now):
        return CitationVerdict.BREACHED if basis is Basis.PROMISE else CitationVerdict.BEYOND_AVERAGE
    return CitationVerdict.RUNNING if citation.ended_at is None else CitationVerdict.KEPT


def _refuse_foreign_years(citation: Citation) -> None:
    for name, instants in citation.instants.items():
        for instant in instants:
            require_aware(instant, name)
            if not is_countable(instant):
                raise Invalid(
                    "所引承诺的时间不在可核算的年份内，请核对年份。",
                    Fault(name, f"应在{FIRST_YEAR}年至{LAST_YEAR}年之间"),
                )


def _refuse_disorder(citation: Citation, now: datetime) -> None:
    if citation.started_at > now:
        raise Invalid("所引承诺的开始时间晚于现在，请核对。", Fault("started_at", "不能晚于提交诉求的时刻"))
    until = now if citation.ended_at is None else citation.ended_at
    if until > now:
        raise Invalid("所引承诺的办结时间晚于现在，请核对。", Fault("ended_at", "尚未办结的，请不要填写"))
    if until < citation.started_at:
        raise Invalid("所引承诺的办结时间早于开始时间，请核对。", Fault("ended_at", "不能早于开始时间"))
    if any(ended > until for _, ended in citation.pauses):
        raise Invalid("所引承诺的暂停超出起止时间，请核对。", Fault("pauses", "应在办结之前、提交诉求之前恢复"))
    if sum((ended - begun for begun, ended in citation.pauses), timedelta()) > MOST_PAUSED:
        raise Invalid("所引承诺的暂停合计超过三年，请核对。", Fault("pauses", "合计不得超过三年"))


def _commitment_sentences(commitment: Commitment) -> Iterator[str]:
    yield (
        f"所引承诺：{commitment.name}，{commitment.limit.chinese}（{BASIS_NAMES[commitment.basis]}），"
        f"自{commitment.starts}起，至{commitment.ends}止。"
    )
    if commitment.excludes:
        yield f"不计入的时间：{commitment.excludes}。"


def _verdict_sentence(
    citation: Citation, basis: Basis, verdict: CitationVerdict, late_by: int | None, now: datetime
) -> str:
    done = f"至提交诉求时（{chinese_instant(now)}）尚未办结"
    if citation.ended_at is not None:
        done = f"{chinese_instant(citation.ended_at)}办结"
    return f"{done}：{verdict_name(verdict, basis)}{_lateness(late_by)}。"


def _lateness(late_by: int | None) -> str:
    if late_by is None:
        return ""
    return f"，晚于到期日{late_by}个工作日" if late_by else "，晚于到期时刻不足1个工作日"


def _reservations(basis: Basis, verdict: CitationVerdict) -> Iterator[str]:
    if verdict is CitationVerdict.BEYOND_AVERAGE:
        said = "平均数" if basis is Basis.AVERAGE else "力争目标"
        yield f"该期限是{said}，单个办件超过它不等于违反承诺。"
