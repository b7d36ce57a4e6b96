"""Apache Fineract: the loan after payments, at a business date.

Named conventions:
    recalculation     interest by day on the balance of each day: money lowers it from the day it is paid, overdue
                      principal bears ordinary interest to the business date, later rows assume payment on time
    instalment kept   an early payment leaves the instalment; the last row that is not fully paid takes the difference
    unrecognised      a payment before the due date recognises interest up to its day; what a full row does not
                      recognise moves to the next row
    pay-off           charged to its day, or to the end of the running period ('till rest frequency date')
    replay            all payments by date, whatever the order in which they were typed
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from loans.arithmetic.conventions.fineract import DIGITS_19, FineractTerms, Future, Span, factor
from loans.arithmetic.conventions.fineract_plan import Planned, drawn, plan
from loans.arithmetic.rounding import ZERO

PENALTY, FEE, INTEREST, PRINCIPAL = "penalty", "fee", "interest", "principal"
KINDS = (PENALTY, FEE, INTEREST, PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or a penalty that counts from its due date."""

    kind: str
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Servicing:
    """How a product treats payments."""

    due_order: tuple[str, ...] = (PENALTY, FEE, PRINCIPAL, INTEREST)
    advance_order: tuple[str, ...] = (PENALTY, FEE, PRINCIPAL, INTEREST)
    future: Future = Future.NEXT
    recalculates: bool = True
    payoff_to_period_end: bool = False
    overdue_by_whole_period: bool = False
    overdue_bears_interest: bool = True


