"""One's own data: the notice, what one may ask, the answer; and the staff's list of requests (X-6)."""

from __future__ import annotations

import json

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.clock import today
from accounts.errors import Denied
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow, public, signed_in
from fund.models import Fund
from fund.policy import policy_on
from projects import privacy as verbs
from projects.models import PrivacyRequest


class AskForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"),
        choices=PrivacyRequest.Kind.choices,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What we should know"), required=False, max_length=verbs.TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For a correction: what is wrong, and what would be right."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    use_required_attribute = False

    granted = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=[("yes", gettext_lazy("Granted")), ("no", gettext_lazy("Refused"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Answer"), max_length=verbs.TEXT_MOST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The person reads this, and gets it by mail."),
    )  # fmt: skip


@public
def notice(request: HttpRequest) -> HttpResponse:
    """The privacy notice as it is now, and for who is signed in the way to agree."""
    asked = request.user.is_authenticated and not verbs.consented(request.user)
    context = {
        "version": verbs.NOTICE_VERSION,
        "fund": Fund.objects.select_related("administrator").first(),
        "days": policy_on(today()).privacy_days,
        "ask": asked,
    }
    return render(request, "projects/privacy_notice.html", context)


@signed_in
@require_POST
def consent(request: SignedRequest) -> HttpResponse:
    verbs.consent(by=request.user, on=today())
    messages.success(request, _("Thank you. We keep the day and the version that you agreed to."))
    return redirect("projects:privacy")


@signed_in
def mine(request: SignedRequest) -> HttpResponse:
    """What I agreed to, what I asked, and the form to ask."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: verbs.ask(
                kind=form.cleaned_data["kind"], text=form.cleaned_data["text"], by=request.user, on=today()
            ),
        )
        if done:
            messages.success(request, _("Your request has the number %(number)s.") % {"number": done.number})
            return redirect(done)
    context = {
        "form": form,
        "requests": request.user.privacy_requests.all(),
        "consents": request.user.consents.all(),
        "consented": verbs.consented(request.user),
        "days": policy_on(today()).privacy_days,
    }
    return render(request, "projects/privacy.html", context)


@signed_in
def request_page(request: SignedRequest, number: str) -> HttpResponse:
    """One request: for who asked, and for who answers."""
    found = verbs.request_for(request.user, number)
    answers = found.state == PrivacyRequest.State.OPEN and found.user_id != request.user.pk
    form = AnswerForm(request.POST or None) if answers else None
    if request.method == "POST":
        if form is None:
            raise Denied(_("This request was answered already, or it is your own."))
        if form.is_valid() and _answered(request, found, form):
            messages.success(request, _("Answered. The person gets it by mail."))
            return redirect(found)
    context = {
        "found": found,
        "form": form,
        "mine": found.user_id == request.user.pk,
        "against": verbs.held_back(found.user) if answers and found.kind == "deletion" else [],
        "late": found.state == "open" and found.due_on < today(),
    }
    return render(request, "projects/privacy_request.html", context)


def _answered(request: SignedRequest, found: PrivacyRequest, form: AnswerForm) -> PrivacyRequest | None:
    return attempt(
        form,
        lambda: verbs.answer(
            request=found, granted=form.cleaned_data["granted"] == "yes", text=form.cleaned_data["text"],
            by=request.user, on=today(),
        ),
    )  # fmt: skip


@signed_in
def copy(request: SignedRequest, number: str) -> HttpResponse:
    """The copy that was asked for and granted, for the person alone."""
    found = verbs.request_for(request.user, number)
    granted = found.kind == PrivacyRequest.Kind.COPY and found.state == PrivacyRequest.State.GRANTED
    if found.user_id != request.user.pk or not granted:
        raise Denied(_("Only the person whose data it is opens a copy, once it is granted."))
    audit.record("privacy.copied", found, by=request.user, on=today())
    text = json.dumps(verbs.copy_of(request.user), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return response


@allow(Perm.PEOPLE_MANAGE)
def requests(request: SignedRequest) -> HttpResponseBase:
    columns = [
        Column(
            gettext_lazy("Number"), "number", sort="number",
            link=lambda row: reverse("projects:privacy-request", args=[row.number]),
        ),
        Column(gettext_lazy("Person"), "user.full_name", sort="user__full_name"),
        Column(gettext_lazy("Asks for"), "get_kind_display"),
        Column(gettext_lazy("Asked"), "asked_on", sort="asked_on"),
        Column(gettext_lazy("Due"), "due_on", sort="due_on"),
        Column(gettext_lazy("State"), "badge", sort="state"),
        Column(gettext_lazy("Answered"), "answered_on", sort="answered_on"),
    ]  # fmt: skip
    page = listing(
        request, PrivacyRequest.objects.select_related("user").order_by("-pk"), columns=columns, filterset=None,
        filename="privacy", search=["number", "user__full_name"],
    )  # fmt: skip
    return (
        page
        if isinstance(page, HttpResponseBase)
        else render(request, "projects/privacy_requests.html", page)
    )
