"""What the steps' forms share: labels from the field table, drafts that may stay incomplete, locked fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from djmoney.money import Money

from projects.examples import Example, example_for
from projects.fields import BY_KEY, Kind, Step
from projects.lifecycle import State
from projects.models import Application
from projects.returns import open_fields, open_returns


class DraftForm(forms.Form):
    """A form whose required fields are only marked: an incomplete draft may be saved (rule A-5)."""

    use_required_attribute = False

    def full_clean(self) -> None:
        marked = [field for field in self.fields.values() if field.required]
        for field in marked:
            field.required = False
        super().full_clean()
        for field in marked:
            field.required = True


class StepForm(DraftForm):
    """One step of an application: initial values from the file, only what is open may be changed (rule A-7)."""

    step: ClassVar[Step]

    def __init__(self, *args: Any, application: Application, on: date, **options: Any) -> None:
        self.application, self.on = application, on
        super().__init__(*args, **options)
        self.open = open_fields(application)
        self.flags = open_returns(application)
        self.example: Example = example_for(application.firm.sector)
        self.build()
        for name, field in self.fields.items():
            entry = BY_KEY.get(f"{self.step}.{name}")
            if entry is None:
                continue
            field.label = str(entry.label)
            field.required = entry.required(application)
            field.disabled = entry.key not in self.open
            if entry.kind is not Kind.FILES:
                self.initial.setdefault(name, _bare(entry.value_of(application)))
        if application.state == State.RETURNED:
            self._keep_only_what_was_returned()

    def _keep_only_what_was_returned(self) -> None:
        for name in [name for name in self.fields if f"{self.step}.{self.key_of(name)}" not in self.open]:
            del self.fields[name]

    def key_of(self, name: str) -> str:
        """The field of the table that an input belongs to; a unit belongs to its figure."""
        return name

    def build(self) -> None:
        """Choices, units and hints that depend on the application."""

    def hint(self, name: str, text: str) -> None:
        self.fields[name].help_text = text

    def to_save(self) -> Mapping[str, Any]:
        """What ``save_step`` is given: the fields that are open now."""
        return {
            name: value for name, value in self.cleaned_data.items() if f"{self.step}.{name}" in self.open
        }


def _bare(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def example_text(text: str) -> str:
    """An example as the hints write it; the text is escaped."""
    return format_html("<em>{}</em> {}", _("Example:"), text)
