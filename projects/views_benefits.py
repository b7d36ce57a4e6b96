"""Pages of results: the firm reports, the staff verifies with the evidence beside the figures."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import files
from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import SignedRequest, may, public, signed_in
from projects import measurements
from projects.applications import commission
from projects.benefit_pages import (
    measure_cards,
    measurement_for,
    per_unit,
    posted,
    record_context,
    results_application,
)
from projects.fields import unit_symbol
from projects.forms_benefits import (
    CommissionForm,
    CorrectionForm,
    MeasurementForm,
    SendForm,
    first_values,
    values_of,
)
from projects.models import Application, ExpectedBenefit, Indicator, Measurement
from projects.models.benefit import MeasurementState


def _posted(request: HttpRequest) -> Any:
    """What was sent, an empty form included; None where nothing was."""
    return request.POST if request.method == "POST" else None


# The firm -----------------------------------------------------------------------------------------


@signed_in
def results(request: SignedRequest, uid: UUID) -> HttpResponse:
    """What a project promised and what was measured, and the way to report more."""
    application = results_application(request.user, uid)
    form = CommissionForm(posted(request))
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
        posted(request),
        request.FILES if request.method == "POST" else None,
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
        "per_unit": per_unit(promised),
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
        posted(request),
        request.FILES if request.method == "POST" else None,
        promised=promised,
        initial=values_of(measurement),
        editing=measurement.state == MeasurementState.RETURNED,
    )
    if form.is_valid() and attempt(form, lambda: _change(request, form, measurement)) is not None:
        return redirect("projects:measurement_review", pk)
    context = {
        "application": measurement.application,
        "promised": promised,
        "per_unit": per_unit(promised),
        "form": form,
        "measurement": measurement,
        "cancel_url": reverse("projects:measurement_review", args=[pk]),
    }
    return render(request, "projects/benefits/measure.html", context)


@signed_in
def review(request: SignedRequest, pk: int) -> HttpResponse:
    """The report as it stands: before sending with its arithmetic, afterwards with what became of it."""
    measurement = measurement_for(request.user, pk)
    form = SendForm(posted(request), initial={"note": measurement.note})
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
    context = record_context(request, measurement) | {"form": form}
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
        posted(request),
        request.FILES if request.method == "POST" else None,
        promised=promised,
        initial=values_of(measurement),
    )
    if form.is_valid():
        new = attempt(form, lambda: _correct(request, form, measurement))
        if new is not None:
            messages.success(request, _("The correction was sent and waits to be verified."))
            return redirect("projects:measurement_review", new.pk)
    context = {
        "application": measurement.application,
        "promised": promised,
        "per_unit": per_unit(promised),
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


# Everybody ----------------------------------------------------------------------------------------


@public
def indicators(request: HttpRequest) -> HttpResponse:
    """What the fund counts, how, and on which evidence (B-1)."""
    found = [(item, unit_symbol(item.unit)) for item in Indicator.objects.all()]
    return render(request, "projects/benefits/indicators.html", {"indicators": found})
