"""Celery's names for what a day brings. Thin, and safe to run twice (design: due dates live in the database)."""

from __future__ import annotations

from datetime import date

from celery import shared_task

from accounts.clock import today
from accounts.models import User
from loans import accruals, reminders


@shared_task(acks_late=True)
def fall_due(day: str = "") -> int:
    """Book instalments falling due and late interest up to a day, today by default."""
    return accruals.fall_due(on=_day(day), by=User.objects.system())


@shared_task(acks_late=True)
def remind(day: str = "") -> int:
    """Write the reminders of a day, today by default."""
    return reminders.remind(on=_day(day), by=User.objects.system())


def _day(text: str) -> date:
    return date.fromisoformat(text) if text else today()
