"""Writing to the other side about an application."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from projects.fields import STEP_TITLES
from projects.forms.documents import ACCEPTED
from projects.messages import SECTIONS, TEXT_MOST


class SeveralFiles(forms.FileInput):
    """One control for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files; what a file may be is said by ``accounts.files``."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files if one]


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
    files = FilesField(
        label=gettext_lazy("Files"), required=False, allow_empty_file=True,
        widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy("PDF, photo or XLSX; up to five."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid4())
