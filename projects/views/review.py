"""The last step: everything as the evaluators will read it, and the button that sends it (rules A-5, A-7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.errors import Refusal, RuleBroken
from accounts.forms import attempt
from accounts.permissions import SignedRequest, may, signed_in
from projects import applications
from projects.fields import STEP_TITLES, Step
from projects.forms.submit import SubmitForm
from projects.gates import application_for, check_may_submit
from projects.lifecycle import State
from projects.models import Application
from projects.progress import against, doubts_of, link_confirmed, progress_of
from projects.snapshots import differences, snapshot
from projects.views.pages import difference_rows, file_sections, step_links, worth
from projects.views.people import hand_over_form


def review(request: SignedRequest, application: Application, form: SubmitForm) -> HttpResponse:
    """Everything as the evaluators will see it, what is missing, what stands against it."""
    progress = progress_of(application)
    submits = may(check_may_submit, request.user, application)
    returned = application.state == State.RETURNED
    facts = snapshot(application)
    return render(
        request,
        "projects/review.html",
        {
            "application": application,
            "form": form,
            "title": STEP_TITLES[Step.REVIEW],
            "steps": step_links(application, progress, Step.REVIEW),
            "step_number": len(Step),
            "gaps": [
                {"step": STEP_TITLES[step], "items": gaps,
                 "url": reverse("projects:application-step", args=[application.uid, step])}
                for step, gaps in progress.gaps.items() if gaps
            ],
            "refusals": _refusals(application),
            "doubts": doubts_of(application),
            **worth(application, today()),
            "currency": application.currency,
            "sections": file_sections(facts, application, editable=True),
            "confirmed": link_confirmed(application) or application.from_paper,
            "may_submit": submits,
            "hand_over": None if submits else hand_over_form(request, application),
            "handed": None if submits else application.handovers.last(),
            "returned": returned,
            "changes": _changes(application, facts) if returned else [],
        },
    )  # fmt: skip


def _changes(application: Application, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs from what was sent last (rule A-7)."""
    sent = application.versions.order_by("number").last()
    return difference_rows(differences(sent.snapshot, facts), application.currency) if sent else []


def _refusals(application: Application) -> list[Any]:
    """The rules that refuse today; a missing exchange rate is the fund's trouble, not the applicant's."""
    try:
        return list(against(application, today(), size_known=True))
    except Refusal:
        return []


@signed_in
@require_POST
def submit(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Submit, or send a returned file again; the second click finds it done."""
    application = application_for(request.user, uid, whole=True)
    form = SubmitForm(request.POST, application=application)
    if form.is_valid():
        sent = attempt(form, lambda: _send(request, application, form))
        if sent:
            messages.success(request, _received(application) % {"number": sent.ref})
            return redirect("projects:application", application.uid)
    if not application.is_editable:
        return redirect("projects:application", application.uid)
    return review(request, application, form)


def _send(request: SignedRequest, application: Application, form: SubmitForm) -> Application:
    if application.state != State.RETURNED:
        return applications.submit(application=application, by=request.user, on=today())
    try:
        return applications.resubmit(
            application=application, by=request.user, on=today(), answers=form.answers
        )
    except RuleBroken as refusal:
        raise RuleBroken(refusal.rule, refusal.message, field=form.field_of(refusal.field)) from refusal


def _received(application: Application) -> str:
    if application.state == State.RETURNED:
        return _(
            "We received your answers to %(number)s. The receipt is on this page and in your mail; "
            "whoever asked reads them."
        )
    return _(
        "We received your application. Its number is %(number)s. "
        "The receipt is on this page and in your mail."
    )
