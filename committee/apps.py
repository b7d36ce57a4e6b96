from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class CommitteeConfig(AppConfig):
    name = "committee"
    verbose_name = _("Bodies, evaluations, decisions")

    def ready(self) -> None:
        """Say what waits for whom, and what pages further up show of decisions."""
        from accounts import registries
        from committee import queues
        from fund import documents
        from projects import gates, privacy, waiting

        for queue in queues.QUEUES:
            registries.register_queue(**queue)
        registries.register_dates("committee.queues.dates_of")
        registries.register_dates("committee.proofs.dates_of")
        registries.register_check(
            gettext_noop("votes recounted from their ballots"), "committee.recount.findings"
        )
        registries.fill_slot("application.decision", "committee.cards.decision")
        waiting.register_reasons("committee.waiting.reasons")
        gates.register_reader("committee.gates.read_application")
        privacy.register_personal_data("committee.personal.of")
        documents.register_reader("committee.session", "committee.gates.read_minutes")
        documents.register_reader("committee.resolution", "committee.letters.read_letter")
