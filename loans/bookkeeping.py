"""Keep a loan's books equal to its replay (rules L-2, P-3, G-5).

One function, `bring_up_to`, is called in the transaction of every event. It replays the loan, compares what
the replay says with what is booked, and books the difference: new events are posted, events that a
back-dated payment or a reversal changed are reversed by name and posted again, allocations that no longer
hold are ended and written anew. Nothing is edited; running it twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F

from accounts import lifecycle
from accounts.models import User
from accounts.statements import Named, key_or_name
from accounts.writing import insert_values, update
from fund import ledger
from fund.ledger import Leg
from loans import holding, versions
from loans.arithmetic.problems import TermsError
from loans.arithmetic.servicing import State
from loans.chronicle import Chronicle, chronicle, is_month_end
from loans.lifecycle import MOVES
from loans.models import Allocation, Loan, LoanChange, Posting
from loans.postings import Event, Side
from loans.record import Record, locked_record, on_record
from loans.story import ProvisionRates, refusal

ZERO = Decimal(0)
ONE_DAY = timedelta(days=1)
RELATED = ("firm", "application")
"""What a loan belongs to, for good."""


def bring_up_to(loan: Loan, *, by: User, on: date) -> Chronicle:
    """Book everything that the replay says up to `on`. The caller holds the loan's row lock."""
    record = on_record(loan)
    told = tell(loan, record, on=on)
    book(loan, told, record, by=by, on=on)
    return told


def tell(loan: Loan, record: Record, *, on: date, changed_on: date = date.min) -> Chronicle:
    """What the replay says up to `on`; nothing is written. Raises RuleBroken for events that cannot be.

    A day earlier than the last one booked is no way back: the books then stay as of that later day. Where nothing
    happened before `changed_on` that is not booked yet, the books before it are left alone if they can be.
    """
    try:
        return chronicle(
            loan.terms, record.rows, record.events(loan), funding=record.funding, later=record.draws,
            on=max(on, loan.booked_to or on), written_off_on=loan.written_off_on, rates=ProvisionRates(),
            since=_open_since(loan, record, changed_on),
        )  # fmt: skip
    except TermsError as error:
        raise refusal(error) from None


def _open_since(loan: Loan, record: Record, changed_on: date) -> date:
    """The first day of which the books may not hold yet."""
    if changed_on == date.min or loan.booked_to is None or loan.written_off_on or not record.is_plain:
        return date.min
    return min(changed_on, loan.booked_to + ONE_DAY)


def book(loan: Loan, told: Chronicle, record: Record, *, by: User, on: date) -> None:
    """Write the difference between what was told and what is on record."""
    day = max(on, loan.booked_to or on)
    _post(loan, told, record, by=by, on=day)
    _place(told, record, on=day)
    versions.keep(loan, told.state, number=record.version, by=by, on=day)
    _note(loan, told.state, by=by, on=day)


def legs_of(loan: Loan, sides: Sequence[Side]) -> list[Leg]:
    """Ledger legs: the sides with the loan's party, reference and project (Rule L-1)."""
    currency, party, ref, project = loan.currency, loan.firm.party, loan.ref, loan.application.ref or ""
    return [
        Leg(side.account, currency, side.debit, side.credit, party, ref, side.tranche, project)
        for side in sides
    ]


def post_event(loan: Loan, event: Event, *, by: User, on: date) -> None:
    """Post an event of a loan under a source key of its own and keep the thread to the entry."""
    post_events(loan, [(event, 1)], by=by, on=on)


def post_events(loan: Loan, events: Sequence[tuple[Event, int]], *, by: User, on: date) -> None:
    """The same for several events, each with the round in which it is told."""
    drafts = [
        ledger.Draft(
            source=f"{loan.ref}:{event.key}" + (f":{round_}" if round_ > 1 else ""),
            value_on=event.value_on,
            legs=legs_of(loan, event.sides),
            memo=f"{loan.ref}: {event.memo}",
        )
        for event, round_ in events
    ]
    entries = ledger.post_all(drafts, by=by, on=on)
    insert_values(
        Posting,
        ("loan", "event", "round", "fingerprint", "entry"),
        [
            (loan.pk, event.key, round_, event.fingerprint, key_or_name(entry))
            for (event, round_), entry in zip(events, entries, strict=True)
        ],
    )


