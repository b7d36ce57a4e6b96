"""Borrowed money: a line is recorded, signed, drawn and served; a liability, never capital (Rules K-1, L-2)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit
from accounts.errors import require
from accounts.formats import money_text
from accounts.models import User
from accounts.once import forget
from accounts.permissions import Perm, check_may
from fund import chart
from fund.capital import check_amount
from fund.ledger import Leg, balance, post
from fund.models import CreditLine, Institution, LineService
from fund.numbers import next_number

ZERO = Decimal("0.00")


@transaction.atomic
def record_line(
    *,
    institution: Institution,
    ceiling: Money,
    annual_cost_pct: Decimal,
    by: User,
    on: date,
    ends_on: date | None = None,
) -> CreditLine:
    """Record a line under negotiation; until it is signed it adds nothing to what may be lent (Rule K-3)."""
    check_may(by, Perm.CAPITAL_RECORD)
    check_amount(ceiling, field="ceiling")
    line = CreditLine.objects.create(
        ref=next_number(f"CL-{on.year}", width=2), institution=institution, currency=ceiling.currency.code,
        ceiling=ceiling.amount, annual_cost_pct=annual_cost_pct, opened_on=on, ends_on=ends_on, by=by,
    )  # fmt: skip
    forget()
    audit.record(
        "creditline.recorded", line, by=by, on=on, after={"ceiling": ceiling, "cost": annual_cost_pct}
    )
    return line


@transaction.atomic
def sign_line(*, line: CreditLine, by: User, on: date) -> CreditLine:
    """The line's contract is signed: from that day its undrawn part counts (Rule K-3)."""
    check_may(by, Perm.CAPITAL_RECORD)
    line = CreditLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    require(line.signed_on is None, "K-1", _("%(line)s is signed already.") % {"line": line})
    require(on >= line.opened_on, "K-1", _("A line is signed on or after the day it was recorded."))
    line.signed_on = on
    line.save(update_fields=["signed_on"])
    audit.record("creditline.signed", line, by=by, on=on, after={"signed_on": on})
    return line


@transaction.atomic
def draw_down(
    *, line: CreditLine, amount: Money, service: Sequence[tuple[date, Decimal, Decimal]], by: User, on: date
) -> CreditLine:
    """Money of the line arrives: cash and a liability, with what has to be paid back when (Rules K-1, L-2).

    `service` lists (due date, principal, cost); its principal sums to the amount.
    """
    check_may(by, Perm.CAPITAL_RECORD)
    check_amount(amount, field="amount")
    line = CreditLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    require(line.signed_on and line.signed_on <= on, "K-1", _("%(line)s is not signed.") % {"line": line})
    require(
        line.ends_on is None or on <= line.ends_on,
        "K-1",
        _("%(line)s can no longer be drawn.") % {"line": line},
    )
    owed = -balance(chart.CREDIT_LINES, currency=line.currency, tranche=line.ref)
    require(
        amount.currency.code == line.currency and owed + amount.amount <= line.ceiling,
        "K-1",
        _("%(open)s of %(line)s can still be drawn.")
        % {"open": money_text(line.ceiling - owed, line.currency), "line": line},
        field="amount",
    )
    principal = sum((part for _due, part, _cost in service), ZERO)
    require(principal == amount.amount, "K-1", _("The line's schedule must pay back what is drawn."))
    number = next_number(f"DD-{line.ref}-", width=2)
    post(
        source=f"draw-down:{number}", value_on=on, on=on, by=by,
        memo=_("Draw-down of %(line)s") % {"line": line},
        legs=[
            Leg(chart.CASH, line.currency, debit=amount.amount, tranche=line.ref),
            Leg(chart.CREDIT_LINES, line.currency, credit=amount.amount, tranche=line.ref),
        ],
    )  # fmt: skip
    for due, part, cost in service:
        row, _new = LineService.objects.get_or_create(
            line=line, due=due, defaults={"principal": 0, "interest": 0}
        )
        row.principal, row.interest = row.principal + part, row.interest + cost
        row.save(update_fields=["principal", "interest"])
    audit.record("creditline.drawn", line, by=by, on=on, after={"amount": amount, "number": number})
    return line
