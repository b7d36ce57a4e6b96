"""The journal, an entry, the balances, the checks and the exports (Rules L-1, L-3, L-5)."""

from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.clock import today
from accounts.listing import Column, listing
from accounts.permissions import Perm, allow
from accounts.registries import check_names, run_checks
from fund import chart, journal, ledger
from fund.fields import CURRENCIES
from fund.forms import DayField
from fund.models import Entry, LedgerAccount, Line
from fund.wording import memo_words, party_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EntryFilter(django_filters.FilterSet):
    since = django_filters.DateFilter(
        field_name="value_on", lookup_expr="gte", label=_("Value date from"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    until = django_filters.DateFilter(
        field_name="value_on",
        lookup_expr="lte",
        label=_("to"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    account = django_filters.ModelChoiceFilter(
        label=_("Account"), queryset=LedgerAccount.objects.all(), method="with_account"
    )
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=CURRENCIES, method="with_currency")

    class Meta:
        model = Entry
        fields: list[str] = []

    def with_account(self, entries: QuerySet[Entry], _name: str, account: LedgerAccount) -> QuerySet[Entry]:
        return entries.filter(Exists(Line.objects.filter(entry=OuterRef("pk"), account=account)))

    def with_currency(self, entries: QuerySet[Entry], _name: str, currency: str) -> QuerySet[Entry]:
        return entries.filter(Exists(Line.objects.filter(entry=OuterRef("pk"), currency=currency)))


def amount_of(entry: Entry) -> Money | None:
    """What an entry moves, in its first currency; its lines are prefetched."""
    lines = list(entry.lines.all())
    if not lines:
        return None
    currency = lines[0].currency
    return Money(sum((line.debit for line in lines if line.currency == currency), Decimal(0)), currency)


COLUMNS = [
    Column(
        _("Entry"),
        lambda entry: str(entry.pk),
        sort="pk",
        link=lambda entry: reverse("fund:entry", args=[entry.pk]),
    ),
    Column(_("Value date"), "value_on", sort="value_on"),
    Column(_("Booked on"), "booked_on", sort="booked_on"),
    Column(_("Text"), lambda entry: memo_words(entry.memo)),
    Column(_("Source"), "source", sort="source"),
    Column(_("Amount"), amount_of, numeric=True),
]


@allow(Perm.LEDGER_READ)
def entries(request: HttpRequest) -> HttpResponseBase:
    """The journal, newest first."""
    found = Entry.objects.prefetch_related("lines").recent_first()
    page = listing(
        request, found, columns=COLUMNS, filterset=EntryFilter, filename="journal", search=["memo", "source"]
    )
    if isinstance(page, HttpResponseBase):
        return page
    return render(request, "fund/ledger.html", page | {"tabs": tabs("ledger")})


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages of the books, side by side."""
    pages = (("ledger", _("Journal")), ("balances", _("Balances")), ("checks", _("Checks")))
    return [
        {"label": label, "url": reverse(f"fund:{name}"), "current": name == current} for name, label in pages
    ]


@allow(Perm.LEDGER_READ)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its lines, what it reverses and what reversed it."""
    found = get_object_or_404(Entry.objects.select_related("by", "reverses", "reversed_by"), pk=pk)
    kept = list(found.lines.all())
    names = {party: party_name(party) for party in {line.party for line in kept} if party}
    lines = [(line, chart.BY_CODE[line.account_id], names.get(line.party, "")) for line in kept]
    return render(
        request,
        "fund/entry.html",
        {
            "entry": found,
            "memo": memo_words(found.memo),
            "lines": lines,
            "reversed_by": getattr(found, "reversed_by", None),
        },
    )


class BalancesForm(forms.Form):
    on = DayField(label=_("On"))
    basis = forms.ChoiceField(
        label=_("Counted by"), choices=[("value", _("Value date")), ("booking", _("Booking date"))]
    )


@allow(Perm.LEDGER_READ)
def balances(request: HttpRequest) -> HttpResponse:
    """The trial balance of each currency on a day."""
    chosen = {"on": today().isoformat(), "basis": "value"} | request.GET.dict()
    form = BalancesForm(chosen)
    tables = []
    if form.is_valid():
        tables = ledger.trial_balances(on=form.cleaned_data["on"], basis=form.cleaned_data["basis"])
    return render(request, "fund/balances.html", {"form": form, "tables": tables, "tabs": tabs("balances")})


class DayForm(forms.Form):
    on = DayField(label=_("On"))


@allow(Perm.BOOKS_CHECK, Perm.LEDGER_READ)
def checks(request: HttpRequest) -> HttpResponse:
    """What the registered checks find on a day."""
    form = DayForm({"on": today().isoformat()} | request.GET.dict())
    findings = run_checks(form.cleaned_data["on"]) if form.is_valid() else []
    context = {"form": form, "findings": findings, "names": check_names(), "tabs": tabs("checks")}
    return render(request, "fund/checks.html", context)


@allow(Perm.LEDGER_READ)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The whole journal as a file."""
    name = f"journal-{today()}"
    if kind == "xlsx":
        book = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
        journal.as_xlsx(book)
        book.seek(0)
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    text, suffix, media = {
        "csv": (journal.as_csv, "csv", "text/csv; charset=utf-8"),
        "beancount": (journal.as_beancount, "beancount", "text/plain; charset=utf-8"),
    }[kind]
    response = StreamingHttpResponse(text(), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response
