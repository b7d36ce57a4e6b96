"""Writing to the other side about an application."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from projects.fields import STEP_TITLES
from projects.forms.documents import ACCEPTED
from projects.forms.files import FilesField, SeveralFiles
from projects.messages import SECTIONS, TEXT_MOST


class MessageForm(forms.Form):
    use_required_attribute = False

    section = forms.ChoiceField(
        label=gettext_lazy("About"),
        required=False,
        choices=[("", gettext_lazy("The whole application")), *((s.value, STEP_TITLES[s]) for s in SECTIONS)],
    )
    text = forms.CharField(
        label=gettext_lazy("Message"), max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )  # fmt: skip
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Files"), required=False, allow_empty_file=True,
        widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy("PDF, photo or XLSX; up to five."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid4())
