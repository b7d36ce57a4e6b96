"""The donor report: facts of a year, issued as a sealed document in three languages (Rule R-1).

The facts are plain data without a language: names are texts in three languages, figures are decimals, and the
page and the PDF are drawn from the same facts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import Denied, require
from accounts.labels import LANGUAGES
from accounts.models import AuditEvent, User
from accounts.notices import tell
from accounts.permissions import Perm, check_may, holders
from fund import documents
from fund.models import IssuedDocument
from fund.numbers import next_number
from projects.models import Application
from reports import benefit_figures, figures, rollup
from reports.attribution import percentages
from reports.donors import OWN, donor_texts
from reports.models import RollupYear
from reports.rollups import rollup_year

KIND = "donor-report"
TEMPLATE = "documents/donor_report.html"
#: What the front of the report and the tables by sector, state and donor show.
HEADLINE = ("W1", "Q4", "M1")
CASES = 3


@dataclass(frozen=True, slots=True)
class DonorShare:
    """One donor: money received, and its part of the results by the tranches that paid the loans (K-2, B-8)."""

    code: str
    names: Mapping[str, str]
    results: Mapping[str, Decimal]
    share_pct: Decimal


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Loans and results of a sector or a state."""

    key: str
    names: Mapping[str, str]
    currency: str
    loans: int
    amount: Decimal
    results: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Case:
    """A project told in a few figures; the firm's name only with its consent (Rule R-3)."""

    ref: str
    firm: str
    title: str
    technique: str
    sector: Mapping[str, str]
    state: str
    currency: str
    loan: Decimal
    results: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class DonorReport:
    """Everything that the report of a year says. `as_of` is the last day that it knows of."""

    year: int
    period_from: str
    as_of: str
    illustrative: bool
    currency: str
    headline: tuple[str, ...]
    units: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    totals: tuple[figures.LoanTotal, ...]
    loan_years: tuple[figures.LoanGroup, ...]
    repayment: tuple[figures.Repayment, ...]
    cash: tuple[figures.CashFlow, ...]
    capital: tuple[figures.Capital, ...]
    credit_lines: tuple[figures.CreditLineFact, ...]
    revolutions: Mapping[str, Decimal]
    benefits: tuple[benefit_figures.BenefitRow, ...]
    benefit_years: tuple[benefit_figures.YearPoint, ...]
    targets: tuple[benefit_figures.TargetRow, ...]
    sectors: tuple[GroupRow, ...]
    states: tuple[GroupRow, ...]
    donors: tuple[DonorShare, ...]
    cases: tuple[Case, ...]
    restatements: tuple[benefit_figures.RestatementRow, ...]
    closed_on: str


def facts(*, year: int, on: date) -> DonorReport:
    """The report of a year as the records stand; `on` is today, or an earlier day for an old report."""
    last = min(date(year, 12, 31), on)
    years = figures.loans_by_year(last)
    totals = figures.loan_totals(years)
    money = figures.capital(last)
    rows = benefit_figures.benefit_rows(year)
    head = RollupYear.objects.filter(year=year).first()
    return DonorReport(
        year=year,
        period_from=date(year, 1, 1).isoformat(),
        as_of=last.isoformat(),
        illustrative=is_illustrative(),
        currency=figures.reporting_currency(),
        headline=tuple(row.code for row in rows if row.code in HEADLINE),
        units={row.code: row.unit for row in rows},
        names={row.code: row.names for row in rows},
        totals=totals,
        loan_years=years,
        repayment=figures.repayment(last),
        cash=figures.cash_flows(date(year, 1, 1), last),
        capital=money,
        credit_lines=figures.credit_lines(last),
        revolutions=figures.revolutions(totals, money),
        benefits=rows,
        benefit_years=benefit_figures.by_year(year, HEADLINE),
        targets=benefit_figures.targets(year, years),
        sectors=groups_of(year, rollup.SECTOR, figures.loans_by_sector(last)),
        states=groups_of(year, rollup.STATE, figures.loans_by_state(last)),
        donors=_donors(year),
        cases=_cases(year),
        restatements=benefit_figures.restatements(year),
        closed_on=head.closed_on.isoformat() if head and head.closed_on else "",
    )


