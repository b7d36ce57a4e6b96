"""What a loan still costs, and what a change of it saves or adds, pure (rules S-5, P-4).

Two states of one loan on one day are laid side by side: as it is, and as it would be. The difference of interest is
counted over the whole life of the loan, fallen due or to come, so that it does not depend on the day of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import State

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A loan from a day on: how many instalments, how much each, until when, and what they cost."""

    rows: tuple[Row, ...]
    """Instalments still to come."""
    interest: Decimal
    """Ordinary interest over the whole life, without VAT."""
    vat: Decimal
    closes: bool
    """Nothing more is owed."""

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def instalment(self) -> Decimal | None:
        """The usual one: the second to come, as the first may be shorter and the last takes what is left."""
        if not self.rows:
            return None
        return self.rows[1 if len(self.rows) > 2 else 0].total

    @property
    def last_pay(self) -> date | None:
        return self.rows[-1].pay_date if self.rows else None

    @property
    def total(self) -> Decimal:
        """Everything still to come."""
        return sum((row.total for row in self.rows), ZERO)


def outlook(state: State) -> Outlook:
    """How the loan goes on from the day of the state."""
    to_come = tuple(row for row in state.plan if row.total)
    whole = [due.row for due in state.fallen] + list(to_come)
    return Outlook(
        rows=to_come,
        interest=_sum(row.interest for row in whole),
        vat=_sum(row.interest_vat for row in whole),
        closes=state.is_paid_off,
    )


def saved(before: Outlook, after: Outlook) -> Decimal:
    """Interest with its VAT that the change saves; below zero: what it adds."""
    return before.interest + before.vat - after.interest - after.vat


@dataclass(frozen=True, slots=True)
class Pair:
    """One instalment as it is and as it would be; one of the two may be missing."""

    n: int
    old: Row | None
    new: Row | None

    @property
    def differs(self) -> bool:
        if self.old is None or self.new is None:
            return True
        return (self.old.due, self.old.total, self.old.principal) != (
            self.new.due,
            self.new.total,
            self.new.principal,
        )


def side_by_side(old: Sequence[Row], new: Sequence[Row]) -> tuple[Pair, ...]:
    """The instalments of two schedules, first beside first; numbers are those of the longer one."""
    return tuple(Pair((right or left).n, left, right) for left, right in zip_longest(old, new))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
