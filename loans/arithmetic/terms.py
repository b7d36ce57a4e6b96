"""The terms of one loan: everything its schedule, its late interest and its CAT are computed from (rule S-1).

A loan keeps its own copy as JSON text (`to_dict`, `from_dict`), so that a product may change without touching it.
`Terms.problems()` names every impossible value; `Terms.validate()` raises them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from loans.arithmetic import reading
from loans.arithmetic.calendar import HolidayRule, MonthEnd, Unit
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.problems import Problem, refuse, refuse_any
from loans.arithmetic.rounding import Rounding, decimals_of, quantum

LATE_MULTIPLE = Decimal("1.5")
"""Rule P-6: late interest is one and a half times the ordinary rate where the terms name none."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
MAX_INSTALMENTS = 1200
MAX_RATE = Decimal(1000)
MAX_PRINCIPAL = Decimal(10) ** 15
MAX_GRACE_DAYS = 365
MAX_PLACES = 15


class Amortization(StrEnum):
    """How principal is repaid."""

    LEVEL = "level"
    EQUAL_PRINCIPAL = "equal_principal"
    BULLET = "bullet"
    """Interest only, all principal with the last instalment."""
    IRREGULAR = "irregular"
    """The principal of each instalment is written in `principal_plan`."""
    FLAT = "flat"
    """Interest on the first principal throughout, level totals. The CAT shows what that costs."""


class BrokenPeriod(StrEnum):
    """What becomes of the odd days when the first period is longer or shorter than the others."""

    SPREAD = "spread"
    """All instalments are level; the odd days' interest is spread over them."""
    ADD_TO_FIRST = "add_to_first"
    """The instalment of a regular loan; the first one is larger or smaller by the odd days' interest."""


class Prepayment(StrEnum):
    """What becomes of money beyond what is due (rules S-5 and P-4); the firm chooses."""

    KEEP_CREDIT = "keep_credit"
    LOWER_INSTALMENT = "lower_instalment"
    SHORTER_TERM = "shorter_term"