def is_illustrative() -> bool:
    """Whether the records come from the demonstration, which says so in the trail."""
    return AuditEvent.objects.filter(verb="demo.played").exists()


def as_data(report: DonorReport) -> dict[str, Any]:
    """The facts as the sealed document keeps them: text for decimals, in one canonical form."""
    text, _digest = documents.seal(asdict(report))
    data: dict[str, Any] = json.loads(text)
    return data


def groups_of(year: int, dimension: str, loans: tuple[figures.LoanGroup, ...]) -> tuple[GroupRow, ...]:
    """Loans of a dimension with the verified results of their firms since the start."""
    results = {row.key: row.values for row in benefit_figures.shares(year, dimension, HEADLINE)}
    seen: set[str] = set()
    rows = []
    for group in loans:
        # Results are not per currency: they stand on the first row of their key.
        own = results.get(group.key, {}) if group.key not in seen else {}
        seen.add(group.key)
        rows.append(GroupRow(group.key, group.names, group.currency, group.loans, group.amount, own))
    return tuple(rows)


def _donors(year: int) -> tuple[DonorShare, ...]:
    rows = benefit_figures.shares(year, rollup.DONOR, HEADLINE)
    texts = donor_texts()
    shares = percentages({row.key: max(row.values.get("W1", Decimal(0)), Decimal(0)) for row in rows})
    return tuple(
        DonorShare(row.key, texts.get(row.key, texts[OWN]), row.values, shares[row.key]) for row in rows
    )


def _cases(year: int) -> tuple[Case, ...]:
    rows = benefit_figures.shares(year, rollup.PROJECT, HEADLINE)[:CASES]
    found = {
        str(item.ref): item
        for item in Application.objects.filter(ref__in=[row.key for row in rows]).select_related(
            "firm__sector", "firm__state"
        )
    }
    return tuple(_case(found[row.key], row.values) for row in rows if row.key in found)


def _case(application: Application, results: Mapping[str, Decimal]) -> Case:
    firm = application.firm
    money = application.approved_amount or application.amount
    return Case(
        ref=str(application.ref),
        firm=firm.legal_name if firm.consents_to_name else "",
        title=application.title,
        technique=application.technique,
        sector=firm.sector.names if firm.sector else {},
        state=firm.state.name if firm.state else "",
        currency=money.currency.code if money else "",
        loan=money.amount if money else Decimal(0),
        results=results,
    )


# Issue --------------------------------------------------------------------------------------------


def issued(year: int | None = None) -> list[IssuedDocument]:
    """Reports that were issued, newest first; without their bytes."""
    rows = IssuedDocument.objects.filter(kind=KIND).defer("content", "facts_text").select_related("issued_by")
    return list(rows.filter(about=about(year)) if year else rows)


def about(year: int) -> str:
    return f"reports.donor:{year}"


def open_report(user: User, document: IssuedDocument) -> None:
    """The gate of issued donor reports: whoever reads reports, donors included."""
    if not (user.may(Perm.REPORT_READ) or user.may(Perm.DONOR_READ)):
        raise Denied(_("Your roles do not include this."))


@transaction.atomic
def issue(*, year: int, by: User, on: date) -> list[IssuedDocument]:
    """Roll the year up, seal its facts under one number and make a document in each language (R-1).

    Facts and number are fixed now; the bytes are made at the first request, or by a task.
    """
    check_may(by, Perm.REPORT_ISSUE)
    require(year <= on.year, "R-1", _("A report is issued on a year that has begun."), field="year")
    rollup_year(year=year, by=by, on=on)
    report = facts(year=year, on=on)
    require(report.totals, "R-1", _("There is nothing to report on %(year)s.") % {"year": year}, field="year")
    data = as_data(report)
    number = next_number(f"DR-{year}", width=2)
    made = [
        documents.issue(
            kind=KIND, number=f"{number}-{language.upper()}", language=language, template=TEMPLATE, facts=data,
            about=about(year), by=by, on=on,
        )
        for language in LANGUAGES
    ]  # fmt: skip
    audit.record("report.issued", made[0], by=by, on=on, after={"year": year, "number": number})
    for person in holders(Perm.DONOR_READ, on):
        tell("report-issued", to=person, about=about(year), offset=number, year=year, number=number)
    return made
