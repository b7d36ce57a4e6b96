"""What the staff fill in: the checklist of completeness, and requests to act for a firm."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import FirmMember

CHECKLIST = (
    ("readable", gettext_lazy("Every document opens and can be read")),
    ("same_firm", gettext_lazy("Name and tax id are those of the tax certificate")),
    ("quotes", gettext_lazy("The quotes cover the budget lines")),
    ("baseline", gettext_lazy("The proof supports today's figures")),
    ("prevention", gettext_lazy("It prevents pollution at the source, or closes lines of an audit plan")),
)


class CheckForm(forms.Form):
    """The checklist must be whole to call the file complete; to return it, only the flags matter."""

    use_required_attribute = False

    note = forms.CharField(
        label=gettext_lazy("Note for the evaluators"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, text in CHECKLIST:
            self.fields[code] = forms.BooleanField(label=text, required=False)
        self.order_fields([*(code for code, _text in CHECKLIST), "note"])

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
        for code, _text in CHECKLIST:
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