class AllocationOrder(StrEnum):
    """Which debt a payment clears first (rule P-4); the groups are written out in allocation.py."""

    INTEREST_FIRST = "interest_first"
    INTEREST_FIRST_BY_ROW = "interest_first_by_row"
    PRINCIPAL_FIRST = "principal_first"


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a loan; amounts in `currency`, rates in percent a year."""

    principal: Decimal
    currency: str
    annual_rate_pct: Decimal
    n: int
    disbursed_on: date
    every: int = 1
    unit: Unit = Unit.MONTHS
    first_due: date | None = None
    """First due date; None counts one spacing from the disbursement."""
    amortization: Amortization = Amortization.LEVEL
    principal_plan: tuple[Decimal, ...] = ()
    """The principal of each instalment of an irregular loan."""
    day_count: DayCount = DayCount.TWELFTHS
    broken_period: BrokenPeriod = BrokenPeriod.SPREAD
    month_end: MonthEnd = MonthEnd.STAY
    grace_principal: int = 0
    """First instalments that pay no principal."""
    grace_interest: int = 0
    """First instalments that pay no interest; it is collected with the one after them."""
    grace_free: int = 0
    """First instalments that are charged no interest at all."""
    grace_capitalised: int = 0
    """First instalments whose interest is added to the principal."""
    places: int | None = None
    """Decimals of the rows where they are not those of the currency (whole pesos: 0)."""
    rounding: Rounding = Rounding.HALF_UP
    multiple: Decimal | None = None
    """Level instalments are rounded to a whole number of this; the last one takes what is left."""
    multiple_rounding: Rounding = Rounding.HALF_UP
    holiday_rule: HolidayRule = HolidayRule.MODIFIED_FOLLOWING
    calendar: str = "MX"
    interest_follows_pay_date: bool = False
    """Whether interest runs to the moved pay date, not to the due date (rule S-2: only if the product says so)."""
    vat_pct: Decimal = Decimal(0)
    vat_changes: tuple[tuple[date, Decimal], ...] = ()
    """Later rates of VAT with the day from which each holds (rule S-6), oldest first."""
    opening_fee_pct: Decimal = Decimal(0)
    fee_per_instalment: Decimal = Decimal(0)
    fees_bear_vat: bool = True
    late_rate_pct: Decimal | None = None
    """None: one and a half times the ordinary rate (rule P-6)."""
    late_grace_days: int = 3
    late_day_count: DayCount = DayCount.ACT_360
    allocation_order: AllocationOrder = AllocationOrder.INTEREST_FIRST
    prepayment: Prepayment = Prepayment.KEEP_CREDIT
    reference_rate: str = ""
    """Name of the reference (TIIE 28, say) when the rate is reference + margin; empty for a fixed rate."""
    margin_pct: Decimal = Decimal(0)
    """Points above the reference; `annual_rate_pct` is then the sum on the day of signature (rule S-1)."""
    _is_sound: bool = field(default=False, init=False, repr=False, compare=False)
    """Set once `validate` has found nothing: terms do not change, so they are judged only once."""

    @property
    def decimals(self) -> int:
        """Decimals that figures are rounded to (rules M-1 and M-2)."""
        return decimals_of(self.currency) if self.places is None else self.places

    @property
    def cent(self) -> Decimal:
        """The currency's smallest unit."""
        return quantum(self.decimals)

    @property
    def yearly_rate(self) -> Decimal:
        """The nominal yearly rate as a fraction."""
        return self.annual_rate_pct / 100

    @property
    def late_rate(self) -> Decimal:
        """The yearly late rate as a fraction (rule P-6)."""
        pct = self.annual_rate_pct * LATE_MULTIPLE if self.late_rate_pct is None else self.late_rate_pct
        return pct / 100

    def vat_on(self, day: date) -> Decimal:
        """The rate of VAT that holds on a day, as a fraction (rule S-6)."""
        pct = self.vat_pct
        for since, later in self.vat_changes:
            if since <= day:
                pct = later
        return pct / 100

    @property
    def opening_fee(self) -> Decimal:
        """The opening fee, without VAT."""
        return self.round(self.principal * self.opening_fee_pct / 100)

    @property
    def opening_fee_vat(self) -> Decimal:
        """VAT of the opening fee."""
        return self.fee_vat(self.opening_fee, self.disbursed_on)

    def fee_vat(self, fee: Decimal, day: date) -> Decimal:
        """VAT on a fee that falls due on a day."""
        return self.round(fee * self.vat_on(day)) if self.fees_bear_vat else Decimal(0)

    def round(self, amount: Decimal) -> Decimal:
        """Round a figure to the cent as the terms say (rule M-2)."""
        return amount.quantize(self.cent, self.rounding.mode)

    def problems(self) -> tuple[Problem, ...]:
        """Everything about these terms that is impossible, in the order of the fields."""
        return tuple(_problems(self))

    def validate(self) -> Self:
        """Return the terms, or raise `TermsError` with every problem."""
        if not self._is_sound:
            refuse_any(self.problems())
            object.__setattr__(self, "_is_sound", True)
        return self

    def to_dict(self) -> dict[str, Any]:
        """The terms as JSON values: decimals and dates as strings, defaults left out."""
        return {
            f.name: reading.as_json(getattr(self, f.name))
            for f in fields(self)
            if f.init and (f.default is MISSING or getattr(self, f.name) != f.default)
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote. Raises `TermsError` with every value that cannot be read."""
        return cls(**reading.read_fields(cls, data))


def _problems(terms: Terms) -> Iterator[Problem]:
    if terms.n < 1:
        yield _problem("n", terms.n, "no_instalments")
    if terms.n > MAX_INSTALMENTS:
        yield _problem("n", terms.n, "too_many_instalments", limit=MAX_INSTALMENTS)
    yield from _amount_problems(terms)
    yield from _rate_problems(terms)
    yield from _grace_problems(terms)
    yield from _plan_problems(terms)
    yield from _date_problems(terms)


def _amount_problems(terms: Terms) -> Iterator[Problem]:
    if not 0 <= terms.decimals <= MAX_PLACES:
        yield _problem("places", terms.decimals, "places_out_of_range", limit=MAX_PLACES)
        return
    if not terms.principal > 0:
        yield _problem("principal", terms.principal, "principal_not_positive")
    else:
        yield from _size_problems(terms, "principal", terms.principal)
    if terms.fee_per_instalment < 0:
        yield _problem("fee_per_instalment", terms.fee_per_instalment, "amount_negative")
    else:
        yield from _size_problems(terms, "fee_per_instalment", terms.fee_per_instalment)
    if terms.multiple is not None:
        if terms.multiple <= 0:
            yield _problem("multiple", terms.multiple, "multiple_not_positive")
        else:
            yield from _size_problems(terms, "multiple", terms.multiple)
        if terms.amortization not in (Amortization.LEVEL, Amortization.FLAT):
            yield _problem("multiple", terms.multiple, "multiple_not_used")


def _size_problems(terms: Terms, field: str, amount: Decimal) -> Iterator[Problem]:
    if amount >= MAX_PRINCIPAL:
        yield _problem(field, amount, "amount_too_large", limit=f"{MAX_PRINCIPAL:f}")
    elif amount % terms.cent:
        yield _problem(field, amount, "too_many_decimals", currency=terms.currency, decimals=terms.decimals)


def _rate_problems(terms: Terms) -> Iterator[Problem]:
    for name in ("annual_rate_pct", "late_rate_pct"):
        value = getattr(terms, name)
        if value is not None and value < 0:
            yield _problem(name, value, "rate_negative")
        elif value is not None and value > MAX_RATE:
            yield _problem(name, value, "rate_too_high", limit=MAX_RATE)
    for name, value, limit in (
        ("vat_pct", terms.vat_pct, 100),
        *(("vat_changes", pct, 100) for _, pct in terms.vat_changes),
        ("opening_fee_pct", terms.opening_fee_pct, 99),
    ):
        if not 0 <= value <= limit:
            yield _problem(name, value, "share_out_of_range", limit=limit)
    if not 0 <= terms.late_grace_days <= MAX_GRACE_DAYS:
        yield _problem(
            "late_grace_days", terms.late_grace_days, "grace_days_out_of_range", limit=MAX_GRACE_DAYS
        )


GRACES = ("grace_principal", "grace_interest", "grace_free", "grace_capitalised")


def _grace_problems(terms: Terms) -> Iterator[Problem]:
    for name in GRACES:
        value = getattr(terms, name)
        if value < 0:
            yield _problem(name, value, "grace_negative")
        elif value and value >= terms.n > 0:
            yield _problem(name, value, "grace_too_long", grace=value, n=terms.n)
        elif value and terms.amortization in GRACE_NOT_USED.get(name, ()):
            yield _problem(name, value, "grace_not_used")


GRACE_NOT_USED: Mapping[str, tuple[Amortization, ...]] = {
    "grace_principal": (Amortization.IRREGULAR,),
    "grace_capitalised": (Amortization.IRREGULAR, Amortization.FLAT),
}


def _plan_problems(terms: Terms) -> Iterator[Problem]:
    plan = terms.principal_plan
    if terms.amortization is not Amortization.IRREGULAR:
        if plan:
            yield _problem("principal_plan", len(plan), "plan_not_used")
    elif not plan:
        yield _problem("principal_plan", "", "plan_missing")
    elif len(plan) != terms.n:
        yield _problem("principal_plan", len(plan), "plan_wrong_length", n=terms.n, given=len(plan))
    elif any(abs(part) >= MAX_PRINCIPAL or part % terms.cent for part in plan):
        yield _problem(
            "principal_plan", max(plan), "too_many_decimals", currency=terms.currency, decimals=terms.decimals
        )
    elif any(part < 0 for part in plan):
        yield _problem("principal_plan", min(plan), "plan_negative")
    elif sum(plan) != terms.principal:
        yield _problem(
            "principal_plan", sum(plan), "plan_wrong_sum", sum=sum(plan), principal=terms.principal
        )


def _date_problems(terms: Terms) -> Iterator[Problem]:
    for name in ("disbursed_on", "first_due"):
        day = getattr(terms, name)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield _problem(name, day, "year_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
            return
    if terms.first_due is not None and terms.first_due <= terms.disbursed_on:
        yield _problem("first_due", terms.first_due, "first_due_too_early", disbursed_on=terms.disbursed_on)
    if terms.every < 1:
        yield _problem("every", terms.every, "spacing_not_positive")
    else:
        years = terms.n * terms.every * (terms.unit.months / 12 + terms.unit.days / 365)
        if (terms.first_due or terms.disbursed_on).year + years > LAST_YEAR:
            yield _problem("every", terms.every, "spacing_too_wide", limit=LAST_YEAR)


def _problem(field: str, value: object, code: str, **params: object) -> Problem:
    return refuse(field, value, code, **params).problems[0]
