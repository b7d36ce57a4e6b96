"""What waits for somebody besides money: identity files to complete, guarantees to release, invoices to issue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from accounts.registries import QueueRow
from loans import guarantees, invoices
from loans.models import Guarantee, Posting

QUEUES: tuple[dict[str, Any], ...] = (
    {
        "code": "guarantees-to-release",
        "title": gettext_lazy("Guarantees to release"),
        "perm": Perm.CONTRACT_SIGN,
        "items": "loans.kept_queues.to_release",
        "row": "loans.kept_queues.to_release_row",
        "url": "loans:contracts",
    },
    {
        "code": "to-invoice",
        "title": gettext_lazy("To invoice"),
        "perm": Perm.PAYMENT_RECORD,
        "items": "loans.kept_queues.to_invoice",
        "row": "loans.kept_queues.to_invoice_row",
        "url": "loans:invoices",
    },
)


def to_release(user: User) -> QuerySet[Guarantee]:
    """Rule D-5: guarantees of loans that have ended."""
    return guarantees.to_release()


def to_release_row(guarantee: Guarantee) -> QueueRow:
    url = reverse("loans:guarantee_release", args=[guarantee.pk])
    return QueueRow(f"{guarantee.loan.ref} · {guarantee}", url, guarantee.loan.paid_off_on)


def to_invoice(user: User) -> QuerySet[Posting]:
    """Rule P-10: charges and receipts without a folio."""
    return invoices.to_invoice()


def to_invoice_row(posting: Posting) -> QueueRow:
    url = reverse("loans:invoice", args=[posting.pk])
    return QueueRow(f"{posting.loan.ref} · {invoices.words(posting)}", url, posting.entry.value_on)
