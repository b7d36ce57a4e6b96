"""What results add to other pages: a card on the application, a queue on the staff's home."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import label
from accounts.models import User
from accounts.permissions import may
from accounts.registries import QueueRow
from projects.benefit_pages import may_read_results, measure_cards
from projects.lifecycle import State
from projects.measurements import check_may_report
from projects.models import Application, Measurement

WAITING = gettext_lazy("Results to verify")


def card(request: HttpRequest, application: Application) -> str | None:
    """Promised against measured, on the application's page once there is a contract."""
    if application.state != State.CONTRACTED:
        return None
    context = {
        "application": application,
        "cards": measure_cards(application),
        "may_report": may(check_may_report, request.user, application),
        "may_open": may_read_results(request.user, application),  # type: ignore[arg-type]
    }
    return render_to_string("projects/benefits/_card.html", context, request=request)


def waiting(user: User) -> QuerySet[Measurement]:
    """Reports that this officer may verify: the unusual ones first, never those of one's own (G-6)."""
    return (
        Measurement.objects.waiting()
        .exclude(reported_by=user)
        .select_related("application__firm", "indicator")
    )


def waiting_row(row: Measurement) -> QueueRow:
    text = f"{row.reference} · {row.application.firm} · {label(row.indicator.names)}"
    if row.implausible:
        text = _("%(report)s, unusual") % {"report": text}
    return QueueRow(text, reverse("projects:measurement", args=[row.pk]), row.submitted_on)
