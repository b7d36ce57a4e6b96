"""Forms about people, and the one way a view calls a verb from a form."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.models import Role, User

T = TypeVar("T")


def attempt(form: forms.BaseForm, verb: Callable[[], T]) -> T | None:
    """Call the verb; a refusal goes on the form, beside its field or on top. None means refused."""
    try:
        return verb()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


class InOurWords(forms.Form):
    """A ready-made form with our labels, and without placeholders: they would repeat them, cut off on a phone."""

    words: ClassVar[dict[str, Any]] = {
        "login": _("E-mail"),
        "email": _("E-mail"),
        "remember": _("Remember me"),
        "oldpassword": _("Current password"),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)


class SignInForm(InOurWords, LoginForm):
    """Who has an account."""


class AnotherAddressForm(InOurWords, AddEmailForm):
    """A further address of the account."""


class ForgottenPasswordForm(InOurWords, ResetPasswordForm):
    """Whose password is to be chosen anew."""


class StillYouForm(InOurWords, ReauthenticateForm):
    """The password once more."""


class NewPassword(InOurWords):
    words: ClassVar[dict[str, Any]] = {
        **InOurWords.words,
        "password1": _("New password"),
        "password2": _("New password once more"),
    }


class NewPasswordForm(NewPassword, ChangePasswordForm):
    """For who knows the old one."""


class FirstPasswordForm(NewPassword, SetPasswordForm):
    """For who signed in without one until now."""


class ForgottenPasswordKeyForm(NewPassword, ResetPasswordKeyForm):
    """For who followed the link in the mail."""


class MailedCodeForm(InOurWords, ConfirmEmailVerificationCodeForm):
    """Whose address it is."""

    words: ClassVar[dict[str, Any]] = {"code": _("Code in the mail")}


class SignUpForm(InOurWords, SignupForm):
    full_name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["full_name", "email", "password1"]

    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        user.full_name = self.cleaned_data["full_name"]
        user.language = (get_language() or "es").split("-")[0]
        user.save(update_fields=["full_name", "language"])
        return user


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "language"]


class PersonForm(forms.Form):
    full_name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(label=_("Language"), choices=User.Language, initial=User.Language.EN)


class GrantForm(forms.Form):
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.all())
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave empty if it has no end yet."),
    )  # fmt: skip


class EndGrantForm(forms.Form):
    to_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
