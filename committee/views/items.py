"""One item of a session: its paper, recusals, vote and result (rules C-3 to C-5, C-8)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from djmoney.money import Money

from accounts.clock import today
from accounts.errors import Denied, Refusal
from accounts.forms import attempt
from accounts.models import User
from accounts.permissions import Perm, SignedRequest, allow, signed_in
from committee import decisions, declarations, gates, money, sessions
from committee.forms import CloseForm, ConditionFormSet, DeclareForm, InterestForm, ReasonForm
from committee.models import AgendaItem, Seat
from committee.models.decision import VoteChoice
from committee.models.session import ItemKind
from committee.seating import ItemTable


@signed_in
def item(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """What is decided, whether it may be voted on now, with which money, who voted what, the result."""
    return _page(request, gates.item_table_for(request.user, code, position))


def _page(request: SignedRequest, table: ItemTable, **forms: Any) -> HttpResponse:
    context, found = context_of(request.user, table), table.item
    if context["owes_declaration"]:
        context["declare_form"] = _declare_form(found, yearly=context["owes_year"])
    if context["runs"] and found.state == "voting":
        context["close_form"] = CloseForm(item=found)
        context["conditions"] = ConditionFormSet(prefix="c", initial=_proposed(found))
    status = 403 if context["recused"] else 200  # rule C-5, with the sentence on the page
    return render(request, "committee/item.html", context | forms, status=status)


def context_of(user: User, table: ItemTable) -> dict[str, Any]:
    found = table.item
    recused = user.pk in table.recused
    roll = table.roll(user.pk)
    mine = next((row for row in roll if row.mine), None)
    owes = table.owes_declaration(user.pk) and not recused
    return {
        "item": found,
        "session": found.session,
        "table": table,
        "quorum": table.quorum,
        "majority": table.table.rules.majority(found.kind) if not found.deferred_before else "two_thirds",
        "roll": roll,
        "recusals": table.recusals(),
        "recused": recused,
        "my_row": mine,
        "sits": table.table.seats_person(user.pk),
        "owes_declaration": owes and found.is_open,
        "owes_year": not table.has_declared_year(user.pk),
        "paper": None if recused or owes else found.paper,
        "tally": table.tally() if found.state == "voting" else None,
        "runs": user.may(Perm.SESSION_RUN),
        "votes": VoteChoice,
        "purse": money.of_item(found, today()) if found.session.body.decides and found.is_open else None,
        "resolution": getattr(found, "resolution", None),
    }


def _proposed(found: AgendaItem) -> list[dict[str, Any]]:
    """The conditions that the commission's agreement proposed, as a start for the committee's (rule E-4)."""
    agreement = (found.paper or {}).get("agreement") or {}
    proposed: list[dict[str, Any]] = (agreement.get("terms") or {}).get("conditions", [])
    return proposed


@signed_in
def live(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """Quorum, roll and count now."""
    table = gates.item_table_for(request.user, code, position)
    declarations.check_not_recused(request.user, table.item.matter)
    return render(request, "committee/_roll.html", context_of(request.user, table))


def _declare_form(found: AgendaItem, *data: Any, yearly: bool) -> DeclareForm:
    return DeclareForm(*data, yearly=yearly, of_firm=ItemKind(found.kind).is_of_firm)


@signed_in
@require_POST
def declare(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """The declaration of the case, and of the year if it is due, before the paper opens (rule C-5)."""
    found = gates.item_for(request.user, code, position)
    owes_year = not declarations.has_declared_year(request.user, found.session.held_on.year)
    form = _declare_form(found, request.POST, yearly=owes_year)
    if form.is_valid():
        data = form.cleaned_data
        who: dict[str, Any] = {"by": request.user, "on": today()}
        if owes_year:
            declarations.declare_year(interests=data["interests"], **who)
        if data["conflict"]:
            done: Any = attempt(
                form,
                lambda: decisions.declare_interest(
                    item=found, reason_class=data["reason_class"], statement=data["reason"], **who
                ),
            )
        else:
            done = attempt(
                form, lambda: declarations.declare_case(matter=found.matter, conflict=False, **who)
            )
        if done:
            return redirect(found)
    return _page(request, ItemTable(found), declare_form=form)


@signed_in
def step_back(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """Declare an interest that came to light later; the secretary may record it for a member."""
    found = gates.item_for(request.user, code, position)
    person = request.user
    if pk := request.GET.get("person") or request.POST.get("person"):
        person = get_object_or_404(User, pk=pk if str(pk).isdecimal() else 0)
    form = InterestForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: decisions.declare_interest(
                item=found,
                reason_class=form.cleaned_data["reason_class"],
                statement=form.cleaned_data["reason"],
                person=person,
                by=request.user,
                on=today(),
            ),
        )
        is not None
    ):
        return redirect(found)
    context = {
        "title": _("Step back from item %(position)s") % {"position": found.position},
        "facts": [(_("Who"), str(person)), (_("Item"), found.title)],
        "warning": _("The paper and the vote on this case close for good. The minutes name the class only."),
        "form": form,
        "submit": _("Step back"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


def _answer(request: SignedRequest, found: AgendaItem, verb: Any) -> HttpResponse:
    """Run a one-button verb; a refusal is said on the page."""
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    except Denied as denied:
        messages.error(request, str(denied))
    if request.htmx:  # type: ignore[attr-defined]
        table = gates.item_table_for(request.user, found.session.code, found.position)
        return render(request, "committee/_roll.html", context_of(request.user, table))
    return redirect(f"{found.get_absolute_url()}#vote")


@allow(Perm.SESSION_RUN)
@require_POST
def open_vote(request: SignedRequest, code: str, position: int) -> HttpResponse:
    found = gates.item_for(request.user, code, position)
    return _plain(request, found, lambda: decisions.open_vote(item=found, by=request.user, on=today()))


def _plain(request: SignedRequest, found: AgendaItem, verb: Any) -> HttpResponse:
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{found.get_absolute_url()}#vote")


@signed_in
@require_POST
def vote(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """A member's own vote."""
    found = gates.item_for(request.user, code, position)
    declarations.check_not_recused(request.user, found.matter)
    value = request.POST.get("vote", "")
    return _answer(
        request, found, lambda: decisions.cast_vote(item=found, vote=value, by=request.user, on=today())
    )


