"""What a measure saved: units, arithmetic, counting days, plausibility (Rules B-2 to B-4, A-6). Pure.

A saving is (baseline intensity - actual intensity) x actual production of the period, so a fall in output
is no saving. Negative savings stay negative. Days decide how much of a period belongs to which year.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry

#: Savings are kept to the millionth of their unit (a gram of a tonne).
MILLIONTH = Decimal("0.000001")
#: Intensities are kept to the billionth: a meter shows less.
BILLIONTH = Decimal("0.000000001")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that people may choose: our code, the library's expression, its sign, its names."""

    code: str
    expression: str
    symbol: str
    names: Mapping[str, str]


def _unit(code: str, expression: str, symbol: str, es: str, en: str, fr: str) -> Unit:
    return Unit(code, expression, symbol, {"es": es, "en": en, "fr": fr})


UNITS: Mapping[str, Unit] = {
    unit.code: unit
    for unit in (
        _unit("m3", "m**3", "m³", "metros cúbicos", "cubic metres", "mètres cubes"),
        _unit("L", "liter", "L", "litros", "litres", "litres"),
        _unit("t", "metric_ton", "t", "toneladas", "tonnes", "tonnes"),
        _unit("kg", "kilogram", "kg", "kilogramos", "kilograms", "kilogrammes"),
        _unit("g", "gram", "g", "gramos", "grams", "grammes"),
        _unit("MWh", "megawatt_hour", "MWh", "megavatios hora", "megawatt hours", "mégawattheures"),
        _unit("kWh", "kilowatt_hour", "kWh", "kilovatios hora", "kilowatt hours", "kilowattheures"),
        _unit("GJ", "gigajoule", "GJ", "gigajulios", "gigajoules", "gigajoules"),
        _unit("MJ", "megajoule", "MJ", "megajulios", "megajoules", "mégajoules"),
        _unit("tCO2e", "tonne_co2e", "t CO₂e", "toneladas de CO₂e", "tonnes of CO₂e", "tonnes de CO₂e"),
        _unit("USD", "usd", "US$", "dólares", "US dollars", "dollars US"),
        _unit("MXN", "mxn", "MXN", "pesos", "Mexican pesos", "pesos mexicains"),
        _unit("number", "piece", "", "número", "number", "nombre"),
        _unit("piece", "piece", "", "piezas", "pieces", "pièces"),
        _unit("hide", "piece", "", "cueros", "hides", "peaux"),
        _unit("m2", "m**2", "m²", "metros cuadrados", "square metres", "mètres carrés"),
        _unit("person", "piece", "", "personas", "people", "personnes"),
        _unit("FTE", "piece", "", "empleos de tiempo completo", "full-time jobs", "emplois à plein temps"),
        _unit("month", "month", "", "meses", "months", "mois"),
        _unit("day", "day", "", "días", "days", "jours"),
        _unit("year", "year", "", "años", "years", "années"),
        _unit("pct", "percent", "%", "por ciento", "per cent", "pour cent"),
        _unit("ratio", "dimensionless", "", "veces", "times", "fois"),
    )
}

#: What production may be counted in.
PRODUCTION_UNITS = ("t", "kg", "hide", "piece", "m2", "m3", "L", "year")

#: Units that are currencies: they convert by the rate of a day (Rule M-4), never by the library.
CURRENCIES = frozenset({"USD", "MXN"})


class UnitMismatch(ValueError):
    """Two units that measure different things."""


@cache
def _registry() -> UnitRegistry[Any]:
    from pint import UnitRegistry  # 0.4 s to load: only where something is converted

    registry: UnitRegistry[Any] = UnitRegistry(non_int_type=Decimal)
    for line in ("usd = [money_usd]", "mxn = [money_mxn]", "piece = [piece]", "tonne_co2e = [warming]"):
        registry.define(line)
    return registry


@lru_cache(maxsize=512)
def factor(unit: str, to: str) -> Decimal:
    """How many `to` one `unit` is: 1 L = 0.001 m3. Raises UnitMismatch where that has no sense."""
    from pint.errors import PintError

    if unit == to:
        return Decimal(1)
    try:
        registry = _registry()
        quantity = registry.Quantity(Decimal(1), UNITS[unit].expression)
        return Decimal(str(quantity.to(UNITS[to].expression).magnitude)).normalize()
    except (KeyError, PintError) as error:
        raise UnitMismatch(f"{unit} is not {to}") from error


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """A quantity in another unit, to the millionth (Rule B-2; the original is kept beside it)."""
    return (value * factor(unit, to)).quantize(MILLIONTH, ROUND_HALF_UP)


