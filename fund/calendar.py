"""Bank days of the fund's countries (Rules S-2, A-8, G-4), Mexico unless said. Pure: no Django, no clock.

Which days these are is kept in `loans.arithmetic.calendar`, where pay dates move by them; staff deadlines that are
counted in banking days ask here.
"""

from datetime import date, timedelta

from loans.arithmetic import calendar as bank

COUNTRIES: tuple[str, ...] = bank.COUNTRIES
HOME = "MX"


def bank_holidays(year: int, country: str = HOME) -> frozenset[date]:
    """Every holiday of the year on which banks are closed; some fall on a weekend."""
    if country not in COUNTRIES:
        raise ValueError(f"no bank calendar for {country!r}: {', '.join(COUNTRIES)}")
    return bank.bank_holidays(country, year)


def is_bank_day(day: date, country: str = HOME) -> bool:
    """Whether banks work that day: neither a weekend nor a bank holiday."""
    return bank.is_bank_day(day, country)


def following(day: date, country: str = HOME) -> date:
    """The day itself, or the next bank day after it."""
    return bank.next_bank_day(day, country)


def modified_following(day: date, country: str = HOME) -> date:
    """Rule S-2: the next bank day, but the one before if the next falls into another month."""
    return bank.adjust(day, bank.HolidayRule.MODIFIED_FOLLOWING, country)


def add_bank_days(day: date, number: int, country: str = HOME) -> date:
    """The bank day that many bank days after the day (0: the day itself or the next bank day)."""
    if number < 0:
        raise ValueError("bank days are counted forward")
    return bank.add_bank_days(day, number, country) if number else following(day, country)


def bank_days_between(start: date, end: date, country: str = HOME) -> int:
    """Bank days after `start` up to and with `end`; zero where `end` is not later."""
    days = (end - start).days
    return sum(is_bank_day(start + timedelta(days=n), country) for n in range(1, days + 1))


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or earlier; where it does not exist, the last of that month."""
    return bank.add_months(day, months)
