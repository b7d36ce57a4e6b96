"""What of the applications waits for whom: on the staff's home."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.registries import QueueRow
from projects.lifecycle import State
from projects.messages import with_unread
from projects.models import Application, FirmMember, PrivacyRequest


def to_check(user: User) -> QuerySet[Application]:
    """Submitted and not yet called complete, the oldest first; never one's own firm's."""
    return (
        Application.objects.in_state(State.SUBMITTED)
        .exclude(firm__members__user=user)
        .select_related("firm")
        .order_by("state_since", "pk")
    )


def to_check_row(application: Application) -> QueueRow:
    return QueueRow(
        f"{application.ref} · {application.firm}",
        reverse("projects:application-check", args=[application.uid]),
        application.state_since,
    )


def to_confirm(user: User) -> QuerySet[FirmMember]:
    return (
        FirmMember.objects.filter(confirmed_on=None, left_on=None, firm__merged_into=None)
        .exclude(user=user)
        .select_related("user", "firm")
        .order_by("asked_on", "pk")
    )


def to_confirm_row(link: FirmMember) -> QueueRow:
    return QueueRow(
        f"{link.user.full_name} · {link.firm}",
        reverse("projects:firm-request", args=[link.pk]),
        link.asked_on,
    )


def to_read(user: User) -> QuerySet[Application]:
    """Messages of firms that nobody of the fund has opened; never one's own firm's."""
    return with_unread(user).exclude(firm__members__user=user)


def to_read_row(application: Application) -> QueueRow:
    return QueueRow(
        f"{application.ref} · {application.firm}",
        reverse("projects:application-messages", args=[application.uid]),
        application.waits_since,  # type: ignore[attr-defined]
    )


def privacy_row(request: PrivacyRequest) -> QueueRow:
    return QueueRow(
        f"{request.number} · {request.get_kind_display()}", request.get_absolute_url(), request.due_on
    )
