"""Firms: the staff's list, a firm's page, and who asks to act for one (rules A-1, A-9)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.clock import today
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow, may, signed_in
from fund.models import Sector
from projects import firms as verbs
from projects.duplicates import shared_with
from projects.forms.checks import ConfirmLinkForm, RefuseLinkForm
from projects.gates import check_may_run_firm, firm_for, link_of
from projects.models import ApplicationDocument, DocumentKind, Firm, FirmMember, Size
from projects.reasons import size_words
from projects.sizes import sizing_of


class FirmFilter(FilterSet):
    sector = ModelChoiceFilter(
        label=gettext_lazy("Sector"), queryset=Sector.objects.all(), empty_label=gettext_lazy("Every sector")
    )
    size_class = ChoiceFilter(
        label=gettext_lazy("Size"), choices=Size.choices, empty_label=gettext_lazy("Every size")
    )

    class Meta:
        model = Firm
        fields: list[str] = []


@allow(Perm.APPLICATION_READ)
def firms(request: SignedRequest) -> HttpResponseBase:
    columns = [
        Column(
            gettext_lazy("Firm"), "legal_name", sort="legal_name",
            link=lambda firm: reverse("projects:firm", args=[firm.pk]),
        ),
        Column(gettext_lazy("Tax id"), "tax_id", sort="tax_id"),
        Column(gettext_lazy("Sector"), "sector", sort="sector__position"),
        Column(gettext_lazy("State or region"), "state", sort="state__sort_name"),
        Column(gettext_lazy("Size"), "get_size_class_display", sort="size_class"),
        Column(gettext_lazy("Workers"), "workers", sort="workers", numeric=True),
    ]  # fmt: skip
    page = listing(
        request,
        Firm.objects.of_record().select_related("sector", "state").order_by("legal_name", "pk"),
        columns=columns,
        filterset=FirmFilter,
        filename="firms",
        search=["legal_name", "tax_id", "municipality"],
    )
    return page if isinstance(page, HttpResponseBase) else render(request, "projects/firms.html", page)


@signed_in
def firm(request: SignedRequest, pk: int) -> HttpResponse:
    found = firm_for(request.user, pk)
    sizing = sizing_of(found, today())
    staff = request.user.may(Perm.APPLICATION_READ)
    runs = may(check_may_run_firm, request.user, found)
    shown = (
        found.applications.filed() if staff and not link_of(request.user, found) else found.applications.all()
    )
    return render(
        request,
        "projects/firm.html",
        {
            "firm": found,
            "sizing": sizing,
            "size_words": size_words(sizing) if sizing else "",
            "people": found.members.filter(left_on=None).select_related("user"),
            "applications": shown.order_by("-pk")[:50],
            "requests": verbs.requests_to(found) if runs and found.confirmed else [],
            "shared": shared_with(found) if staff else [],
            "runs": runs,
            "mine": link_of(request.user, found) is not None,
        },
    )


@allow(Perm.APPLICATION_CHECK)
def requests(request: SignedRequest) -> HttpResponseBase:
    """Who says to act for a firm and waits for somebody to confirm it."""
    columns = [
        Column(
            gettext_lazy("Person"), "user.full_name", sort="user__full_name",
            link=lambda link: reverse("projects:firm-request", args=[link.pk]),
        ),
        Column(gettext_lazy("Firm"), "firm"),
        Column(gettext_lazy("Tax id"), "firm.tax_id", sort="firm__tax_id"),
        Column(gettext_lazy("As"), "get_role_display"),
        Column(gettext_lazy("Asked"), "asked_on", sort="asked_on"),
    ]  # fmt: skip
    page = listing(
        request, waiting(), columns=columns, filterset=None, filename="requests",
        search=["user__full_name", "user__email", "firm__tax_id", "firm__legal_name"],
    )  # fmt: skip
    return page if isinstance(page, HttpResponseBase) else render(request, "projects/requests.html", page)


def waiting() -> QuerySet[FirmMember]:
    return (
        FirmMember.objects.filter(confirmed_on=None, left_on=None, firm__merged_into=None)
        .select_related("user", "firm")
        .order_by("asked_on", "pk")
    )


def _request_for(request: SignedRequest, pk: int) -> tuple[FirmMember, Firm | None]:
    """The request and the firm on record it names, for its owner or the staff; anybody else gets 404."""
    link = waiting().filter(pk=pk).first()
    if link is None:
        raise Http404
    record = verbs.record_of(link.firm)
    if not (
        request.user.may(Perm.APPLICATION_CHECK) or (record and may(check_may_run_firm, request.user, record))
    ):
        raise Http404
    return link, record


@signed_in
def request_page(request: SignedRequest, pk: int) -> HttpResponse:
    link, record = _request_for(request, pk)
    form = ConfirmLinkForm(request.POST or None, initial={"role": link.role})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: verbs.confirm_member(
                member=link, by=request.user, on=today(), role=form.cleaned_data["role"]
            ),
        )
        if done:
            messages.success(
                request,
                _("%(person)s now acts for %(firm)s.")
                % {"person": done.user.full_name, "firm": str(done.firm).rstrip(".")},
            )
            return _back(request, done.firm)
    return render(
        request, "projects/firm_request.html", _request_context(link, record, form, RefuseLinkForm())
    )


def _request_context(
    link: FirmMember, record: Firm | None, form: ConfirmLinkForm, refusal: RefuseLinkForm
) -> dict[str, object]:
    papers = ApplicationDocument.objects.filter(
        application__firm=link.firm,
        kind__in=(DocumentKind.TAX_CERTIFICATE, DocumentKind.REPRESENTATIVE),
        removed_on=None,
    ).select_related("file")
    return {"link": link, "record": record, "form": form, "refusal": refusal, "papers": papers}


@signed_in
@require_POST
def refuse(request: SignedRequest, pk: int) -> HttpResponse:
    link, record = _request_for(request, pk)
    form = RefuseLinkForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: verbs.refuse_member(
                member=link, reason=form.cleaned_data["reason"], by=request.user, on=today()
            ),
        )
        if done:
            messages.success(request, _("The request was turned down."))
            return _back(request, record)
    return render(
        request,
        "projects/firm_request.html",
        _request_context(link, record, ConfirmLinkForm(initial={"role": link.role}), form),
    )


def _back(request: SignedRequest, firm: Firm | None) -> HttpResponse:
    if request.user.may(Perm.APPLICATION_CHECK):
        return redirect("projects:firm-requests")
    return redirect("projects:firm", firm.pk) if firm else redirect("projects:my")
