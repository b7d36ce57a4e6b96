"""Rule A-2: the size class of a firm, computed and explained. Pure: no model, no clock.

The rules themselves are dated data of the country's profile (rule G-4). Two kinds are known:

* ``score`` (Mexico, DOF 30 June 2009): 0.10 x workers + 0.90 x yearly sales in million pesos, held
  against a cap per class. Ten workers and 4.0 million give 1.00 + 3.60 = 4.60: micro, to the point.
* ``index`` (Chile, Colombia, Peru): yearly sales divided by an indexed unit of account (UF, UVT, UIT),
  held against limits in that unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

MILLION = Decimal(1_000_000)
CENT = Decimal("0.01")


class SizeClass(StrEnum):
    """The four classes, in rising order. Only the first three may borrow (rule A-2)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


ELIGIBLE = (SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM)


class Activity(StrEnum):
    """What kind of business a sector is: the caps differ between them."""

    INDUSTRY = "industry"
    SERVICES = "services"
    TRADE = "trade"


@dataclass(frozen=True, slots=True)
class Caps:
    """Upper limits of the three classes for one activity, in score points or index units."""

    micro: Decimal
    small: Decimal
    medium: Decimal

    def size_of(self, figure: Decimal) -> SizeClass:
        for size in ELIGIBLE:
            if figure <= self.of(size):
                return size
        return SizeClass.LARGE

    def of(self, size: SizeClass) -> Decimal:
        return {SizeClass.MICRO: self.micro, SizeClass.SMALL: self.small, SizeClass.MEDIUM: self.medium}[size]


@dataclass(frozen=True, slots=True)
class SizeRule:
    """A country's way of telling small from large, as its profile of a date states it."""

    country: str
    currency: str
    source: str
    kind: str
    caps: Mapping[Activity, Caps]
    worker_caps: Mapping[Activity, Caps]
    workers_weight: Decimal = Decimal(0)
    sales_weight: Decimal = Decimal(0)
    index_name: str = ""
    index_value: Decimal = Decimal(0)
    index_year: int = 0

    @classmethod
    def from_dict(cls, country: str, currency: str, data: Mapping[str, Any]) -> SizeRule:
        """Read a rule as the country's profile keeps it: plain JSON with decimals as text."""
        return cls(
            country=country,
            currency=currency,
            source=data["source"],
            kind=data["kind"],
            caps=_caps(data["caps"]),
            worker_caps=_caps(data.get("worker_caps", {})),
            workers_weight=Decimal(data.get("workers_weight", "0")),
            sales_weight=Decimal(data.get("sales_weight", "0")),
            index_name=data.get("index_name", ""),
            index_value=Decimal(data.get("index_value", "0")),
            index_year=int(data.get("index_year", 0)),
        )


def _caps(data: Mapping[str, Any]) -> dict[Activity, Caps]:
    """Caps per activity; the key ``*`` stands for every activity."""
    shared = data.get("*")
    rows = {activity: data.get(activity.value, shared) for activity in Activity}
    return {activity: Caps(*(Decimal(cap) for cap in row)) for activity, row in rows.items() if row}


@dataclass(frozen=True, slots=True)
class Sizing:
    """The answer with its arithmetic: what was added up, and which limit it was held against.

    ``figure`` is the score (Mexico) or the sales in index units; ``workers_part`` and ``sales_part`` are
    its two terms (the first is zero where workers do not count). ``cap`` is the limit of the class found,
    for a large firm the limit that it passes. ``by_workers`` is the class that the number of workers alone
    would give; where it differs the page shows both and the staff confirm (12 workers and 3 million: score
    3.90, micro; by workers small).
    """

    rule: SizeRule
    activity: Activity
    size: SizeClass
    figure: Decimal
    workers: int
    sales: Decimal
    workers_part: Decimal
    sales_part: Decimal
    cap: Decimal
    by_workers: SizeClass | None

    @property
    def eligible(self) -> bool:
        return self.size in ELIGIBLE

    @property
    def disagrees(self) -> bool:
        """Whether workers alone would put the firm into another class than the rule does."""
        return self.by_workers is not None and self.by_workers != self.size

    @property
    def sales_in_millions(self) -> Decimal:
        return self.sales / MILLION

    @property
    def sales_limit(self) -> Decimal:
        """Yearly sales up to which a firm with these workers is still medium: what would change a refusal."""
        top = self.rule.caps[self.activity].medium
        if self.rule.kind == "score":
            if not self.rule.sales_weight:
                return Decimal(0)
            left = max(Decimal(0), top - self.workers_part)
            return (left / self.rule.sales_weight * MILLION).quantize(CENT, ROUND_HALF_UP)
        return (top * self.rule.index_value).quantize(CENT, ROUND_HALF_UP)


def size_of(rule: SizeRule, *, activity: Activity, workers: int, sales: Decimal) -> Sizing:
    """Rule A-2: the class of a firm with these workers and yearly sales (in the country's currency)."""
    if workers < 0 or sales < 0:
        raise ValueError("Workers and sales cannot be negative")
    if rule.kind == "score":
        workers_part = rule.workers_weight * workers
        sales_part = rule.sales_weight * sales / MILLION
    else:
        workers_part = Decimal(0)
        sales_part = sales / rule.index_value
    figure = workers_part + sales_part
    caps = rule.caps[activity]
    size = caps.size_of(figure)
    by_workers = (
        rule.worker_caps[activity].size_of(Decimal(workers)) if activity in rule.worker_caps else None
    )
    return Sizing(
        rule=rule,
        activity=activity,
        size=size,
        figure=figure,
        workers=workers,
        sales=sales,
        workers_part=workers_part,
        sales_part=sales_part,
        cap=caps.medium if size is SizeClass.LARGE else caps.of(size),
        by_workers=by_workers,
    )
