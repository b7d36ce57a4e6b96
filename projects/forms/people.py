"""Words of the firm's people: inviting, roles, handing a draft to the owner (rule A-1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from projects.models import FirmMember

NOTE_MOST = 1000


class InviteForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the person"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The link in the mail works with an account of this very address."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("What may this person do?"), choices=FirmMember.Role.choices,
        widget=forms.RadioSelect, initial=FirmMember.Role.EDITOR,
    )  # fmt: skip

    def __init__(self, *args: Any, roles: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(code, text) for code, text in FirmMember.Role.choices if code in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["role"] = choices[0][0]


class RoleForm(forms.Form):
    use_required_attribute = False

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=FirmMember.Role.choices)


class EndLinkForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The person reads this."),
        error_messages={"required": gettext_lazy("Say why, in a sentence that the person can read.")},
    )  # fmt: skip


class HandOverForm(forms.Form):
    """An adviser's word to the owner; the address only where nobody owns the firm here yet."""

    use_required_attribute = False

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the owner"), widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The owner gets a link, opens an account with this address and finds the draft."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("A word to the owner"), max_length=NOTE_MOST, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, owned: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if owned:
            del self.fields["email"]
        else:
            del self.fields["note"]
