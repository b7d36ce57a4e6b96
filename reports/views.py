"""Pages of the reports: the donor report, its issued documents, and the way from a number to its records."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.formats import day_text, number_text
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow
from fund import documents
from projects.models import Indicator
from reports import donor_report
from reports.benefit_figures import symbol
from reports.kept import kept
from reports.models import Basis, Dimension, RollupYear
from reports.rollups import close_year, rollup_year
from reports.trace import key_text as trace_key_text
from reports.trace import trace as trace_figure

FIRST_YEAR = 1996
ROWS = 100


@allow(Perm.REPORT_READ, Perm.DONOR_READ)
def index(request: SignedRequest) -> HttpResponse:
    """The years, when they were rolled up and closed, and the reports that were issued on them."""
    known = {head.year: head for head in RollupYear.objects.select_related("closed_by")}
    by_year: dict[int, list[Any]] = {}
    for document in donor_report.issued():
        by_year.setdefault(int(document.about.rpartition(":")[2]), []).append(document)
    years = sorted({*known, *by_year, today().year}, reverse=True)
    rows = [{"year": year, "head": known.get(year), "documents": by_year.get(year, [])} for year in years]
    context = {
        "rows": rows,
        "may_roll": request.user.may(Perm.ROLLUP_RUN),
        "may_close": request.user.may(Perm.YEAR_CLOSE),
    }
    return render(request, "reports/index.html", context)


@allow(Perm.REPORT_READ, Perm.DONOR_READ)
def donor(request: SignedRequest, year: int) -> HttpResponse:
    """The report of a year as the records stand now; issued ones beside it, unchanged."""
    on = _as_of(request, year)
    report = kept(f"donor:{year}", on, lambda: donor_report.as_data(donor_report.facts(year=year, on=on)))
    context = {
        "facts": report,
        "year": year,
        "as_of": day_text(date.fromisoformat(report["as_of"]), long=True),
        "first": day_text(date.fromisoformat(report["period_from"]), long=True),
        "documents": donor_report.issued(year),
        "may_issue": request.user.may(Perm.REPORT_ISSUE),
        "perms_loans": request.user.may(Perm.LOAN_READ),
        "perms_ledger": request.user.may(Perm.LEDGER_READ),
        "can_render": documents.can_render(),
    }
    return render(request, "reports/donor.html", context)


def _as_of(request: SignedRequest, year: int) -> date:
    """Today, or the earlier day that was asked for; a year to come has no report."""
    now = today()
    if not FIRST_YEAR <= year <= now.year:
        raise Http404
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return now
    return min(asked, now)


@allow(Perm.REPORT_ISSUE)
def issue(request: SignedRequest, year: int) -> HttpResponse:
    """Say what will be sealed, then issue the report in three languages."""
    _as_of(request, year)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, partial(donor_report.issue, year=year, by=request.user, on=today()))
        if made is not None:
            messages.success(
                request, _("Issued: %(number)s and its two other languages.") % {"number": made[0].number}
            )
            return redirect("reports:donor", year)
    context = {
        "title": _("Issue the report on %(year)s") % {"year": year},
        "text": _("The year is rolled up once more, then its facts are sealed in three languages."),
        "facts": [(_("Year"), str(year)), (_("As of"), min(date(year, 12, 31), today()))],
        "warning": _("An issued report is never changed or taken back; a later correction makes a new one."),
        "form": form, "submit": _("Issue it"), "cancel_url": reverse("reports:donor", args=[year]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(Perm.REPORT_READ, Perm.DONOR_READ)
def document(request: SignedRequest, number: str) -> HttpResponse:
    """The bytes of an issued report, the same for everybody and for good."""
    found = documents.document_for(number)
    if found.kind != donor_report.KIND:
        raise Http404
    donor_report.open_report(request.user, found)
    try:
        data = documents.pdf(found)
    except documents.NoRenderer as missing:
        messages.error(request, str(missing))
        return redirect("reports:donor", int(found.about.rpartition(":")[2]))
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return answer


@allow(Perm.ROLLUP_RUN)
def roll(request: SignedRequest, year: int) -> HttpResponse:
    """Compute a year's figures again from its measurements."""
    _as_of(request, year)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = attempt(form, partial(rollup_year, year=year, by=request.user, on=today()))
        if done is not None:
            messages.success(
                request,
                _("Rolled up: %(count)s figures; indicators computed: %(changed)s.")
                % {"count": number_text(done.figures), "changed": len(done.computed)},
            )
            return redirect("reports:index")
    context = {
        "title": _("Roll up %(year)s") % {"year": year},
        "text": _("Every figure of the year is computed from its measurements. It may be done again without harm."),
        "form": form, "submit": _("Roll up"), "cancel_url": reverse("reports:index"),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(Perm.YEAR_CLOSE)
def close(request: SignedRequest, year: int) -> HttpResponse:
    """Freeze the published figures of a year that is over."""
    _as_of(request, year)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        closed = attempt(form, partial(close_year, year=year, by=request.user, on=today()))
        if closed is not None:
            messages.success(request, _("The year %(year)s is closed.") % {"year": year})
            return redirect("reports:index")
    context = {
        "title": _("Close the year %(year)s") % {"year": year},
        "text": _("Its figures are frozen as published."),
        "warning": _("It cannot be opened again. A later correction appears as a restatement with its reason."),
        "form": form, "submit": _("Close the year"), "cancel_url": reverse("reports:index"),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(Perm.REPORT_READ, Perm.DONOR_READ, Perm.MEASUREMENT_READ)
def trace(request: SignedRequest, year: int, code: str) -> HttpResponse:
    """The measurements behind a figure, adding up to it; names and evidence only for those allowed (B-7)."""
    indicator = get_object_or_404(Indicator, code=code)
    dimension = request.GET.get("dimension", Dimension.FUND)
    basis = request.GET.get("basis", Basis.VERIFIED)
    if dimension not in Dimension.values or basis not in Basis.values:
        raise Http404
    key = request.GET.get("key", "")[:40]
    found = trace_figure(indicator, year, dimension=dimension, key=key, basis=basis, on=_as_of(request, year))
    page = Paginator(found.rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "trace": found,
        "page": page,
        "unit": symbol(indicator.unit),
        "dimension": Dimension(dimension).label,
        "is_fund": dimension == Dimension.FUND,
        "key": trace_key_text(dimension, key),
        "basis": Basis(basis).label,
        "with_names": request.user.may(Perm.MEASUREMENT_READ),
    }
    return render(request, "reports/trace.html", context)
