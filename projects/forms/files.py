"""Several files in one control."""

from __future__ import annotations

from typing import Any

from django import forms


class SeveralFiles(forms.FileInput):
    """One control for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files; what a file may be is said by ``accounts.files``."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files if one]
