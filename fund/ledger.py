"""The one door to the books (Rule L-1): `post`, `reverse`, and the questions that are sums of lines.

The callers audit the event that they post; an entry is its own trail: it names who, when and why, and is kept.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.errors import RuleBroken, require
from accounts.formats import amount_text, day_text
from accounts.models import User
from accounts.statements import key_or_name
from accounts.writing import insert, insert_values, together
from fund import chart
from fund.models import Entry, Line
from fund.money import is_quantized

ZERO = Decimal("0.00")
LINE = (
    "entry", "position", "account", "currency", "debit", "credit", "party", "loan", "tranche",
    "project", "value_on", "booked_on",
)  # fmt: skip
"""What `_write` says of a line, in this order."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: what is debited or credited, and what the amount is about."""

    account: str
    currency: str
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    party: str = ""
    loan: str = ""
    tranche: str = ""
    project: str = ""


def post(
    *,
    source: str,
    value_on: date,
    on: date,
    legs: Sequence[Leg],
    memo: str,
    by: User,
    reverses: Entry | None = None,
) -> Entry:
    """Write an entry. `source` says what caused it and makes it unique; `on` is the day it is booked.

    The same source with the same legs and value date gives the entry that is there; with others it is refused.
    Raises RuleBroken L-1 if a leg is not one-sided, has too many decimals, or the entry does not balance.
    """
    (entry,) = post_all([Draft(source, value_on, legs, memo, reverses)], by=by, on=on)
    return entry


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be written: what caused it, its value date, its legs, its text."""

    source: str
    value_on: date
    legs: Sequence[Leg]
    memo: str
    reverses: Entry | None = None


def post_all(drafts: Sequence[Draft], *, by: User, on: date) -> list[Entry]:
    """Write several entries, each as `post` does: they and their lines go to the database in one statement.

    Within `accounts.writing.together` they have their keys at its end.
    """
    for draft in drafts:
        _check(draft, on)
    entries = [_entry(draft, by=by, on=on) for draft in drafts]
    _write(entries, [draft.legs for draft in drafts])
    return entries


def _entry(draft: Draft, *, by: User, on: date) -> Entry:
    return Entry(
        source=draft.source, value_on=draft.value_on, booked_on=on, memo=draft.memo[:300], by=by,
        reverses=draft.reverses, line_count=len(draft.legs), fingerprint=fingerprint(draft.value_on, draft.legs),
    )  # fmt: skip


def _check(draft: Draft, on: date) -> None:
    if not draft.source:
        raise RuleBroken("L-1", _("An entry needs a source: what caused it."))
    if draft.value_on > on:
        message = _("The value date %(value)s is after the day of booking.")
        raise RuleBroken("L-1", message % {"value": day_text(draft.value_on)})
    check_legs(draft.legs)


def reverse(entry: Entry, *, source: str, reason: str, by: User, on: date) -> Entry:
    """Undo an entry by one with the sides changed and the same value date; the reason is kept (Rule L-1)."""
    (undone,) = reverse_all([Undoing(entry, source, reason)], by=by, on=on)
    return undone


@dataclass(frozen=True, slots=True)
class Undoing:
    """An entry to be reversed, the source of its reversal, and why."""

    entry: Entry
    source: str
    reason: str


@transaction.atomic
def reverse_all(undoings: Sequence[Undoing], *, by: User, on: date) -> list[Entry]:
    """Reverse several entries, each as `reverse` does; their lines are read and written together."""
    for undoing in undoings:
        _check_undoing(undoing)
    found = {undoing.entry.pk: undoing.source for undoing in undoings}
    list(Entry.objects.select_for_update().filter(pk__in=found).order_by("pk").values_list("pk"))
    for earlier in Entry.objects.filter(reverses__in=found):
        if earlier.source != found[earlier.reverses_id]:  # type: ignore[index]
            number = {"number": earlier.reverses_id}
            raise RuleBroken("L-1", _("Entry %(number)s has been reversed already.") % number)
    legs: dict[int, list[Leg]] = defaultdict(list)
    for line in Line.objects.filter(entry__in=found).order_by("entry_id", "position"):
        legs[line.entry_id].append(
            Leg(
                line.account_id, line.currency, debit=line.credit, credit=line.debit,
                party=line.party, loan=line.loan, tranche=line.tranche, project=line.project,
            )
        )  # fmt: skip
    drafts: dict[date, list[Draft]] = defaultdict(list)
    for undoing in undoings:
        entry = undoing.entry
        draft = Draft(undoing.source, entry.value_on, legs[entry.pk], undoing.reason, entry)
        drafts[max(on, entry.value_on)].append(draft)
    return [made for day, group in drafts.items() for made in post_all(group, by=by, on=day)]


def _check_undoing(undoing: Undoing) -> None:
    require(undoing.reason.strip(), "L-1", _("Say why the entry is reversed."), field="reason")
    require(
        undoing.entry.reverses_id is None, "L-1", _("A reversal cannot be reversed; post the entry again.")
    )


def check_legs(legs: Sequence[Leg]) -> None:
    """Raise RuleBroken L-1 or M-1 unless the legs are one-sided, whole in minor units and balance per currency."""
    if len(legs) < 2:
        raise RuleBroken("L-1", _("An entry has at least two lines."))
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for leg in legs:
        _check_leg(leg)
        sums[leg.currency] += leg.debit - leg.credit
    for currency, difference in sums.items():
        if difference:
            message = _(
                "The entry does not balance: debits and credits in %(currency)s differ by %(amount)s."
            )
            raise RuleBroken(
                "L-1", message % {"currency": currency, "amount": amount_text(difference, currency)}
            )


def _check_leg(leg: Leg) -> None:
    if leg.account not in chart.BY_CODE:
        raise RuleBroken("L-1", _("There is no account %(code)s.") % {"code": leg.account})
    if not ((leg.debit > 0 and leg.credit == 0) or (leg.credit > 0 and leg.debit == 0)):
        raise RuleBroken("L-1", _("A line is a debit or a credit, above zero."))
    if not is_quantized(leg.debit or leg.credit, leg.currency):
        message = _("%(amount)s has more decimals than %(currency)s.")
        raise RuleBroken("M-1", message % {"amount": leg.debit or leg.credit, "currency": leg.currency})
    if leg.account == chart.CASH and not leg.tranche:
        raise RuleBroken("K-2", _("A line on cash names the tranche of capital that it moves."))


def fingerprint(value_on: date, legs: Sequence[Leg]) -> str:
    """SHA-256 over the value date and the legs in their order-free form: what makes two postings the same."""
    rows = sorted(
        [leg.account, leg.currency, str(leg.debit.normalize()), str(leg.credit.normalize()),
         leg.party, leg.loan, leg.tranche, leg.project]
        for leg in legs
    )  # fmt: skip
    return hashlib.sha256(json.dumps([value_on.isoformat(), rows]).encode()).hexdigest()


def _write(entries: Sequence[Entry], legs: Sequence[Sequence[Leg]]) -> None:
    """Write each entry whose source was not there yet, with its lines: one trip for all, and no race to lose.

    One that was there already becomes that one.
    """
    with together():
        insert(entries, once="source", lost=_known)
        insert_values(
            Line, LINE,
            [
                (key, at, leg.account, leg.currency, leg.debit, leg.credit, leg.party, leg.loan, leg.tranche,
                 leg.project, entry.value_on, entry.booked_on)
                for key, entry, own in zip(map(key_or_name, entries), entries, legs, strict=True)
                for at, leg in enumerate(own)
            ],
            only_with="entry",
        )  # fmt: skip


def _known(entry: Entry) -> None:
    """Raises RuleBroken L-1 if the entry of this source has other legs or another value date."""
    there = Entry.objects.get(source=entry.source)
    require(
        there.fingerprint == entry.fingerprint,
        "L-1",
        _("“%(source)s” has been posted already, with other lines.") % {"source": there.source},
    )
    for name in ("pk", "booked_on", "memo", "by_id", "reverses_id", "created_at"):
        setattr(entry, name, getattr(there, name))
    entry._state.adding = False


def balance(
    account: str,
    *,
    currency: str,
    on: date | None = None,
    loan: str | None = None,
    party: str | None = None,
    tranche: str | None = None,
    project: str | None = None,
    basis: str = "value",
) -> Decimal:
    """Debits less credits of an account in a currency, up to a day by value date (or basis="booking")."""
    about = {"loan": loan, "party": party, "tranche": tranche, "project": project}
    lines = Line.objects.filter(account=account, currency=currency).until(on, basis=basis)
    return lines.filter(**{name: text for name, text in about.items() if text is not None}).net()


def balances(
    *,
    currency: str,
    on: date | None = None,
    by: str = "account",
    accounts: Sequence[str] = (),
    basis: str = "value",
) -> dict[str, Decimal]:
    """Balances in a currency keyed by account, loan, party, tranche or project: one query for all of them."""
    assert by in ("account", "loan", "party", "tranche", "project")
    lines = Line.objects.filter(currency=currency).until(on, basis=basis)
    if accounts:
        lines = lines.filter(account__in=accounts)
    rows = lines.order_by().values_list(by).annotate(net=Sum(F("debit") - F("credit")))
    return {key: Decimal(net) for key, net in rows}


def exposure(party: str, *, on: date) -> dict[str, Decimal]:
    """Principal that a party owes on a day, per currency; currencies with nothing owed are left out (A-4)."""
    lines = Line.objects.filter(party=party, account=chart.LOANS, value_on__lte=on).order_by()
    rows = lines.values_list("currency").annotate(net=Sum(F("debit") - F("credit")))
    return {currency: Decimal(net) for currency, net in rows if net}


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account's balance on a day, on its own side."""

    account: chart.Account
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The balances of a currency; `debit` and `credit` are the two columns' sums and equal (Rule L-3)."""

    currency: str
    rows: tuple[TrialRow, ...]
    debit: Decimal
    credit: Decimal


def trial_balances(*, on: date | None, basis: str = "value") -> list[TrialBalance]:
    """Every account with its balance on a day, currency by currency, in one query."""
    lines = Line.objects.until(on, basis=basis).order_by()
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for currency, account, net in lines.values_list("currency", "account").annotate(
        net=Sum(F("debit") - F("credit"))
    ):
        found[currency][account] = net
    return [_trial_balance(currency, found[currency]) for currency in sorted(found)]


def _trial_balance(currency: str, nets: dict[str, Decimal]) -> TrialBalance:
    rows = tuple(
        TrialRow(account, max(nets[account.code], ZERO), max(-nets[account.code], ZERO))
        for account in chart.CHART
        if account.code in nets
    )
    return TrialBalance(
        currency, rows, sum((row.debit for row in rows), ZERO), sum((row.credit for row in rows), ZERO)
    )
