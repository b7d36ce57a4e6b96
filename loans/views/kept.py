"""Identity files, guarantees and invoice folios: the pages of the staff (rules A-11, D-5, P-10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djmoney.money import Money

from accounts import audit
from accounts.clock import today
from accounts.exports import export
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow
from loans import gates, guarantees, identity, invoices
from loans.forms_kept import (
    FolioForm,
    GuaranteeForm,
    IdentityForm,
    IdentityPaperForm,
    ListCheckForm,
    ReleaseForm,
)
from loans.models import Guarantee, IdentityFile, Loan, Posting
from projects.models import Firm


@allow(*gates.IDENTITY_READERS)
def identity_files(request: SignedRequest) -> HttpResponse:
    """Firms with a contract: whose file is complete, what the others lack, and the loans for the notice."""
    firms = Firm.objects.filter(
        pk__in=Loan.objects.filter(prepared_on__gte=identity.asked_since(today()))
        .exclude(state=Loan.State.CANCELLED)
        .values("firm")
    )
    listed = list(firms.order_by("legal_name"))
    gaps = identity.gaps_of(listed)
    rows = [{"firm": firm, "gaps": gaps[firm.pk]} for firm in listed]
    context = {
        "rows": sorted(rows, key=lambda row: not row["gaps"]),
        "notify": list(identity.to_notify(today())[:200]),
    }
    return render(request, "loans/identity_files.html", context)


def _firm(pk: int) -> Firm:
    versions = Prefetch("identity_files", IdentityFile.objects.select_related("written_by"))
    found = Firm.objects.filter(pk=pk, loans__isnull=False).prefetch_related(
        versions, "identity_papers__file"
    )
    firm = found.first()
    if firm is None:
        raise Http404
    return firm


@allow(*gates.IDENTITY_READERS)
def identity_file(request: SignedRequest, pk: int) -> HttpResponse:
    """One firm's file; that somebody read it is noted."""
    firm = _firm(pk)
    audit.record_read("identity file", identity.about(firm), by=request.user)
    current = identity.current(firm)
    context = {
        "firm": firm, "current": current, "gaps": identity.gaps(firm), "papers": firm.identity_papers.all(),
        "checks": current.checks.select_related("checked_by") if current else (),
        "older": [version for version in firm.identity_files.all() if version != current],
        "kept_until": identity.kept_until(firm, today()),
        "may_write": request.user.may(Perm.CONTRACT_DRAFT),
        "may_check": request.user.may(Perm.CONTRACT_DRAFT) or request.user.may(Perm.CONTRACT_SIGN),
        "loans": Loan.objects.filter(firm=firm).order_by("-pk"),
        "may_open_loans": request.user.may(Perm.LOAN_READ),
    }  # fmt: skip
    return render(request, "loans/identity_file.html", context)


@allow(Perm.CONTRACT_DRAFT)
def identity_write(request: SignedRequest, pk: int) -> HttpResponse:
    """Write the facts, or correct them in a new version."""
    firm = _firm(pk)
    form = IdentityForm(request.POST or None, initial=_initial(identity.current(firm)))
    if form.is_valid():
        data = dict(form.cleaned_data)
        made = attempt(
            form,
            lambda: identity.write(
                firm=firm,
                facts=identity.Facts(**data | {"owners": identity.read_owners(data["owners"])}),
                by=request.user,
                on=today(),
            ),
        )
        if made:
            messages.success(request, _("The identity file is written down."))
            return redirect("loans:identity_file", firm.pk)
    return _form(request, form, firm, _("Identity file of %(firm)s") % {"firm": firm}, _("Save"))


def _initial(current: IdentityFile | None) -> dict[str, Any]:
    if current is None:
        return {}
    names = ("representative", "position", "identification", "powers", "consents_on")
    return {name: getattr(current, name) for name in names} | {"owners": identity.owners_text(current.owners)}


