"""Day counts: which part of a year lies between two dates (rule S-1). First day excluded, last day included. Exact.

1/12            a month is a twelfth whatever its length; odd days of a broken period count 1/360 each
30/360 US       bond basis: 31 as first day becomes 30; as second day only if the first is 30 or 31 (February stays)
30E/360         eurobond: both 31 become 30
ACT/360         days / 360, usual in Mexican bank contracts
ACT/365F        days / 365, also in leap years
ACT/ACT ISDA    days of each calendar year / 365 or 366, cut on 1 January
"""

import calendar
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache


class DayCount(StrEnum):
    """The convention's name as printed on the contract."""

    TWELFTHS = "1/12"
    THIRTY_360_US = "30/360 US"
    THIRTY_E_360 = "30E/360"
    ACT_360 = "ACT/360"
    ACT_365F = "ACT/365F"
    ACT_ACT_ISDA = "ACT/ACT ISDA"


ACTUAL = frozenset({DayCount.ACT_360, DayCount.ACT_365F, DayCount.ACT_ACT_ISDA})


def days_between(count: DayCount, start: date, end: date) -> int:
    """Days that the convention counts from `start` to `end`."""
    if count in ACTUAL:
        return end.toordinal() - start.toordinal()
    first, second = start.day, end.day
    if first == 31:
        first = 30
    if second == 31 and (count is not DayCount.THIRTY_360_US or first == 30):
        second = 30
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + second - first


def year_fraction(count: DayCount, start: date, end: date) -> Fraction:
    """The part of a year from `start` to `end`; 1/12 counts as 30E/360 here (whole months: see periods.py)."""
    if count is DayCount.ACT_ACT_ISDA:
        return isda_fraction(start, end)
    return share_of_year(days_between(count, start, end), 365 if count is DayCount.ACT_365F else 360)


@lru_cache(maxsize=8192)
def share_of_year(days: int, year: int) -> Fraction:
    """Days over the length of a year; kept, because the same few shares stand in every schedule."""
    return Fraction(days, year)


def isda_fraction(start: date, end: date) -> Fraction:
    """Days in each calendar year over the length of that year."""
    if start.year == end.year:
        return share_of_year(end.toordinal() - start.toordinal(), year_length(start.year))
    head = date(start.year + 1, 1, 1).toordinal() - start.toordinal()
    tail = end.toordinal() - date(end.year, 1, 1).toordinal()
    whole = end.year - start.year - 1
    return Fraction(head, year_length(start.year)) + whole + Fraction(tail, year_length(end.year))


def year_length(year: int) -> int:
    return 366 if calendar.isleap(year) else 365
