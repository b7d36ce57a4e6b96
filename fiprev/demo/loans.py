"""The 48 loans of act 1: year, month and amount, calibrated to the published totals (design, section 7).

Per year 1/4/4/13/13/13 loans of about US$23,958 each, US$1,150,000 in all, every one within 5 % of the capital
base of its day. Paid out on the 15th, 36 monthly rows of which six are of interest only, 12 %, one twelfth a
month: by 30 November 2002 principal of 550,102.92 and interest of 176,134.15 have fallen due and are repaid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

END = date(2002, 11, 30)
TERM, GRACE = 36, 6

#: Year: (months, amounts).
YEARS: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {
    1997: ((6,), (24_000,)),
    1998: ((2, 5, 8, 10), (22_800, 24_500, 24_800, 23_700)),
    1999: ((3, 4, 9, 11), (21_000, 27_900, 23_500, 23_500)),
    2000: (
        (1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11),
        (
            18_000,
            27_500,
            21_400,
            31_000,
            16_500,
            24_000,
            29_500,
            22_500,
            26_000,
            19_500,
            30_500,
            20_000,
            25_000,
        ),
    ),
    2001: (
        (1, 2, 2, 4, 5, 6, 6, 7, 8, 9, 10, 11, 11),
        (
            22_000,
            28_450,
            17_500,
            33_000,
            20_500,
            25_500,
            19_000,
            30_000,
            23_500,
            27_000,
            16_000,
            26_500,
            22_500,
        ),
    ),
    2002: (
        (1, 2, 2, 4, 5, 5, 6, 6, 7, 8, 9, 9, 11),
        (
            24_500,
            18_500,
            29_000,
            21_450,
            34_000,
            17_000,
            26_500,
            23_000,
            28_000,
            20_000,
            25_000,
            22_500,
            22_000,
        ),
    ),
}

#: Capital received: day, institution, amount in US dollars. CEC and Funtec, one million in all.
CAPITAL = (
    (date(1996, 12, 10), "cec", 500_000),
    (date(1998, 6, 1), "funtec", 200_000),
    (date(2000, 1, 10), "cec", 150_000),
    (date(2001, 3, 1), "funtec", 150_000),
)
#: Pledged in November 2002, nothing received yet; and a credit line under signature.
PLEDGED = (date(2002, 11, 20), "economia", 265_000)
LINE = (date(2002, 11, 22), "nafin", 1_000_000)


@dataclass(frozen=True, slots=True)
class StoryLoan:
    """One loan of the story: its place in the order of firms, its day and its amount."""

    number: int
    paid_out_on: date
    amount: int

    @property
    def decided_on(self) -> date:
        """The committee meets on the 10th of December, March, June and September for the quarter that follows."""
        quarter = (self.paid_out_on.month - 1) // 3
        if quarter == 0:
            return date(self.paid_out_on.year - 1, 12, 10)
        return date(self.paid_out_on.year, quarter * 3, 10)

    @property
    def recommended_on(self) -> date:
        return self.decided_on - timedelta(days=16)

    @property
    def submitted_on(self) -> date:
        return self.decided_on - timedelta(days=44)

    @property
    def commissioned_on(self) -> date:
        return self.paid_out_on + timedelta(days=14)


def story() -> Iterator[StoryLoan]:
    """The loans in the order of their disbursement."""
    number = 0
    for year, (months, amounts) in YEARS.items():
        for month, amount in zip(months, amounts, strict=True):
            yield StoryLoan(number, date(year, month, 15), amount)
            number += 1
