"""Seals what lies in clear and what is sealed with an old key, and makes copies that are missing: batch by batch.

Each batch is a transaction of its own, in the order of ids; a run that is broken off goes on where it stopped, for
what is done is no longer found.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.anonymity import Identity, anonymised
from app.domain.sealing import Contact, SealBroken, opened_contact, sealed_contact
from app.services.office import Office, Work
from app.storage.queries.contacts import appeals_without_copy, contacts_to_seal
from app.storage.queries.sealed import SEALED_COLUMNS, SealedColumn, sealed_otherwise

PER_TRANSACTION = 500
_FIRST = UUID(int=0)


@dataclass(slots=True)
class ResealCount:
    """What a run has done: contacts that lay in clear, what had an old key, and what no key opens."""

    sealed: int = 0
    resealed: int = 0
    unreadable: int = 0


async def reseal(office: Office, *, batch: int = PER_TRANSACTION) -> ResealCount:
    """Seal every contact and every secret with the key in use; what no key opens is left as it is."""
    count = ResealCount()
    await _reseal_contacts(office, count, batch)
    for column in SEALED_COLUMNS:
        async with office.work() as work:
            for row in await sealed_otherwise(work.connection, column, mark=work.seals.key_in_use()):
                _seal_secret_anew(work, column, row, count)
    return count


async def _reseal_contacts(office: Office, count: ResealCount, batch: int) -> None:
    after = _FIRST
    while True:
        async with office.work() as work:
            mark = work.seals.key_in_use()
            rows = await contacts_to_seal(work.connection, mark=mark, after=after, limit=batch)
            for row in rows:
                _seal_anew(work, row, count)
        if len(rows) < batch:
            return
        after = rows[-1]["id"]


def _seal_secret_anew(work: Work, column: SealedColumn, row: Mapping[str, Any], count: ResealCount) -> None:
    context = column.context.format(row["place"])
    try:
        secret = work.seals.open(base64.b64decode(row["sealed"]), context)
    except SealBroken:
        count.unreadable += 1
        return
    count.resealed += 1
    sealed = base64.b64encode(work.seals.seal(secret, context)).decode()
    work.changes.update(column.table, row["id"], {column.name: sealed})


def _seal_anew(work: Work, row: Mapping[str, Any], count: ResealCount) -> None:
    contact = _contact(work, row)
    if contact.unreadable:
        count.unreadable += 1
        return
    if row["contact_sealed"] is None:
        count.sealed += 1
    else:
        count.resealed += 1
    sealed = sealed_contact(work.seals, contact, row["id"])
    work.changes.update("appeal", row["id"], {**sealed, "contact_name": None, "contact_phone": None})


def _contact(work: Work, row: Mapping[str, Any]) -> Contact:
    if row["contact_sealed"] is None:
        return Contact(row["contact_name"], row["contact_phone"])
    return opened_contact(work.seals, row["contact_sealed"], row["id"])


async def make_missing_copies(office: Office, *, batch: int = PER_TRANSACTION) -> int:
    """Make the copies of confidential appeals that were filed before copies were made; return how many."""
    made, after = 0, _FIRST
    while True:
        async with office.work() as work:
            rows = await appeals_without_copy(work.connection, after=after, limit=batch)
            for row in rows:
                _copy(work, row)
        made += len(rows)
        if len(rows) < batch:
            return made
        after = rows[-1]["id"]


def _copy(work: Work, row: Mapping[str, Any]) -> None:
    contact = _contact(work, row)
    identity = Identity((row["name"],), row["uscc"], contact.name, contact.phone)
    copy = {name: anonymised(row[name], identity) for name in ("title", "text")}
    work.changes.update("appeal", row["id"], {"anonymised_title": copy["title"], "anonymised_text": copy["text"]})
