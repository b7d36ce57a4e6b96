"""What waits for somebody here: letters to release."""

from django.db.models import QuerySet
from django.urls import reverse

from accounts import emails
from accounts.models import Notice, User
from accounts.registries import QueueRow


def letters(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(state=Notice.State.WAITING).order_by("pk")


def letter_row(notice: Notice) -> QueueRow:
    return QueueRow(
        f"{emails.title(notice)} → {notice.email}",
        reverse("accounts:notice", args=[notice.pk]),
        notice.created_at.date(),
    )
