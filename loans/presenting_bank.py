"""How bank lines read on their pages: why a loan was proposed, in words (Rule P-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loans.matching import Why
from loans.models import BankMatch

WHY: Mapping[Why, str | Promise] = {
    Why.REFERENCE: _("its payment reference"),
    Why.DIGITS: _("its seven digits"),
    Why.LOAN_NUMBER: _("the number of the loan"),
    Why.ACCOUNT: _("the account it was paid from"),
    Why.PAYER: _("the payer's name"),
    Why.AMOUNT: _("the amount of an instalment"),
    Why.WRONG_DIGITS: _("a reference whose check digits do not fit"),
    Why.SEVERAL: _("several loans would fit"),
    Why.NOT_RUNNING: _("the loan takes no payments now"),
    Why.OTHER_CURRENCY: _("the loan is in another currency"),
    Why.BEFORE_MONEY: _("before the loan was paid out"),
    Why.RECORDED: _("a payment of this amount and day is recorded already"),
    Why.TOLD_TWICE: _("the file tells the same movement twice"),
    Why.MONEY_OUT: _("money that left the account"),
}


CODES = {why.value for why in Why}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line's proposal as a list shows it."""

    match: BankMatch
    reasons: str

    def __str__(self) -> str:
        return f"{self.match.loan.ref if self.match.loan else '–'} ({self.reasons})"


def proposed(match: BankMatch) -> Proposed:
    return Proposed(match, reasons_of(match))


def reasons_of(match: BankMatch) -> str:
    """Why this loan, or why none; a reason that is not known any more is left out."""
    return ", ".join(str(WHY[Why(code)]) for code in match.why if code in CODES)
