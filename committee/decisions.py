"""Interest, vote, result: what happens to one item while the session is open (rules C-3 to C-5, C-8, C-9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit
from accounts.errors import BadInput, Denied, RuleBroken, require
from accounts.gathering import gathered
from accounts.lifecycle import move
from accounts.models import AuditEvent, User
from accounts.permissions import Perm, check_may
from committee import conditions as conditions_of
from committee import declarations, outcomes, papers, voting
from committee.lifecycle import ITEM_MOVES
from committee.models import AgendaItem, Ballot, Declaration, Resolution, Seat
from committee.models.decision import VoteChoice
from committee.models.session import ItemState
from committee.seating import Here, ItemTable, Place
from fund.numbers import next_number


def lock(item: AgendaItem) -> AgendaItem:
    """The item, locked: votes, recusals and the close of one item come one after the other."""
    return AgendaItem.objects.select_for_update(of=("self",)).select_related("session__body").get(pk=item.pk)


def resolution_for(reference: str) -> Resolution | None:
    """The resolution by which the deciding body approved the matter, if it did and it stands (rule C-6)."""
    return (
        Resolution.objects.approving(reference)
        .select_related("item", "session", "body")
        .order_by("-decided_on", "-pk")
        .first()
    )


@transaction.atomic
def declare_interest(
    *,
    item: AgendaItem,
    reason_class: str,
    by: User,
    on: date,
    statement: str = "",
    person: User | None = None,
) -> Declaration:
    """Step back from an item (rule C-5): no paper, no note, no vote; the minute says who and the class.

    The member does it; in the session the secretary may record it for `person`. A vote given before goes.
    """
    person = person or by
    if person != by:
        check_may(by, Perm.SESSION_RUN)
    item = lock(item)
    require(item.is_open, "C-5", _("The item is closed; its record does not change any more."))
    if not ItemTable(item).table.seats_person(person.pk):
        raise Denied(_("Only members of the body declare an interest in its items."))
    declaration = declarations.declare_case(
        matter=item.matter,
        conflict=True,
        reason_class=reason_class,
        statement=statement,
        by=person,
        on=on,
        recorded_by=by,
    )
    declarations.withdraw_ballots(person=person, item=item, by=by, on=on)
    return declaration


@transaction.atomic
def open_vote(*, item: AgendaItem, by: User, on: date) -> AgendaItem:
    """Put the item to the vote; refused without quorum, counted now (rule C-3)."""
    check_may(by, Perm.SESSION_RUN)
    item = lock(item)
    require(item.session.is_open, "C-2", _("A vote is taken in an open session."))
    quorum = check_quorum(ItemTable(item))
    move(item, ItemState.VOTING, moves=ITEM_MOVES, by=by, on=on, rule="C-4", quorum=quorum.to_dict())
    return item


def check_quorum(table: ItemTable) -> voting.Quorum:
    """Raise RuleBroken C-3, with the figures, unless a vote may be taken now."""
    quorum = table.quorum
    require(
        quorum.present >= quorum.needed,
        "C-3",
        _("No quorum: %(present)s of the %(counted)s seats that count are present, %(needed)s are needed.")
        % {"present": quorum.present, "counted": quorum.counted, "needed": quorum.needed},
    )
    require(
        quorum.presiding >= quorum.presiding_needed,
        "C-3",
        _("No quorum: %(present)s of the presiding seats present, %(needed)s needed.")
        % {"present": quorum.presiding, "needed": quorum.presiding_needed},
    )
    return quorum


@transaction.atomic
def cast_vote(*, item: AgendaItem, vote: str, by: User, on: date) -> Ballot:
    """A member present votes for the own seat (rule C-4). Until the item is closed the vote may change."""
    check_may(by, Perm.VOTE)
    item = lock(item)
    table = ItemTable(item)
    _check_voting(item)
    if by.pk in table.recused:
        require(False, "C-5", _("You declared an interest in this item and do not vote on it."))
    place, out = table.table.place_of(by.pk, table.recused), {str(pk) for pk in table.recused}
    if place is None:
        raise Denied(_("Only members who are present vote, each for the own seat."))
    (ballot,) = _cast(item, [_spoken(place, out, vote)], by, on, by_roll_call=False)
    return ballot


def record_vote(*, item: AgendaItem, seat: Seat, vote: str, by: User, on: date) -> Ballot:
    """The secretary writes down what a seat said in a roll call; the ballot is marked so (rule C-4)."""
    (ballot,) = record_roll_call(item=item, votes={seat.pk: vote}, by=by, on=on)
    return ballot


@transaction.atomic
def record_roll_call(*, item: AgendaItem, votes: Mapping[int, str] | str, by: User, on: date) -> list[Ballot]:
    """The same for several seats, by key of the seat; or one vote for all who are present and have not voted.

    Seats that may not vote on the item (rules C-1, C-3, C-5) are refused by name, or left out of “all”.
    """
    check_may(by, Perm.SESSION_RUN)
    item = lock(item)
    table = ItemTable(item)
    _check_voting(item)
    if isinstance(votes, str):
        votes = {row.place.seat.pk: votes for row in table.roll() if row.may_vote and not row.ballot}
    out = {str(pk) for pk in table.recused}
    spoken = [_spoken(table.table.place_of_key(seat), out, vote) for seat, vote in votes.items()]
    return _cast(item, spoken, by, on, by_roll_call=True)


def _spoken(place: Place | None, out: set[str], vote: str) -> tuple[Place, Here, str]:
    """The place with the person who speaks for it; refused if nobody does."""
    if place is None:
        raise RuleBroken("C-1", _("This seat does not belong to the body."))
    row = place.noted_of(place.chair.acting(out))
    if row is None:
        rule = "C-5" if place.chair.is_recused(out) else "C-3"
        message = _("Nobody who may vote for this seat is present: %(seat)s.")
        raise RuleBroken(rule, message % {"seat": place.seat})
    return place, row, vote


def _check_voting(item: AgendaItem) -> None:
    require(item.session.is_open, "C-2", _("A vote is taken in an open session."))
    require(
        item.state != ItemState.DECIDED,
        "C-8",
        _("The vote on this item is closed and does not change any more."),
    )
    require(item.state == ItemState.VOTING, "C-4", _("The vote on this item is not open."))


def _cast(
    item: AgendaItem, spoken: Sequence[tuple[Place, Here, str]], by: User, on: date, *, by_roll_call: bool
) -> list[Ballot]:
    for place, person, vote in spoken:
        _check_ballot(place, person, vote, by_roll_call=by_roll_call)
    ballots = Ballot.objects.bulk_create(
        [
            Ballot(
                item=item,
                seat=place.seat,
                person_id=person.person_id,
                vote=vote,
                by_roll_call=by_roll_call,
                recorded_by=by,
                cast_on=on,
            )
            for place, person, vote in spoken
        ],
        update_conflicts=True,
        unique_fields=["item", "seat"],
        update_fields=["person", "vote", "by_roll_call", "recorded_by", "cast_on", "cast_at"],
    )
    with gathered(AuditEvent):
        for ballot, (place, person, vote) in zip(ballots, spoken, strict=True):
            before = place.ballot
            old = {"vote": before.vote, "person": before.email} if before else {}
            if old != {"vote": vote, "person": person.email}:
                after = {"vote": vote, "person": person.email, "roll_call": by_roll_call}
                audit.record("ballot.cast", ballot, by=by, on=on, before=old, after=after)
    return ballots


def _check_ballot(place: Place, person: Here, vote: str, *, by_roll_call: bool) -> None:
    if vote not in VoteChoice.values:
        raise BadInput("vote", vote, _("Vote for, against, or abstain."))
    require(place.seat.votes, "C-1", _("This seat has a voice, not a vote."))
    before = place.ballot
    require(
        before is None or before.person_id == person.person_id or by_roll_call,
        "C-4",
        _("One seat, one vote: %(person)s has voted for this seat.")
        % {"person": before and (before.name or before.email)},
    )


@transaction.atomic
def close_item(
    *,
    item: AgendaItem,
    by: User,
    on: date,
    amount: Money | None = None,
    conditions: Sequence[conditions_of.NewCondition] = (),
    terms: dict[str, Any] | None = None,
    grounds: str = "",
) -> Resolution:
    """Count the vote and freeze it as a numbered resolution, with all it was taken under (rules C-8, C-9).

    `amount` (default: what was asked for) and `conditions` belong to an approval and are dropped otherwise;
    `grounds` are what the firm reads, and a rejection of its application has some (rule A-10 asks for new facts).
    The matter's own app acts on the outcome in the same transaction. Closing twice gives the one resolution.
    """
    check_may(by, Perm.SESSION_RUN)
    item = lock(item)
    if item.state == ItemState.DECIDED:
        return Resolution.objects.select_related("item", "body").get(item=item)
    _check_voting(item)
    table = ItemTable(item)
    quorum = check_quorum(table)
    tally = table.tally()
    require(
        tally.outcome is not voting.Outcome.UNDECIDED,
        "C-4",
        _("No vote was cast, so nothing is decided: vote, or put the item off."),
    )
    approved = tally.outcome is voting.Outcome.APPROVED
    _check_grounds(item, tally, grounds)
    amount = _amount(item, amount) if approved else None
    drafts = conditions_of.checked(conditions, on=on) if approved else []
    move(item, ItemState.DECIDED, moves=ITEM_MOVES, by=by, on=on, rule="C-8", quorum=quorum.to_dict())
    resolution = _freeze(
        item, table, tally, quorum, amount, terms or {}, drafts, by, on, grounds=grounds.strip()
    )
    attached = conditions_of.attach(resolution, drafts) if item.session.body.decides else []
    outcomes.apply(resolution, conditions=attached, by=by, on=on)
    return resolution


def _check_grounds(item: AgendaItem, tally: voting.Tally, grounds: str) -> None:
    """Whoever is turned down reads why: without the reasons nobody knows which new facts would count."""
    rejected = tally.outcome is voting.Outcome.REJECTED
    if rejected and item.kind == "application" and item.session.body.decides and not grounds.strip():
        raise BadInput("grounds", grounds, _("Say why it was not approved: the firm reads it in its letter."))


def _freeze(
    item: AgendaItem,
    table: ItemTable,
    tally: voting.Tally,
    quorum: voting.Quorum,
    amount: Money | None,
    terms: dict[str, Any],
    drafts: Sequence[conditions_of.NewCondition],
    by: User,
    on: date,
    *,
    grounds: str,
) -> Resolution:
    session, body = item.session, item.session.body
    proposed = [draft.to_dict() for draft in drafts]
    resolution = Resolution.objects.create(
        number=next_number(f"{session.code}-{body.letter}", width=2),
        body=body,
        session=session,
        item=item,
        outcome=tally.outcome.value,
        decided_on=on,
        amount=amount,
        terms=papers.plain(terms | ({"conditions": proposed} if proposed else {})),
        tally=tally.to_dict(),
        quorum=quorum.to_dict(),
        presence=table.presence(),
        recusals=table.recusals(),
        file_version=item.version,
        paper_hash=item.paper_hash,
        rules=table.table.rules.to_dict(),
        grounds=grounds,
        closed_by=by,
    )
    audit.record(
        "resolution.passed",
        resolution,
        by=by,
        on=on,
        after={"outcome": resolution.outcome, "tally": resolution.tally, "amount": amount},
    )
    return resolution


def _amount(item: AgendaItem, amount: Money | None) -> Money | None:
    """What is approved: at most what was asked for, in its currency (rule D-1 builds on it)."""
    if amount is None or item.amount is None:
        return amount if amount is not None else item.amount
    if amount.currency != item.amount.currency:
        raise BadInput(
            "amount", amount, _("The amount is in %(currency)s.") % {"currency": item.amount.currency}
        )
    if not Decimal(0) < amount.amount <= item.amount.amount:
        raise BadInput(
            "amount",
            amount,
            _("Approve more than zero and at most the %(asked)s that were asked for.")
            % {"asked": item.amount},
        )
    return amount


@transaction.atomic
def withdraw_resolution(*, resolution: Resolution, reason: str, by: User, on: date) -> Resolution:
    """Mark a resolution of a matter other than an application as withdrawn; its number stays visible (C-9).

    An application's resolution has moved money and states already: it ends by lapse or withdrawal (A-8).
    """
    check_may(by, Perm.SESSION_RUN)
    resolution = (
        Resolution.objects.select_for_update(of=("self",)).select_related("item").get(pk=resolution.pk)
    )
    require(resolution.withdrawn_on is None, "C-9", _("This resolution is withdrawn already."))
    require(
        resolution.item.kind != "application",
        "A-8",
        _(
            "The decision on an application ends by lapse, withdrawal or review, not by withdrawing its number."
        ),
    )
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why it is withdrawn."))
    resolution.withdrawn_on, resolution.withdrawn_by = on, by
    resolution.withdrawn_reason = reason.strip()
    resolution.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_reason"])
    audit.record("resolution.withdrawn", resolution, by=by, on=on, note=reason.strip())
    return resolution
