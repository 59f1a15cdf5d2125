"""Anchors: one signed seal over each finished day of history, linked to the one before.

An insider who rewrites a history together with its chain head leaves no trace in the history itself; the anchor of
the day no longer fits it, and whoever kept a copy of the anchor can show that. An anchor covers what its own day
added; what was there before it covers through the digest of the anchor before.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, Final, Protocol

from app.domain.clock import end_of_day, office_day
from app.domain.timeline import canonical

ONE_DAY: Final = timedelta(days=1)
MARGIN: Final = timedelta(hours=1)
"""A request notes the instant at which it arrived and is stored a little later: a day is sealed when that is over."""


class Algorithm(StrEnum):
    """The hash functions that anchors are made with."""

    SHA256 = "sha256"
    SM3 = "sm3"


class Hasher(Protocol):
    """One digest in the making."""

    def update(self, data: bytes, /) -> None:
        """Take in more."""

    def hexdigest(self) -> str:
        """Return the digest of what was taken in, in hexadecimal."""


MakeHasher = Callable[[Algorithm], Hasher]


@dataclass(frozen=True, slots=True)
class DayContent:
    """What one office day added: how many appeals had events, how many rows of each kind, and the digest of it all."""

    appeals: int
    events: int
    accesses: int
    acts: int
    content_digest: str


@dataclass(frozen=True, slots=True)
class Anchor(DayContent):
    """The seal over one office day; `public_key` is the 32 bytes of an Ed25519 key in base64."""

    day: date
    previous_digest: str
    digest: str
    algorithm: Algorithm
    signature: str
    key_id: str
    public_key: str
    recorded_at: datetime


ANCHOR_COLUMNS: Final = tuple(field.name for field in fields(Anchor))
_COUNTS: Final = ("appeals", "events", "accesses", "acts")


class AnchorFaultKind(StrEnum):
    """What was done to an anchor, or to the history under it."""

    EDITED = "edited"
    MISSING = "missing"
    UNLINKED = "unlinked"
    SIGNATURE = "signature"
    FOREIGN_KEY = "foreign_key"
    CONTENT = "content"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class AnchorFault:
    """One thing wrong with the anchor of one day."""

    kind: AnchorFaultKind
    day: date
    sentence: str


def anchor_of(row: Mapping[str, Any]) -> Anchor:
    """Make an anchor of a row that holds `ANCHOR_COLUMNS`."""
    values = {name: row[name] for name in ANCHOR_COLUMNS}
    return Anchor(**{**values, "algorithm": Algorithm(row["algorithm"])})


def seal_digest(previous: str, day: date, content: DayContent, algorithm: Algorithm, make: MakeHasher) -> str:
    """Return the digest of an anchor: over the anchor before, the day, the counts, and the digest of the content."""
    sealed = {"previous": previous, "day": day, "content": content.content_digest, **_counted(content)}
    hasher = make(algorithm)
    hasher.update(canonical(sealed).encode())
    return hasher.hexdigest()


def signed_text(day: date, content: DayContent, digest: str) -> bytes:
    """Return what the signature of an anchor is over: digest, day and counts."""
    return canonical({"day": day, "digest": digest, **_counted(content)}).encode()


def last_finished_day(now: datetime) -> date:
    """Return the last office day that is over by the margin."""
    return office_day(now - MARGIN) - ONE_DAY


def is_finished(day: date, now: datetime) -> bool:
    """Tell whether a day is over by the margin."""
    return now >= end_of_day(day) + MARGIN


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from the first to the last, both included."""
    return (first + ONE_DAY * place for place in range((last - first).days + 1))


def verify_anchors(
    anchors: Sequence[Anchor],
    *,
    make: MakeHasher,
    is_signed: Callable[[Anchor, bytes], bool],
    trusted: frozenset[str],
) -> list[AnchorFault]:
    """Return every fault of anchors, given in the order of their days, that they show without the history.

    `trusted` are the public keys that may have signed; none: any key may, as long as its signatures are right.
    """
    return [
        *_unlinked(anchors),
        *(fault for one in anchors for fault in _altered(one, make)),
        *(fault for one in anchors for fault in _ill_signed(one, is_signed, trusted)),
    ]