@allow(Perm.CONTRACT_DRAFT)
def identity_paper(request: SignedRequest, pk: int) -> HttpResponse:
    """Add a paper."""
    firm = _firm(pk)
    form = IdentityPaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        data = form.cleaned_data
        if attempt(
            form,
            lambda: identity.add_paper(
                firm=firm, kind=data["kind"], upload=data["file"], by=request.user, on=today()
            ),
        ):
            messages.success(request, _("The paper is kept."))
            return redirect("loans:identity_file", firm.pk)
    return _form(request, form, firm, _("Add a paper of %(firm)s") % {"firm": firm}, _("Upload"))


@allow(Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN)
def identity_check(request: SignedRequest, pk: int) -> HttpResponse:
    """Say that the names were compared with the lists, and what was found."""
    firm = _firm(pk)
    form = ListCheckForm(request.POST or None)
    if form.is_valid():
        if attempt(
            form, lambda: identity.check_lists(firm=firm, by=request.user, on=today(), **form.cleaned_data)
        ):
            messages.success(request, _("The comparison is noted."))
            return redirect("loans:identity_file", firm.pk)
    current = identity.current(firm)
    names = [current.representative, *(owner["name"] for owner in current.owners)] if current else []
    text = _("Compare each of these names: %(names)s.") % {"names": ", ".join([str(firm), *names])}
    return _form(request, form, firm, _("Compare with the lists"), _("Note the comparison"), text)


