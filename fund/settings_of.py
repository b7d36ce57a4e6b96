"""The policy's settings in words: groups, labels and units, for the page and its form (Rule G-1)."""
# ruff: noqa: E501 - a table: a setting is a line

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import number_text, percent_text
from fund.forms import AmountField, CountField, FigureField, RateField
from fund.policy import Policy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Setting:
    """One bracketed value of the regulation: its name, its words, its rule and how it is typed."""

    name: str
    label: Text
    rule: str
    kind: str = "count"
    unit: Text = ""

    def text(self, value: Any) -> str:
        """The value as a person reads it."""
        if self.kind == "share":
            return percent_text(value * 100)
        if self.kind == "yes":
            return _("Yes") if value else _("No")
        return f"{number_text(value)} {self.unit}".strip()

    def field(self, value: Any) -> forms.Field:
        """The form field, filled with the value in force."""
        field: forms.Field
        if self.kind == "share":
            field = RateField(most=100, initial=value * 100)
        elif self.kind == "yes":
            field = forms.BooleanField(required=False, initial=value)
        elif self.kind == "amount":
            field = AmountField(initial=value, unit=self.unit)
        elif self.kind == "factor":
            field = FigureField(decimals=3, initial=value, unit=self.unit, most=100)
        else:
            field = CountField(initial=value, unit=self.unit, most=10_000)
        field.label = self.label  # type: ignore[assignment]  # a lazy text is a label
        field.help_text = _("Rule %(rule)s") % {"rule": self.rule}
        return field

    def stored(self, typed: Any) -> Any:
        """What was typed, as the policy keeps it."""
        if self.kind == "share" and typed is not None:
            return Decimal(typed) / 100
        return typed


@dataclass(frozen=True, slots=True)
class Group:
    title: Text
    settings: tuple[Setting, ...]


_DAYS = gettext_lazy("days")
_BANK_DAYS = gettext_lazy("banking days")

GROUPS: tuple[Group, ...] = (
    Group(
        gettext_lazy("Limits of a loan"),
        (
            Setting("loan_share_max", gettext_lazy("Loan, at most of the investment"), "A-4", "share"),
            Setting("exposure_max_usd", gettext_lazy("Exposure to one firm, at most"), "A-4", "amount", "USD"),
            Setting("exposure_share_max", gettext_lazy("Exposure to one firm, at most of the capital base"), "A-4", "share"),
            Setting("sector_warning_share", gettext_lazy("Sector that warns, from of the portfolio"), "A-4", "share"),
            Setting("yearly_rate_max", gettext_lazy("Yearly rate of a product, at most"), "S-1", "share"),
        ),
    ),
    Group(
        gettext_lazy("Times of a file"),
        (
            Setting("completeness_days", gettext_lazy("Completeness check"), "A-8", unit=_BANK_DAYS),
            Setting("lapse_days", gettext_lazy("Approval lapses without a contract after"), "A-8", unit=_DAYS),
            Setting("review_days", gettext_lazy("Request for review within"), "A-10", unit=_BANK_DAYS),
            Setting("identity_keep_years", gettext_lazy("Identity files are kept"), "A-11", unit=gettext_lazy("years")),
            Setting("identity_notice_from", gettext_lazy("Loans listed for the authority's notice, from"), "A-11", "amount", "MXN"),
            Setting("draft_keep_months", gettext_lazy("Drafts are kept"), "X-6", unit=gettext_lazy("months")),
            Setting("draft_warning_days", gettext_lazy("Mail before a draft is deleted"), "X-6", unit=_DAYS),
            Setting("privacy_days", gettext_lazy("Answer to a request about personal data"), "X-6", unit=_BANK_DAYS),
        ),
    ),
    Group(
        gettext_lazy("Committee"),
        (
            Setting("notice_days", gettext_lazy("Call before a session"), "C-2", unit=_DAYS),
            Setting("papers_days", gettext_lazy("Papers before a session"), "C-2", unit=_DAYS),
            Setting("written_days", gettext_lazy("Written procedure"), "C-7", unit=_DAYS),
            Setting("delegation_final", gettext_lazy("Delegated to the commission up to"), "C-6", "amount", "USD"),
            Setting("delegation_ratified", gettext_lazy("Delegated, subject to ratification, up to"), "C-6", "amount", "USD"),
        ),
    ),
    Group(
        gettext_lazy("Payments"),
        (
            Setting("vat_on_interest", gettext_lazy("VAT is charged on interest and fees"), "S-6", "yes"),
            Setting("late_rate_multiple", gettext_lazy("Late rate, times the ordinary rate"), "P-6", "factor"),
            Setting("late_grace_days", gettext_lazy("Days without late interest"), "P-6", unit=_DAYS),
            Setting("rate_lookback_days", gettext_lazy("Exchange rate may be older by"), "M-4", unit=_DAYS),
        ),
    ),
    Group(
        gettext_lazy("Capital and results"),
        (
            Setting("reserve_share", gettext_lazy("Reserve, of capital"), "K-3", "share"),
            Setting("line_service_days", gettext_lazy("Service of credit lines kept back"), "K-3", unit=_DAYS),
            Setting("benefit_years_max", gettext_lazy("A measure counts at most"), "B-3", unit=gettext_lazy("years")),
            Setting("small_group_min", gettext_lazy("Groups shown in public, from"), "R-3", unit=gettext_lazy("firms")),
        ),
    ),
)  # fmt: skip


def shown_groups(policy: Policy) -> list[tuple[Text, list[tuple[Text, str, str]]]]:
    """Every group with its settings as (label, value, rule)."""
    return [(group.title, list(_shown(group, policy))) for group in GROUPS]


def _shown(group: Group, policy: Policy) -> Iterator[tuple[Text, str, str]]:
    for setting in group.settings:
        yield setting.label, setting.text(getattr(policy, setting.name)), setting.rule


def setting_fields(policy: Policy) -> dict[str, forms.Field]:
    """The form's fields by setting, filled from a policy."""
    return {
        setting.name: setting.field(getattr(policy, setting.name))
        for group in GROUPS
        for setting in group.settings
    }
