"""Pages of results: the firm reports, the staff verifies with the evidence beside the figures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts import files
from accounts.clock import today
from accounts.forms import attempt
from accounts.labels import label
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow, may, public, signed_in
from projects import measurements
from projects.applications import commission
from projects.benefit_pages import (
    arithmetic,
    history,
    measure_cards,
    measurement_for,
    results_application,
    symbol,
)
from projects.forms_benefits import (
    CommissionForm,
    CorrectionForm,
    MeasurementForm,
    ReasonForm,
    SendForm,
    VerifyForm,
    first_values,
    values_of,
)
from projects.models import Application, ExpectedBenefit, Grade, Indicator, Measurement
from projects.models.benefit import MeasurementState
from projects.plausibility import sentences

# The firm -----------------------------------------------------------------------------------------


@signed_in
def results(request: SignedRequest, uid: UUID) -> HttpResponse:
    """What a project promised and what was measured, and the way to report more."""
    application = results_application(request.user, uid)
    form = CommissionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["commissioned_on"]
        verb = partial(commission, application=application, commissioned_on=day, by=request.user, on=today())
        if attempt(form, verb) is not None:
            messages.success(request, _("Thank you. Results count from that day."))
            return redirect("projects:results", uid)
    context = {
        "application": application,
        "cards": measure_cards(application),
        "form": form,
        "may_report": may(measurements.check_may_report, request.user, application),
    }
    return render(request, "projects/benefits/results.html", context)


@signed_in
def measure(request: SignedRequest, uid: UUID, expected: int) -> HttpResponse:
    """Report one indicator for a period; saved as a draft, shown with its arithmetic before it is sent."""
    application = results_application(request.user, uid)
    measurements.check_may_report(request.user, application)
    promised = _promised(application, pk=expected)
    last = (
        Measurement.objects.filter(
            application=application, indicator=promised.indicator, point=promised.point
        )
        .exclude(state__in=[MeasurementState.REJECTED, MeasurementState.SUPERSEDED])
        .order_by("-period_to")
        .first()
    )
    form = MeasurementForm(
        request.POST or None,
        request.FILES or None,
        promised=promised,
        initial=first_values(promised, last, today()),
    )
    if form.is_valid():
        saved = attempt(form, lambda: _save(request, form, promised))
        if saved is not None:
            return redirect("projects:measurement_review", saved.pk)
    context = {
        "application": application,
        "promised": promised,
        "form": form,
        "cancel_url": _results_url(application),
    }
    return render(request, "projects/benefits/measure.html", context)


@signed_in
def edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Change a draft or a returned report."""
    measurement = measurement_for(request.user, pk)
    measurements.check_may_report(request.user, measurement.application)
    if not measurement.is_open:
        return redirect("projects:measurement_review", pk)
    promised = _promised(measurement.application, indicator=measurement.indicator, point=measurement.point)
    form = MeasurementForm(
        request.POST or None,
        request.FILES or None,
        promised=promised,
        initial=values_of(measurement),
        editing=measurement.state == MeasurementState.RETURNED,
    )
    if form.is_valid() and attempt(form, lambda: _change(request, form, measurement)) is not None:
        return redirect("projects:measurement_review", pk)
    context = {
        "application": measurement.application,
        "promised": promised,
        "form": form,
        "measurement": measurement,
        "cancel_url": reverse("projects:measurement_review", args=[pk]),
    }
    return render(request, "projects/benefits/measure.html", context)


@signed_in
def review(request: SignedRequest, pk: int) -> HttpResponse:
    """The report as it stands: before sending with its arithmetic, afterwards with what became of it."""
    measurement = measurement_for(request.user, pk)
    form = SendForm(request.POST or None, initial={"note": measurement.note})
    if request.method == "POST" and form.is_valid():
        verb = partial(
            measurements.submit,
            measurement=measurement,
            note=form.cleaned_data["note"],
            by=request.user,
            on=today(),
        )
        if attempt(form, verb) is not None:
            messages.success(request, _("Sent. We check it and write to you."))
            return redirect("projects:results", measurement.application.uid)
    context = _record(request, measurement) | {"form": form}
    return render(request, "projects/benefits/review.html", context)


@signed_in
@require_POST
def discard(request: SignedRequest, pk: int) -> HttpResponse:
    """Throw away a draft."""
    measurement = measurement_for(request.user, pk)
    measurements.discard(measurement=measurement, by=request.user, on=today())
    messages.success(request, _("The draft is gone."))
    return redirect("projects:results", measurement.application.uid)


