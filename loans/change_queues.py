"""Changes of loans that wait for somebody: the committee, the signatory, the treasurer (rules P-4, P-8, G-6)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from accounts.registries import QueueRow
from committee.models import AgendaItem, Resolution
from loans.models import ChangeKind, LoanChange
from loans.models.change import RESTRUCTURING

QUEUES: tuple[dict[str, Any], ...] = (
    {
        "code": "restructurings-to-approve",
        "title": gettext_lazy("Restructurings to approve"),
        "perm": Perm.CONTRACT_SIGN,
        "items": "loans.change_queues.restructurings",
        "row": "loans.change_queues.change_row",
        "url": "loans:changes",
    },
    {
        "code": "refunds-and-losses-to-approve",
        "title": gettext_lazy("Refunds and write-offs to approve"),
        "perm": Perm.DISBURSEMENT_APPROVE,
        "items": "loans.change_queues.refunds_and_losses",
        "row": "loans.change_queues.change_row",
        "url": "loans:changes",
    },
    {
        "code": "changes-for-the-committee",
        "title": gettext_lazy("Changes of loans for the committee"),
        "perm": Perm.SESSION_RUN,
        "items": "loans.change_queues.for_the_committee",
        "row": "loans.change_queues.change_row",
        "url": "loans:changes",
    },
)


def restructurings(user: User) -> QuerySet[LoanChange]:
    """Restructurings that the committee approved and this person may book (rules P-8, G-6)."""
    return _decided(user).filter(kind__in=RESTRUCTURING)


def refunds_and_losses(user: User) -> QuerySet[LoanChange]:
    """Refunds, and write-offs that the committee approved, which this person may book (rules P-4, P-8, G-6)."""
    refund, loss = Q(kind=ChangeKind.REFUND), Q(_approving(), kind=ChangeKind.WRITE_OFF)
    return _proposed().filter(refund | loss).exclude(proposed_by=user)


def for_the_committee(user: User) -> QuerySet[LoanChange]:
    """Proposals that need a resolution and are on no agenda yet (rules C-2, P-8)."""
    listed = AgendaItem.objects.filter(reference=OuterRef("ref"))
    return _proposed().filter(~Exists(listed)).exclude(kind=ChangeKind.REFUND)


def _proposed() -> QuerySet[LoanChange]:
    return LoanChange.objects.proposed().select_related("loan__firm").order_by("proposed_on", "pk")


def _approving() -> Exists:
    standing = Resolution.objects.standing()
    return Exists(standing.filter(item__reference=OuterRef("ref"), outcome="approved", body__decides=True))


def _decided(user: User) -> QuerySet[LoanChange]:
    return _proposed().filter(_approving()).exclude(proposed_by=user)


def change_row(change: LoanChange) -> QueueRow:
    text = f"{change.ref} · {change.loan.firm} · {change.get_kind_display()}"
    return QueueRow(text, change.get_absolute_url(), change.proposed_on)
