"""How a loan reads on its page: instalments with their state in words, payments, events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.badges import Badge
from accounts.models import AuditEvent, User
from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import RowState, State
from loans.arrears import PAR_LIMITS
from loans.chronicle import PREPAID
from loans.models import Allocation, Loan

ZERO = Decimal(0)


def arrears_badge(days: int) -> Badge:
    """Days past due as a word: never colour alone (design 6)."""
    if not days:
        return Badge("good", "circle-check", _("On time"))
    text = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return Badge("warn" if days <= 30 else "bad", "clock-alert", text)


def par_badge(days: int) -> Badge | None:
    """Rule P-7: the class of portfolio at risk that a loan belongs to, in words; None below PAR 30."""
    limit = max((limit for limit in PAR_LIMITS if days > limit), default=0)
    if not limit:
        return None
    return Badge("warn" if limit == 30 else "bad", "shield-alert", f"PAR {limit}")


@dataclass(frozen=True, slots=True)
class Line:
    """One instalment on the loan's page."""

    n: int
    due: date
    pay: date
    principal: Decimal
    interest: Decimal
    vat: Decimal
    fees: Decimal
    late: Decimal
    total: Decimal
    open: Decimal
    balance: Decimal
    badge: Badge
    is_next: bool = False


def lines(state: State, *, waits: bool = True) -> list[Line]:
    """The schedule as it stands: what fell due with what is open of it, then what is to come.

    `waits` marks the one to pay next; of a loan that was written off none is waited for (Rule P-8).
    """
    made = [_fallen(row, state.on) for row in state.fallen]
    made += [_to_come(row) for row in state.plan]
    nearest = next((n for n, line in enumerate(made) if line.open), None) if waits else None
    if nearest is not None:
        made[nearest] = replace(made[nearest], is_next=True)
    return made


def _fallen(item: RowState, on: date) -> Line:
    row = item.row
    late = sum((amount for bucket, amount in item.owed.items() if bucket.startswith("late")), ZERO)
    return Line(
        row.n, row.due, row.pay_date, row.principal, row.interest, row.vat, row.fees, late,
        row.total + late, item.total_open, row.balance, _row_badge(item, on),
    )  # fmt: skip


def _row_badge(item: RowState, on: date) -> Badge:
    if item.settled_on:
        days = (item.settled_on - item.row.pay_date).days
        if days > 0:
            text = ngettext("Paid %(days)s day late", "Paid %(days)s days late", days) % {"days": days}
            return Badge("neutral", "check", text)
        return Badge("good", "check", _("Paid"))
    if item.late_days:
        return arrears_badge(item.late_days)
    if any(item.paid.values()):
        return Badge("warn", "circle-dot", _("Paid in part"))
    return Badge("info", "bell", _("Due now"))


def _to_come(row: Row) -> Line:
    return Line(
        row.n, row.due, row.pay_date, row.principal, row.interest, row.vat, row.fees, ZERO,
        row.total, row.total, row.balance, Badge("neutral", "calendar", _("To come")),
    )  # fmt: skip


def planned(rows: Iterable[Row]) -> list[Line]:
    """The schedule of a loan that is not paid out yet, or of a quote."""
    return [_to_come(row) for row in rows]


def totals(found: Iterable[Line]) -> dict[str, Decimal]:
    """Sums under the schedule."""
    names = ("principal", "interest", "vat", "fees", "late", "total", "open")
    made = dict.fromkeys(names, ZERO)
    for line in found:
        for name in names:
            made[name] += getattr(line, name)
    return made


def parts_in_words(allocations: Iterable[Allocation]) -> list[tuple[str, Decimal, str]]:
    """What a payment cleared: the debt, the amount, the instalments."""
    sums: dict[str, Decimal] = {}
    rows: dict[str, set[int]] = {}
    for row in allocations:
        sums[row.part] = sums.get(row.part, ZERO) + row.amount
        rows.setdefault(row.part, set()).add(row.n)
    return [
        (str(part.label), sums[part], _instalments(rows[part])) for part in Allocation.Part if part in sums
    ]


def previewed(parts: Iterable[tuple[str, int, Decimal]]) -> list[tuple[str, Decimal, str]]:
    """The same for a payment that is not recorded yet."""
    return parts_in_words(Allocation(part=part, n=n, amount=amount) for part, n, amount in parts)


def _instalments(numbers: set[int]) -> str:
    """Principal that was paid ahead belongs to none."""
    known = sorted(numbers - {PREPAID})
    listed = ", ".join(map(str, known))
    return (
        ngettext("instalment %(list)s", "instalments %(list)s", len(known)) % {"list": listed}
        if known
        else ""
    )


def _titles() -> Mapping[str, str]:
    return {
        "loan.drafted": _("Contract drafted"),
        "loan.signed": _("Contract signed for the fund"),
        "loan.signed_copy": _("Signed copy received"),
        "loan.active": _("Money paid out"),
        "loan.payout_left": _("Later payout left"),
        "loan.paid_off": _("Paid off"),
        "loan.cancelled": _("Contract cancelled"),
        "loan.written_off": _("Written off"),
        "loan.rest_ended": _("The rest is not paid out any more"),
        "loan.rescheduled": _("New schedule"),
    }


def timeline(loan: Loan, *, viewer: User) -> list[dict[str, Any]]:
    """What happened to the loan, newest first; who did it is for the staff."""
    titles = _titles()
    events = [event for event in audit.history(loan) if event.verb in titles]
    names = _names(events) if viewer.is_staff_member else {}
    return [
        {
            "on": event.on or event.at,
            "who": names.get(event.person, ""),
            "title": titles[event.verb],
            "text": event.note,
            "badge": None,
        }
        for event in events
    ]


def _names(events: Iterable[AuditEvent]) -> dict[str, str]:
    found = User.objects.filter(email__in={event.person for event in events})
    return {user.email: str(user) for user in found}
