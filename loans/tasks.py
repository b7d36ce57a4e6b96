"""Celery's names for what a day brings. Thin, and safe to run twice (design: due dates live in the database)."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.db import transaction

from accounts.clock import today
from accounts.models import User
from loans import accruals, bank_posting, reminders


@shared_task(acks_late=True)
def fall_due(day: str = "") -> int:
    """Book instalments falling due and late interest up to a day, today by default."""
    return accruals.fall_due(on=_day(day), by=User.objects.system())


@shared_task(acks_late=True)
def remind(day: str = "") -> int:
    """Write the reminders of a day, today by default."""
    return reminders.remind(on=_day(day), by=User.objects.system())


@shared_task(acks_late=True)
def post_bank_lines() -> int:
    """Post the bank lines whose posting was ordered; several workers may do it at once (Rule P-2)."""
    return bank_posting.post_ordered()


def post_soon() -> None:
    """Tell a worker once this transaction is over; beat comes by anyway, should the broker be away."""
    transaction.on_commit(lambda: post_bank_lines.apply_async(retry=False, expires=60), robust=True)


def _day(text: str) -> date:
    return date.fromisoformat(text) if text else today()
