"""Every component in every state on one page: for whoever builds pages, and for the browser test's camera."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from moneyed import Money

from accounts.badges import Badge
from accounts.permissions import Perm, allow

DAY = date(2026, 3, 2)
TOKENS = (
    "paper surface sunk ink ink-soft line line-strong water water-strong water-soft leaf leaf-soft deep link "
    "good-ink good-soft info-ink info-soft warn-ink warn-soft bad-ink bad-soft"
).split()


class SampleForm(forms.Form):
    """One field of every kind, with hints and errors."""

    firm = forms.CharField(
        label=gettext_lazy("Legal name of the firm"),
        help_text=gettext_lazy("As it stands on the tax certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    tax_id = forms.CharField(label="RFC", max_length=13, initial="CPA010203AB1")
    amount = forms.DecimalField(
        label=gettext_lazy("Amount asked for"), widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector"),
        choices=[("tan", gettext_lazy("Tanneries")), ("fou", gettext_lazy("Foundries"))],
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day of work"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What would change in the plant?"),
        choices=[
            ("process", gettext_lazy("The process or the equipment")),
            ("input", gettext_lazy("A less harmful input")),
            ("reuse", gettext_lazy("Water or material is used again on site")),
        ],
        widget=forms.RadioSelect,
    )
    resources = forms.MultipleChoiceField(
        label=gettext_lazy("What would be saved?"),
        choices=[
            ("w", gettext_lazy("Water")),
            ("e", gettext_lazy("Energy")),
            ("c", gettext_lazy("Chemicals")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    summary = forms.CharField(label=gettext_lazy("In a few sentences"), widget=forms.Textarea)
    quote = forms.FileField(
        label=gettext_lazy("Supplier's quotation"),
        help_text=gettext_lazy("PDF or photo, up to 15 MB."),
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("What I state is true to the best of my knowledge."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].suffix = "MXN"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if self.data.get("firm") == "":
            raise ValidationError(_("A draft without a firm cannot be submitted (rule A-7)."))
        return self.cleaned_data


def badges() -> list[Badge]:
    return [
        Badge("neutral", "pencil-line", _("Draft")),
        Badge("info", "inbox", _("Submitted")),
        Badge("good", "circle-check", _("Approved")),
        Badge("warn", "clock-alert", _("Due in 3 days")),
        Badge("bad", "circle-x", _("Rejected")),
    ]


def steps() -> list[dict[str, str]]:
    states = ("done", "done", "current", "problem", "todo")
    names = (
        _("Firm"),
        _("Project and technique"),
        _("Expected benefits"),
        _("Budget"),
        _("Review and submit"),
    )
    return [
        {"label": label, "url": "#steps", "state": state} for label, state in zip(names, states, strict=True)
    ]


def events() -> list[dict[str, Any]]:
    good, info = badges()[2], badges()[1]
    return [
        {
            "on": DAY,
            "who": "Carlos Ibarra",
            "title": _("Approved in session"),
            "text": "CT-2026-02-R05",
            "badge": good,
        },
        {
            "on": date(2026, 2, 11),
            "who": "Elena Ruiz",
            "title": _("Evaluated"),
            "text": _("78 of 100 points"),
            "badge": None,
        },
        {"on": date(2026, 1, 20), "who": "Lupe Torres", "title": _("Submitted"), "text": "", "badge": info},
    ]


def table() -> list[dict[str, Any]]:
    rows = [
        ("L-2026-0001", "Curtidos La Paloma", "250000.00", 2),
        ("L-2026-0002", "Fundición del Bajío", "1180000.50", 4),
        ("L-2026-0003", "Cerámica Dolores", "-1200.00", 3),
    ]
    return [
        {"ref": ref, "firm": firm, "amount": Money(amount, "MXN"), "badge": badges()[tone], "on": DAY}
        for ref, firm, amount, tone in rows
    ]


@allow(Perm.STAFF_HOME)
def styleguide(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm(
        {"firm": "", "amount": "12,5,0", "resources": ["w"]}, {"quote": SimpleUploadedFile("x.pdf", b"x")}
    )
    context = {
        "tokens": TOKENS,
        "badges": badges(),
        "steps": steps(),
        "events": events(),
        "form": SampleForm(prefix="s"),
        "wrong": wrong,
        "table": table(),
        "total": Money(Decimal("1428800.50"), "MXN"),
        "tones": ["neutral", "info", "good", "warn", "bad"],
        "facts": [
            (_("Firm"), "Curtidos La Paloma S.A. de C.V."),
            (_("Amount"), Money("250000", "MXN")),
            (_("First due date"), DAY),
            (_("Status"), badges()[2]),
            (_("Guarantee"), None),
        ],
        "tabs": [
            {"label": _("Summary"), "url": "#tabs", "current": True},
            {"label": _("Schedule"), "url": "#tabs", "count": 36},
            {"label": _("Documents"), "url": "#tabs"},
        ],
        "page": SimpleNamespace(
            number=2,
            has_previous=True,
            has_next=True,
            has_other_pages=True,
            previous_url="?page=1",
            next_url="?page=3",
        ),
        "day": DAY,
        "big": Decimal("1234567.891"),
    }
    return render(request, "styleguide.html", context)
