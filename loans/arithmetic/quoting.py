"""A quote from JSON to JSON: what `manage.py quote`, the calculator and /api/v1/quotes answer (rules S-3, S-6).

Keys of the question are plain words, most of them optional: principal, currency, annual_rate_pct, n, every, unit,
disbursement_date, first_due, amortization, interest_method, day_count (or days_in_year and days_in_month),
grace_principal, grace_interest, decimals, rounding, instalment_multiple, holiday_rule, calendar, vat_pct,
opening_fee_pct, ... Any other field of `Terms` is read by its own name.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from loans.arithmetic import reading
from loans.arithmetic.calendar import COUNTRIES, Unit
from loans.arithmetic.cat import cat, effective_pct
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.problems import Problem, TermsError, refuse, refuse_any
from loans.arithmetic.rounding import MINOR_UNITS, ZERO
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import FIRST_YEAR, MAX_INSTALMENTS, Amortization, Terms

OTHER_NAMES = {
    "disbursement_date": "disbursed_on",
    "instalment_multiple": "multiple",
    "decimals": "places",
    "month_end_rule": "month_end",
    "business_day_rule": "holiday_rule",
    "interest_periods_follow_pay_date": "interest_follows_pay_date",
    "grace_instalments": "grace_principal",
}
"""Words of a question that are fields of `Terms` under another name."""

READ_APART = frozenset(
    {
        "amortization",
        "annual_rate_pct",
        "calendar",
        "currency",
        "day_count",
        "days_in_month",
        "days_in_year",
        "grace_type",
        "interest_method",
        "rate_pct",
        "rate_period",
        "rate_type",
    }
)
SAYS_NOTHING = frozenset({"product", "interest_recalculation", "interest_period", "last_instalment"})
"""Words that a case of a test may bear and that change no figure of a quote."""

DAY_COUNTS: Mapping[str, DayCount] = {
    **{count.value.lower(): count for count in DayCount},
    "actual/360": DayCount.ACT_360,
    "actual/365": DayCount.ACT_365F,
    "act/365": DayCount.ACT_365F,
    "actual/actual isda": DayCount.ACT_ACT_ISDA,
    "30/360": DayCount.THIRTY_360_US,
    "30/360 us (bond basis)": DayCount.THIRTY_360_US,
    "30e/360 (eurobond)": DayCount.THIRTY_E_360,
    "equal month": DayCount.TWELFTHS,
}
COUNTRY_NAMES = {"mexico": "MX", "chile": "CL", "colombia": "CO", "peru": "PE", "none": "", "": ""}
T_DIGITS = Decimal("1E-11")
HARMLESS: dict[str, Any] = {
    "principal": Decimal(1000),
    "annual_rate_pct": Decimal(0),
    "n": MAX_INSTALMENTS,
    "disbursed_on": date(FIRST_YEAR, 1, 1),
    "every": 1,
    "unit": Unit.DAYS,
}
"""Stand in for values that could not be read, so that the others can be judged; they never lead to an answer."""


def quote(question: Any) -> dict[str, Any]:
    """Rows, totals and CAT of a loan, all figures as text. Raises `TermsError` with every wrong value."""
    terms = terms_of(question)
    try:
        rows = schedule(terms)
    except TermsError as error:
        raise TermsError(*(as_asked(problem, question) for problem in error.problems)) from None
    return _answer(terms, rows)


def answer_of(terms: Terms) -> dict[str, Any]:
    """The same for terms that are there already. Raises `TermsError`."""
    return _answer(terms, schedule(terms))


def _answer(terms: Terms, rows: tuple[Row, ...]) -> dict[str, Any]:
    result = cat(terms, rows)
    effective = effective_pct(terms, rows)
    return {
        "rows": [row_dict(row) for row in rows],
        "totals": totals(terms, rows),
        "cat_pct": None if result.pct is None else str(result.pct),
        "effective_pct": None if effective is None else str(effective),
        "cat_flows": [
            {"t_years": f"{flow.t_years.quantize(T_DIGITS).normalize():f}", "amount": f"{flow.amount:f}"}
            for flow in result.flows
        ],
    }


def errors(error: TermsError) -> dict[str, Any]:
    """What is wrong with a question, as the answer to it."""
    return {"errors": [{"field": p.field, "value": p.value, "message": p.message} for p in error.problems]}


def row_dict(row: Row) -> dict[str, Any]:
    """One row of a quote."""
    names = ("n", "due", "pay_date", "days", "principal", "interest", "vat", "fees", "total", "balance")
    return {name: reading.as_json(getattr(row, name)) for name in names}


def totals(terms: Terms, rows: tuple[Row, ...]) -> dict[str, str]:
    """Sums of the columns, the opening fee with its VAT, and all that the firm pays."""
    sums = {
        name: sum((getattr(row, name) for row in rows), ZERO)
        for name in ("principal", "interest", "vat", "fees", "total")
    }
    sums |= {"opening_fee": terms.opening_fee, "opening_fee_vat": terms.opening_fee_vat}
    sums["to_pay"] = sums["total"] + terms.opening_fee + terms.opening_fee_vat
    return {name: f"{amount:f}" for name, amount in sums.items()}


def terms_of(question: Any) -> Terms:
    """Terms from the words of a question. Raises `TermsError` with every wrong value, under the word that was used."""
    if not isinstance(question, Mapping):
        raise refuse("", type(question).__name__, "not_an_object")
    words = {str(word): value for word, value in question.items() if word not in SAYS_NOTHING}
    problems: list[Problem] = []
    read: dict[str, Any] = {"currency": "MXN"}
    for name, reader in READERS.items():
        try:
            if (value := reader(words)) is not None:
                read[name] = value
        except TermsError as error:
            problems += error.problems
    plain = {OTHER_NAMES.get(word, word): value for word, value in words.items() if word not in READ_APART}
    if read.pop("grace_type", False) and "grace_instalments" in words:
        plain["grace_capitalised"] = plain.pop("grace_principal")
    failed = {problem.field for problem in problems}
    values, unread = reading.read_all(Terms, plain | read)
    problems += [problem for problem in unread if problem.field not in failed]
    terms = Terms(**(HARMLESS if problems else {}) | values)
    refuse_any(as_asked(problem, words) for problem in (*problems, *terms.problems()))
    return terms


def as_asked(problem: Problem, words: Mapping[str, Any]) -> Problem:
    """The problem under the word that the question used."""
    for word, field in OTHER_NAMES.items():
        if field == problem.field and (word in words or field not in words):
            return Problem(word, problem.value, problem.code, problem.params)
    return problem


def choice(words: Mapping[str, Any], name: str, known: Mapping[str, Any]) -> Any:
    """A word's value by one of its known names, None if it was not given."""
    if words.get(name) is None:
        return None
    key = str(words[name]).strip().lower()
    if key not in known:
        choices = dict.fromkeys(
            str(value) if isinstance(value, str) else word for word, value in known.items()
        )
        raise refuse(
            name, reading.shown(words[name]), "not_a_choice", choices=", ".join(filter(None, choices))
        )
    return known[key]


