"""Pages that everybody may open: the home page, results, and the check of a document (Rules R-1, R-3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.labels import label
from accounts.permissions import public
from fund.models import IssuedDocument
from fund.policy import policy_on, products_on
from reports import benefit_figures, donor_report, figures, rollup
from reports.benefit_figures import BenefitRow
from reports.kept import kept
from reports.models import RollupYear

BIGGEST_FILE = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Headline:
    """What the public reads first: loans and verified results since the start."""

    year: int | None
    loans: int
    totals: tuple[figures.LoanTotal, ...]
    repayment: tuple[figures.Repayment, ...]
    benefits: tuple[BenefitRow, ...]


def headline() -> Headline:
    """The figures of the last year that was rolled up."""
    return kept("headline", today(), _headline)


def _headline() -> Headline:
    head = RollupYear.objects.order_by("-year").first()
    day = today()
    years = figures.loans_by_year(day)
    totals = figures.loan_totals(years)
    rows = benefit_figures.benefit_rows(head.year) if head else ()
    return Headline(
        year=head.year if head else None,
        loans=sum(total.loans for total in totals),
        totals=totals,
        repayment=figures.repayment(day),
        benefits=tuple(row for row in rows if row.headline),
    )


@public
def home(request: HttpRequest) -> HttpResponse:
    """What the fund is, who may apply, what it has reached."""
    return render(request, "reports/home.html", {"headline": headline(), "products": products_on(today())})


@dataclass(frozen=True, slots=True)
class PublicGroup:
    """Firms, loans and results of a sector or state, or of several merged ones."""

    name: str
    loans: int
    results: Mapping[str, Decimal]


def public_groups(
    rows: Sequence[donor_report.GroupRow], firms: Mapping[str, int], least: int
) -> list[PublicGroup]:
    """Rule R-3: groups of fewer than `least` firms are merged, and a merged group is never that small itself."""
    by_key: dict[str, tuple[str, int, dict[str, Decimal]]] = {}
    for row in rows:
        name, loans, results = by_key.get(row.key, (label(row.names), 0, {}))
        by_key[row.key] = (name, loans + row.loans, _added(results, row.results))
    shown = {key: item for key, item in by_key.items() if firms.get(key, 0) >= least}
    small = {key: item for key, item in by_key.items() if key not in shown}
    while small and sum(firms.get(key, 0) for key in small) < least and shown:
        smallest = min(shown, key=lambda key: (firms.get(key, 0), key))
        small[smallest] = shown.pop(smallest)
    groups = [PublicGroup(name, loans, results) for name, loans, results in shown.values()]
    if small:
        merged: dict[str, Decimal] = {}
        for _name, _loans, results in small.values():
            merged = _added(merged, results)
        name = _("Others (%(count)s together)") % {"count": len(small)}
        groups.append(PublicGroup(name, sum(item[1] for item in small.values()), merged))
    return groups


def _added(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {key: one.get(key, Decimal(0)) + other.get(key, Decimal(0)) for key in {*one, *other}}


@public
def results(request: HttpRequest) -> HttpResponse:
    """Headline results, verified apart from declared, by year, sector and state."""
    head = RollupYear.objects.order_by("-year").first()
    context: dict[str, Any] = {"head": head}
    if head is not None:
        language = get_language() or "en"
        context |= kept(f"results:{language}", today(), lambda: _results_of(head.year))
    return render(request, "reports/results.html", context)


def _results_of(year: int) -> dict[str, Any]:
    day = today()
    least = policy_on(day).small_group_min
    rows = benefit_figures.benefit_rows(year)
    years = figures.loans_by_year(day)
    facts = {
        "year": year,
        "benefit_years": [
            {
                "code": point.code,
                "year": point.year,
                "verified": str(point.verified),
                "declared": str(point.declared),
            }
            for point in benefit_figures.by_year(year, donor_report.HEADLINE)
        ],
        "names": {row.code: row.names for row in rows},
        "units": {row.code: row.unit for row in rows},
    }
    groups = []
    for title, dimension, loans in (
        (_("By sector"), rollup.SECTOR, figures.loans_by_sector(day)),
        (_("By state"), rollup.STATE, figures.loans_by_state(day)),
    ):
        firms = figures.firms_by(dimension, day)
        merged = public_groups(donor_report.groups_of(year, dimension, loans), firms, least)
        groups.append((title, merged))
    return {
        "facts": facts,
        "rows": rows,
        "headline": [row for row in rows if row.headline],
        "totals": figures.loan_totals(years),
        "repayment": figures.repayment(day),
        "groups": groups,
        "least": least,
        "illustrative": donor_report.is_illustrative(),
    }


# Check a document ---------------------------------------------------------------------------------


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the document"),
        max_length=60,
        help_text=gettext_lazy("It stands on top of every page, for example DR-2002-01-ES."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class CompareForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The file that you have"),
        help_text=gettext_lazy("It is compared and forgotten: nothing is kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > BIGGEST_FILE:
            raise forms.ValidationError(_("This file is larger than any document of the fund."))
        return upload


@public
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a document by its number."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        return redirect("reports:verified", form.cleaned_data["number"].strip().upper())
    return render(request, "reports/verify.html", {"form": form})


@public
def verified(request: HttpRequest, number: str) -> HttpResponse:
    """Number, kind, date, language and hash of a document, never a name; compares a file with it (R-1)."""
    document = IssuedDocument.objects.defer("content", "facts_text").filter(number=number).first()
    if document is None:
        return render(
            request, "reports/verify_unknown.html", {"number": number, "form": NumberForm()}, status=404
        )
    form = CompareForm(request.POST or None, request.FILES or None)
    same: bool | None = None
    given = ""
    if form.is_valid():
        sha = hashlib.sha256()
        for chunk in form.cleaned_data["file"].chunks():
            sha.update(chunk)
        given = sha.hexdigest()
        same = bool(document.sha256) and given == document.sha256
    context = {
        "document": document, "kind": kind_name(document.kind), "form": form, "same": same, "given": given,
    }  # fmt: skip
    return render(request, "reports/verified.html", context)


def kind_name(kind: str) -> str:
    """What sort of document it is, in words; a kind that is not known stays as it is written."""
    return {
        "donor-report": _("Report to donors"),
        "application-receipt": _("Receipt of an application"),
        "contract": _("Loan contract"),
        "receipt": _("Payment receipt"),
        "payoff": _("Pay-off figure"),
        "addendum": _("Addendum to a loan contract"),
        "statement": _("Statement of account"),
        "minutes": _("Minutes of a session"),
        "resolution": _("Resolution"),
    }.get(kind, kind)
