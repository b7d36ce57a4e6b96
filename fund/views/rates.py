"""Exchange rates: the table, one day typed, a file imported (Rule M-4)."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.clock import today
from accounts.formats import day_text, number_text
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow
from fund import rates as verbs
from fund.fields import CURRENCIES
from fund.forms import DayField, FigureField
from fund.models import ExchangeRate

IMPORT_MOST = 1_000_000
SHOWN_ERRORS = 50


class RateFilter(django_filters.FilterSet):
    base = django_filters.ChoiceFilter(label=gettext_lazy("Currency"), choices=CURRENCIES)
    quote = django_filters.ChoiceFilter(label=gettext_lazy("priced in"), choices=CURRENCIES)

    class Meta:
        model = ExchangeRate
        fields: list[str] = []


COLUMNS = [
    Column(gettext_lazy("Day"), "on", sort="on"),
    Column(gettext_lazy("Pair"), lambda rate: f"{rate.base}/{rate.quote}"),
    Column(gettext_lazy("Rate"), lambda rate: number_text(rate.rate), sort="rate", numeric=True),
    Column(gettext_lazy("Source"), "source", sort="source"),
]


@allow(Perm.STAFF_HOME)
def rates(request: SignedRequest) -> HttpResponseBase:
    """Every rate kept, newest first."""
    page = listing(
        request, ExchangeRate.objects.all(), columns=COLUMNS, filterset=RateFilter, filename="rates"
    )
    if isinstance(page, HttpResponseBase):
        return page
    return render(request, "fund/rates.html", page | {"may_edit": request.user.may(Perm.JOURNAL_WRITE)})


class RateForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    base = forms.ChoiceField(label=gettext_lazy("One unit of"), choices=CURRENCIES, initial="USD")
    quote = forms.ChoiceField(label=gettext_lazy("is worth, in"), choices=CURRENCIES, initial="MXN")
    rate = FigureField(label=gettext_lazy("Rate"), decimals=8, above_zero=True, most=10**9)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=80, initial="Banxico FIX")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(
                _("%(day)s is in the future.") % {"day": day_text(day)}, code="future"
            )
        return day

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("base") == typed.get("quote"):
            self.add_error("quote", _("A rate joins two different currencies."))
        return typed


@allow(Perm.JOURNAL_WRITE)
def add(request: SignedRequest) -> HttpResponse:
    """One day's rate, typed."""
    form = RateForm(request.POST or None, initial={"day": today()})
    if form.is_valid():
        made = attempt(form, lambda: verbs.record_rate(**form.cleaned_data, by=request.user, on=today()))
        if made:
            messages.success(request, _("The rate is kept."))
            return redirect("fund:rates")
    return render(request, "fund/rate_add.html", {"form": form})


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "Columns: date, base, quote, rate, source. For example: 2021-06-23,USD,MXN,20.2505,Banxico FIX"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > IMPORT_MOST:
            raise forms.ValidationError(
                _("“%(name)s” is larger than 1 MB; import it in parts.") % {"name": file.name},
                code="too_large",
            )
        return file


@allow(Perm.JOURNAL_WRITE)
def import_csv(request: SignedRequest) -> HttpResponse:
    """A table of rates from a file: all of it, or what is wrong line by line and nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    errors: list[verbs.LineError] = []
    if form.is_valid():
        lines, errors = verbs.read_rates(form.cleaned_data["file"].read(), on=today())
        if errors:
            form.add_error("file", _("Nothing was imported: see what is wrong below."))
        else:
            new = attempt(form, lambda: (verbs.import_rates(lines=lines, by=request.user, on=today()),))
            if new:
                messages.success(request, _imported(new[0], len(lines)))
                return redirect("fund:rates")
    context = {"form": form, "errors": errors[:SHOWN_ERRORS], "more": max(len(errors) - SHOWN_ERRORS, 0)}
    return render(request, "fund/rates_import.html", context)


def _imported(new: int, read: int) -> str:
    known = read - new
    first = ngettext("%(count)s rate is new.", "%(count)s rates are new.", new) % {"count": new}
    second = ngettext("%(count)s was known.", "%(count)s were known.", known) % {"count": known}
    return f"{first} {second}" if known else first
