"""What the staff fill in: the checklist of completeness, and requests to act for a firm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import ChecklistItem, FirmMember


class CheckForm(forms.Form):
    """The checklist must be whole to call the file complete; to return it, only the flags matter."""

    use_required_attribute = False

    note = forms.CharField(
        label=gettext_lazy("Note for the evaluators"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, points: Sequence[ChecklistItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.codes = [point.code for point in points]
        for point in points:
            self.fields[point.code] = forms.BooleanField(label=str(point), required=False)
        self.order_fields([*self.codes, "note"])

    @property
    def seen(self) -> list[str]:
        """The points that were ticked."""
        return [code for code in self.codes if self.cleaned_data.get(code)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.data.get("go") == "return":
            return cleaned
        if any(name.startswith("return-") and str(self.data[name]).strip() for name in self.data):
            raise forms.ValidationError(
                _(
                    "You wrote something for the firm to change: return the file, or clear it to call it complete."
                )
            )
        for code in self.codes:
            if not cleaned.get(code):
                self.add_error(code, _("Tick it once you have seen it, or return the file to the firm."))
        return cleaned


class ConfirmLinkForm(forms.Form):
    use_required_attribute = False

    role = forms.ChoiceField(label=gettext_lazy("Acts for the firm as"), choices=FirmMember.Role.choices)


class RefuseLinkForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The person reads this."),
        error_messages={"required": gettext_lazy("Say why, in a sentence that the person can read.")},
    )  # fmt: skip
