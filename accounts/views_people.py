"""The administrator's pages: people, their roles, the second confirmation."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts import people as verbs
from accounts.clock import today
from accounts.forms import EndGrantForm, GrantForm, PersonForm, attempt
from accounts.listing import Column, listing
from accounts.models import Grant, User
from accounts.people_words import told
from accounts.permissions import Perm, SignedRequest, allow


def _roles(user: User) -> str:
    """Those that count, and those that are to."""
    day = today()
    return ", ".join(str(row.role) for row in user.grants.all() if row.to_on is None or row.to_on >= day)


@allow(Perm.PEOPLE_MANAGE)
def people(request: SignedRequest) -> HttpResponseBase:
    columns = [
        Column(
            gettext_lazy("Name"), "full_name", sort="full_name",
            link=lambda user: reverse("accounts:person", args=[user.pk]),
        ),
        Column(gettext_lazy("E-mail"), "email", sort="email"),
        Column(gettext_lazy("Roles"), _roles),
        Column(gettext_lazy("Language"), "get_language_display"),
    ]  # fmt: skip
    page = listing(
        request, User.objects.filter(is_active=True).prefetch_related("grants__role").order_by("full_name"),
        columns=columns, filterset=None, filename="people", search=["full_name", "email"],
    )  # fmt: skip
    return page if isinstance(page, HttpResponseBase) else render(request, "accounts/people.html", page)


@allow(Perm.PEOPLE_MANAGE)
def add(request: SignedRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        made = attempt(form, lambda: verbs.add_person(**form.cleaned_data, by=request.user, on=today()))
        if made:
            messages.success(request, _("%(who)s is here. Now grant a role.") % {"who": made})
            return redirect("accounts:person", made.pk)
    return render(request, "accounts/person_add.html", {"form": form})


def _page(request: SignedRequest, user: User, form: GrantForm) -> HttpResponse:
    grants = user.grants.select_related("role", "granted_by", "confirmed_by")
    context = {
        "person": user,
        "grants": grants,
        "form": form,
        "history": told(audit.history(user)[:50]),
        "today": today(),
    }
    return render(request, "accounts/person.html", context)


@allow(Perm.PEOPLE_MANAGE)
def person(request: SignedRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(User, pk=pk), GrantForm(initial={"from_on": today()}))


@allow(Perm.PEOPLE_MANAGE)
def grant(request: SignedRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST or None)
    if form.is_valid():
        facts = form.cleaned_data | {"role": form.cleaned_data["role"].code}
        if attempt(form, lambda: verbs.grant(user=user, **facts, by=request.user, on=today())):
            messages.success(request, _("Granted."))
            return redirect("accounts:person", pk)
    return _page(request, user, form)


@allow(Perm.PEOPLE_MANAGE, Perm.MINUTES_SIGN)
def confirm(request: SignedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Grant.objects.select_related("user", "role"), pk=pk)
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if attempt(form, lambda: verbs.confirm(grant=found, by=request.user, on=today())):
            messages.success(request, _("Confirmed. The role counts from its first day."))
            return redirect("accounts:work")
    context = {
        "title": _("Confirm a role that handles money"),
        "facts": [(_("Person"), found.user), (_("Role"), found.role), (_("Granted by"), found.granted_by)],
        "warning": _("From its first day on this person can prepare or approve money."),
        "form": form,
        "submit": _("Confirm"),
        "cancel_url": reverse("accounts:work"),
    }
    return render(request, "confirm.html", context)


@allow(Perm.PEOPLE_MANAGE)
def end(request: SignedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Grant.objects.select_related("user", "role"), pk=pk)
    form = EndGrantForm(request.POST or None, initial={"to_on": today()})
    if form.is_valid():
        last = form.cleaned_data["to_on"]
        if attempt(form, lambda: verbs.end_grant(grant=found, to_on=last, by=request.user, on=today())):
            messages.success(request, _("The role ends on that day."))
            return redirect("accounts:person", found.user_id)
    context = {
        "title": _("End a role"),
        "facts": [(_("Person"), found.user), (_("Role"), found.role), (_("Since"), found.from_on)],
        "form": form,
        "submit": _("End the role"),
        "cancel_url": reverse("accounts:person", args=[found.user_id]),
    }
    return render(request, "confirm.html", context)
