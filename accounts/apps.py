from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts import registries, searching  # noqa: F401 - the lookup of searches registers itself

        registries.register_queue(
            "letters",
            title=_("Letters to release"),
            perm="notice.release",
            items="accounts.queues.letters",
            row="accounts.queues.letter_row",
            url="accounts:notices",
        )
