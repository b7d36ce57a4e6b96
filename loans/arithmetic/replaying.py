"""The replay itself: a loan that is brought forward from event to event. Used by servicing.py, never on its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from loans.arithmetic.allocation import ORDERS, Bucket, Due, allocate
from loans.arithmetic.calendar import adjust, step
from loans.arithmetic.events import (
    Charge,
    Event,
    ExtraTerms,
    NewDueDate,
    Pause,
    Payment,
    RateChange,
    Refund,
    Restructure,
    Tranche,
)
from loans.arithmetic.owing import Fallen, Kept, owed_of
from loans.arithmetic.periods import Period, dates_from, periods_between
from loans.arithmetic.problems import refuse
from loans.arithmetic.revision import How, Situation, revise
from loans.arithmetic.rounding import ZERO
from loans.arithmetic.running import Running, factor
from loans.arithmetic.schedule import Row, rows_of, schedule
from loans.arithmetic.state import State, Version
from loans.arithmetic.terms import Amortization, Prepayment, Terms

ONE_DAY = timedelta(days=1)
HOW = {Prepayment.LOWER_INSTALMENT: How.SPREAD, Prepayment.SHORTER_TERM: How.SHORTEN}


class Replay:
    """The loan as it goes on; every method brings it forward, none goes back."""

    def __init__(self, terms: Terms, rows: Sequence[Row]) -> None:
        self.terms = terms
        self.plan = list(rows)
        self.fallen: list[Fallen] = []
        self.payments: list[Kept] = []
        self.pauses: list[Pause] = []
        self.balance = sum((row.principal - row.capitalised for row in rows), ZERO)
        """Principal that has not fallen due."""
        self.drawn = self.balance
        self.began = terms.disbursed_on
        """Where the running period of interest begins."""
        self.last_due = terms.disbursed_on
        self.counted_to = terms.disbursed_on
        """Up to here the running period's interest is in `carried`."""
        self.carried = self.deferred = ZERO
        self.numbered = 0
        """The last number given to a row before the terms in force."""
        self.versions = [Version(terms.disbursed_on, None, tuple(rows))]

    def take(self, event: Event) -> None:
        """Bring the loan to the day of an event and let it happen."""
        self.fall_due(event.on)
        match event:
            case Payment():
                self.pay(event)
            case Charge():
                self.charge(event)
            case Refund():
                self.refund(event)
            case Restructure():
                self.restructure(event)
            case Tranche():
                self.draw(event)
            case RateChange():
                if self.plan:
                    self.count_to(event.on)
                    self.terms = replace(self.terms, annual_rate_pct=event.annual_rate_pct)
                    self.renew(event, How.SPREAD)
            case Pause():
                self.count_to(max(event.on, self.counted_to))
                self.pauses.append(event)
                self.renew(event, How.KEEP)
            case NewDueDate():
                self.move_due(event)
            case ExtraTerms():
                self.extend(event)

    # what falls due

    def fall_due(self, on: date) -> None:
        """Move instalments that have fallen due, each cleared at once by credit that is waiting."""
        while self.plan and self.plan[0].due <= on:
            row = self.plan[0]
            if row.n - self.numbered <= self.terms.grace_interest:
                self.deferred += self.terms.round(self.running().interest_to(row.due))
            elif self.deferred:
                self.deferred = ZERO
            del self.plan[0]
            self.balance = row.balance
            self.begin_period(row)
            self.owe(row)

    def begin_period(self, row: Row) -> None:
        """The next period of interest begins where this row's ends."""
        self.last_due = row.due
        self.began = self.counted_to = row.pay_date if self.terms.interest_follows_pay_date else row.due
        self.carried = ZERO

    def owe(self, row: Row) -> None:
        """A row is owed from its due date."""
        due = Fallen(row, owed_of(row), self.terms.vat_on(row.due), self.terms.late_rate)
        self.fallen.append(due)
        if not due.owed:
            due.settled_on = row.due
        if any(kept.rest for kept in self.payments):
            for kept in self.payments:
                self.clear(kept, row.due)
            self.settle(row.due)

    def charge(self, event: Charge) -> None:
        """A fee of its own, with its VAT, owed from its day."""
        number = -1 - sum(due.row.n < 0 for due in self.fallen)
        pay = adjust(event.on, self.terms.holiday_rule, self.terms.calendar)
        vat = self.terms.fee_vat(event.amount, event.on)
        total = event.amount + vat
        self.owe(Row(number, event.on, pay, 0, ZERO, ZERO, vat, event.amount, total, self.balance, vat))

    # payments

    def pay(self, payment: Payment) -> None:
        """Clear what is due; the rest is prepaid or waits as credit, as the firm chose."""
        kept = Kept(payment, payment.amount)
        self.payments.append(kept)
        self.clear(kept, payment.on)
        choice = payment.prepayment or self.terms.prepayment
        if choice is not Prepayment.KEEP_CREDIT and kept.rest and self.plan:
            self.prepay(kept, payment, HOW[choice])
        self.settle(payment.on)

    def clear(self, kept: Kept, on: date) -> None:
        """Let a payment clear what is due on a day; its rest waits as credit."""
        if not kept.rest:
            return
        self.charge_late(on)
        waiting = {due.row.n: due for due in self.fallen if due.settled_on is None}
        dues = [Due(n, due.open(), due.vat) for n, due in waiting.items()]
        parts, kept.rest = allocate(kept.rest, dues, ORDERS[self.terms.allocation_order], self.terms.cent)
        kept.parts += parts
        for part in parts:
            waiting[part.n].pay(part, on)

    def settle(self, on: date) -> None:
        """Note the day on which an instalment has nothing open any more."""
        self.charge_late(on)
        for due in self.fallen:
            if due.settled_on is None and not due.open():
                due.settled_on = on

    def prepay(self, kept: Kept, payment: Payment, how: How) -> None:
        """Lower the principal that has not fallen due; money for all of it, with interest to the day, ends the loan."""
        on = payment.on
        interest = self.accrued(on)
        vat = self.terms.round(interest * self.terms.vat_on(on))
        if kept.rest >= self.balance + interest + vat:
            self.call(on)
            self.clear(kept, on)
            self.note(payment)
            return
        amount = min(kept.rest, self.balance)
        self.count_to(on)
        self.balance -= amount
        kept.prepaid += amount
        kept.rest -= amount
        self.renew(payment, how)

    def refund(self, event: Refund) -> None:
        """Give credit back, of the oldest payment first; more than there is cannot have left."""
        left = event.amount
        for kept in self.payments:
            part = min(kept.rest, left)
            kept.rest -= part
            kept.refunded += part
            left -= part
        if left:
            there = {"credit": event.amount - left, "currency": self.terms.currency, "on": event.on}
            raise refuse("amount", event.amount, "refund_above_credit", **there)

    def call(self, on: date, *, principal: bool = True) -> None:
        """Let everything fall due on a day: interest to the day and, unless told not to, all principal."""
        n, interest = self.plan[0].n, self.accrued(on)
        nil = self.terms.round(ZERO)
        amount = self.balance if principal else nil
        vat = self.terms.round(interest * self.terms.vat_on(on))
        days = (on - self.began).days
        self.balance -= amount
        total = amount + interest + vat
        row = Row(n, on, on, days, amount, interest, vat, nil, total, self.balance, nil, nil)
        self.plan = []
        self.begin_period(row)
        self.deferred = ZERO
        if row.total:
            self.owe(row)

    # interest of the running period

    def running(self) -> Running:
        """The period that runs now."""
        return Running(
            terms=self.terms,
            pauses=tuple(self.pauses),
            base=self.drawn if self.terms.amortization is Amortization.FLAT else self.balance,
            carried=self.carried,
            counted_to=self.counted_to,
            deferred=self.deferred,
            began=self.began,
            last_due=self.last_due,
            due=self.plan[0].due if self.plan else None,
            n=self.plan[0].n if self.plan else 0,
            numbered=self.numbered,
        )

    def periods(self) -> tuple[Period, ...]:
        """The periods of the rows still to come."""
        dues = tuple(row.due for row in self.plan)
        return periods_between(self.terms, self.last_due, dues, self.plan[0].n, self.began)

    def accrued(self, on: date) -> Decimal:
        """Interest since the last due date, and deferred interest that waits, to the cent."""
        return self.running().accrued(on)

    def count_to(self, on: date) -> None:
        """Put the running period's interest up to a day into `carried`, before something changes."""
        self.carried = self.running().interest_to(on)
        self.counted_to = max(self.counted_to, on)

    # changes of the plan

    def factor(self, period: Period) -> Fraction:
        """What is left of a period that is still to come, per unit of balance."""
        since, n = max(period.start, self.counted_to), period.n - self.numbered
        return factor(self.terms, self.pauses, n, period, since, period.end)

    def renew(self, cause: Event, how: How, dues: Sequence[date] = ()) -> None:
        """Compute the rows still to come anew; `dues` are their dates if those change."""
        if not self.plan:
            return
        before = self.plan
        if dues:
            self.plan = [replace_due(before, k, due) for k, due in enumerate(dues)]
        periods = self.periods()
        now = Situation(
            balance=self.balance,
            factors=[self.factor(period) for period in periods],
            carried=self.carried,
            waiting=self.deferred,
            drawn=self.drawn,
            passed=before[0].n - 1 - self.numbered,
        )
        parts = revise(self.terms, now, before, how)
        self.plan = list(rows_of(self.terms, periods[: len(parts)], parts))
        self.note(cause)

    def note(self, cause: Event) -> None:
        rows = [due.row for due in self.fallen if due.row.n > 0] + self.plan
        self.versions.append(Version(cause.on, cause, tuple(rows)))

    def draw(self, event: Tranche) -> None:
        """A later tranche."""
        if not self.plan:
            raise refuse("on", event.on, "event_too_late", on=event.on)
        self.count_to(event.on)
        self.balance += event.amount
        self.drawn += event.amount
        self.renew(event, How.SPREAD)

    def move_due(self, event: NewDueDate) -> None:
        """Rows from one due date on move to another."""
        dues = [row.due for row in self.plan]
        if event.due not in dues:
            raise refuse("due", event.due, "event_unknown_row", due=event.due)
        k = dues.index(event.due)
        after = max(dues[k - 1] if k else self.last_due, event.on)
        if event.new_due <= after:
            raise refuse("new_due", event.new_due, "new_due_too_early", after=after)
        terms = self.terms
        dues[k:] = dates_from(event.new_due, len(dues) - k, terms.every, terms.unit, terms.month_end)
        self.count_to(event.on)
        self.renew(event, How.KEEP, dues)

    def extend(self, event: ExtraTerms) -> None:
        """More rows at the end."""
        if not self.plan:
            raise refuse("on", event.on, "event_too_late", on=event.on)
        terms, last = self.terms, self.plan[-1].due
        more = [step(last, k, terms.every, terms.unit) for k in range(1, event.count + 1)]
        self.count_to(event.on)
        self.renew(event, How.SPREAD, [*(row.due for row in self.plan), *more])

    def restructure(self, event: Restructure) -> None:
        """Repay what is open by new terms from a day on."""
        on = event.on
        if self.plan:
            self.call(on, principal=False)
        self.settle(on)
        owed = ZERO
        for due in self.fallen:
            for bucket, amount in due.open().items():
                if event.capitalise or bucket is Bucket.PRINCIPAL:
                    due.restructure(bucket, amount, on)
                    owed += amount
        self.balance += owed
        self.settle(on)
        if self.balance:
            self.terms = replace(
                event.terms, principal=self.balance, disbursed_on=on, currency=self.terms.currency
            )
            self.start_again(on)
            self.note(event)

    def start_again(self, on: date) -> None:
        """The schedule of new terms, its rows numbered on."""
        self.numbered = max(0, *(due.row.n for due in self.fallen), 0)
        self.plan = [row._replace(n=row.n + self.numbered) for row in schedule(self.terms)]
        self.drawn = self.balance
        self.began = self.last_due = self.counted_to = on
        self.carried = self.deferred = ZERO

    # the state

    def charge_late(self, on: date) -> None:
        """Bring late interest and its VAT forward to a day."""
        for due in self.fallen:
            if due.settled_on is None and due.row.principal:
                due.charge_late(self.terms, on)

    def state(self, on: date) -> State:
        """The loan at the end of a day."""
        self.fall_due(on)
        self.charge_late(on)
        fallen = tuple(due.state(on) for due in self.fallen)
        return State(
            on=on,
            fallen=fallen,
            unsettled=tuple(row for row in fallen if row.settled_on is None),
            plan=tuple(self.plan),
            payments=tuple(kept.state() for kept in self.payments),
            running=self.running(),
            unfallen=self.balance,
            versions=tuple(self.versions),
        )


def replace_due(plan: Sequence[Row], k: int, due: date) -> Row:
    """Row `k` of a plan with another date; past its end a new row."""
    return plan[k]._replace(due=due) if k < len(plan) else plan[-1]._replace(n=plan[0].n + k, due=due)
