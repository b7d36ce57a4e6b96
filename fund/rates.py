"""Dated exchange rates and the dated rate of VAT (Rules M-4 and S-6)."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, RuleBroken
from accounts.formats import day_text, number_text
from accounts.models import User
from accounts.once import forget, once_per_request
from accounts.permissions import Perm, check_may
from fund.models import ExchangeRate, VatRate
from fund.money import MINOR_UNITS, convert
from fund.parsing import parse_date, parse_decimal
from fund.policy import policy_on

ZERO = Decimal(0)
CSV_COLUMNS = ("date", "base", "quote", "rate", "source")


@dataclass(frozen=True, slots=True)
class Rate:
    """A conversion's rate, the day it was published for and by whom: what a converted figure keeps (Rule M-4)."""

    rate: Decimal
    on: date
    source: str


def rate_on(base: str, quote: str, on: date) -> Rate:
    """Units of `quote` for one of `base` on a day, else the last one before it within the policy's days (M-4).

    A pair kept the other way round is turned. Raises RuleBroken M-4 if the table has none.
    """
    if base == quote:
        return Rate(Decimal(1), on, "")
    days = policy_on(on).rate_lookback_days
    found = rates_into(quote, on, days=days).get(base)
    if found is None:
        raise RuleBroken(
            "M-4",
            _("There is no exchange rate %(base)s to %(quote)s for %(day)s or the %(days)s days before it.")
            % {"base": base, "quote": quote, "day": day_text(on), "days": days},
        )
    return found


@once_per_request
def rates_into(quote: str, on: date, *, days: int) -> dict[str, Rate]:
    """The rate of a day, or of the last one within so many days before it, of every currency that has one (M-4)."""
    near = ExchangeRate.objects.filter(on__lte=on, on__gte=on - timedelta(days=days))
    found = {quote: Rate(Decimal(1), on, "")}
    for row in near.filter(Q(base=quote) | Q(quote=quote)).order_by("-on", "pk"):
        other, rate = (row.base, row.rate) if row.quote == quote else (row.quote, Decimal(1) / row.rate)
        found.setdefault(other, Rate(rate, row.on, row.source))
    return found


def converted(amount: Decimal, currency: str, into: str, on: date) -> Decimal:
    """The amount in another currency at that day's rate, rounded once (Rules M-2, M-4)."""
    return convert(amount, rate_on(currency, into, on).rate, into)


def vat_on(day: date, country: str = "MX") -> Decimal:
    """VAT in percent on interest, late interest and fees that day; zero where policy exempts it (Rule S-6)."""
    if not policy_on(day).vat_on_interest:
        return ZERO
    begun = [rate for since, rate in _vat_of(country) if since <= day]
    return begun[-1] if begun else ZERO


def vat_changes_after(day: date, country: str = "MX") -> tuple[tuple[date, Decimal], ...]:
    """Rates of VAT already known to begin after a day, oldest first: a schedule keeps them (Rule S-6)."""
    if not policy_on(day).vat_on_interest:
        return ()
    return tuple((since, rate) for since, rate in _vat_of(country) if since > day)


@once_per_request
def _vat_of(country: str) -> tuple[tuple[date, Decimal], ...]:
    """Every rate of a country with its first day, oldest first: a handful in a lifetime."""
    rates = VatRate.objects.filter(country=country).order_by("in_force_from")
    return tuple((rate.in_force_from, rate.rate_pct.normalize()) for rate in rates)


@transaction.atomic
def record_rate(
    *, base: str, quote: str, day: date, rate: Decimal, source: str, by: User, on: date
) -> ExchangeRate:
    """Keep a day's rate as the treasurer typed it (Rule M-4). The same again changes nothing; another is refused."""
    check_may(by, Perm.JOURNAL_WRITE)
    return _keep(RateLine(0, day, base, quote, rate, source), by=by, on=on)


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line of a table of rates as it was read."""

    line: int
    day: date
    base: str
    quote: str
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with one line of a file, in a sentence."""

    line: int
    message: str


