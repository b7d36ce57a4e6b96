"""Checks of the books: functions that return findings, run nightly and after every flow test (Rule L-3)."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from accounts.registries import Finding
from fund import chart
from fund.models import Contribution, Entry, Line, Receipt, Reservation
from fund.money import MINOR_UNITS, is_quantized

ZERO = Decimal("0.00")
NET = Sum(F("debit") - F("credit"))


def every_entry_balances(on: date) -> list[Finding]:
    """Debits equal credits in every entry and currency, and an entry has the lines it was posted with (L-1)."""
    booked = Line.objects.filter(booked_on__lte=on).order_by()
    uneven = booked.values("entry", "currency").annotate(net=NET).exclude(net=0)
    findings = [
        Finding(
            "every_entry_balances",
            f"entry:{row['entry']}",
            "0.00",
            f"{row['net']} {row['currency']}",
            _("Entry %(entry)s does not balance in %(currency)s.") % row,
        )
        for row in uneven
    ]
    short = (
        Entry.objects.filter(booked_on__lte=on)
        .annotate(has=Count("lines"))
        .exclude(has=F("line_count"))
        .values("pk", "has", "line_count")
    )
    return findings + [
        Finding(
            "every_entry_balances",
            f"entry:{row['pk']}",
            str(row["line_count"]),
            str(row["has"]),
            _("Entry %(pk)s has %(has)s lines, it was posted with %(line_count)s.") % row,
        )
        for row in short
    ]


def trial_balance_is_zero(on: date) -> list[Finding]:
    """All balances of a currency sum to zero, by value date and by booking date (L-3)."""
    findings = []
    for basis in ("value_on", "booked_on"):
        rows = (
            Line.objects.filter(**{f"{basis}__lte": on}).order_by().values_list("currency").annotate(net=NET)
        )
        findings += [
            Finding(
                "trial_balance_is_zero",
                currency,
                "0.00",
                str(net),
                _("The trial balance in %(currency)s is not zero.") % {"currency": currency},
            )
            for currency, net in rows
            if net
        ]
    return findings


def cash_is_not_negative(on: date) -> list[Finding]:
    """No tranche of capital, and no currency as a whole, has less than nothing at the bank (K-2)."""
    lines = Line.objects.filter(account=chart.CASH, value_on__lte=on).order_by()
    rows = lines.values_list("currency", "tranche").annotate(net=NET).filter(net__lt=0)
    return [
        Finding(
            "cash_is_not_negative",
            tranche,
            ">= 0",
            f"{net} {currency}",
            _("Tranche %(tranche)s has %(net)s %(currency)s at the bank.")
            % {"tranche": tranche, "net": net, "currency": currency},
        )
        for currency, tranche, net in rows
    ]


def capital_agrees_with_receipts(on: date) -> list[Finding]:
    """Contributed capital in the ledger is what was received, contribution by contribution (K-1)."""
    lines = Line.objects.filter(account=chart.CAPITAL, value_on__lte=on).order_by()
    booked = {tranche: -net for tranche, net in lines.values_list("tranche").annotate(net=NET)}
    receipts = Receipt.objects.filter(received_on__lte=on).order_by()
    received = dict(receipts.values_list("contribution__ref").annotate(total=Sum("amount")))
    return [
        Finding(
            "capital_agrees_with_receipts",
            ref,
            str(received.get(ref, ZERO)),
            str(booked.get(ref, ZERO)),
            _("Capital of %(ref)s in the ledger differs from what was received.") % {"ref": ref},
        )
        for ref in sorted(booked.keys() | received.keys())
        if booked.get(ref, ZERO) != received.get(ref, ZERO)
    ]


def receipts_stay_within_pledges(on: date) -> list[Finding]:
    """Nothing was received beyond what was pledged (K-1)."""
    return [
        Finding(
            "receipts_stay_within_pledges",
            item.ref,
            str(item.amount),
            str(item.got),
            _("%(ref)s brought more than was pledged.") % {"ref": item.ref},
        )
        for item in Contribution.objects.with_received(on)
        if item.got > item.amount
    ]


def reservations_are_not_negative(on: date) -> list[Finding]:
    """No project has freed more capital than was reserved for it (D-4)."""
    moves = Reservation.objects.filter(on__lte=on).order_by()
    rows = moves.values_list("project", "currency").annotate(held=Sum("amount")).filter(held__lt=0)
    return [
        Finding(
            "reservations_are_not_negative",
            project,
            ">= 0",
            f"{held} {currency}",
            _("More was freed than was reserved for %(project)s.") % {"project": project},
        )
        for project, currency, held in rows
    ]


def amounts_are_whole_units(on: date) -> list[Finding]:
    """Every amount of the ledger is its own rounded self in its currency's minor unit (M-1)."""
    whole = [code for code, decimals in MINOR_UNITS.items() if decimals < 2]
    suspects = Line.objects.filter(Q(currency__in=whole), booked_on__lte=on)
    return [
        Finding(
            "amounts_are_whole_units",
            f"entry:{line.entry_id}",
            _("whole %(currency)s") % {"currency": line.currency},
            str(line.debit or line.credit),
            _("Entry %(entry)s has a fraction of the smallest unit.") % {"entry": line.entry_id},
        )
        for line in suspects.iterator()
        if not is_quantized(line.debit + line.credit, line.currency)
    ]
