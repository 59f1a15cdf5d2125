"""Anonymised copies of confidential appeals: made at filing, read beside the original, corrected before dispatch.

What is said about such an appeal later on is anonymised when it is read, for those who may not learn who filed.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.anonymity import Identity, anonymised, without_names
from app.domain.appeal import Appeal
from app.domain.case import Attempt, Case
from app.domain.confidence import is_hidden
from app.domain.errors import Conflict, NotAllowed
from app.domain.roles import Actor, Role
from app.services.contacts import contact_of
from app.services.office import Work
from app.services.transitions import Move, record_event
from app.storage.queries.accounts import enterprises
from app.storage.queries.cases import AppealReading

CORRECT, CORRECTED = "correct_copy", "appeal.copy_corrected"
Redact = Callable[[str], str]
_IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def registered(work: Work, enterprise_id: UUID, stated: Identity) -> Identity:
    """Return what is known of a filer: what the filing states, and how the enterprise is registered, if it is yet."""
    known = (await enterprises(work.connection, [enterprise_id])).get(enterprise_id)
    if known is None:
        return stated
    names = tuple(dict.fromkeys((*stated.names, known["name"])))
    return replace(stated, names=names, uscc=stated.uscc or known["uscc"])


def identity_of(work: Work, reading: AppealReading) -> Identity:
    """Return what is known of who filed a stored appeal."""
    contact = contact_of(work.seals, reading)
    return Identity((reading.enterprise_name,), reading.uscc, contact.name, contact.phone)


def redacted_events(
    work: Work, reading: AppealReading, events: list[dict[str, Any]], *, actor: Actor
) -> list[dict[str, Any]]:
    """Return the history as it may be told to this reader: nothing said in it tells who filed in confidence."""
    appeal = reading.case.appeal
    if not is_hidden(appeal, actor):
        return events
    identity = identity_of(work, reading)
    shown: list[dict[str, Any]] = _redacted(
        [{**one, "payload": _with_copied_title(one["payload"], appeal)} for one in events],
        lambda text: anonymised(text, identity),
        keys=frozenset({"reason", "payload"}),
    )
    return shown


def redacted_words(
    work: Work, reading: AppealReading, rows: list[dict[str, Any]], *, actor: Actor, keys: frozenset[str]
) -> list[dict[str, Any]]:
    """Return what offices and departments have written, without the names and numbers of a hidden filer."""
    if not is_hidden(reading.case.appeal, actor):
        return rows
    identity = identity_of(work, reading)
    shown: list[dict[str, Any]] = _redacted(rows, lambda text: without_names(text, identity), keys=keys)
    return shown


def _with_copied_title(payload: dict[str, Any], appeal: Appeal) -> dict[str, Any]:
    """The title of the filing may have been corrected since; the history keeps the first one."""
    return {**payload, "title": appeal.anonymised_title} if "title" in payload else payload


def _redacted(value: Any, redact: Redact, *, keys: frozenset[str] | None = None) -> Any:
    """Redact every text within a value, of rows under the named keys only; identifiers are no text."""
    if isinstance(value, str):
        return value if _IDENTIFIER.fullmatch(value) else redact(value)
    if isinstance(value, list):
        return [_redacted(one, redact, keys=keys) for one in value]
    if isinstance(value, dict):
        return {name: _redacted(one, redact) if keys is None or name in keys else one for name, one in value.items()}
    return value


def may_compare(appeal: Appeal, actor: Actor) -> None:
    """Only a dispatcher who may know the filer compares copy and original; raise `NotAllowed` or `Conflict`."""
    if not actor.has(Role.DISPATCHER) or is_hidden(appeal, actor):
        raise NotAllowed("匿名副本由派单员核对；被反映单位的人员不得查看原文。", code="role-not-allowed")
    if not appeal.confidential:
        raise Conflict("这件诉求不是保密件，没有匿名副本。", code="not-confidential")


def correct_copy(work: Work, case: Case, *, title: str, text: str, actor: Actor, now: datetime) -> Case:
    """Replace the copy by the dispatcher's words; the history says that it was done, without any of the words."""
    may_compare(case.appeal, actor)
    if not case.appeal.is_open:
        raise Conflict("诉求已销号，匿名副本不能再改。", code="appeal-closed")
    work.changes.update("appeal", case.appeal.id, {"anonymised_text": text})
    corrected = replace(case, appeal=replace(case.appeal, anonymised_title=title))
    return record_event(work, case, corrected, CORRECT, CORRECTED, Move(), Attempt(actor, now))