def same_kind(unit: str, other: str) -> bool:
    """Whether one unit converts into the other by the library; two currencies do not."""
    try:
        factor(unit, other)
    except UnitMismatch:
        return False
    return True


def is_money(unit: str) -> bool:
    return unit in CURRENCIES


@cache
def units_for(indicator_unit: str) -> tuple[str, ...]:
    """The units in which a firm may report an indicator, the indicator's own first."""
    if is_money(indicator_unit):
        return (indicator_unit, *sorted(CURRENCIES - {indicator_unit}))
    alike = [code for code in UNITS if code != indicator_unit and same_kind(code, indicator_unit)]
    shown = [code for code in alike if UNITS[code].expression != UNITS[indicator_unit].expression]
    return (indicator_unit, *shown)


# The arithmetic -----------------------------------------------------------------------------------


def intensity(reading: Decimal, production: Decimal) -> Decimal:
    """What one unit of production took: 3,600 m3 for 200 t is 18 m3/t."""
    if production <= 0:
        raise ValueError("An intensity needs a production")
    return (reading / production).quantize(BILLIONTH, ROUND_HALF_UP)


def saving(
    *, baseline: Decimal, actual: Decimal, production: Decimal, reading: Decimal | None = None
) -> Decimal:
    """Rule B-2: (baseline - actual) x production; with a reading, baseline x production - reading.

    (30 - 18) m3/t x 200 t = 2,400 m3. Half the production at the same intensity saves half as much, not
    more. Worse than the baseline is a negative saving, kept.
    """
    used = actual * production if reading is None else reading
    return (baseline * production - used).quantize(MILLIONTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which a measure may count, both included. `last` is None for one-off and stock figures."""

    first: date
    last: date | None

    def days_of(self, period_from: date, period_to: date) -> int:
        """How many days of a period lie inside."""
        start = max(self.first, period_from)
        end = period_to if self.last is None else min(self.last, period_to)
        return max(0, (end - start).days + 1)


def counting_window(rule: str, commissioned_on: date, years_max: int) -> Window:
    """Rule B-3: from the commissioning date; an annual measure for at most `years_max` years."""
    if rule != "A":
        return Window(commissioned_on, None)
    return Window(commissioned_on, add_years(commissioned_on, years_max) - timedelta(days=1))


def add_years(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 February where there is none."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


@dataclass(frozen=True, slots=True)
class YearShare:
    """What a period gives one calendar year: the quantity achieved and the days that it covers."""

    year: int
    achieved: Decimal
    days: int


def by_year(
    rule: str, saved: Decimal, period_from: date, period_to: date, window: Window
) -> tuple[YearShare, ...]:
    """Rule B-3: what each calendar year receives of a period's saving.

    Annual (A): by days inside the counting window, the shares of a wholly counted period adding up to the
    saving exactly (largest remainder, Rule M-3). One-off (O) and stock (S): whole, in the year of the
    period's last day. Lifetime (L): nothing, it is for appraisal only.
    """
    if rule == "L" or period_to < window.first:
        return ()
    if rule in "OS":
        return (YearShare(period_to.year, saved, 0),)
    counted = window.days_of(period_from, period_to)
    if counted == 0:
        return ()
    days = _days_per_year(max(window.first, period_from), counted)
    whole = (period_to - period_from).days + 1
    total = (saved * counted / whole).quantize(MILLIONTH, ROUND_HALF_UP)
    parts = share_out(total, [Decimal(count) for count in days.values()])
    return tuple(
        YearShare(year, part, count) for (year, count), part in zip(days.items(), parts, strict=True)
    )


def _days_per_year(start: date, count: int) -> dict[int, int]:
    days: dict[int, int] = {}
    end = start + timedelta(days=count - 1)
    for year in range(start.year, end.year + 1):
        first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
        days[year] = (last - first).days + 1
    return days


def share_out(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """A quantity in parts by weight, to the millionth, adding up exactly (Rule M-3, largest remainder)."""
    whole = sum(weights, Decimal(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Shares need weights that are not negative and not all zero")
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(MILLIONTH, ROUND_DOWN) for part in exact]
    left = int((total - sum(parts)) / MILLIONTH)
    step = MILLIONTH.copy_sign(total)
    order = sorted(range(len(parts)), key=lambda at: (-abs(exact[at] - parts[at]), at))
    for at in order[: abs(left)]:
        parts[at] += step
    return parts


def annualised(achieved: Decimal, days: int, year: int) -> Decimal:
    """The yearly rate that a part of a year stands for: 600 in 73 days is 3,000 a year of 365 days."""
    if days <= 0:
        return Decimal(0)
    length = 366 if isleap(year) else 365
    return (achieved * length / days).quantize(MILLIONTH, ROUND_HALF_UP)


# Plausibility -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Range:
    """What baseline and after may plausibly be for one indicator in one sector, in `unit` per `per`."""

    scian: str
    indicator: str
    unit: str
    per: str
    before: tuple[Decimal, Decimal]
    after: tuple[Decimal, Decimal]


def _range(scian: str, indicator: str, unit: str, per: str, before: str, after: str) -> Range:
    low, high = before.split("-")
    least, most = after.split("-")
    return Range(scian, indicator, unit, per, (Decimal(low), Decimal(high)), (Decimal(least), Decimal(most)))


#: Water per tonne of raw hide, solvent per kg of garments, sand per tonne of metal, and the like.
RANGES = (
    _range("3161", "W1", "m3", "t", "8-60", "5-40"),
    _range("3161", "D4", "kg", "t", "0.5-12", "0-8"),
    _range("3161", "D2", "kg", "t", "50-400", "5-350"),
    _range("8122", "AE1", "g", "kg", "10-150", "3-100"),
    _range("3315", "R2", "t", "t", "0.1-6", "0-5"),
    _range("31183", "W1", "m3", "t", "3-10", "0.5-8"),
    _range("311222", "W4", "m3", "t", "10-25", "1-20"),
)

#: Cuts above these shares of the baseline are exceptional (reuse schemes, rinse cascades).
EXCEPTIONAL_CUT = {"default": Decimal("0.90"), "3328": Decimal("0.95")}
#: A measured saving beyond this multiple of what was promised asks for a second look.
PROMISE_MULTIPLE = Decimal(2)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something unusual about a figure: a code for the sentence and the figures that belong in it."""

    code: str
    figures: Mapping[str, str]


def doubts(
    *,
    indicator: str,
    scian: str,
    unit: str,
    production_unit: str,
    baseline: Decimal,
    actual: Decimal,
    yearly: Decimal | None = None,
    promised: Decimal | None = None,
) -> tuple[Doubt, ...]:
    """Rule A-6: ratios outside the sector's plausible range. They warn and ask for a sentence, never block.

    `yearly` and `promised` are the measured and the promised saving of a year, where both are known.
    """
    found = list(_range_doubts(indicator, scian, unit, production_unit, baseline, actual))
    cut = EXCEPTIONAL_CUT.get(scian[:4], EXCEPTIONAL_CUT["default"])
    if baseline > 0 and actual < baseline * (1 - cut):
        share = (100 * (baseline - actual) / baseline).quantize(Decimal("0.1"))
        found.append(Doubt("exceptional-cut", {"share": str(share), "limit": str(100 * cut)}))
    if actual > baseline:
        found.append(Doubt("worse-than-baseline", {}))
    if yearly is not None and promised and promised > 0 and yearly > PROMISE_MULTIPLE * promised:
        times = (yearly / promised).quantize(Decimal("0.1"))
        found.append(Doubt("beyond-promise", {"times": str(times)}))
    return tuple(found)


def _range_doubts(
    indicator: str, scian: str, unit: str, per: str, baseline: Decimal, actual: Decimal
) -> list[Doubt]:
    found = []
    for entry in RANGES:
        if entry.indicator != indicator or not scian.startswith(entry.scian):
            continue
        if not (same_kind(unit, entry.unit) and same_kind(per, entry.per)):
            continue
        scale = factor(unit, entry.unit) / factor(per, entry.per)
        for code, value, (low, high) in (
            ("baseline-outside", baseline * scale, entry.before),
            ("after-outside", actual * scale, entry.after),
        ):
            if not low <= value <= high:
                shown = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
                found.append(
                    Doubt(
                        code,
                        {
                            "value": str(shown),
                            "low": str(low),
                            "high": str(high),
                            "unit": entry.unit,
                            "per": entry.per,
                        },
                    )
                )
    return found


def money_doubts(
    *,
    yearly_savings: Decimal,
    investment: Decimal,
    loan: Decimal,
    water_m3: Decimal | None = None,
) -> tuple[Doubt, ...]:
    """Rule A-6 on money, all in one currency: payback of 1 to 120 months, savings up to 3 x the loan."""
    found = []
    if yearly_savings > 0:
        months = (12 * investment / yearly_savings).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if not 1 <= months <= 120:
            found.append(Doubt("payback-outside", {"months": str(months)}))
    if loan > 0 and yearly_savings > 3 * loan:
        found.append(
            Doubt("savings-beyond-loan", {"times": str((yearly_savings / loan).quantize(BILLIONTH))})
        )
    if water_m3 is not None and water_m3 > 0:
        price = (yearly_savings / water_m3).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if not Decimal("0.3") <= price <= 20:
            found.append(Doubt("water-price-outside", {"price": str(price)}))
    return tuple(found)
