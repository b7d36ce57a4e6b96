"""A check of the books: unmatched money in the ledger is the bank lines that wait for their loan (Rule L-3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from accounts.registries import Finding
from fund import chart, ledger
from loans.models import BankMatch

ZERO = Decimal(0)


def unmatched_agrees(on: date) -> list[Finding]:
    """Per currency, by value date: lines held up to a day = the liability of that day."""
    lines = BankMatch.objects.unmatched().filter(line__value_on__lte=on).order_by()
    wanted = dict(lines.values_list("line__currency").annotate(total=Sum("line__amount")))
    known = BankMatch.objects.filter(Q(held__isnull=False)).order_by()
    found = []
    for currency in known.values_list("line__currency", flat=True).distinct():
        booked = -ledger.balance(chart.UNMATCHED, currency=currency, on=on)
        expected = wanted.get(currency, ZERO)
        if booked != expected:
            message = f"Lines that wait for their loan and unmatched money in {currency} differ."
            found.append(Finding("unmatched money", currency, str(expected), str(booked), message))
    return found
