from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        from accounts import files, registries
        from accounts.permissions import Perm
        from fund import documents, wording

        wording.register_parties("projects.firms.name_of_party")
        files.register_gate("projects.application", "projects.gates.open_file")
        registries.register_queue(
            "applications-to-check", title=_("Applications to check"), perm=Perm.APPLICATION_CHECK,
            items="projects.queues.to_check", row="projects.queues.to_check_row", url="projects:applications",
        )  # fmt: skip
        registries.register_queue(
            "messages-to-read", title=_("Messages of firms to read"), perm=Perm.APPLICATION_CHECK,
            items="projects.queues.to_read", row="projects.queues.to_read_row", url="projects:applications",
        )  # fmt: skip
        registries.register_queue(
            "firm-requests", title=_("People who say to act for a firm"), perm=Perm.APPLICATION_CHECK,
            items="projects.queues.to_confirm", row="projects.queues.to_confirm_row", url="projects:firm-requests",
        )  # fmt: skip
        registries.register_queue(
            "results-to-verify", title=_("Results to verify"), perm=Perm.MEASUREMENT_VERIFY,
            items="projects.benefit_cards.waiting", row="projects.benefit_cards.waiting_row",
            url="projects:measurements",
        )  # fmt: skip
        registries.register_queue(
            "privacy-requests", title=_("Requests about personal data"), perm=Perm.PEOPLE_MANAGE,
            items="projects.privacy.waiting", row="projects.queues.privacy_row", url="projects:privacy-requests",
        )  # fmt: skip
        registries.register_dates("projects.results_due.dates_of")
        registries.register_dates("projects.privacy.dates_of")
        registries.register_dates("projects.deadlines.dates_of")
        registries.fill_slot("application.aside", "projects.receipts.card")
        documents.register_reader("projects.application", "projects.receipts.read_receipt")
        registries.fill_slot("application.benefits", "projects.benefit_cards.card")
        files.register_gate("projects.measurement", "projects.benefit_pages.open_evidence")
