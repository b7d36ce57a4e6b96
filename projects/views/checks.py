"""The staff: the list of applications and the completeness check (rules A-7, A-8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts import audit
from accounts.clock import today
from accounts.errors import Denied
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow
from fund.models import Sector
from projects import applications as verbs
from projects import checklist
from projects.duplicates import shared_with
from projects.fields import BY_KEY, Kind
from projects.forms.checks import CheckForm
from projects.gates import application_for
from projects.lifecycle import State
from projects.models import Application
from projects.progress import appraisal_of, doubts_of
from projects.reasons import size_words
from projects.sizes import sizing_of
from projects.views.pages import answer_rows, file_sections

#: Papers that are listed only where there is one.
UNASKED = frozenset({"documents.audit_plan", "documents.paper_form"})


class ApplicationFilter(FilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"), choices=[choice for choice in State.choices if choice[0] != "draft"],
        empty_label=gettext_lazy("Every state"),
    )  # fmt: skip
    sector = ModelChoiceFilter(
        field_name="firm__sector", label=gettext_lazy("Sector"), queryset=Sector.objects.all(),
        empty_label=gettext_lazy("Every sector"),
    )  # fmt: skip

    class Meta:
        model = Application
        fields: list[str] = []


def _age(application: Application) -> int | None:
    """Days in the present state, while somebody must act."""
    return None if application.is_over else (today() - application.state_since).days


@allow(Perm.APPLICATION_READ)
def applications(request: SignedRequest) -> HttpResponseBase:
    columns = [
        Column(gettext_lazy("Number"), "ref", sort="ref", link=Application.get_absolute_url),
        Column(gettext_lazy("Firm"), "firm", sort="firm__legal_name"),
        Column(gettext_lazy("Project"), "title"),
        Column(gettext_lazy("Sector"), "firm.sector", sort="firm__sector__position"),
        Column(gettext_lazy("Amount"), "amount", sort="amount", numeric=True),
        Column(gettext_lazy("State"), "badge", sort="state"),
        Column(gettext_lazy("Since"), "state_since", sort="state_since"),
        Column(gettext_lazy("Days"), _age, numeric=True),
    ]
    page = listing(
        request,
        Application.objects.filed().for_page().order_by("-submitted_on", "-pk"),
        columns=columns,
        filterset=ApplicationFilter,
        filename="applications",
        search=["ref", "title", "firm__legal_name", "firm__tax_id", "technique"],
    )
    if isinstance(page, HttpResponseBase):
        return page
    return render(request, "projects/applications.html", page)


@allow(Perm.APPLICATION_CHECK)
def check(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Completeness: every field beside a place to say what the firm should change, and a checklist."""
    found = application_for(request.user, uid)
    if found.state not in (State.SUBMITTED, State.EVALUATING):
        raise Denied(_("This application is not being checked now."))
    found.load_benefits()
    version = found.versions.latest("number")
    form = CheckForm(request.POST or None, points=checklist.points_of(found, today()))
    flags = _flags(request)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _decide(request, found, flags, form.seen))
        if done:
            words = (
                _("%(number)s was returned to the firm with %(count)d fields flagged.")
                if flags
                else _("%(number)s is complete.")
            )
            messages.success(request, words % {"number": found.ref, "count": len(flags)})
            return redirect(found)
    if request.method == "GET":
        audit.record_read("application.file", found, by=request.user)
    return render(request, "projects/check.html", _check_context(found, version, form, dict(flags)))


def _check_context(
    found: Application, version: Any, form: CheckForm, flags: dict[str, str]
) -> dict[str, Any]:
    sizing = sizing_of(found.firm, today())
    discount = found.product.annual_rate_pct if found.product else Decimal(0)
    sections = file_sections(version.snapshot, found, mine=False)
    for section in sections:
        for entry in section["entries"]:
            entry["flag"] = flags.get(entry["key"], "")
            entry["locked"] = not BY_KEY[entry["key"]].editable
            entry["shown"] = entry["kind"] != Kind.FILES or entry["files"] or entry["key"] not in UNASKED
    return {
        "application": found,
        "version": version,
        "form": form,
        "sections": sections,
        "sizing": sizing,
        "size_words": size_words(sizing) if sizing else "",
        "appraisal": appraisal_of(found, discount),
        "doubts": doubts_of(found),
        "currency": found.currency,
        "shared": shared_with(found.firm),
        "checking": found.state == State.SUBMITTED,
        "answers": answer_rows(found) if version.number > 1 else [],
    }


def _flags(request: SignedRequest) -> list[tuple[str, str]]:
    """Fields with something written beside them."""
    return [
        (name.removeprefix("return-"), str(text).strip())
        for name, text in request.POST.items()
        if name.startswith("return-") and str(text).strip()
    ]


def _decide(
    request: SignedRequest, found: Application, flags: list[tuple[str, str]], seen: list[str]
) -> Application:
    if request.POST.get("go") == "return":
        return verbs.return_to_firm(application=found, returns=flags, by=request.user, on=today())
    return checklist.complete(
        application=found, seen=seen, by=request.user, on=today(), note=request.POST.get("note", "")
    )
