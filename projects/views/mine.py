"""A firm's person: my applications, taking one back, asking for a review."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.formats import day_text
from accounts.forms import attempt
from accounts.permissions import SignedRequest, signed_in
from projects import applications, drafts, reviews
from projects.forms.documents import ReviewRequestForm, WithdrawForm
from projects.gates import application_for, check_may_edit, check_may_submit
from projects.lifecycle import MOVES, State
from projects.models import Application, FirmMember
from projects.nextsteps import next_step
from projects.old_drafts import goes_on

#: Shown on one page; a firm with more finds the rest through its own page.
SHOWN = 50


@signed_in
def my(request: SignedRequest) -> HttpResponse:
    """What this person's firms asked for, and what waits for them."""
    links = (
        FirmMember.objects.filter(user=request.user, left_on=None, firm__merged_into=None)
        .select_related("firm__sector")
        .order_by("pk")
    )
    shown = Application.objects.visible_to(request.user).exclude(state=State.WITHDRAWN, ref=None, title="")
    rows = reviews.with_reviews(shown.for_page()).order_by("-pk")[:SHOWN]
    day = today()
    steps = {}
    for row in rows:
        again = (row.state, reviews.open_until(row, day))
        if again not in steps:
            steps[again] = next_step(row, day)
    goes = goes_on(rows, day)
    found = [
        {"application": row, "next": steps[row.state, reviews.open_until(row, day)], "goes": goes.get(row.pk)}
        for row in rows
    ]
    return render(request, "projects/my.html", {"links": links, "rows": found})


@signed_in
def withdraw(request: SignedRequest, uid: UUID) -> HttpResponse:
    application = application_for(request.user, uid)
    return _confirmed(
        request,
        application,
        State.WITHDRAWN,
        WithdrawForm(request.POST or None),
        lambda said: applications.withdraw(
            application=application, reason=said["reason"], by=request.user, on=today()
        ),
        {
            "title": _("Take the application back"),
            "text": _(
                "It stays in your list as withdrawn and cannot be taken up again; you may start another one."
            ),
            "submit": _("Take it back"),
            "danger": True,
            "done": _("The application was taken back."),
        },
    )


@signed_in
def delete_draft(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Says what goes, and throws the draft away."""
    application = application_for(request.user, uid)
    check_may_edit(request.user, application)
    if not application.is_draft:
        return redirect(application)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        gone = attempt(
            form, lambda: drafts.delete_draft(application=application, by=request.user, on=today())
        )
        if gone:
            messages.success(request, _("The draft was deleted."))
            return redirect("projects:my")
    return render(
        request,
        "confirm.html",
        {
            "form": form,
            "title": _("Delete the draft"),
            "text": _("What was filled in and its documents are gone for good, for everybody of the firm."),
            "facts": [
                (_("Application"), str(application.title or application)),
                (_("Firm"), str(application.firm)),
            ],
            "submit": _("Delete it"),
            "danger": True,
            "cancel_url": reverse("projects:my"),
        },
    )


@signed_in
def request_review(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Rule A-10: once, in time, with new facts."""
    application = application_for(request.user, uid)
    check_may_submit(request.user, application)
    last = reviews.open_until(application, today())
    if last is None and request.method != "POST":
        return redirect(application)
    return _confirmed(
        request,
        application,
        State.REVIEW_REQUESTED,
        ReviewRequestForm(request.POST or None),
        lambda said: applications.request_review(
            application=application, facts=said["facts"], by=request.user, on=today()
        ),
        {
            "title": _("Ask for a review"),
            "text": _(
                "You may ask once, until %(day)s. Another evaluator reads the new facts, and the committee "
                "decides again."
            )
            % {"day": day_text(last, long=True) if last else ""},
            "submit": _("Ask for the review"),
            "danger": False,
            "done": _("The review was asked for."),
        },
    )


def _confirmed(
    request: SignedRequest,
    application: Application,
    to: State,
    form: forms.Form,
    verb: Callable[[dict[str, str]], object],
    words: dict[str, str | bool],
) -> HttpResponse:
    """A page that says what will happen, and does it; pages of moves that the state lacks lead back."""
    check_may_submit(request.user, application)
    if (application.state, to) not in MOVES:
        return redirect(application)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: verb(form.cleaned_data)) is not None
    ):
        messages.success(request, str(words["done"]))
        return redirect(application)
    facts = [(_("Application"), str(application)), (_("Firm"), str(application.firm))]
    return render(
        request,
        "confirm.html",
        {"form": form, "facts": facts, "cancel_url": application.get_absolute_url(), **words},
    )
