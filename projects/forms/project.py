"""Step 2: the project and its technique (rule A-3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from projects.eligibility import Asked, refusals
from projects.eligibility import Purpose as Kind
from projects.fields import Step
from projects.forms.base import StepForm, example_text
from projects.models import Purpose
from projects.reasons import told


class ProjectStep(StepForm):
    step = Step.PROJECT

    title = forms.CharField(max_length=160)
    purpose = forms.ChoiceField(choices=Purpose.choices, widget=forms.RadioSelect)
    audit_plan = forms.CharField(max_length=120)
    technique = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"list": "techniques"}))
    summary = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    change = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))

    def build(self) -> None:
        example = self.example
        self.hint("title", example_text(example.title))
        self.hint("purpose", _("The fund pays for preventing pollution where it arises."))
        self.hint("audit_plan", _("Only for the last purpose but one: number of the plan or certificate."))
        self.hint("technique", _("Choose one of your sector or write your own."))
        self.hint("summary", example_text(example.summary))
        self.hint("change", example_text(example.change))

    def clean_purpose(self) -> str:
        """A purpose that cannot be financed is refused at once, with what would change it."""
        purpose: str = self.cleaned_data["purpose"]
        if purpose:
            for reason in refusals(Asked(purpose=Kind(purpose))):
                raise forms.ValidationError(str(told(reason)))
        return purpose

    def context(self) -> dict[str, Any]:
        return {"techniques": self.example.techniques}