@dataclass(slots=True)
class Line:
    """One row with what was paid of it."""

    n: int
    span: Span
    planned: Decimal
    """The instalment before any row took a difference."""
    instalment: Decimal
    amounts: dict[str, Decimal]
    paid: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(KINDS, ZERO))
    in_advance: Decimal = ZERO
    late: Decimal = ZERO
    paid_on: date | None = None
    balance: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)

    @property
    def paid_total(self) -> Decimal:
        return sum(self.paid.values(), ZERO)

    @property
    def outstanding(self) -> Decimal:
        return self.total - self.paid_total

    def open(self, kind: str) -> Decimal:
        return max(self.amounts[kind] - self.paid[kind], ZERO)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one payment was spread, and the principal left after it."""

    payment: Paid
    parts: Mapping[str, Decimal]
    balance: Decimal


@dataclass(slots=True)
class Replay:
    """A loan whose payments are replayed by date."""

    terms: FineractTerms
    servicing: Servicing
    charges: Sequence[Charge] = ()
    lines: list[Line] = field(default_factory=list)
    moves: list[tuple[date, Decimal]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [line_of(row) for row in plan(self.terms)]
        self.moves = [(t.on, t.amount) for t in self.terms.tranches]
        for charge in self.charges:
            line = next((item for item in self.lines if charge.due <= item.span.due), self.lines[-1])
            line.amounts[charge.kind] += charge.amount

    @property
    def is_recalculated(self) -> bool:
        return self.servicing.recalculates and not (self.terms.flat or self.terms.cumulative)

    def run(self, payments: Sequence[Paid], as_of: date) -> list[Line]:
        """Replay the payments and show the rows at the business date."""
        for payment in sorted(payments, key=lambda p: p.on):
            self.pay(payment)
        if self.is_recalculated:
            self.recalculate(self.overdue_until(as_of))
            self.absorb(self.overdue_until(as_of))
        repaid = ZERO
        for line in self.lines:
            repaid += line.amounts[PRINCIPAL]
            line.balance = (
                drawn([t for t in self.terms.tranches if t.on <= line.span.start or t.on < line.span.due])
                - repaid
            )
        return self.lines

    def overdue_until(self, as_of: date) -> date:
        if not self.servicing.overdue_by_whole_period:
            return as_of
        return next((line.span.due for line in self.lines if as_of <= line.span.due), as_of)

    # paying

    def pay(self, payment: Paid) -> None:
        """Spread one payment: what is due first, then instalments still to come."""
        parts = dict.fromkeys(KINDS, ZERO)
        if self.is_recalculated:
            self.recognise(payment)
        money = payment.amount
        for line in self.lines:
            money -= self.clear(
                line, payment.on, money, self.servicing.due_order, self.due_part(payment.on), parts
            )
        while spent := self.prepay(payment.on, money, parts):
            money -= spent
        self.receipts.append(Receipt(payment, parts, self.principal_left()))
        self.settle(payment.on)

    def settle(self, on: date) -> None:
        """Mark rows with nothing left to pay; the last one may be smaller than planned by now."""
        if self.is_recalculated:
            self.recalculate(self.overdue_until(on))
            self.absorb(self.overdue_until(on))
        for line in self.lines:
            if line.paid_total and not line.outstanding and line.paid_on is None:
                line.paid_on = on

    def principal_left(self) -> Decimal:
        """Principal drawn and not repaid."""
        return drawn(self.terms.tranches) - sum((line.paid[PRINCIPAL] for line in self.lines), ZERO)

    def due_part(self, on: date) -> Callable[[Line, str], Decimal]:
        """What is due on a day: rows by their due date, charges by their own."""

        def part(line: Line, kind: str) -> Decimal:
            if kind in (PENALTY, FEE):
                counted = sum(
                    (c.amount for c in self.charges_of(line) if c.kind == kind and c.due <= on), ZERO
                )
                return max(counted - line.paid[kind], ZERO)
            return self.any_part(line, kind) if line.span.due <= on else ZERO

        return part

    def charges_of(self, line: Line) -> Iterator[Charge]:
        last = line is self.lines[-1]
        previous = self.lines[line.n - 2].span.due if line.n > 1 else date.min
        return (c for c in self.charges if previous < c.due and (last or c.due <= line.span.due))

    def any_part(self, line: Line, kind: str) -> Decimal:
        """What is open in a row; no more principal than the loan has left, though rows may promise more."""
        return min(line.open(kind), self.principal_left()) if kind == PRINCIPAL else line.open(kind)

    def clear(
        self,
        line: Line,
        on: date,
        money: Decimal,
        order: Sequence[str],
        part: Callable[[Line, str], Decimal],
        parts: dict[str, Decimal],
    ) -> Decimal:
        """Pay the parts of one row in order. Returns what was spent."""
        spent = ZERO
        for kind in order:
            amount = min(money - spent, part(line, kind))
            if kind == PRINCIPAL and amount:
                self.moves.append((self.lowers_balance_on(line, on), -amount))
            line.paid[kind] += amount
            parts[kind] += amount
            spent += amount
        if spent and on < line.span.due:
            line.in_advance += spent
        elif spent and on > line.span.due:
            line.late += spent
        return spent

    def prepay(self, on: date, money: Decimal, parts: dict[str, Decimal]) -> Decimal:
        """One round over the rows still to come, as even shares may need more than one. Returns what was spent."""
        left, order = money, self.servicing.advance_order
        rows = self.future_rows(on)
        if self.servicing.future is not Future.REAMORTISE:
            for line in rows:
                left -= self.clear(line, on, left, order, self.any_part, parts)
            return money - left
        for kind in order:
            share = self.terms.round(left / len(rows)) if rows else ZERO
            rest = left - share * len(rows)
            for line in rows:
                most = share + rest if line is rows[-1] else share
                left -= self.clear(line, on, min(left, most), (kind,), self.any_part, parts)
        return money - left

    def lowers_balance_on(self, line: Line, on: date) -> date:
        """From when principal paid bears no interest: overdue principal may bear none, or a whole period's."""
        if on <= line.span.due:
            return on
        return self.overdue_until(on) if self.bears_overdue(line) else line.span.due

    def bears_overdue(self, line: Line) -> bool:
        """Whether principal of a row bears interest after its due date; a down payment never does."""
        return self.servicing.overdue_bears_interest and line.span.start < line.span.due

    def future_rows(self, on: date) -> list[Line]:
        """Rows still to come that are not paid, in the order of the product."""
        rows = [line for line in self.lines if line.span.due > on and line.outstanding > 0]
        if self.servicing.future is Future.LAST:
            return rows[::-1]
        if self.servicing.future is Future.NEXT_THEN_LAST:
            running = [line for line in rows if line.span.start <= on]
            return [*running, *(line for line in rows[::-1] if line not in running)]
        return rows

    def recognise(self, payment: Paid) -> None:
        """Bring interest forward to a payment: to its day, or to the period's end if it pays the loan off there."""
        running = next((line.span.due for line in self.lines if payment.on <= line.span.due), payment.on)
        if self.servicing.payoff_to_period_end and self.pays_off(payment, running):
            return
        self.recalculate(self.overdue_until(payment.on), payment.on)
        if self.gap() > 0 or payment.on >= self.lines[-1].span.due:
            self.absorb(self.overdue_until(payment.on), payment.on)

    def pays_off(self, payment: Paid, running: date) -> bool:
        """Whether a payment covers all principal and the interest to the end of the running period."""
        self.recalculate(running, running)
        if self.gap() > 0:
            self.absorb(running, running)
        interest = sum((line.open(INTEREST) for line in self.lines), ZERO)
        return payment.amount >= self.principal_left() + interest

    # interest

    def recalculate(self, as_of: date, until: date | None = None) -> None:
        """Compute interest and principal of every row anew; interest after `until` is left out."""
        for line in self.lines:
            line.instalment = line.paid[PRINCIPAL] + line.paid[INTEREST] if line.paid_on else line.planned
        self.spread_interest(as_of, until)

    def spread_interest(self, as_of: date, until: date | None) -> None:
        """Interest of each row on the balance of its days; what a full row does not recognise moves on."""
        moves = sorted(self.moves)
        balance = carried = ZERO
        for line in self.lines:
            raw, balance = self.accrue(line.span, balance, moves, until)
            calculated = self.terms.round(raw) + carried
            due = self.due_interest(line, calculated)
            carried = calculated - due
            line.amounts[INTEREST] = due
            line.amounts[PRINCIPAL] = line.instalment - due
            unpaid = line.amounts[PRINCIPAL] - line.paid[PRINCIPAL]
            balance -= unpaid
            if unpaid > 0 and line.span.due < as_of and self.bears_overdue(line):
                balance += unpaid
                moves = sorted([*moves, (as_of, -unpaid)])
        self.move_back(carried)

    def move_back(self, interest: Decimal) -> None:
        """Interest that no row after it can recognise is due with the last row that is not paid."""
        line = next((row for row in reversed(self.lines) if row.open(PRINCIPAL) or row.open(INTEREST)), None)
        if interest > 0 and line is not None and line is not self.lines[-1]:
            line.amounts[INTEREST] += interest

    def accrue(
        self, span: Span, balance: Decimal, moves: Sequence[tuple[date, Decimal]], until: date | None
    ) -> tuple[Decimal, Decimal]:
        """Interest of one row, not rounded, and the balance at its end before its own principal."""
        stop = span.due if until is None else max(span.start, min(span.due, until))
        raw, begin = ZERO, span.start
        for day, amount in moves:
            if span.start <= day < span.due:
                if begin < min(day, stop):
                    raw += DIGITS_19.multiply(balance, factor(self.terms, span, begin, min(day, stop)))
                begin, balance = max(begin, day), balance + amount
        if begin < stop:
            raw += DIGITS_19.multiply(balance, factor(self.terms, span, begin, stop))
        return raw, balance

    def due_interest(self, line: Line, calculated: Decimal) -> Decimal:
        """Interest that the row recognises; a row whose principal was paid in advance keeps what was paid."""
        planned_principal = max(line.instalment - calculated, ZERO)
        if line.paid[PRINCIPAL] > planned_principal:
            return line.paid[INTEREST]
        return max(min(calculated, line.instalment), line.paid[INTEREST])

    def gap(self) -> Decimal:
        """Principal that the rows do not yet repay."""
        return drawn(self.terms.tranches) - sum((line.amounts[PRINCIPAL] for line in self.lines), ZERO)

    def absorb(self, as_of: date, until: date | None = None) -> None:
        """Let the last row that is not fully paid take the difference; the row before it where it cannot."""
        for line in reversed(self.lines):
            paid = line.paid[PRINCIPAL] + line.paid[INTEREST]
            while line.instalment != paid:
                if not (gap := self.gap()):
                    return
                line.instalment = max(line.instalment + gap, paid)
                self.spread_interest(as_of, until)


def line_of(row: Planned) -> Line:
    amounts = {PENALTY: ZERO, FEE: ZERO, INTEREST: row.interest, PRINCIPAL: row.principal}
    return Line(row.n, row.span, row.instalment, row.instalment, amounts)
