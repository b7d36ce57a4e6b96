"""Celery's name for what a day brings to applications. Thin, and safe to run twice."""

from celery import shared_task

from accounts.clock import today
from accounts.models import User
from projects import old_drafts


@shared_task(acks_late=True)
def delete_old_drafts() -> int:
    """Rule X-6: drafts that nobody came back to."""
    return old_drafts.delete_old_drafts(on=today(), by=User.objects.system())


@shared_task(acks_late=True)
def warn_of_old_drafts() -> int:
    """Rule X-6: the mail some weeks before."""
    return old_drafts.warn_of_old_drafts(on=today(), by=User.objects.system())
