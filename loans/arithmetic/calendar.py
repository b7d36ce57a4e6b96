"""Dates: steps of an instalment plan and bank days (rule S-2). Pure; the fund's calendar may build on it.

Due dates are counted from the first one, never from the date before, so that 31 January is followed by 28 February
and 31 March. A pay date that is no bank day moves by the holiday rule; the due date itself stays.

Bank days come from the `holidays` package. Mexico's banks also close on Maundy Thursday, Good Friday, 2 November and
12 December, and on the day the presidency changes hands: 1 October, every sixth year from 2024 (CNBV's yearly list).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
COUNTRIES = ("MX", "CL", "CO", "PE")
BANK_CATEGORY = {"CL": ("public", "bank")}
"""Countries for which the package keeps a list of bank holidays of its own (Chile: 31 December)."""


class Unit(StrEnum):
    """The unit of the spacing between instalments."""

    DAYS = "DAYS"
    WEEKS = "WEEKS"
    MONTHS = "MONTHS"
    QUARTERS = "QUARTERS"
    HALF_YEARS = "HALF_YEARS"

    @property
    def months(self) -> int:
        """Months of one unit; 0 for units counted in days."""
        return MONTHS_OF.get(self, 0)

    @property
    def days(self) -> int:
        """Days of one unit; 0 for units counted in months."""
        return DAYS_OF.get(self, 0)


MONTHS_OF = {Unit.MONTHS: 1, Unit.QUARTERS: 3, Unit.HALF_YEARS: 6}
DAYS_OF = {Unit.DAYS: 1, Unit.WEEKS: 7}


class MonthEnd(StrEnum):
    """What becomes of a due date on a day that the month does not have (31 January: 28 February, 31 March)."""

    STAY = "month_end_stays_month_end"
    """Clamped; besides, if the first due date was chosen and is the last day of its month, so are all (rule S-2)."""
    CLAMP = "clamp_to_last_day"
    ROLL = "roll_to_first_of_next_month"


class HolidayRule(StrEnum):
    """Where the pay date goes when the due date is no bank day."""

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified_preceding"


def add_months(day: date, months: int, month_end: MonthEnd = MonthEnd.CLAMP) -> date:
    """The same day of a later (or earlier) month; see `MonthEnd` for a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_length(year, month + 1)
    if day.day <= last:
        return date(year, month + 1, day.day)
    if month_end is MonthEnd.ROLL:
        return date(year, month + 1, last) + ONE_DAY
    return date(year, month + 1, last)


def is_month_end(day: date) -> bool:
    return day.day == month_length(day.year, day.month)


def month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def step(first: date, k: int, every: int, unit: Unit, month_end: MonthEnd = MonthEnd.CLAMP) -> date:
    """The date `k` spacings after `first` (rule S-2)."""
    if unit.months:
        return add_months(first, k * every * unit.months, month_end)
    return first + timedelta(days=k * every * unit.days)


def is_bank_day(day: date, country: str) -> bool:
    """Whether the banks of the country open on that day; with no country every day is one."""
    return not country or (day.weekday() < 5 and day not in bank_holidays(country, day.year))


def adjust(day: date, rule: HolidayRule, country: str) -> date:
    """The pay date of a due date (rule S-2)."""
    if rule is HolidayRule.UNADJUSTED or is_bank_day(day, country):
        return day
    onward = rule in (HolidayRule.FOLLOWING, HolidayRule.MODIFIED_FOLLOWING)
    moved = next_bank_day(day, country) if onward else previous_bank_day(day, country)
    modified = rule in (HolidayRule.MODIFIED_FOLLOWING, HolidayRule.MODIFIED_PRECEDING)
    if modified and moved.month != day.month:
        return previous_bank_day(day, country) if onward else next_bank_day(day, country)
    return moved


def next_bank_day(day: date, country: str) -> date:
    """The first bank day on or after `day`."""
    while not is_bank_day(day, country):
        day += ONE_DAY
    return day


def previous_bank_day(day: date, country: str) -> date:
    """The last bank day on or before `day`."""
    while not is_bank_day(day, country):
        day -= ONE_DAY
    return day


def add_bank_days(day: date, count: int, country: str) -> date:
    """The day that lies `count` bank days after `day` (before it, if `count` is negative)."""
    one = ONE_DAY if count >= 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += one
        while not is_bank_day(day, country):
            day += one
    return day


@lru_cache(maxsize=512)
def bank_holidays(country: str, year: int) -> frozenset[date]:
    """Days of the year on which the country's banks are closed, weekends not listed unless they are holidays."""
    categories = BANK_CATEGORY.get(country, ("public",))
    days = set(holidays.country_holidays(country, years=year, categories=categories))
    if country == "MX":
        days.update(mexican_bank_days(year))
    return frozenset(days)


def mexican_bank_days(year: int) -> Iterator[date]:
    """Days on which Mexico's banks close although the labour law does not ask for it."""
    easter = easter_sunday(year)
    yield easter - timedelta(days=3)
    yield easter - timedelta(days=2)
    yield date(year, 11, 2)
    yield date(year, 12, 12)
    if year >= 2024 and (year - 2024) % 6 == 0:
        yield date(year, 10, 1)


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
