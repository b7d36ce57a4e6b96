from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Loans")

    def ready(self) -> None:
        """Say what waits for whom, which checks the books pass, and what pages further up show of loans."""
        from accounts import files, registries
        from fund import documents, wording
        from loans import books, change_queues, kept_queues, queues
        from projects import waiting

        for queue in (*queues.QUEUES, *change_queues.QUEUES, *kept_queues.QUEUES):
            registries.register_queue(**queue)
        for name, dotted in books.CHECKS.items():
            registries.register_check(name, dotted)
        registries.register_check(gettext_noop("unmatched money"), "loans.bank_books.unmatched_agrees")
        registries.register_dates("loans.queues.dates_of")
        wording.register_memos("loans.memos.said")
        waiting.register_reasons("loans.waiting.reasons")
        registries.fill_slot("application.loan", "loans.cards.loan_of_application")
        files.register_gate("loans.loan", "loans.gates.open_file")
        files.register_gate("loans.identity", "loans.gates.open_identity")
        documents.register_reader("loans.loan", "loans.gates.read_document")
