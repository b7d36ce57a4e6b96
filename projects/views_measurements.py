"""The staff's pages of results: the queue, and one report with its evidence beside the figures (Rule B-4)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.clock import today
from accounts.forms import attempt
from accounts.labels import label
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow, may
from projects import measurements
from projects.benefit_pages import (
    measurement_for,
    posted,
    record_context,
    symbol,
)
from projects.forms_benefits import (
    ReasonForm,
    VerifyForm,
)
from projects.models import Grade, Indicator, Measurement
from projects.models.benefit import MeasurementState


class MeasurementFilter(FilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[choice for choice in MeasurementState.choices if choice[0] != "draft"],
    )
    indicator = ModelChoiceFilter(label=gettext_lazy("Indicator"), queryset=Indicator.objects.all())
    grade = ChoiceFilter(label=gettext_lazy("Grade"), choices=[g for g in Grade.choices if g[0] != "V0"])


def _link(row: Measurement) -> str:
    return reverse("projects:measurement", args=[row.pk])


def _rounded(row: Measurement) -> Decimal:
    """To the hundredth: what a list needs; the record keeps more."""
    return row.saving.quantize(Decimal("0.01"), ROUND_HALF_UP)


COLUMNS = (
    Column(gettext_lazy("Report"), "reference", sort="pk", link=_link),
    Column(gettext_lazy("Firm"), "application.firm.legal_name", sort="application__firm__legal_name"),
    Column(gettext_lazy("Indicator"), lambda row: label(row.indicator.names), sort="indicator__order"),
    Column(gettext_lazy("From"), "period_from", sort="period_from"),
    Column(gettext_lazy("Until"), "period_to", sort="period_to"),
    Column(gettext_lazy("Saving"), _rounded, sort="saving", numeric=True),
    Column(gettext_lazy("Unit"), lambda row: symbol(row.indicator.unit)),
    Column(gettext_lazy("Grade"), "grade", sort="grade"),
    Column(gettext_lazy("State"), "badge", sort="state"),
    Column(gettext_lazy("Unusual"), "implausible", sort="-implausible"),
    Column(gettext_lazy("Sent"), "submitted_on", sort="submitted_on"),
)


@allow(Perm.MEASUREMENT_READ)
def queue(request: SignedRequest) -> HttpResponseBase:
    """Every report that was sent; those that wait stand first, the unusual ones before the others."""
    rows = (
        Measurement.objects.exclude(state=MeasurementState.DRAFT)
        .select_related("application__firm", "indicator")
        .waiting_first()
    )
    page = listing(
        request,
        rows,
        columns=COLUMNS,
        filterset=MeasurementFilter,
        filename="measurements",
        search=("application__firm__legal_name", "application__ref", "application__title"),
    )
    return (
        page if isinstance(page, HttpResponseBase) else render(request, "projects/benefits/queue.html", page)
    )


@allow(Perm.MEASUREMENT_READ)
def measurement(request: SignedRequest, pk: int) -> HttpResponse:
    """One report with its evidence beside the figures, and the decision on it."""
    record = measurement_for(request.user, pk)
    proven = Grade.V2 if record.evidence.exists() else Grade.V1
    context = record_context(request, record) | {
        "verify_form": VerifyForm(initial={"grade": proven}),
        "may_verify": record.state == MeasurementState.SUBMITTED
        and may(measurements.check_may_verify, request.user, record),
    }
    return render(request, "projects/benefits/measurement.html", context)


@allow(Perm.MEASUREMENT_VERIFY)
def verify(request: SignedRequest, pk: int) -> HttpResponse:
    """Confirm a report with its grade (B-4)."""
    record = measurement_for(request.user, pk)
    form = VerifyForm(posted(request), initial={"grade": "V2"})
    if form.is_valid():
        verb = partial(
            measurements.verify, measurement=record, by=request.user, on=today(), **form.cleaned_data
        )
        if attempt(form, verb) is not None:
            messages.success(request, _("Verified. The firm was told."))
            return redirect("projects:measurements")
    context = record_context(request, record) | {"verify_form": form, "may_verify": True}
    return render(request, "projects/benefits/measurement.html", context)


@allow(Perm.MEASUREMENT_VERIFY)
def return_(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask the firm to mend its report."""
    return _with_reason(
        request, pk, measurements.return_, _("Return this report to the firm"), _("Return it"), danger=False
    )


@allow(Perm.MEASUREMENT_VERIFY)
def reject(request: SignedRequest, pk: int) -> HttpResponse:
    """Refuse a report for good."""
    return _with_reason(
        request, pk, measurements.reject, _("Reject this report"), _("Reject it"), danger=True
    )


def _with_reason(
    request: SignedRequest, pk: int, verb: Any, title: str, submit: str, *, danger: bool
) -> HttpResponse:
    record = measurement_for(request.user, pk)
    form = ReasonForm(posted(request))
    if form.is_valid():
        act = partial(
            verb, measurement=record, reason=form.cleaned_data["reason"], by=request.user, on=today()
        )
        if attempt(form, act) is not None:
            messages.success(request, _("Done. The firm was told."))
            return redirect("projects:measurements")
    facts = [
        (_("Report"), record.reference),
        (_("Firm"), record.application.firm),
        (_("Indicator"), label(record.indicator.names)),
    ]
    context = {
        "title": title, "facts": facts, "form": form, "submit": submit, "danger": danger,
        "cancel_url": reverse("projects:measurement", args=[pk]),
    }  # fmt: skip
    return render(request, "confirm.html", context)