def _currency(words: Mapping[str, Any]) -> str | None:
    found: str | None = choice(words, "currency", {code.lower(): code for code in MINOR_UNITS})
    return found


def _calendar(words: Mapping[str, Any]) -> str | None:
    found: str | None = choice(words, "calendar", {code.lower(): code for code in COUNTRIES} | COUNTRY_NAMES)
    return found


def _amortization(words: Mapping[str, Any]) -> Amortization | None:
    method = choice(words, "interest_method", {"declining_balance": False, "flat": True})
    kind: Amortization | None = choice(words, "amortization", {kind.value: kind for kind in Amortization})
    return Amortization.FLAT if method and kind in (None, Amortization.LEVEL) else kind


def _day_count(words: Mapping[str, Any]) -> DayCount | None:
    """By its name, or by the days of the year and of the month."""
    if "day_count" in words:
        found: DayCount | None = choice(words, "day_count", DAY_COUNTS)
        return found
    year = choice(words, "days_in_year", {"360": 360, "365": 365, "12 months": 12, "actual": 0})
    month = choice(words, "days_in_month", {"30": 30, "1/12 year": 30, "actual": 0})
    if year is None and month is None:
        return None
    if month:
        return DayCount.TWELFTHS
    return {360: DayCount.ACT_360, 365: DayCount.ACT_365F, 0: DayCount.ACT_ACT_ISDA}.get(
        year or 0, DayCount.TWELFTHS
    )


def _grace_type(words: Mapping[str, Any]) -> bool | None:
    """Whether the interest of the rows of grace is added to the principal."""
    found: bool | None = choice(words, "grace_type", {"interest_only": False, "capitalised": True})
    return found


def _annual_rate(words: Mapping[str, Any]) -> Decimal | None:
    """The nominal yearly rate: given, from an effective one, or from one per month or for the whole term."""
    if "rate_pct" in words and "annual_rate_pct" not in words:
        rate = reading.read_decimal("rate_pct", words["rate_pct"])
        period = choice(
            words, "rate_period", {"month": 1, "year": 12, "term": 0, "whole_term": 0, "whole term": 0}
        )
        months = _months(words) if period == 0 else period or 12
        return rate * 12 / months
    if "annual_rate_pct" not in words:
        return None
    rate = reading.read_decimal("annual_rate_pct", words["annual_rate_pct"])
    if not choice(words, "rate_type", {"nominal": False, "effective": True}):
        return rate
    if rate <= -100:
        raise refuse("annual_rate_pct", rate, "rate_negative")
    every = _positive(words, "every", 1)
    return ((1 + rate / 100) ** (Decimal(every) / 12) - 1) * 1200 / every


def _months(words: Mapping[str, Any]) -> int:
    return _positive(words, "n", 1) * _positive(words, "every", 1)


def _positive(words: Mapping[str, Any], name: str, default: int) -> int:
    number = reading.read_int(name, words.get(name, default))
    if number < 1:
        raise refuse(name, number, "no_instalments" if name == "n" else "spacing_not_positive")
    return number


READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "currency": _currency,
    "calendar": _calendar,
    "amortization": _amortization,
    "day_count": _day_count,
    "annual_rate_pct": _annual_rate,
    "grace_type": _grace_type,
}
