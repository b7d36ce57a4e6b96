"""How a loan, or the whole portfolio, stands on any day, past ones included (rules P-7, P-9, S-7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum
from djmoney.money import Money

from loans import arrears
from loans.arithmetic.allocation import Bucket
from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import RowState, State, replay
from loans.bookkeeping import unpaid_since
from loans.models import Disbursement, Instalment, Loan, LoanChange, Payment
from loans.record import story_of
from loans.story import changes_of, drawn_later, paid

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """A loan on a day. Amounts are in the loan's currency."""

    loan: Loan
    state: State

    @property
    def on(self) -> date:
        return self.state.on

    @property
    def is_written_off(self) -> bool:
        """Whether the books had given the loan up by this day; the firm owes it all the same (Rule P-8)."""
        return self.loan.written_off_on is not None and self.loan.written_off_on <= self.on

    @property
    def is_restructured(self) -> bool:
        """Whether its schedule was agreed anew by this day: such loans are shown apart (Rule P-7)."""
        known = getattr(self.loan, "agreed", None)
        changes = self.loan.changes.agreed() if known is None else known
        return any(change.is_restructuring and change.value_on <= self.on for change in changes)

    @property
    def principal(self) -> Money:
        """Principal outstanding, fallen due or not."""
        return self._money(self.state.balance)

    @property
    def due(self) -> Money:
        """Everything that has fallen due and is not paid, late interest and VAT included."""
        return self._money(self.state.open())

    @property
    def late(self) -> Money:
        """The part of it whose pay date has passed."""
        return self._money(sum((row.total_open for row in self.state.fallen if row.late_days), ZERO))

    @property
    def late_interest(self) -> Money:
        return self._money(self.state.open(Bucket.LATE_INTEREST, Bucket.LATE_VAT))

    @property
    def accrued(self) -> Money:
        """Ordinary interest since the last due date, not yet due."""
        return self._money(self.state.accrued)

    @property
    def credit(self) -> Money:
        """Money of the firm that has cleared nothing yet (Rule P-4)."""
        return self._money(self.state.credit)

    @property
    def paid(self) -> Money:
        """Everything received up to the day."""
        return self._money(sum((payment.amount for payment in self.state.payments), ZERO))

    @property
    def payoff(self) -> Money:
        """What closes the loan on the day (Rule P-9)."""
        return self._money(max(self.state.payoff.total, ZERO))

    @property
    def days_past_due(self) -> int:
        """Rule P-7: day 1 is the day after the pay date."""
        return arrears.days_past_due(unpaid_since(self.state), self.on)

    @property
    def bucket(self) -> arrears.Bucket:
        return arrears.bucket(self.days_past_due)

    @property
    def next_row(self) -> RowState | Row | None:
        """The oldest instalment that is not fully paid, or the next to come."""
        waiting = (row for row in self.state.fallen if row.total_open)
        return next(waiting, self.state.plan[0] if self.state.plan else None)

    def _money(self, amount: Decimal) -> Money:
        return Money(amount, self.loan.currency)


def position(loan: Loan, on: date) -> Position | None:
    """The loan on a day; None if its money had not left by then."""
    if loan.disbursed_on is None or on < loan.disbursed_on:
        return None
    return Position(loan, replay(loan.terms, *story_of(loan), on))


def positions(loans: QuerySet[Loan], on: date) -> list[Position]:
    """The same of many loans, in as few queries however many they are."""
    schedule = Instalment.objects.filter(version__number=1).select_related("version").order_by("n")
    found = loans.filter(disbursed_on__lte=on).prefetch_related(
        Prefetch("versions__instalments", queryset=schedule),
        Prefetch("payments", queryset=Payment.objects.counted(), to_attr="counted"),
        Prefetch("disbursements", queryset=Disbursement.objects.later(), to_attr="later"),
        Prefetch("changes", queryset=LoanChange.objects.agreed(), to_attr="agreed"),
    )
    return [Position(loan, _state(loan, on)) for loan in found]


def _state(loan: Loan, on: date) -> State:
    rows = [instalment.row for version in loan.versions.all() for instalment in version.instalments.all()]
    known = drawn_later(loan.later), paid(loan.counted), changes_of(loan.terms, loan.agreed)  # type: ignore[attr-defined]
    events = [event for events in known for event in events]
    return replay(loan.terms, rows, events, on)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The portfolio on a day in one currency: principal, how many loans, ageing and risk (Rule P-7)."""

    currency: str
    loans: int
    late_loans: int
    principal: Decimal
    restructured: Decimal
    """Principal of loans whose schedule was agreed anew: in no figure of risk, so shown beside them."""
    ageing: tuple[tuple[arrears.Bucket, Decimal], ...]
    risks: tuple[arrears.Risk, ...]


def portfolio(on: date, *, today: date) -> list[Portfolio]:
    """Rule P-7 for any day: today from what the loans keep, another day by replay."""
    exposures = _kept(today) if on == today else _replayed(on)
    return summarise(exposures)


def _kept(on: date) -> list[arrears.Exposure]:
    """One query: principal, oldest unpaid pay date, and whether the loan was restructured."""
    agreed = LoanChange.objects.agreed().restructuring().filter(loan=OuterRef("pk"), value_on__lte=on)
    rows = Loan.objects.running().order_by().annotate(restructured=Exists(agreed))
    return [
        arrears.Exposure(currency, balance, arrears.days_past_due(since, on), restructured)
        for currency, balance, since, restructured in rows.values_list(
            "currency", "balance", "unpaid_since", "restructured"
        )
    ]


def _replayed(on: date) -> list[arrears.Exposure]:
    return [
        arrears.Exposure(item.loan.currency, item.state.balance, item.days_past_due, item.is_restructured)
        for item in positions(Loan.objects.paid_out(), on)
        if item.state.balance and not item.is_written_off
    ]


def summarise(exposures: Sequence[arrears.Exposure]) -> list[Portfolio]:
    """Totals per currency."""
    ages = arrears.ageing(exposures)
    risks = [arrears.at_risk(exposures, days=days) for days in arrears.PAR_LIMITS]
    return [
        _of_currency(currency, exposures, ages, risks) for currency in sorted({e.currency for e in exposures})
    ]


def _of_currency(
    currency: str,
    exposures: Sequence[arrears.Exposure],
    ages: dict[tuple[str, arrears.Bucket], Decimal],
    risks: Iterable[Sequence[arrears.Risk]],
) -> Portfolio:
    own = [exposure for exposure in exposures if exposure.currency == currency]
    return Portfolio(
        currency=currency,
        loans=len(own),
        late_loans=sum(1 for exposure in own if exposure.days_past_due),
        principal=sum((exposure.principal for exposure in own), ZERO),
        restructured=sum((exposure.principal for exposure in own if exposure.restructured), ZERO),
        ageing=tuple((bucket, ages[currency, bucket]) for bucket in arrears.Bucket),
        risks=tuple(next(risk for risk in group if risk.currency == currency) for group in risks),
    )


def outstanding(currency: str) -> Money:
    """Principal owed by all running loans of a currency, as last booked."""
    total = Loan.objects.running().filter(currency=currency).aggregate(total=Sum("balance"))["total"]
    return Money(total or ZERO, currency)
