"""What the reports add to pages and checks further up the chain."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from accounts import registries
        from fund import documents

        documents.register_reader("reports.donor", "reports.donor_report.open_report")
        registries.register_check("benefits", "reports.rollups.check_benefits")
