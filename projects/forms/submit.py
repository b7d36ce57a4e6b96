"""What goes with a submission: the declaration, and the answers to what was returned (rule A-7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import with_colon
from projects.fields import BY_KEY
from projects.models import Application
from projects.returns import open_returns
from projects.snapshots import differences, snapshot

PREFIX = "answer-"
ANSWER_MOST = 1000


class SubmitForm(forms.Form):
    """A place for a word on each returned field, which must be said where the field is as it was."""

    use_required_attribute = False

    declared = forms.BooleanField(
        label=gettext_lazy("What is written here is true as far as I know, and the fund may check it."),
        error_messages={"required": gettext_lazy("Tick this to submit.")},
    )

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        super().__init__(*args, **options)
        flags = open_returns(application)
        changed = _changed(application) if flags else frozenset()
        for key, flag in flags.items():
            self.fields[PREFIX + key] = forms.CharField(
                label=f"{with_colon(BY_KEY[key].label)} {flag.reason}", required=False, max_length=ANSWER_MOST,
                help_text=_("You changed it. Add a word if something needs saying.")
                if key in changed
                else _("It is as it was. Change it, or write why it stays."),
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
        self.order_fields([name for name in self.fields if name != "declared"])

    @property
    def answers(self) -> dict[str, str]:
        """By the key of the field that was returned."""
        return {
            name.removeprefix(PREFIX): text
            for name, text in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }

    def field_of(self, key: str | None) -> str | None:
        """Where a refusal of a returned field is shown."""
        return PREFIX + key if key else None


def _changed(application: Application) -> frozenset[str]:
    """The keys in which the file differs from what was last handed in."""
    last = application.versions.last()
    found = differences(last.snapshot if last else {}, snapshot(application))
    return frozenset(item.field.key for item in found)
