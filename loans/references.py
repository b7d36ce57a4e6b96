"""Payment references and account numbers, pure (rules P-1, D-2).

A firm pays by naming its loan. Two references name it: the international one of ISO 11649, which a
bank statement carries back to us whole, and a short one of seven digits for bank applications that
take nothing longer. Both end in (or begin with) check digits, so that a mistyped reference is found
before it pays another firm's loan.
"""

from __future__ import annotations

_CLABE_WEIGHTS = (3, 7, 1) * 5 + (3, 7)
_RF_MAX = 25


def _mod97(text: str) -> int:
    """ISO 7064 MOD 97-10 of letters and digits, letters counting A = 10 to Z = 35."""
    return int("".join(str(int(char, 36)) for char in text)) % 97


def compact(text: str) -> str:
    """The reference without the spaces, hyphens and small letters that people and banks put in."""
    return "".join(char for char in text.upper() if char.isalnum())


def creditor_reference(body: str) -> str:
    """Rule P-1: the ISO 11649 reference of a loan, e.g. L-2026-0001 gives RF82L20260001."""
    plain = compact(body)
    check = 98 - _mod97(plain + "RF00")
    reference = f"RF{check:02d}{plain}"
    if not plain or len(reference) > _RF_MAX:
        raise ValueError(f"An ISO 11649 reference has 1 to 21 characters after its check digits: {body!r}")
    return reference


def is_creditor_reference(text: str) -> bool:
    """Whether the text is an ISO 11649 reference whose check digits fit (Rule P-1)."""
    plain = compact(text)
    if not (plain.startswith("RF") and plain.isascii() and 4 < len(plain) <= _RF_MAX):
        return False
    return plain[2:4].isdigit() and _mod97(plain[4:] + plain[:4]) == 1


def grouped(reference: str) -> str:
    """The reference in groups of four, as ISO 11649 asks where a person reads it."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def _luhn(digits: str) -> int:
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return -total % 10


def numeric_reference(serial: int) -> str:
    """Rule P-1: seven digits for Mexican bank applications: six of the serial, one check digit."""
    if not 0 < serial < 1_000_000:
        raise ValueError(f"A numeric reference has room for the serials 1 to 999999, not {serial}")
    body = f"{serial:06d}"
    return f"{body}{_luhn(body)}"


def is_numeric_reference(text: str) -> bool:
    """Whether the text is one of our seven-digit references (Rule P-1)."""
    plain = compact(text)
    return len(plain) == 7 and plain.isascii() and plain.isdigit() and _luhn(plain[:6]) == int(plain[6])


def is_clabe(text: str) -> bool:
    """Rule D-2: whether a Mexican account number of 18 digits has the right check digit."""
    plain = compact(text)
    if len(plain) != 18 or not (plain.isascii() and plain.isdigit()):
        return False
    total = sum(int(digit) * weight % 10 for digit, weight in zip(plain[:17], _CLABE_WEIGHTS, strict=True))
    return -total % 10 == int(plain[17])
