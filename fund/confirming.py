"""A form whose money step is shown before it happens: first what will be done, then the same form, hidden."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ConfirmedForm(forms.Form):
    """Fields typed once, then sent again from the confirmation page. `key` makes a doubled click one event."""

    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    confirmed = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = uuid4().hex

    @property
    def is_confirmed(self) -> bool:
        """Whether this came from the confirmation page."""
        return bool(self.cleaned_data.get("confirmed"))

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the two fields that only carry the form."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "confirmed")}

    def to_confirm(self) -> "ConfirmedForm":
        """The same values as hidden fields, to be sent once more."""
        self._carry("yes")
        for field in self.fields.values():
            field.widget = field.hidden_widget()
        return self

    def to_edit(self) -> "ConfirmedForm":
        """The form again with what was typed; sending it leads to the confirmation first."""
        self._carry("")
        return self

    def _carry(self, confirmed: str) -> None:
        if self.is_bound:
            data: Any = self.data
            self.data = data = data.copy()
            data[self.add_prefix("confirmed")] = confirmed


def confirmation(request: HttpRequest, form: ConfirmedForm, **context: Any) -> HttpResponse:
    """The page that says what will happen: title, facts, warning, submit, cancel_url."""
    return render(request, "confirm.html", {"form": form.to_confirm(), **context})
