from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundConfig(AppConfig):
    name = "fund"
    verbose_name = _("Fund")

    def ready(self) -> None:
        from accounts import registries

        for check in (
            "every_entry_balances",
            "trial_balance_is_zero",
            "cash_is_not_negative",
            "capital_agrees_with_receipts",
            "receipts_stay_within_pledges",
            "reservations_are_not_negative",
            "amounts_are_whole_units",
        ):
            registries.register_check(check, f"fund.books.{check}")
