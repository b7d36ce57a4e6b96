"""Step 5: the papers, and the words of the review and of what may happen afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.documents import kinds_shown, required_kinds
from projects.fields import Step
from projects.forms.base import StepForm
from projects.forms.files import FilesField, SeveralFiles
from projects.models import DocumentKind

ACCEPTED = "application/pdf,image/jpeg,image/png,image/heic,image/heif,.heic,.heif,.xlsx"
#: The second control of a kind opens the telephone's camera.
PHOTO = "-photo"


#: What the tax authority of each country calls the paper: proper names, the same in every language (Rule G-4).
TAX_PAPERS = {
    "MX": "Constancia de Situación Fiscal (SAT)",
    "CL": "e-RUT (SII)",
    "CO": "RUT (DIAN)",
    "PE": "Ficha RUC (SUNAT)",
}


def hints(country: str) -> dict[str, str]:
    """What makes each kind of paper useful to a firm of this country."""
    paper, recent = TAX_PAPERS.get(country), _("Not older than three months.")
    return {
        DocumentKind.TAX_CERTIFICATE: (
            _("%(paper)s, not older than three months.") % {"paper": paper} if paper else recent
        ),
        DocumentKind.QUOTES: _("One for each large line of the budget. A photo is enough."),
        DocumentKind.BASELINE: _("For example the water bills of the last twelve months."),
        DocumentKind.FINANCIALS: _("Balance and results, or the yearly tax return."),
        DocumentKind.AUDIT_PLAN: _("With the lines that the loan will close."),
        DocumentKind.REPRESENTATIVE: _("It can wait until the contract."),
    }


class DocumentsStep(StepForm):
    """Files or photos for each kind, several at a time; more can follow."""

    step = Step.DOCUMENTS
    autosaves = False

    def build(self) -> None:
        said = hints(self.application.firm.country)
        for kind in kinds_shown(self.application):
            self.fields[kind.value] = FilesField(
                allow_empty_file=True,
                widget=SeveralFiles(attrs={"accept": ACCEPTED}),
                help_text=said.get(kind, ""),
                max_length=200,
            )
            self.fields[kind.value + PHOTO] = FilesField(
                label=_("Take a photo"),
                allow_empty_file=True,
                required=False,
                disabled=f"documents.{kind}" not in self.open,
                widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
                max_length=200,
            )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in required_kinds(self.application):
            if kind.value in self.fields:
                self.fields[kind.value].required = True

    def key_of(self, name: str) -> str:
        return name.removesuffix(PHOTO)

    def uploads(self) -> list[tuple[str, Any]]:
        """What was sent, each with its kind: files first, then photos."""
        sent = [
            (self.key_of(name), upload) for name, uploads in self.cleaned_data.items() for upload in uploads
        ]
        return [(kind, upload) for kind, upload in sent if f"documents.{kind}" in self.open]


class WithdrawForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why"), help_text=gettext_lazy("It helps the fund to do better."), max_length=1000,
        required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ReviewRequestForm(forms.Form):
    use_required_attribute = False

    facts = forms.CharField(
        label=gettext_lazy("What is new since the decision?"), max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Say what is new since the decision.")},
    )  # fmt: skip
