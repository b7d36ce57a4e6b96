"""Step 2: the project and its technique (rule A-3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import label
from accounts.once import once_per_request
from projects.eligibility import Asked, refusals
from projects.eligibility import Purpose as Kind
from projects.examples import Technique
from projects.fields import Step
from projects.forms.base import StepForm, example_text
from projects.models import Indicator, Purpose
from projects.reasons import told


@once_per_request
def indicator_names() -> dict[str, dict[str, str]]:
    """The names of the indicators by code, in every language."""
    return dict(Indicator.objects.values_list("code", "names"))


class ProjectStep(StepForm):
    step = Step.PROJECT

    title = forms.CharField(max_length=160)
    purpose = forms.ChoiceField(choices=Purpose.choices, widget=forms.RadioSelect)
    audit_plan = forms.CharField(max_length=120)
    picked = forms.ChoiceField(
        label=gettext_lazy("Technique: pick one of your sector"), widget=forms.RadioSelect, required=False
    )
    technique = forms.CharField(max_length=200)
    summary = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    change = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))

    def build(self) -> None:
        example = self.example
        self.hint("title", example_text(example.title))
        self.hint("purpose", _("The fund pays for preventing pollution where it arises."))
        self.hint("audit_plan", _("Only for the last purpose but one: number of the plan or certificate."))
        self.hint("picked", _("With its usual effect, as an order of magnitude; your own figures count."))
        self.hint("technique", _("The one you picked, or another in your own words."))
        offered = self._techniques()
        self.fields["picked"].choices = offered  # type: ignore[attr-defined]
        if self.application.technique in dict(offered):
            self.initial["picked"] = self.application.technique
        self.fields["picked"].disabled = "project.technique" not in self.open
        self.hint("summary", example_text(example.summary))
        self.hint("change", example_text(example.change))

    def _techniques(self) -> list[tuple[str, str]]:
        names = indicator_names()
        return [(one.name, _offered(one, names)) for one in self.example.techniques]

    def key_of(self, name: str) -> str:
        return "technique" if name == "picked" else name

    def clean(self) -> dict[str, Any]:
        """What is picked is the technique, unless the person wrote one of their own."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        picked, written = cleaned.pop("picked", ""), cleaned.get("technique", "")
        known = {name for name, _text in self._techniques()}
        if picked and written in {"", *known} and "technique" in self.fields:
            cleaned["technique"] = picked
        return cleaned

    def clean_purpose(self) -> str:
        """A purpose that cannot be financed is refused at once, with what would change it."""
        purpose: str = self.cleaned_data["purpose"]
        if purpose:
            for reason in refusals(Asked(purpose=Kind(purpose))):
                raise forms.ValidationError(str(told(reason)))
        return purpose


def _offered(technique: Technique, names: dict[str, dict[str, str]]) -> str:
    """Its name, and below it what it usually does: "Water saved 20 to 40 %"."""
    said = [
        _("%(what)s %(least)d to %(most)d %%")
        % {"what": label(names[effect.indicator]), "least": effect.least, "most": effect.most}
        for effect in technique.effects
        if effect.indicator in names
    ]
    if not said:
        return technique.name
    return format_html(
        '<span class="choice-text"><span>{}</span> <span class="small muted">{}</span></span>',
        technique.name,
        " · ".join(said),
    )
