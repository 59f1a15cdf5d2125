"""The unified social credit code of GB 32100-2015."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_BASE = 31


def normalise(code: str) -> str:
    """Trim and upper-case a code as people type it."""
    return code.strip().upper()


def is_well_formed(code: str) -> bool:
    """Tell whether the code has 18 characters of the standard's alphabet (no I, O, S, V, Z)."""
    return len(code) == _LENGTH and all(character in _ALPHABET for character in code)


def has_valid_check(code: str) -> bool:
    """Tell whether the check character is right; early pilot codes (`M0…` from position 9 on) are legal and fail."""
    if not is_well_formed(code):
        return False
    total = sum(_ALPHABET.index(character) * pow(3, place, _BASE) for place, character in enumerate(code[:-1]))
    return _ALPHABET[-total % _BASE] == code[-1]


def is_pilot_code(code: str) -> bool:
    """Tell whether it looks like an early pilot code, which is legal though its check character is wrong."""
    return is_well_formed(code) and code[8:10] == "M0"
