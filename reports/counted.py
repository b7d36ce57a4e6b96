"""The measurements that count, as the pure rollup wants them (Rules B-3, B-4, B-8)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from fund.models import PolicyVersion
from fund.policy import DEFAULT, from_values
from loans.models import Funding, Loan
from projects import benefits
from projects.models import Application, Measurement
from reports import attribution, rollup
from reports.donors import OWN, donors_by_tranche
from reports.rollup import Measured


def counted(*, year: int, on: date, indicator: int | None = None) -> list[Measured]:
    """Every measurement that may count by the end of a year, as known on a day, in a fixed order.

    A period that runs over New Year gives its days to both years, so it is in both rollups.
    """
    rows = (
        Measurement.objects.counted()
        .filter(
            period_from__lte=date(year, 12, 31), period_to__lte=on, application__commissioned_on__isnull=False
        )
        .exclude(indicator__rule="L")
        .select_related("indicator", "application__firm__sector", "application__firm__state")
        .order_by("pk")
    )
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    measurements = list(rows)
    money = _Money({row.application_id for row in measurements})
    years = _YearsMax()
    return [_measured(row, money, years) for row in measurements]


def _measured(row: Measurement, money: _Money, years: _YearsMax) -> Measured:
    application = row.application
    firm = application.firm
    started = application.commissioned_on
    assert started is not None  # filtered in `counted`
    return Measured(
        pk=row.pk,
        indicator=row.indicator.code,
        rule=row.indicator.rule,
        measure=f"{application.pk}:{row.point}",
        firm=firm.party,
        grade=row.grade,
        period_from=row.period_from,
        period_to=row.period_to,
        saving=row.saving,
        window=benefits.counting_window(row.indicator.rule, started, years.on(started)),
        keys={
            rollup.SECTOR: firm.sector.code if firm.sector else "",
            rollup.STATE: firm.state.ref if firm.state else "",
            rollup.SIZE: firm.size_class,
            rollup.PROJECT: str(application.ref),
        },
        funding=money.funding(application.pk),
        fund_share=money.share(application),
    )


class _YearsMax:
    """How many years a measure counts: the policy of the day it went into operation (Rule B-3)."""

    def __init__(self) -> None:
        versions = PolicyVersion.objects.order_by("in_force_from", "pk").values_list(
            "in_force_from", "values"
        )
        self._versions = [(day, from_values(values).benefit_years_max) for day, values in versions]

    def on(self, day: date) -> int:
        """As `policy_on(day)` says, with one query for all days."""
        known = [years for since, years in self._versions if since <= day]
        return known[-1] if known else DEFAULT.benefit_years_max


class _Money:
    """Who paid the loans of these applications, and how much of each project they are (Rules K-2, B-8)."""

    def __init__(self, applications: Iterable[int]) -> None:
        wanted = set(applications)
        self._loans: dict[int, Decimal] = {}
        for application, lent in (
            Loan.objects.paid_out().filter(application__in=wanted).values_list("application_id", "drawn")
        ):
            self._loans[application] = self._loans.get(application, Decimal(0)) + lent
        self._funding: dict[int, dict[str, Decimal]] = defaultdict(dict)
        donors = donors_by_tranche()
        for application, tranche, amount in Funding.objects.filter(loan__application__in=wanted).values_list(
            "loan__application_id", "tranche", "amount"
        ):
            shares, donor = self._funding[application], donors.get(tranche, OWN)
            shares[donor] = shares.get(donor, Decimal(0)) + amount

    def funding(self, application: int) -> Mapping[str, Decimal]:
        return self._funding.get(application, {})

    def share(self, application: Application) -> Decimal:
        loan = self._loans.get(application.pk)
        if loan is None or application.investment is None:
            return Decimal(1)
        return attribution.fund_share(loan, application.investment.amount)


def fingerprint(measured: Iterable[Measured]) -> str:
    """A hash of everything that a rollup reads: equal hashes give equal figures."""
    lines = [
        [
            record.pk,
            record.grade,
            record.period_from.isoformat(),
            record.period_to.isoformat(),
            str(record.saving.normalize()),
            record.window.first.isoformat(),
            record.window.last.isoformat() if record.window.last else "",
            record.measure,
            sorted(record.keys.items()),
            sorted((donor, str(amount)) for donor, amount in record.funding.items()),
            str(record.fund_share),
        ]
        for record in measured
    ]
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()