@transaction.atomic
def import_rates(*, lines: Iterable[RateLine], by: User, on: date) -> int:
    """Keep a table of rates, all of it or nothing; returns how many were new (Rule M-4)."""
    check_may(by, Perm.JOURNAL_WRITE)
    before = ExchangeRate.objects.count()
    for line in lines:
        _keep(line, by=by, on=on)
    return ExchangeRate.objects.count() - before


def read_rates(content: bytes, *, on: date) -> tuple[list[RateLine], list[LineError]]:
    """Read a CSV with the columns date, base, quote, rate, source; every wrong line gets its own sentence."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [LineError(1, _("The file is not UTF-8 text. Save it as “CSV UTF-8”."))]
    head = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = [name for name in CSV_COLUMNS if name not in (table.fieldnames or [])]
    if missing:
        sentence = _("The first line must name the columns %(wanted)s; missing: %(missing)s.")
        return [], [
            LineError(1, sentence % {"wanted": ", ".join(CSV_COLUMNS), "missing": ", ".join(missing)})
        ]
    good: list[RateLine] = []
    wrong: list[LineError] = []
    try:
        for row in table:
            try:
                good.append(_read_line(table.line_num, row, on=on))
            except BadInput as problem:
                wrong.append(LineError(table.line_num, problem.message))
    except csv.Error:
        wrong.append(LineError(table.line_num, _("The line cannot be read as CSV.")))
    if not good and not wrong:
        wrong.append(LineError(2, _("The file has no line below the column names.")))
    return good, wrong + _contradictions(good)


def _read_line(number: int, row: dict[str, str], *, on: date) -> RateLine:
    values = {name: (row.get(name) or "").strip() for name in CSV_COLUMNS}
    day = parse_date(values["date"], field="date")
    if day > on:
        raise BadInput("date", values["date"], _("%(value)s is in the future.") % {"value": values["date"]})
    base, quote = values["base"].upper(), values["quote"].upper()
    for code in (base, quote):
        if code not in MINOR_UNITS:
            known = ", ".join(MINOR_UNITS)
            raise BadInput("base", code, _("“%(value)s” is no currency of the fund (%(known)s).")
                           % {"value": code, "known": known})  # fmt: skip
    if base == quote:
        raise BadInput(
            "quote", quote, _("A rate joins two currencies, not %(value)s with itself.") % {"value": base}
        )
    rate = parse_decimal(values["rate"], field="rate", decimals=8)
    if not 0 < rate < 10**9:
        raise BadInput(
            "rate", values["rate"], _("“%(value)s” is no rate above zero.") % {"value": values["rate"]}
        )
    return RateLine(number, day, base, quote, rate, values["source"][:80])


def _contradictions(lines: list[RateLine]) -> list[LineError]:
    """Lines that differ from a rate kept before or from an earlier line of the same file."""
    days = {line.day for line in lines}
    known = {(rate.base, rate.quote, rate.on): rate.rate for rate in ExchangeRate.objects.filter(on__in=days)}
    wrong = []
    for line in lines:
        key = (line.base, line.quote, line.day)
        if known.setdefault(key, line.rate) != line.rate:
            wrong.append(LineError(line.line, _already(line, known[key])))
    return wrong


def _keep(line: RateLine, *, by: User, on: date) -> ExchangeRate:
    found, new = ExchangeRate.objects.get_or_create(
        base=line.base, quote=line.quote, on=line.day, defaults={"rate": line.rate, "source": line.source}
    )
    if found.rate != line.rate:
        raise RuleBroken("M-4", _already(line, found.rate))
    if new:
        forget()
        audit.record("rate.recorded", found, by=by, on=on, after={"rate": line.rate, "source": line.source})
    return found


def _already(line: RateLine, kept: Decimal) -> str:
    return _("%(base)s to %(quote)s of %(day)s is kept as %(kept)s already; %(rate)s differs.") % {
        "base": line.base, "quote": line.quote, "day": day_text(line.day),
        "kept": number_text(kept), "rate": number_text(line.rate),
    }  # fmt: skip
