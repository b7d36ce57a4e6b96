"""What the reports add to pages and checks further up the chain."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from accounts import registries
        from fund import documents

        documents.register_reader("reports.donor", "reports.donor_report.open_report")
        registries.register_check(
            gettext_noop("results add up from their measurements"), "reports.rollups.check_benefits"
        )
