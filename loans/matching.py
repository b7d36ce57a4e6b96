"""Which loan a bank line pays: by reference, else suggested by account, payer and amount; pure (Rule P-2).

Only a reference whose check digits fit, or the loan's own number, makes a match that posts without a
person. Everything weaker is a suggestion: it names its reasons and waits. A line that seems to be
recorded already, or that the file tells twice, is never posted by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from loans.references import compact, is_creditor_reference, is_numeric_reference


class Finding(StrEnum):
    """What came of looking for a line's loan."""

    MATCHED = "matched"
    SUGGESTED = "suggested"
    UNMATCHED = "unmatched"
    REPEATED = "repeated"
    OUTGOING = "outgoing"


class Why(StrEnum):
    """The reasons of a finding; `loans.presenting_bank` has them in words."""

    REFERENCE = "reference"
    DIGITS = "digits"
    LOAN_NUMBER = "loan_number"
    ACCOUNT = "account"
    PAYER = "payer"
    AMOUNT = "amount"
    WRONG_DIGITS = "wrong_digits"
    SEVERAL = "several"
    NOT_RUNNING = "not_running"
    OTHER_CURRENCY = "other_currency"
    BEFORE_MONEY = "before_money"
    RECORDED = "recorded"
    TOLD_TWICE = "told_twice"
    MONEY_OUT = "money_out"


@dataclass(frozen=True, slots=True)
class Debtor:
    """What is known of a loan that helps to recognise its payments. `amounts` are what it pays next."""

    ref: str
    reference: str
    numeric: str
    currency: str
    firm: str
    running: bool = True
    disbursed_on: date | None = None
    accounts: frozenset[str] = frozenset()
    amounts: frozenset[Decimal] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as the bank told it."""

    value_on: date
    amount: Decimal
    currency: str
    words: str = ""
    reference: str = ""
    payer: str = ""
    payer_account: str = ""
    ordinal: int = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the system makes of a line, the loan if there is one, and why."""

    finding: Finding
    loan: str = ""
    why: tuple[Why, ...] = ()


_RF = re.compile(r"RF\d{2}")
_LOAN = re.compile(r"(?<![A-Z0-9])L[\s\-/.]?(\d{4})[\s\-/.]?(\d{4,6})(?!\d)")
_SEVEN = re.compile(r"(?<![0-9A-Z])\d{7}(?![0-9A-Z])")
_FORMS = re.compile(
    r"\b(?:s ?a ?p ?i ?de ?c ?v|s ?de ?r ?l ?(?:de ?c ?v)?|s ?a ?de ?c ?v|"
    r"s ?a ?s|s ?a ?c|s ?p ?a|s ?r ?l|s ?a|ltda|inc|llc)\b"
)
_SHORTEST_NAME = 6


