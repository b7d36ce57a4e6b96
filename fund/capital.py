"""Money to lend: contributions, credit lines, reservations, and what may be lent on a day (Rules K-1 to K-3, D-4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit
from accounts.errors import BadInput, RuleBroken, require
from accounts.formats import day_text, money_text
from accounts.models import User
from accounts.once import forget
from accounts.permissions import Perm, check_may
from fund import chart
from fund.ledger import Leg, post
from fund.lending import Lendable, Part, base, lendable
from fund.models import AdminUnit, Contribution, Institution, Receipt, Reservation, Sector
from fund.money import is_quantized
from fund.numbers import next_number

# The questions of Rules K-2, K-3 and A-4 are asked here by the apps above.
__all__ = [
    "Earmark", "Lendable", "Part", "base", "lendable", "pledge", "receive", "release",
    "reserve", "reserved",
]  # fmt: skip

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Earmark:
    """What a donor binds money to; an empty earmark binds to nothing (Rule K-1)."""

    sector: Sector | None = None
    state: AdminUnit | None = None
    purpose: str = ""


@transaction.atomic
def pledge(
    *,
    institution: Institution,
    amount: Money,
    earmark: Earmark | None = None,
    by: User,
    on: date,
    agreement: str = "",
) -> Contribution:
    """Record a promise of new money. Its reference, "K-1996-01", names the tranche of capital (Rule K-1)."""
    check_may(by, Perm.CAPITAL_RECORD)
    check_amount(amount, field="amount")
    bound = earmark or Earmark()
    contribution = Contribution.objects.create(
        ref=next_number(f"K-{on.year}", width=2),
        institution=institution,
        currency=amount.currency.code,
        amount=amount.amount,
        pledged_on=on,
        agreement=agreement.strip(),
        sector=bound.sector,
        state=bound.state,
        purpose=bound.purpose.strip(),
        by=by,
    )
    forget()
    audit.record(
        "contribution.pledged", contribution, by=by, on=on,
        after={"institution": institution.code, "amount": amount, "earmark": contribution.earmark_text},
    )  # fmt: skip
    return contribution


@transaction.atomic
def receive(*, contribution: Contribution, amount: Money, by: User, on: date, key: str = "") -> Receipt:
    """Record that money of a pledge arrived, and post it (Rules K-1, L-2).

    `key` is made by the caller, once per form: the same key gives the receipt that is there. Raises RuleBroken
    K-1 for more than is still to come, another currency, or a day before the pledge.
    """
    check_may(by, Perm.CAPITAL_RECORD)
    contribution = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if key and (there := Receipt.objects.filter(key=key).first()):
        return _same_receipt(there, contribution, amount)
    check_receipt(contribution, amount, on)
    number = next_number(f"RC-{contribution.ref}-", width=2)
    entry = post(
        source=f"receipt:{number}", value_on=on, on=on, by=by,
        memo=_("Contribution %(ref)s of %(who)s") % {"ref": contribution.ref, "who": contribution.institution},
        legs=[
            Leg(chart.CASH, contribution.currency, debit=amount.amount, tranche=contribution.ref),
            Leg(chart.CAPITAL, contribution.currency, credit=amount.amount, tranche=contribution.ref),
        ],
    )  # fmt: skip
    receipt = Receipt.objects.create(
        contribution=contribution, amount=amount.amount, received_on=on, key=key or number, entry=entry, by=by
    )
    audit.record(
        "contribution.received", contribution, by=by, on=on, after={"amount": amount, "receipt": number}
    )
    return receipt


def check_receipt(contribution: Contribution, amount: Money, on: date) -> Money:
    """What is still to come of the pledge; raises unless this much may be received on that day (Rule K-1)."""
    check_amount(amount, field="amount")
    require(
        contribution.currency == amount.currency.code,
        "K-1",
        _("%(ref)s was pledged in %(currency)s.")
        % {"ref": contribution.ref, "currency": contribution.currency},
        field="amount",
    )
    require(
        on >= contribution.pledged_on,
        "K-1",
        _("%(ref)s was pledged on %(day)s; money cannot have arrived before.")
        % {"ref": contribution.ref, "day": day_text(contribution.pledged_on)},
        field="received_on",
    )
    to_come = contribution.pledged - contribution.received()
    require(
        amount <= to_come,
        "K-1",
        _("Only %(open)s of %(ref)s is still to come. A larger sum is a pledge of its own.")
        % {"open": _text(to_come), "ref": contribution.ref},
        field="amount",
    )
    return to_come


def _same_receipt(there: Receipt, contribution: Contribution, amount: Money) -> Receipt:
    if there.contribution_id != contribution.pk or there.money != amount:
        raise RuleBroken("K-1", _("This form was used already, for another receipt. Open it again."))
    return there


def _text(amount: Money) -> str:
    return money_text(amount.amount, amount.currency.code)


def check_amount(amount: Money, *, field: str) -> None:
    """Raise BadInput unless the amount is above zero and whole in its currency's minor unit (Rule M-1)."""
    shown = {"value": amount.amount, "currency": amount.currency.code}
    if amount.amount <= 0:
        raise BadInput(field, amount, _("%(value)s must be above zero.") % {"value": _text(amount)})
    if not is_quantized(amount.amount, amount.currency.code):
        raise BadInput(field, amount, _("%(value)s has more decimals than %(currency)s.") % shown)


@transaction.atomic
def reserve(*, project: str, amount: Money, by: User, on: date) -> Reservation:
    """Approval takes capital out of what may be lent (Rule D-4); a project has one reservation at a time."""
    check_amount(amount, field="amount")
    _lock(project)
    held = reserved(project)
    require(
        not held,
        "D-4",
        _("Capital is reserved for %(project)s already.") % {"project": project},
        field="amount",
    )
    return _move(project, amount, _("Approved"), by=by, on=on, verb="capital.reserved")


@transaction.atomic
def release(
    *, project: str, reason: str, by: User, on: date, amount: Money | None = None
) -> Reservation | None:
    """Lapse, withdrawal or disbursement frees reserved capital, all of it unless an amount is named (Rule D-4).

    None if nothing is reserved for the project.
    """
    _lock(project)
    held = reserved(project)
    if not held:
        return None
    (free,) = held
    if amount is not None:
        require(
            amount.currency == free.currency and Decimal(0) < amount.amount <= free.amount,
            "D-4",
            _("%(amount)s cannot be freed: %(held)s is reserved for %(project)s.")
            % {"amount": _text(amount), "held": _text(free), "project": project},
        )
    return _move(project, -(amount or free), reason, by=by, on=on, verb="capital.released")


def reserved(project: str) -> list[Money]:
    """What is reserved for a project: nothing, or one amount."""
    moves = Reservation.objects.filter(project=project).order_by()
    rows = moves.values_list("currency").annotate(held=Sum("amount"))
    return [Money(held, currency) for currency, held in rows if held]


def _lock(project: str) -> None:
    """Two transactions that move one project's reservation wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reservation:{project}"])


def _move(project: str, amount: Money, reason: str, *, by: User, on: date, verb: str) -> Reservation:
    moved = Reservation.objects.create(
        project=project,
        currency=amount.currency.code,
        amount=amount.amount,
        on=on,
        reason=reason[:200],
        by=by,
    )
    audit.record(verb, moved, by=by, on=on, after={"amount": amount}, note=reason)
    return moved