@allow(Perm.SESSION_RUN)
@require_POST
def roll_call(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """The secretary writes down what a seat said, or one vote for all who have not voted yet."""
    found = gates.item_for(request.user, code, position)
    value, seat = request.POST.get("vote", ""), request.POST.get("seat", "")
    votes = (
        value if seat == "all" else {get_object_or_404(Seat, pk=seat if seat.isdecimal() else 0).pk: value}
    )
    return _answer(
        request,
        found,
        lambda: decisions.record_roll_call(item=found, votes=votes, by=request.user, on=today()),
    )


@allow(Perm.SESSION_RUN)
@require_POST
def close(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """Count and freeze: the resolution."""
    found = gates.item_for(request.user, code, position)
    form = CloseForm(request.POST, item=found)
    rows = ConditionFormSet(request.POST, prefix="c")
    if form.is_valid() and rows.is_valid():
        amount = form.amount_of()
        drafts = [draft for row in rows if (draft := row.drafted())]
        resolution = attempt(
            form,
            lambda: decisions.close_item(
                item=found,
                amount=Money(amount, found.amount.currency) if amount is not None and found.amount else None,
                conditions=drafts,
                grounds=form.cleaned_data["grounds"],
                by=request.user,
                on=today(),
            ),
        )
        if resolution:
            messages.success(request, _("%(number)s is on record.") % {"number": resolution.number})
            return redirect(resolution)
    return _page(request, ItemTable(found), close_form=form, conditions=rows)


@allow(Perm.SESSION_RUN)
def put_off(request: SignedRequest, code: str, position: int) -> HttpResponse:
    """Off this agenda: withdrawn before the session, put off during it."""
    found = gates.item_for(request.user, code, position)
    form = ReasonForm(request.POST or None)
    verb = sessions.put_off if found.session.is_open else sessions.withdraw_item
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: verb(item=found, reason=form.cleaned_data["reason"], by=request.user, on=today()),
        )
        is not None
    ):
        return redirect(found.session)
    context = {
        "title": _("Put item %(position)s off") % {"position": found.position}
        if found.session.is_open
        else _("Take item %(position)s off the agenda") % {"position": found.position},
        "facts": [(_("Item"), found.title), (_("Reference"), found.reference)],
        "form": form,
        "submit": _("Put it off") if found.session.is_open else _("Take off"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", context)
