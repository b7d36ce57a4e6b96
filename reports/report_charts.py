"""The charts of the donor report and the public page, from the facts that both are drawn from (Rule R-5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.labels import label
from reports.charts import DEEP, HATCH, Point, Series, bars, ranking

Spec = dict[str, Any]


def benefit_chart(facts: Mapping[str, Any], code: str) -> Spec | None:
    """What an indicator achieved per year, verified and declared, with the targets set for it."""
    points = [row for row in facts["benefit_years"] if row["code"] == code]
    if not points:
        return None
    verified, declared = _("verified (V2 and above)"), _("declared (V1)")
    shown: list[Point] = []
    last = None
    for row in points:
        if last is not None and row["year"] > last + 1:
            shown.append(
                Point("…", verified, Decimal(0))
            )  # years without a rollup are not drawn as if adjacent
        last = row["year"]
        shown.append(Point(str(row["year"]), verified, Decimal(row["verified"])))
        if Decimal(row["declared"]):
            shown.append(Point(str(row["year"]), declared, Decimal(row["declared"])))
    series = [Series(verified, DEEP)]
    if any(point.series == declared for point in shown):
        series.append(Series(declared, HATCH))
    return bars(
        title=label(facts["names"][code]),
        unit=_("%(unit)s per year") % {"unit": facts["units"][code]},
        series=series,
        points=shown,
    )


def loans_chart(facts: Mapping[str, Any]) -> Spec | None:
    """Loans made per year, with the targets of the years to come."""
    name = _("loans made")
    counts: dict[str, Decimal] = {}
    for row in facts["loan_years"]:
        counts[row["key"]] = counts.get(row["key"], Decimal(0)) + row["loans"]
    if not counts:
        return None
    goals = {str(row["year"]): Decimal(row["target"]) for row in facts["targets"] if row["code"] == "F1"}
    return bars(
        title=_("Loans per year"),
        unit=_("loans"),
        series=[Series(name, DEEP)],
        points=[Point(year, name, count) for year, count in counts.items()],
        targets=goals,
        target_name=_("target"),
    )


def sectors_chart(facts: Mapping[str, Any]) -> Spec | None:
    """Loans by sector, the most first."""
    counts: dict[str, Decimal] = {}
    for row in facts["sectors"]:
        name = label(row["names"])
        counts[name] = counts.get(name, Decimal(0)) + row["loans"]
    if not counts:
        return None
    points = [Point(name, "", count) for name, count in counts.items()]
    return ranking(title=_("Loans by sector"), unit=_("loans"), points=points)


CHARTS = {
    "loans": loans_chart,
    "sectors": sectors_chart,
    "W1": lambda facts: benefit_chart(facts, "W1"),
    "Q4": lambda facts: benefit_chart(facts, "Q4"),
    "M1": lambda facts: benefit_chart(facts, "M1"),
}