def verify_content(anchor: Anchor, found: DayContent) -> AnchorFault | None:
    """Return the fault of an anchor that no longer fits the history of its day."""
    stated = DayContent(**{field.name: getattr(anchor, field.name) for field in fields(DayContent)})
    if found == stated:
        return None
    names = {"appeals": "诉求", "events": "流转记录", "accesses": "查阅记录", "acts": "管理操作"}
    changed = [
        f"{names[name]}锚定时{getattr(stated, name)}件、现在{getattr(found, name)}件"
        for name in _COUNTS
        if getattr(stated, name) != getattr(found, name)
    ]
    what = "，".join(changed) or "数量未变而内容不同"
    return AnchorFault(AnchorFaultKind.CONTENT, anchor.day, f"当天的记录在锚定之后被改动：{what}")


def missing_days(anchors: Sequence[Anchor], first_record: date | None, now: datetime) -> list[AnchorFault]:
    """Return the finished days since the first record that have no anchor: one fault for each run of days."""
    begin = min(filter(None, (first_record, anchors[0].day if anchors else None)), default=None)
    if begin is None:
        return []
    last = max(last_finished_day(now), anchors[-1].day if anchors else begin)
    present = {anchor.day for anchor in anchors}
    gone = [day for day in days_between(begin, last) if day not in present and is_finished(day, now)]
    # Days in a row lie equally far from their places in the list.
    runs = groupby(enumerate(gone), key=lambda placed: placed[1].toordinal() - placed[0])
    return [_missing([day for _, day in run]) for _, run in runs]


def verify_copies(anchors: Sequence[Anchor], copies: Mapping[date, str]) -> list[AnchorFault]:
    """Return where the anchors differ from copies (digest by day) that were kept elsewhere.

    Whoever rewrites history, deletes the newest anchors and lets the worker seal those days anew is found only so.
    """
    digests = {anchor.day: anchor.digest for anchor in anchors}
    changed = [day for day, digest in sorted(copies.items()) if digests.get(day) != digest]
    sentence = "与另行保存的锚点不同：历史被改写后重新锚定，或锚点被删除"
    return [AnchorFault(AnchorFaultKind.COPY, day, sentence) for day in changed]


def _missing(run: list[date]) -> AnchorFault:
    length = "这一天" if len(run) == 1 else f"自这一天至{run[-1]}共{len(run)}天"
    return AnchorFault(AnchorFaultKind.MISSING, run[0], f"{length}没有锚点：被删除，或后台任务没有运行")


def _counted(content: DayContent) -> dict[str, int]:
    return {name: getattr(content, name) for name in _COUNTS}


def _unlinked(anchors: Sequence[Anchor]) -> Iterator[AnchorFault]:
    before = ""
    for anchor in anchors:
        if anchor.previous_digest != before:
            yield AnchorFault(AnchorFaultKind.UNLINKED, anchor.day, "与前一个锚点不衔接：前面的锚点被改动或删除")
        before = anchor.digest


def _altered(anchor: Anchor, make: MakeHasher) -> Iterator[AnchorFault]:
    if seal_digest(anchor.previous_digest, anchor.day, anchor, anchor.algorithm, make) != anchor.digest:
        yield AnchorFault(AnchorFaultKind.EDITED, anchor.day, "锚点的内容与它的摘要不符")


def _ill_signed(
    anchor: Anchor, is_signed: Callable[[Anchor, bytes], bool], trusted: frozenset[str]
) -> Iterator[AnchorFault]:
    if trusted and anchor.public_key not in trusted:
        yield AnchorFault(AnchorFaultKind.FOREIGN_KEY, anchor.day, f"由另一把密钥（{anchor.key_id}）签名")
    if not is_signed(anchor, signed_text(anchor.day, anchor, anchor.digest)):
        yield AnchorFault(AnchorFaultKind.SIGNATURE, anchor.day, "签名无效")
