"""What a bank statement says, whatever its file looked like, and the one error that reading may raise. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

LARGEST = 5 * 1024 * 1024
"""A file above this is no statement of a small fund: a year of one is below a megabyte."""
MOST_LINES = 20_000
LONGEST_LINE = 10_000
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
MOST = Decimal("9999999999999.99")


class Kind(StrEnum):
    """The kinds of file that Rule P-2 names."""

    CSV = "csv"
    MT940 = "mt940"
    CAMT053 = "camt053"


class Trouble(StrEnum):
    """Why a file cannot be taken; `fund.bank` has the sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    WRONG_KIND = "wrong_kind"
    LINE_TOO_LONG = "line_too_long"
    CUT_OFF = "cut_off"
    NO_LINES = "no_lines"
    NO_COLUMNS = "no_columns"
    BAD_DATE = "bad_date"
    BAD_AMOUNT = "bad_amount"
    BAD_LINE = "bad_line"
    BALANCE = "balance"
    OTHER_ACCOUNT = "other_account"
    OTHER_CURRENCY = "other_currency"


OF_THE_MAP = frozenset({Trouble.NO_COLUMNS, Trouble.BAD_DATE, Trouble.BAD_AMOUNT})
"""What another map of a CSV's columns may cure; all else is wrong with the file itself."""


class Unreadable(Exception):
    """A file that is not taken: why, on which line of it (0: as a whole), and the text that was found there."""

    def __init__(self, trouble: Trouble, *, line: int = 0, found: str = "") -> None:
        self.trouble, self.line, self.found = trouble, line, found[:80]
        super().__init__(trouble, line, self.found)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One movement of the account; money that came in is positive. `n` is the line of the file it began on."""

    n: int
    value_on: date
    amount: Decimal
    text: str = ""
    payer: str = ""
    payer_account: str = ""
    reference: str = ""
    bank_id: str = ""
    currency: str = ""

    def tidy(self) -> ReadLine:
        """With single spaces and no control characters, cut to what is kept."""
        return replace(
            self, text=one_line(self.text, 500), payer=one_line(self.payer, 200),
            payer_account=one_line(self.payer_account, 40), reference=one_line(self.reference, 80),
            bank_id=one_line(self.bank_id, 80),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A file as it was read: its lines, and what it says of itself (empty where it says nothing)."""

    kind: Kind
    lines: tuple[ReadLine, ...]
    account: str = ""
    currency: str = ""


def one_line(text: str, longest: int) -> str:
    """Text of a bank on one line: control characters and runs of spaces become one space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:longest]


def checked_day(day: date, *, line: int, found: str = "") -> date:
    """A day on which the fund can have had money. Raises Unreadable for any other."""
    if not EARLIEST <= day <= LATEST:
        raise Unreadable(Trouble.BAD_DATE, line=line, found=found or day.isoformat())
    return day


def checked_amount(amount: Decimal, *, line: int, found: str = "") -> Decimal:
    """An amount with at most two decimals that the books can hold. Raises Unreadable for any other."""
    try:
        fits = amount.is_finite() and abs(amount) <= MOST and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        fits = False
    if not fits:
        raise Unreadable(Trouble.BAD_AMOUNT, line=line, found=found or str(amount))
    return amount.quantize(Decimal("0.01"))
