"""What a letter says of a clock's former due dates and of its verdict."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.case import Clock
from app.domain.explanation import chinese_day, chinese_instant
from app.domain.former_due import CAUSE_NAMES, FormerDue
from app.domain.judging import last_day_before
from app.domain.verdict import Verdict


def verdict_sentences(clock: Clock) -> tuple[str, ...]:
    """Return a sentence for each due date that held before, and one for the verdict of a stopped clock."""
    following = (*(_day(former.due_at) for former in clock.former_dues[1:]), f"现到期日{_day(clock.due_at)}")
    changes = zip(clock.former_dues, following, strict=False)
    return (*(_former_sentence(former, became) for former, became in changes), *_verdict_sentence(clock))


def _former_sentence(former: FormerDue, became: str) -> str:
    projected = "（推算）" if former.provisional else ""
    return (
        f"到期日原为{_day(former.due_at)}{projected}（工作日历版本{former.calendar_version}），"
        f"{chinese_instant(former.until)}因{CAUSE_NAMES[former.cause]}改为{became}。"
    )


def _day(due_at: datetime) -> str:
    return chinese_day(last_day_before(due_at))


def _verdict_sentence(clock: Clock) -> Iterator[str]:
    if clock.stopped_at is None or clock.verdict is None:
        return
    yield f"{chinese_instant(clock.stopped_at)}停止计算，{_words(clock)}，按工作日历版本{clock.calendar_version}认定。"


def _words(clock: Clock) -> str:
    if clock.verdict is Verdict.LATE:
        return f"超期{clock.late_by}个工作日" if clock.late_by else "超期不足一个工作日"
    return "按期" if clock.verdict is Verdict.ON_TIME else "到期日仅为推算，不作是否超期的认定"
