from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

CHECKS = {
    gettext_noop("every entry balances"): "every_entry_balances",
    gettext_noop("the trial balance is zero"): "trial_balance_is_zero",
    gettext_noop("no bank account is below zero"): "cash_is_not_negative",
    gettext_noop("capital agrees with what was received"): "capital_agrees_with_receipts",
    gettext_noop("receipts stay within pledges"): "receipts_stay_within_pledges",
    gettext_noop("no reservation is below zero"): "reservations_are_not_negative",
    gettext_noop("amounts have the decimals of their currency"): "amounts_are_whole_units",
}
"""What is checked, as the page lists it, and the function of `fund.books` that does it."""


class FundConfig(AppConfig):
    name = "fund"
    verbose_name = _("Fund")

    def ready(self) -> None:
        from accounts import registries

        for name, check in CHECKS.items():
            registries.register_check(name, f"fund.books.{check}")
