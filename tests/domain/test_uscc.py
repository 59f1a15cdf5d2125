"""The unified social credit code, checked against an independent implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from app.domain.uscc import has_valid_check, is_well_formed, normalise

SYNTHETIC = ("91421003MA00000152", "91421003MA1234569F", "91421003MABCDE12X0")
PILOT = ("91350100M0001TGQXM", "91350203M0001QAY9B")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", SYNTHETIC)
def test_a_valid_code_is_well_formed_and_checks(code: str) -> None:
    assert (is_well_formed(code), has_valid_check(code), oracle.is_valid(code)) == (True, True, True)


@pytest.mark.parametrize("code", PILOT)
def test_a_pilot_code_is_well_formed_and_its_check_fails(code: str) -> None:
    assert (is_well_formed(code), has_valid_check(code)) == (True, False)


@pytest.mark.parametrize("code", SYNTHETIC)
def test_any_other_check_character_is_wrong(code: str) -> None:
    right = [character for character in ALPHABET if has_valid_check(code[:-1] + character)]
    assert right == [code[-1]]


@pytest.mark.parametrize("place", range(17))
def test_a_slip_in_any_place_is_noticed(place: int) -> None:
    code = SYNTHETIC[1]
    slips = [code[:place] + other + code[place + 1 :] for other in ALPHABET if other != code[place]]
    assert not any(map(has_valid_check, slips))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "nothing"),
        (SYNTHETIC[0][:-1], "17 characters"),
        (SYNTHETIC[0] + "0", "19 characters"),
        (SYNTHETIC[0].lower(), "small letters"),
        *[(SYNTHETIC[0][:-1] + letter, f"the standard has no {letter}") for letter in "IOSVZ"],
        ("９１４２１００３MA00000152", "wide digits"),
        ("91421003MA0000015-", "a hyphen"),
    ],
)
def test_what_is_not_well_formed_never_checks(code: str, why: str) -> None:
    assert (is_well_formed(code), has_valid_check(code)) == (False, False), why


@pytest.mark.parametrize("typed", [" 91421003ma00000152\n", "\u300091421003Ma00000152 "])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert normalise(typed) == SYNTHETIC[0]


@given(st.text(ALPHABET, min_size=9, max_size=9))
def test_the_check_agrees_with_an_independent_implementation(subject: str) -> None:
    body = "91421003" + subject
    assert has_valid_check(body + oracle.calc_check_digit(body))