def _form(
    request: SignedRequest, form: Any, firm: Firm, title: str, submit: str, text: str = ""
) -> HttpResponse:
    context = {
        "title": title, "text": text, "form": form, "submit": submit,
        "cancel_url": reverse("loans:identity_file", args=[firm.pk]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


NOTICE_COLUMNS = [
    Column(gettext_lazy("Loan"), "ref"),
    Column(gettext_lazy("Firm"), "firm.legal_name"),
    Column(gettext_lazy("Tax id"), "firm.tax_id"),
    Column(gettext_lazy("Paid out"), "disbursed_on"),
    Column(gettext_lazy("Amount"), "amount", numeric=True),
]


@allow(*gates.IDENTITY_READERS)
def notices(request: SignedRequest, kind: str) -> HttpResponseBase:
    """Loans above the threshold, for the notice to the authority, as a file."""
    return export(identity.to_notify(today()), columns=NOTICE_COLUMNS, filename="avisos", kind=kind)


@allow(Perm.LOAN_READ)
def guarantee_list(request: SignedRequest, ref: str) -> HttpResponse:
    """What secures a loan."""
    loan = gates.loan_for(request.user, ref)
    context = {
        "loan": loan, "guarantees": loan.guarantees.select_related("paper"),
        "may_secure": request.user.may(Perm.CONTRACT_DRAFT) and loan.state not in guarantees.ENDED,
        "may_release": request.user.may(Perm.CONTRACT_SIGN) and loan.state in guarantees.ENDED,
    }  # fmt: skip
    return render(request, "loans/guarantees.html", context)


@allow(Perm.CONTRACT_DRAFT)
def guarantee_new(request: SignedRequest, ref: str) -> HttpResponse:
    """Write down a guarantor or a pledge."""
    loan = gates.loan_for(request.user, ref)
    form = GuaranteeForm(request.POST or None, request.FILES or None, currency=loan.currency)
    if (
        form.is_valid()
        and attempt(form, lambda: guarantees.add(loan=loan, by=request.user, on=today(), **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("The guarantee is written down."))
        return redirect("loans:guarantees", loan.ref)
    context = {
        "title": _("Guarantee of %(loan)s") % {"loan": loan}, "form": form, "submit": _("Write it down"),
        "cancel_url": reverse("loans:guarantees", args=[loan.ref]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(Perm.CONTRACT_SIGN)
def guarantee_release(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a guarantee back once its loan is paid off."""
    found = get_object_or_404(Guarantee.objects.select_related("loan__firm", "added_by"), pk=pk)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if (
        form.is_valid()
        and attempt(
            form,
            lambda: guarantees.release(
                guarantee=found, note=form.cleaned_data["note"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        messages.success(request, _("The guarantee is released."))
        return redirect("loans:guarantees", found.loan.ref)
    context = {
        "title": _("Release the guarantee?"),
        "facts": [
            (_("Loan"), found.loan.ref),
            (_("State of the loan"), found.loan.badge),
            (_("Firm"), str(found.loan.firm)),
            (_("Guarantee"), str(found)),
            (_("What it is"), found.what),
            (_("Value"), found.money),
        ],
        "form": form, "submit": _("Release it"), "cancel_url": reverse("loans:guarantees", args=[found.loan.ref]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _money_of(name: str) -> Callable[[Posting], Money]:
    """An amount of a charge or a receipt in its loan's currency."""
    return lambda row: Money(getattr(row, name), row.loan.currency)


INVOICE_COLUMNS = [
    Column(gettext_lazy("What"), invoices.words, link=lambda row: reverse("loans:invoice", args=[row.pk])),
    Column(gettext_lazy("Loan"), "loan.ref", sort="loan__ref"),
    Column(gettext_lazy("Firm"), "loan.firm.legal_name", sort="loan__firm__legal_name"),
    Column(gettext_lazy("Tax id"), "loan.firm.tax_id"),
    Column(gettext_lazy("Day"), "entry.value_on", sort="entry__value_on"),
    Column(gettext_lazy("Without VAT"), _money_of("base"), numeric=True),
    Column(gettext_lazy("VAT"), _money_of("vat"), numeric=True),
    Column(gettext_lazy("Received"), _money_of("received"), numeric=True),
]


@allow(Perm.PAYMENT_RECORD, Perm.LEDGER_READ)
def invoice_list(request: SignedRequest) -> HttpResponseBase:
    """What is still to be invoiced, to be exported as a list."""
    first, *others = INVOICE_COLUMNS
    may_note = request.user.may(Perm.PAYMENT_RECORD)
    columns = INVOICE_COLUMNS if may_note else [replace(first, link=None), *others]
    page = listing(
        request, invoices.to_invoice(), columns=columns, filterset=None, filename="to-invoice",
        search=["loan__ref", "loan__firm__legal_name"],
    )  # fmt: skip
    return page if isinstance(page, HttpResponseBase) else render(request, "loans/invoices.html", page)


@allow(Perm.PAYMENT_RECORD)
def invoice(request: SignedRequest, pk: int) -> HttpResponse:
    """Note the folio of one charge or receipt."""
    found = get_object_or_404(invoices.invoiceable(), pk=pk)
    form = FolioForm(request.POST or None, initial={"issued_on": today()})
    if (
        form.is_valid()
        and attempt(
            form, lambda: invoices.note(posting=found, by=request.user, on=today(), **form.cleaned_data)
        )
        is not None
    ):
        messages.success(request, _("The folio is kept."))
        return redirect("loans:invoices")
    context = {
        "title": invoices.words(found), "facts": _invoice_facts(found), "form": form, "submit": _("Keep the folio"),
        "cancel_url": reverse("loans:invoices"),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _invoice_facts(found: Posting) -> list[tuple[str, Any]]:
    amounts = {name: _money_of(name)(found) for name in ("base", "vat", "received")}
    facts = [
        (_("Firm"), str(found.loan.firm)),
        (_("Tax id"), found.loan.firm.tax_id),
        (_("Loan"), found.loan.ref),
        (_("Day"), found.entry.value_on),
        (_("Without VAT"), amounts["base"]),
        (_("VAT"), amounts["vat"]),
        (_("Received"), amounts["received"]),
    ]
    there = getattr(found, "invoice", None)
    return [*facts, (_("Folio"), there.folio)] if there else facts
