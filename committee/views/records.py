"""The register of resolutions, their conditions, the sealed papers of a session, and the bodies (C-1, C-9, C-10)."""

import django_filters
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from accounts.errors import Denied
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow, signed_in
from committee import bodies, conditions, decisions, gates
from committee.forms import AppointForm, EndForm, MeetForm, ReasonForm
from committee.models import Appointment, Body, Condition, Resolution, Seat
from committee.models.decision import OutcomeChoice
from fund import documents


class ResolutionFilter(django_filters.FilterSet):
    body = django_filters.ModelChoiceFilter(queryset=Body.objects.all(), label=gettext_lazy("Body"))
    outcome = django_filters.ChoiceFilter(choices=OutcomeChoice.choices, label=gettext_lazy("Outcome"))

    class Meta:
        model = Resolution
        fields = ["body", "outcome"]


COLUMNS = (
    Column(gettext_lazy("Number"), "number", sort="number", link=lambda row: row.get_absolute_url()),
    Column(gettext_lazy("Day"), "decided_on", sort="decided_on"),
    Column(gettext_lazy("Matter"), "item.title"),
    Column(gettext_lazy("Reference"), "item.reference", sort="item__reference"),
    Column(gettext_lazy("Outcome"), "badge"),
    Column(gettext_lazy("Amount"), "amount", sort="amount", numeric=True),
)


@signed_in
def resolutions(request: SignedRequest) -> HttpResponseBase:
    if not gates.may_read_register(request.user):
        raise Denied(_("Your roles do not include this."))
    rows = Resolution.objects.select_related("item", "body")
    page = listing(
        request,
        rows,
        columns=COLUMNS,
        filterset=ResolutionFilter,
        filename="resolutions",
        search=("number", "item__title", "item__reference"),
    )
    if isinstance(page, HttpResponseBase):
        return page
    return render(request, "committee/resolutions.html", page)


@signed_in
def resolution(request: SignedRequest, number: str) -> HttpResponse:
    """A frozen decision: outcome, count, quorum, who was there, who stepped back, under which rules."""
    found = gates.resolution_for(request.user, number)
    context = {
        "resolution": found,
        "item": found.item,
        "session": found.session,
        "conditions": found.conditions.select_related("settled_by", "waived_by", "proof_file"),
        "today": today(),
        "may_settle": any(request.user.may(perm) for perm in conditions.SETTLERS),
        "may_open_session": gates.may_open_session(request.user, found.session),
        "may_withdraw": request.user.may(Perm.SESSION_RUN) and found.item.kind != "application",
    }
    return render(request, "committee/resolution.html", context)


@allow(Perm.SESSION_RUN)
def withdraw(request: SignedRequest, number: str) -> HttpResponse:
    found = gates.resolution_for(request.user, number)
    form = ReasonForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: decisions.withdraw_resolution(
                resolution=found, reason=form.cleaned_data["reason"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        return redirect(found)
    context = {
        "title": _("Withdraw %(number)s") % {"number": found.number},
        "warning": _("The number stays visible, marked as withdrawn."),
        "form": form,
        "submit": _("Withdraw"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


@allow(*conditions.SETTLERS)
def meet(request: SignedRequest, number: str, position: int) -> HttpResponse:
    """Record the proof that ends a condition (rule C-10)."""
    found = get_object_or_404(
        Condition.objects.select_related("resolution"), resolution__number=number, number=position
    )
    form = MeetForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: conditions.meet(
                condition=found, proof=form.cleaned_data["proof"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        messages.success(request, _("%(ref)s is met.") % {"ref": found.ref})
        return redirect(found.resolution)
    context = {
        "title": _("Condition %(ref)s is met") % {"ref": found.ref},
        "facts": [
            (_("Condition"), found.text),
            (_("Proof asked for"), found.proof),
            (_("Due"), found.due_on),
        ],
        "form": form,
        "submit": _("Record the proof"),
        "cancel_url": found.resolution.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


@signed_in
def document(request: SignedRequest, code: str, number: str) -> HttpResponse:
    """A sealed paper of a session as PDF: minutes for who may open the session, extracts likewise."""
    gates.session_for(request.user, code)
    found = documents.document_for(number)
    if found.about != f"committee.session:{code}":
        raise Http404
    try:
        content = documents.pdf(found)
    except documents.NoRenderer as missing:
        messages.error(request, str(missing))
        return redirect("committee:session", code)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.number}.pdf"'},
    )


@signed_in
def body_list(request: SignedRequest) -> HttpResponse:
    """Every body with its seats and who sits in them today."""
    if not gates.may_read_register(request.user):
        raise Denied(_("Your roles do not include this."))
    now = Appointment.objects.on(today()).select_related("person").order_by("alternate", "since")
    seats = (
        Seat.objects.on(today())
        .select_related("institution")
        .prefetch_related(Prefetch("appointments", queryset=now, to_attr="sitting"))
    )
    context = {
        "bodies": Body.objects.prefetch_related("rule_sets", Prefetch("seats", queryset=seats)),
        "may_appoint": _may_appoint(request),
    }
    return render(request, "committee/bodies.html", context)


def _may_appoint(request: SignedRequest) -> bool:
    return request.user.may(Perm.SESSION_RUN) or request.user.may(Perm.PEOPLE_MANAGE)


@allow(Perm.SESSION_RUN, Perm.PEOPLE_MANAGE)
def seat(request: SignedRequest, pk: int) -> HttpResponse:
    """One seat: everybody who sat in it, and a form to appoint."""
    found = get_object_or_404(Seat.objects.select_related("body", "institution"), pk=pk)
    form = AppointForm(request.POST or None, initial={"since": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form, lambda: bodies.appoint(seat=found, by=request.user, on=today(), **form.cleaned_data)
        )
        is not None
    ):
        messages.success(request, _("Appointed."))
        return redirect("committee:bodies")
    context = {
        "seat": found,
        "form": form,
        "appointments": found.appointments.select_related("person").order_by("-since", "alternate"),
    }
    return render(request, "committee/seat.html", context)


@allow(Perm.SESSION_RUN, Perm.PEOPLE_MANAGE)
def end_appointment(request: SignedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Appointment.objects.select_related("seat__body", "person"), pk=pk)
    form = EndForm(request.POST or None, initial={"last_day": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: bodies.end_appointment(
                appointment=found, last_day=form.cleaned_data["last_day"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        return redirect("committee:bodies")
    context = {
        "title": _("End the appointment of %(person)s") % {"person": found.person},
        "facts": [(_("Seat"), str(found.seat)), (_("From"), found.since)],
        "form": form,
        "submit": _("End"),
        "cancel_url": reverse("committee:bodies"),
    }
    return render(request, "confirm.html", context)
