"""What the cashier types about bank statements (Rule P-2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fund.bank import sentence
from fund.banking.columns import DATE_FORMATS, DELIMITERS, ROLES, ColumnMap
from fund.banking.lines import LARGEST, Trouble, Unreadable
from fund.models import BankAccount
from loans.models import BankMatch

DELIMITER_WORDS = dict(
    zip(DELIMITERS, (_("comma"), _("semicolon"), _("tabulator"), _("vertical bar")), strict=True)
)
DATE_WORDS = dict(
    zip(
        DATE_FORMATS,
        ("2026-03-31", "31/03/2026", "31-03-2026", "31.03.2026", "03/31/2026", "31/03/26", "20260331"),
        strict=True,
    )
)
MARK_WORDS = ((".", _("point: 1,234.56")), (",", _("comma: 1.234,56")))


class StatementForm(forms.Form):
    """A file of one of the fund's accounts."""

    account = forms.ModelChoiceField(
        label=_("Account"), queryset=BankAccount.objects.all(), to_field_name="code", empty_label=None
    )
    file = forms.FileField(
        label=_("Statement"),
        help_text=_("CSV, MT940 or CAMT.053, as the bank's page gives it; at most 5 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.txt,.sta,.mt940,.940,.xml,text/csv,text/plain,application/xml"}
        ),
        allow_empty_file=True,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            account = self.cleaned_data.get("account") or BankAccount()
            problem = Unreadable(Trouble.TOO_LARGE)
            raise forms.ValidationError(
                sentence(problem, name=file.name or "", account=account), code="too_large"
            )
        return file


class ColumnsForm(forms.Form):
    """Which column of the bank's CSV means what; kept with the account."""

    value_on = forms.CharField(label=_("Column of the value date"), max_length=80)
    amount = forms.CharField(
        label=_("Column of the amount, with its sign"), max_length=80, required=False,
        help_text=_("Leave empty if money in and money out have a column each."),
    )  # fmt: skip
    credit = forms.CharField(label=_("Column of money in"), max_length=80, required=False)
    debit = forms.CharField(label=_("Column of money out"), max_length=80, required=False)
    text = forms.CharField(label=_("Column of the description"), max_length=80, required=False)
    payer = forms.CharField(label=_("Column of the payer's name"), max_length=80, required=False)
    payer_account = forms.CharField(label=_("Column of the payer's account"), max_length=80, required=False)
    reference = forms.CharField(label=_("Column of the reference"), max_length=80, required=False)
    bank_id = forms.CharField(
        label=_("Column of the bank's own number of the movement"), max_length=80, required=False
    )
    delimiter = forms.ChoiceField(label=_("What parts the columns"), choices=list(DELIMITER_WORDS.items()))
    decimal_mark = forms.ChoiceField(label=_("Decimals"), choices=MARK_WORDS)
    date_format = forms.ChoiceField(label=_("31 March 2026 is written"), choices=list(DATE_WORDS.items()))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("amount") and not said.get("credit"):
            self.add_error("amount", gettext("Say which column holds the money that came in."))
        return said

    def columns(self) -> ColumnMap:
        """The map, once the form is valid."""
        return ColumnMap.of(
            {name: self.cleaned_data[name] for name in (*ROLES, "delimiter", "decimal_mark", "date_format")}
        )


class DecideForm(forms.Form):
    """What a line is."""

    decision = forms.ChoiceField(
        label=_("This money"),
        choices=BankMatch.Decision,
        widget=forms.RadioSelect,
        initial=BankMatch.Decision.PAY,
    )
    loan = forms.CharField(
        label=_("Loan or payment reference"), max_length=40, required=False,
        help_text=_("For example L-2026-0001, RF82 L202 6000 1 or seven digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Needed where a line is left out: for example a transfer between our own accounts."),
    )  # fmt: skip

    def __init__(self, *args: Any, went_out: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if went_out:  # it pays nothing and is nobody's to keep
            self.fields["decision"].choices = [(BankMatch.Decision.IGNORE, BankMatch.Decision.IGNORE.label)]  # type: ignore[attr-defined]
            del self.fields["loan"]
            self.fields["reason"].required = True


class FindForm(forms.Form):
    """The loan that unmatched money belongs to."""

    loan = forms.CharField(
        label=_("Loan or payment reference"), max_length=40,
        help_text=_("For example L-2026-0001, RF82 L202 6000 1 or seven digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


class NothingForm(forms.Form):
    """A step that asks for nothing but a yes."""