def _post(loan: Loan, told: Chronicle, record: Record, *, by: User, on: date) -> None:
    """Reverse what no longer holds, then post what is missing (Rule L-1)."""
    wanted = {event.key: event for event in told.events}
    rounds: dict[str, int] = {}
    stale: list[int] = []
    for posted in record.postings:
        rounds[posted.event] = max(posted.round, rounds.get(posted.event, 0))
        if not posted.live or posted.value_on < told.since:
            continue
        if posted.event in wanted and wanted[posted.event].fingerprint == posted.fingerprint:
            del wanted[posted.event]
        else:
            stale.append(posted.pk)
    if stale:
        ended = Posting.objects.filter(pk__in=stale).select_related("entry").order_by("pk")
        undoings = [
            ledger.Undoing(
                posting.entry,
                f"{posting.entry.source}:reversed",
                f"{loan.ref}: {posting.event} as replayed on {on}",
            )
            for posting in ended
        ]
        ledger.reverse_all(undoings, by=by, on=on)
        ended.update(ended_on=on)
    post_events(loan, [(event, rounds.get(event.key, 0) + 1) for event in wanted.values()], by=by, on=on)


def placed(told: Chronicle) -> dict[tuple[str, int, str, date], Decimal]:
    """What each payment cleared or left as a credit: amount by payment, instalment, part and day (Rule P-4)."""
    found = {(p.payment, p.n, str(p.part), p.on): p.amount for p in told.placed}
    for applied in told.state.payments:
        if applied.credit:
            found[applied.key, 0, Allocation.Part.CREDIT.value, applied.on] = applied.credit
    return found


def _place(told: Chronicle, record: Record, *, on: date) -> None:
    """End the allocations that no longer hold and write the new ones (rules P-3, P-4)."""
    wanted = placed(told)
    ended = []
    for kept in record.allocations:
        place = (kept.payment, kept.n, kept.part, kept.value_on)
        if wanted.get(place) == kept.amount:
            del wanted[place]
        elif kept.value_on >= told.since or kept.part == Allocation.Part.CREDIT:
            ended.append(kept.pk)
    if ended:
        Allocation.objects.filter(pk__in=ended).update(ended_on=on)
    whose = {paid.number: paid.pk or Named(paid.number) for paid in record.payments}
    insert_values(
        Allocation,
        ("payment", "n", "part", "value_on", "amount"),
        [
            (whose[number], n, part, value_on, amount)
            for (number, n, part, value_on), amount in wanted.items()
        ],
    )


def _note(loan: Loan, state: State, *, by: User, on: date) -> None:
    """Keep on the loan what lists and queues ask for, and move its state when all is paid (Rule P-5)."""
    loan.balance, loan.unpaid_since, loan.booked_to = state.balance, unpaid_since(state), on
    update(loan, "balance", "unpaid_since", "booked_to")
    if state.is_paid_off and loan.state == Loan.State.ACTIVE:
        cleared = max(row.settled_on for row in state.fallen if row.settled_on)
        lifecycle.move(loan, Loan.State.PAID_OFF, moves=MOVES, by=by, on=on, paid_off_on=cleared)
        holding.end_rest(loan, by=by, on=on)
    elif not state.is_paid_off and loan.state == Loan.State.PAID_OFF:
        lifecycle.move(loan, Loan.State.ACTIVE, moves=MOVES, by=by, on=on, paid_off_on=None)


def unpaid_since(state: State) -> date | None:
    """The pay date from which days past due count, whether it has come or lies ahead (Rule P-7)."""
    open_rows = [due.row.pay_date for due in state.unsettled if due.total_open]
    return min(open_rows, default=state.plan[0].pay_date if state.plan else None)


def locked_on_record(known: Loan) -> tuple[Loan, Record]:
    """The loan with its row locked, and what is on record of it then: one wait for both.

    `known` is the loan as the caller has it: its firm and application, if they are there, are not fetched again.
    """
    loan, record = locked_record(known.pk)
    for name in RELATED:
        setattr(loan, name, getattr(known, name))
    return loan, record


def locked(ref_or_pk: str | int, *, also: Sequence[str] = ()) -> Loan:
    """The loan with its row locked: first thing in every verb that moves its money.

    `also` names what the verb asks of it beside its firm and application.
    """
    found = {"ref": ref_or_pk} if isinstance(ref_or_pk, str) else {"pk": ref_or_pk}
    return Loan.objects.select_for_update(of=("self",)).select_related(*RELATED, *also).get(**found)


def due_for_booking(on: date) -> list[int]:
    """Running loans on which something may be booked by `on`.

    An instalment fell due, something is late, a change begins to count, or a month ended or has just ended.
    """
    running = Loan.objects.running()
    falling = running.filter(
        versions__superseded_on=None,
        versions__instalments__due_on__lte=on,
        versions__instalments__due_on__gt=F("booked_to"),
    )
    late = running.filter(unpaid_since__lt=on, booked_to__lt=on)
    turned = running.filter(booked_to__lt=on if is_month_end(on) else on.replace(day=1))
    changing = running.filter(
        changes__state=LoanChange.State.APPROVED,
        changes__value_on__lte=on,
        changes__value_on__gt=F("booked_to"),
    )
    found: set[int] = set()
    for loans in (falling, late, turned, changing):
        found.update(loans.values_list("pk", flat=True))
    return sorted(found)