def plain_name(name: str) -> str:
    """A firm's name without accents, capitals, punctuation and legal form: banks keep none of them."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
    return " ".join(_FORMS.sub(" ", words).split())


class Matcher:
    """All loans, ready to be asked for each line. `recorded` holds (loan, amount, value date) of payments."""

    def __init__(
        self, debtors: Iterable[Debtor], recorded: Collection[tuple[str, Decimal, date]] = ()
    ) -> None:
        self.debtors = {debtor.ref: debtor for debtor in debtors}
        self.recorded = recorded
        self._by_reference = {debtor.reference: debtor.ref for debtor in self.debtors.values()}
        self._by_number = {compact(ref): ref for ref in self.debtors}
        self._by_digits = {debtor.numeric: debtor.ref for debtor in self.debtors.values()}
        self._by_account: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._by_amount: dict[tuple[str, Decimal], set[str]] = {}
        for debtor in self.debtors.values():
            if debtor.running:
                self._index(debtor)

    def _index(self, debtor: Debtor) -> None:
        for account in debtor.accounts:
            self._by_account.setdefault(account, set()).add(debtor.ref)
        if len(name := plain_name(debtor.firm)) >= _SHORTEST_NAME:
            self._by_name.setdefault(name, set()).add(debtor.ref)
        for amount in debtor.amounts:
            self._by_amount.setdefault((debtor.currency, amount), set()).add(debtor.ref)

    def propose(self, seen: Seen) -> Proposal:
        """What to make of a line (Rule P-2)."""
        if seen.amount <= 0:
            return Proposal(Finding.OUTGOING, why=(Why.MONEY_OUT,))
        named, wrong = self._named(seen)
        found = self._of_reference(seen, named) if named else self._of_circumstances(seen, wrong)
        return self._unless_repeated(seen, found)

    def _named(self, seen: Seen) -> tuple[dict[str, Why], bool]:
        """Loans that the line names with their kind of reference; whether a reference was mistyped."""
        text = f"{seen.reference} {seen.words}".upper()
        found: dict[str, Why] = {}
        wrong = False
        joined = compact(text)
        for start in (match.start() for match in _RF.finditer(joined)):
            hit = next((self._by_reference[piece] for size in range(25, 4, -1)
                        if (piece := joined[start : start + size]) in self._by_reference), None)  # fmt: skip
            if hit:
                found.setdefault(hit, Why.REFERENCE)
            elif not any(is_creditor_reference(joined[start : start + size]) for size in range(5, 26)):
                wrong = True
        for match in _LOAN.finditer(text):
            if hit := self._by_number.get(f"L{match[1]}{match[2]}"):
                found.setdefault(hit, Why.LOAN_NUMBER)
        for digits in _SEVEN.findall(text):
            if is_numeric_reference(digits) and (hit := self._by_digits.get(digits)):
                found.setdefault(hit, Why.DIGITS)
        return found, wrong

    def _of_reference(self, seen: Seen, named: dict[str, Why]) -> Proposal:
        """A line that names a loan: matched, unless it names several or one that cannot take the money."""
        surest = [ref for ref, why in named.items() if why is not Why.DIGITS] or list(named)
        if len(surest) > 1:
            return Proposal(Finding.SUGGESTED, surest[0], (named[surest[0]], Why.SEVERAL))
        (ref,) = surest
        debtor, why = self.debtors[ref], named[ref]
        if obstacle := _obstacle(debtor, seen):
            return Proposal(Finding.UNMATCHED, ref, (why, obstacle))
        if why is Why.DIGITS and not self._likely(debtor, seen):
            return Proposal(Finding.SUGGESTED, ref, (why,))
        return Proposal(Finding.MATCHED, ref, (why,))

    def _likely(self, debtor: Debtor, seen: Seen) -> bool:
        """Seven digits may stand in a bank's text by chance: something else has to point to the loan."""
        name = plain_name(debtor.firm)
        return (
            compact(seen.reference).endswith(debtor.numeric)
            or seen.amount in debtor.amounts
            or compact(seen.payer_account) in debtor.accounts
            or (len(name) >= _SHORTEST_NAME and name in plain_name(f"{seen.payer} {seen.words}"))
        )

    def _of_circumstances(self, seen: Seen, wrong: bool) -> Proposal:
        """A line without a reference: the loans that its account, its payer or its amount point to."""
        why: tuple[Why, ...] = (Why.WRONG_DIGITS,) if wrong else ()
        by_account = self._by_account.get(compact(seen.payer_account), set()) if seen.payer_account else set()
        by_name = self._of_payer(seen)
        by_amount = self._by_amount.get((seen.currency, seen.amount), set())
        for candidates, reason in ((by_account, Why.ACCOUNT), (by_name, Why.PAYER)):
            fitting = {ref for ref in candidates if not _obstacle(self.debtors[ref], seen)}
            both = fitting & by_amount
            if len(both) == 1:
                return Proposal(Finding.SUGGESTED, both.pop(), (*why, reason, Why.AMOUNT))
            if len(fitting) == 1:
                return Proposal(Finding.SUGGESTED, fitting.pop(), (*why, reason))
            if fitting:
                return Proposal(Finding.SUGGESTED, min(both or fitting), (*why, reason, Why.SEVERAL))
        fitting = {ref for ref in by_amount if not _obstacle(self.debtors[ref], seen)}
        if len(fitting) == 1:
            return Proposal(Finding.SUGGESTED, fitting.pop(), (*why, Why.AMOUNT))
        return Proposal(Finding.UNMATCHED, why=(*why, Why.SEVERAL) if fitting else why)

    def _of_payer(self, seen: Seen) -> set[str]:
        exact = self._by_name.get(plain_name(seen.payer), set()) if seen.payer else set()
        if exact:
            return exact
        words = f" {plain_name(f'{seen.payer} {seen.words}')} "
        return {ref for name, refs in self._by_name.items() if f" {name} " in words for ref in refs}

    def _unless_repeated(self, seen: Seen, found: Proposal) -> Proposal:
        """Rule P-2: the same line twice adds nothing; whether it is a second payment, a person says."""
        if seen.ordinal > 1:
            return Proposal(Finding.REPEATED, found.loan, (*found.why, Why.TOLD_TWICE))
        if found.loan and (found.loan, seen.amount, seen.value_on) in self.recorded:
            return Proposal(Finding.REPEATED, found.loan, (*found.why, Why.RECORDED))
        return found


def _obstacle(debtor: Debtor, seen: Seen) -> Why | None:
    """Why this loan cannot take this money, if it cannot."""
    if not debtor.running:
        return Why.NOT_RUNNING
    if debtor.currency != seen.currency:
        return Why.OTHER_CURRENCY
    if debtor.disbursed_on is not None and seen.value_on < debtor.disbursed_on:
        return Why.BEFORE_MONEY
    return None
