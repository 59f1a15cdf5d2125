"""What is kept sealed: who to contact. What a seal must be able to do, and what is shown in place of the clear text."""

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.domain.errors import Conflict

UNREADABLE = "联系信息无法解密"
NO_KEYRING = "密钥环不可用，暂时不能保存或查找加密的内容；请联系系统管理员核对 BIHUAN_KEYRING。"
PHONE_SHOWN = 3, 4
"""Characters of a phone number that stay: at the front and at the end."""
COUNTRY = "86"
MOBILE_LENGTH = 11
_SPACES = re.compile(r"\s+")
_NOT_DIGITS = re.compile(r"\D+")


class SealBroken(Conflict):
    """A sealed value cannot be opened: its key is missing, it is damaged, or it was sealed for another place."""

    code = "seal-broken"

    def __init__(self) -> None:
        super().__init__(f"{UNREADABLE}；诉求的办理不受影响，请联系系统管理员核对密钥环。")


class Purpose(StrEnum):
    """What a blind index is for: the same words under another purpose give another index."""

    PHONE = "contact_phone"
    NAME = "contact_name"


class Seals(Protocol):
    """Seals and opens what must not lie open in the database."""

    def seal(self, plain: bytes, context: str) -> bytes:
        """Return the sealed bytes; they open only under the same context (the place they belong to)."""

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return the plain bytes; raise `SealBroken`, which never says why."""

    def index(self, value: str, purpose: Purpose) -> str:
        """Return a word that is the same for the same value and tells nothing of it to whoever lacks the key."""

    def key_in_use(self) -> bytes:
        """Return the mark that everything sealed from now on begins with."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks for the enterprise. `unreadable`: there is something sealed, and the key to it is lost."""

    name: str | None = None
    phone: str | None = None
    unreadable: bool = False

    def __bool__(self) -> bool:
        return self.unreadable or self.name is not None or self.phone is not None

    def masked(self) -> "Contact":
        """Return what may be shown to whoever has no need to know: 王**, 139****0000."""
        if self.unreadable:
            return self
        return Contact(self.name and mask_name(self.name), self.phone and mask_phone(self.phone))


def contact_context(appeal_id: UUID) -> str:
    """Return the place that the contact data of an appeal belongs to."""
    return f"appeal:{appeal_id}:contact"


def sealed_contact(seals: Seals, contact: Contact, appeal_id: UUID) -> dict[str, object]:
    """Return the columns that hold a contact: sealed, with a blind index for either part."""
    if not contact:
        return {"contact_sealed": None, "contact_phone_index": None, "contact_name_index": None}
    plain = json.dumps({"name": contact.name, "phone": contact.phone}, ensure_ascii=False).encode()
    return {
        "contact_sealed": seals.seal(plain, contact_context(appeal_id)),
        "contact_phone_index": index_of(seals, contact.phone, Purpose.PHONE),
        "contact_name_index": index_of(seals, contact.name, Purpose.NAME),
    }


def index_of(seals: Seals, value: str | None, purpose: Purpose) -> str | None:
    """Return the blind index of a value; none where nothing is left to look for, as of a phone without digits."""
    return seals.index(value, purpose) if value and normalised(value, purpose) else None


def opened_contact(seals: Seals, sealed: bytes | None, appeal_id: UUID) -> Contact:
    """Return a contact as it was sealed, or that it cannot be read: the appeal goes on either way."""
    if sealed is None:
        return Contact()
    try:
        kept = json.loads(seals.open(sealed, contact_context(appeal_id)))
    except SealBroken:
        return Contact(unreadable=True)
    return Contact(kept["name"], kept["phone"])


def normalised(value: str, purpose: Purpose) -> str:
    """Return the spelling under which a value is looked for: phones as digits without +86, names without spaces."""
    folded = unicodedata.normalize("NFKC", value)
    if purpose is Purpose.NAME:
        return _SPACES.sub("", folded).casefold()
    digits = _NOT_DIGITS.sub("", folded).removeprefix("00")
    abroad = digits.removeprefix(COUNTRY)
    return abroad if digits != abroad and len(abroad) >= MOBILE_LENGTH - 1 else digits


def mask_name(name: str) -> str:
    """Return a name of which the first character is left."""
    return f"{name[:1]}**"


def mask_phone(phone: str) -> str:
    """Return a phone number of which three digits and the last four are left; of a short one nothing."""
    front, end = PHONE_SHOWN
    if len(phone) < front + end + 1:
        return "****"
    return f"{phone[:front]}****{phone[-end:]}"
