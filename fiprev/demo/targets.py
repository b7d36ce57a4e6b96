"""The plan of 2003 to 2005 as it was published in December 2002 (Rule B-9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.models import User
from projects import goals

#: Year: loans, m3 of water, t of waste, US dollars of savings.
PLAN = {
    2003: (60, 123_000, 2_700, 1_700_000),
    2004: (80, 146_000, 3_200, 2_300_000),
    2005: (120, 238_000, 7_200, 3_400_000),
}
INDICATORS = ("F1", "W1", "R1", "M1")
SOURCE = "CEC, project sheet 3.4.1, December 2002"


def set_targets(*, by: User, on: date) -> None:
    """Set the twelve targets, each with the counting rule of its indicator."""
    for year, values in PLAN.items():
        for code, value in zip(INDICATORS, values, strict=True):
            goals.set_target(year=year, indicator=code, value=Decimal(value), source=SOURCE, by=by, on=on)
