"""Contact data: what is shown of it, and how it is looked for."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.domain.sealing import (
    Contact,
    Purpose,
    SealBroken,
    contact_context,
    mask_phone,
    normalised,
    opened_contact,
    sealed_contact,
)

APPEAL = UUID(int=3)


@dataclass
class PaperSeal:
    """Shows what it was given, and opens only in the same place."""

    def seal(self, plain: bytes, context: str) -> bytes:
        return context.encode() + b"|" + plain

    def open(self, sealed: bytes, context: str) -> bytes:
        place, _, plain = sealed.partition(b"|")
        if place != context.encode():
            raise SealBroken
        return plain

    def index(self, value: str, purpose: Purpose) -> str:
        return f"{purpose}:{normalised(value, purpose)}"

    def key_in_use(self) -> bytes:
        return b"paper"


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact("王会计", "13900000000"), Contact("王**", "139****0000")),
        (Contact("王", None), Contact("王**", None)),
        (Contact(None, "12345"), Contact(None, "****")),
        (Contact("王会计", "0711-5921234"), Contact("王**", "071****1234")),
        (Contact(unreadable=True), Contact(unreadable=True)),
        (Contact(), Contact()),
    ],
)
def test_a_masked_contact_shows_little(contact: Contact, shown: Contact) -> None:
    assert contact.masked() == shown


def test_a_masked_number_never_shows_all_of_itself() -> None:
    for length in range(1, 20):
        phone = "1234567890123456789"[:length]
        assert phone not in mask_phone(phone)


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("139 0000 0000", "13900000000"),
        ("+86 13900000000", "13900000000"),
        ("008613900000000", "13900000000"),
        ("86-0711-5921234", "07115921234"),
        ("0711-5921234", "07115921234"),
        ("86921234", "86921234"),
        ("1386", "1386"),
        ("没有", ""),
    ],
)
def test_a_phone_is_looked_for_by_its_digits(written: str, looked_for: str) -> None:
    assert normalised(written, Purpose.PHONE) == looked_for


@pytest.mark.parametrize("contact", [Contact("王会计", "139"), Contact("王会计", None), Contact(None, "139")])
def test_a_contact_comes_back_as_it_was_sealed(contact: Contact) -> None:
    kept = sealed_contact(PaperSeal(), contact, APPEAL)
    assert isinstance(kept["contact_sealed"], bytes)
    assert opened_contact(PaperSeal(), kept["contact_sealed"], APPEAL) == contact
    assert (kept["contact_name_index"] is None, kept["contact_phone_index"] is None) == (
        contact.name is None,
        contact.phone is None,
    )


def test_no_contact_is_no_seal() -> None:
    assert set(sealed_contact(PaperSeal(), Contact(), APPEAL).values()) == {None}
    assert opened_contact(PaperSeal(), None, APPEAL) == Contact()


def test_a_contact_of_another_appeal_cannot_be_read() -> None:
    sealed = PaperSeal().seal(b"{}", contact_context(UUID(int=4)))
    assert opened_contact(PaperSeal(), sealed, APPEAL) == Contact(unreadable=True)