@signed_in
def correct(request: SignedRequest, pk: int) -> HttpResponse:
    """A new record that names a verified one and takes its place once verified (G-5)."""
    measurement = measurement_for(request.user, pk)
    measurements.check_may_report(request.user, measurement.application, send=True)
    promised = _promised(measurement.application, indicator=measurement.indicator, point=measurement.point)
    form = CorrectionForm(
        request.POST or None, request.FILES or None, promised=promised, initial=values_of(measurement)
    )
    if form.is_valid():
        new = attempt(form, lambda: _correct(request, form, measurement))
        if new is not None:
            messages.success(request, _("The correction was sent and waits to be verified."))
            return redirect("projects:measurement_review", new.pk)
    context = {
        "application": measurement.application,
        "promised": promised,
        "form": form,
        "corrects": measurement,
        "cancel_url": reverse("projects:measurement_review", args=[pk]),
    }
    return render(request, "projects/benefits/measure.html", context)


def _results_url(application: Application) -> str:
    return reverse("projects:results", args=[application.uid])


def _promised(application: Application, **which: Any) -> ExpectedBenefit:
    promised = (
        application.expected_benefits.select_related("indicator", "application").filter(**which).first()
    )
    if promised is None:
        raise Http404
    return promised


@transaction.atomic
def _save(request: SignedRequest, form: MeasurementForm, promised: ExpectedBenefit) -> Measurement:
    measurement = measurements.save_draft(
        application=promised.application,
        indicator=promised.indicator,
        point=promised.point,
        figures=form.figures(),
        note=form.cleaned_data["note"],
        by=request.user,
        on=today(),
    )
    _attach(request, form, measurement)
    return measurement


@transaction.atomic
def _change(request: SignedRequest, form: MeasurementForm, measurement: Measurement) -> Measurement:
    changed = measurements.edit(
        measurement=measurement,
        figures=form.figures(),
        note=form.cleaned_data["note"],
        reason=form.cleaned_data.get("reason", ""),
        by=request.user,
        on=today(),
    )
    _attach(request, form, changed)
    return changed


@transaction.atomic
def _correct(request: SignedRequest, form: CorrectionForm, measurement: Measurement) -> Measurement:
    stored = [
        files.store(upload, about=measurement.about, by=request.user, on=today(), field="files")
        for upload in form.cleaned_data["files"]
    ]
    return measurements.correct(
        measurement=measurement,
        figures=form.figures(),
        reason=form.cleaned_data["reason"],
        evidence=stored,
        by=request.user,
        on=today(),
    )


def _attach(request: SignedRequest, form: MeasurementForm, measurement: Measurement) -> None:
    stored = [
        files.store(upload, about=measurement.about, by=request.user, on=today(), field="files")
        for upload in form.cleaned_data["files"]
    ]
    if stored:
        measurements.attach(
            measurement=measurement,
            files=stored,
            kind=form.cleaned_data["kind"] or "bill",
            by=request.user,
            on=today(),
        )


# The staff ----------------------------------------------------------------------------------------


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
    Column(gettext_lazy("To"), "period_to", sort="period_to"),
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
    context = _record(request, record) | {
        "verify_form": VerifyForm(initial={"grade": proven}),
        "may_verify": record.state == MeasurementState.SUBMITTED
        and may(measurements.check_may_verify, request.user, record),
    }
    return render(request, "projects/benefits/measurement.html", context)


@allow(Perm.MEASUREMENT_VERIFY)
def verify(request: SignedRequest, pk: int) -> HttpResponse:
    """Confirm a report with its grade (B-4)."""
    record = measurement_for(request.user, pk)
    form = VerifyForm(request.POST or None, initial={"grade": "V2"})
    if form.is_valid():
        verb = partial(
            measurements.verify, measurement=record, by=request.user, on=today(), **form.cleaned_data
        )
        if attempt(form, verb) is not None:
            messages.success(request, _("Verified. The firm was told."))
            return redirect("projects:measurements")
    context = _record(request, record) | {"verify_form": form, "may_verify": True}
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
    form = ReasonForm(request.POST or None)
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


def _record(request: SignedRequest, record: Measurement) -> dict[str, Any]:
    return {
        "measurement": record,
        "application": record.application,
        "sum": arithmetic(record),
        "evidence": record.evidence.select_related("file", "added_by"),
        "warnings": sentences(record.warnings),
        "history": history(record),
        "corrections": list(record.corrections.all()),
        "may_report": may(measurements.check_may_report, request.user, record.application),
    }


# Everybody ----------------------------------------------------------------------------------------


@public
def indicators(request: HttpRequest) -> HttpResponse:
    """What the fund counts, how, and on which evidence (B-1)."""
    return render(request, "projects/benefits/indicators.html", {"indicators": Indicator.objects.all()})
