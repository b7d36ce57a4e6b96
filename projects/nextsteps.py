"""Where an application is, who must act, what happens next and how long that usually takes (rule A-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.badges import Badge
from fund.calendar import add_bank_days
from fund.policy import DEFAULT, Policy, policy_on
from projects import reviews
from projects.lifecycle import State
from projects.models import Application, StateChange
from projects.service_times import STAGE_OF, Stage, Times, stays

#: States whose words or last day come from the policy.
TIMED = (State.SUBMITTED, State.REJECTED, State.APPROVED, State.APPROVED_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Way:
    """The button with which the firm goes on from its list; ``asked`` if something waits for the firm there."""

    text: str
    asked: bool = False
    to_the_loan: bool = False
    """Else to the application."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """``who`` must act, ``text`` says what happens, ``usual`` how long it takes, ``by`` until which day."""

    who: str
    text: str
    usual: str = ""
    by: date | None = None
    firms_turn: bool = False
    way: Way | None = None


def next_step(application: Application, on: date, *, firm_reads: bool = True) -> NextStep:
    """What the firm reads under its application's state; the staff read the same of the firm."""
    state = State(application.state)
    policy = policy_on(on) if state in TIMED else DEFAULT
    until = _until(application, policy, on)
    who, text = _words()[state] if until or state != State.REJECTED else _no_review()
    if not firm_reads and (until or state != State.REJECTED):
        who, text = _to_the_staff().get(state, (who, text))
    firms_turn = state in (State.DRAFT, State.RETURNED)
    return NextStep(
        who=who,
        text=text % {"days": policy.lapse_days, "review": policy.review_days},
        usual=_usual(state, policy, on),
        by=until,
        firms_turn=firms_turn,
        way=_ways().get(state),
    )


def _ways() -> dict[State, Way]:
    """Where the firm has something to do or to read."""
    return {
        State.DRAFT: Way(_("Go on filling in"), asked=True),
        State.RETURNED: Way(_("See what to change"), asked=True),
        State.REJECTED: Way(_("See the reasons")),
        State.APPROVED_WITH_CONDITIONS: Way(_("See the conditions"), asked=True),
        State.CONTRACTED: Way(_("See the loan"), to_the_loan=True),
    }


def _words() -> dict[State, tuple[str, str]]:
    you, officer, nobody = _("You"), _("The fund's loan officer"), ""
    commission, committee = _("The Executive Commission"), _("The Technical Committee")
    return {
        State.DRAFT: (you, _("Fill in the steps and submit. Nothing is looked at before you do.")),
        State.SUBMITTED: (officer, _("The loan officer checks that everything needed is there and can be read.")),
        State.RETURNED: (you, _("Change what was flagged, or write why it stays, and send it again.")),
        State.COMPLETE: (_("The fund's secretary"), _("Two evaluators, one technical and one financial, are named.")),
        State.EVALUATING: (
            _("Two evaluators"),
            _("They score the application, and the Executive Commission recommends."),
        ),
        State.RECOMMENDED: (_("The fund's secretary"), _("The application is put on the agenda of the Technical "
                                                         "Committee.")),
        State.NOT_RECOMMENDED: (_("The fund's secretary"), _("The Executive Commission advised against it; the "
                                                             "Technical Committee decides.")),
        State.ON_AGENDA: (committee, _("The Technical Committee decides in its session.")),
        State.APPROVED: (
            _("The fund's loan officer, then you"),
            _("The loan officer drafts the contract, and you sign it. Without a contract the approval lapses after "
              "%(days)d days."),
        ),
        State.APPROVED_WITH_CONDITIONS: (
            _("You and the fund's loan officer"),
            _("Meet the conditions of the approval; the contract is drafted meanwhile. Without a contract the "
              "approval lapses after %(days)d days."),
        ),
        State.DEFERRED: (committee, _("The committee takes it up again in a coming session.")),
        State.REJECTED: (you, _("You may ask once for a review, within %(review)d bank days, with new facts.")),
        State.REVIEW_REQUESTED: (commission, _("Another evaluator reads the new facts.")),
        State.CONTRACTED: (nobody, _("There is a contract; the loan has its own page.")),
        State.WITHDRAWN: (nobody, _("You took it back. You may start another one at any time.")),
        State.LAPSED: (nobody, _("The approval lapsed without a contract. You may apply again.")),
    }  # fmt: skip


def _to_the_staff() -> dict[State, tuple[str, str]]:
    """The states in which the firm has something to do, as somebody of the fund reads them."""
    firm, nobody = _("The firm"), ""
    return {
        State.DRAFT: (firm, _("The firm fills in the steps and submits. Nothing is looked at before it does.")),
        State.RETURNED: (
            firm,
            _("The firm changes what was flagged, or writes why it stays, and sends the application again."),
        ),
        State.APPROVED: (
            _("The fund's loan officer, then the firm"),
            _("The loan officer drafts the contract, and the firm signs it. Without a contract the approval lapses "
              "after %(days)d days."),
        ),
        State.APPROVED_WITH_CONDITIONS: (
            _("The firm and the fund's loan officer"),
            _("The firm meets the conditions of the approval; the contract is drafted meanwhile. Without a contract "
              "the approval lapses after %(days)d days."),
        ),
        State.REJECTED: (nobody, _("The firm may ask once for a review, within %(review)d bank days, with new facts.")),
        State.WITHDRAWN: (nobody, _("The firm took it back.")),
        State.LAPSED: (nobody, _("The approval lapsed without a contract.")),
    }  # fmt: skip


def _no_review() -> tuple[str, str]:
    """Of a rejection after its review, or after the days in which one could be asked for (rule A-10)."""
    return "", _("The decision stands. You may apply again with another project, or with a better file.")


def _usual(state: State, policy: Policy, on: date) -> str:
    """From the record where there are enough cases; the rule's own term for the completeness check."""
    median = usual_days(state, on)
    if median == 0:
        return _("Usually the same day")
    if median is not None:
        return ngettext("Usually %(n)d day", "Usually %(n)d days", median) % {"n": median}
    if state == State.SUBMITTED:
        days = policy.completeness_days
        return ngettext("Within %(n)d bank day", "Within %(n)d bank days", days) % {"n": days}
    return ""


def _until(application: Application, policy: Policy, on: date) -> date | None:
    if application.state == State.SUBMITTED:
        return add_bank_days(application.state_since, policy.completeness_days)
    if application.state == State.REJECTED:
        return reviews.open_until(application, on)
    if application.state in (State.APPROVED, State.APPROVED_WITH_CONDITIONS) and application.decided_on:
        return application.decided_on + timedelta(days=policy.lapse_days)
    return None


def usual_days(state: State, on: date) -> int | None:
    """What the page of service times says of this step; None where it says nothing, or the firm has the pen."""
    stage = STAGE_OF.get(state)
    if stage is None or stage is Stage.FIRM:
        return None
    return stays(on).get(stage, Times()).median


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    on: date
    who: str
    title: str
    text: str
    badge: Badge
    url: str = ""
    """The frozen version that the firm handed in with it (rule A-7), called ``link``."""
    link: str = ""


def timeline(application: Application, *, names: bool) -> list[Event]:
    """The states with their dates, newest first. The firm reads who acted for the fund by duty, not by name."""
    events, version = [], 0
    for change in application.changes.select_related("by").order_by("pk"):
        hands_in = _hands_in(change)
        version += hands_in
        events.append(_event(change, names, application, version if hands_in else 0))
    return events[::-1]


def _hands_in(change: StateChange) -> bool:
    """Whether the firm sent a version with it: the first, or after a return."""
    again = change.before == State.RETURNED and change.after in (State.SUBMITTED, State.EVALUATING)
    return again or (change.before == State.DRAFT and change.after == State.SUBMITTED)


def _event(change: StateChange, names: bool, application: Application, version: int) -> Event:
    text = " · ".join(part for part in (change.reference, change.note) if part)
    who = str(change.by) if names else ""
    badge = State(change.after).badge
    if not version:
        return Event(change.on, who, _title(change), text, badge)
    url = reverse("projects:application-version", args=[application.uid, version])
    return Event(change.on, who, _title(change), text, badge, url, _("Version %(n)d") % {"n": version})


def _title(change: StateChange) -> str:
    """What happened, as a sentence beside the state that it led to."""
    if change.before == State.RETURNED and _hands_in(change):
        return _("The firm answered and sent it again")
    return _happened()[State(change.after)]


def _happened() -> dict[State, str]:
    return {
        State.DRAFT: _("The draft was begun"),
        State.SUBMITTED: _("The firm submitted it"),
        State.RETURNED: _("The fund asked for changes"),
        State.COMPLETE: _("Everything needed is there"),
        State.EVALUATING: _("Two evaluators were named"),
        State.RECOMMENDED: _("The Executive Commission advised to approve"),
        State.NOT_RECOMMENDED: _("The Executive Commission advised against it"),
        State.ON_AGENDA: _("It was put on the agenda of a session"),
        State.APPROVED: _("The Technical Committee approved it"),
        State.APPROVED_WITH_CONDITIONS: _("The Technical Committee approved it with conditions"),
        State.DEFERRED: _("The Technical Committee put off its decision"),
        State.REJECTED: _("The Technical Committee did not approve it"),
        State.REVIEW_REQUESTED: _("The firm asked for a review"),
        State.CONTRACTED: _("The contract was signed by both sides"),
        State.WITHDRAWN: _("The firm took it back"),
        State.LAPSED: _("No contract in time: the approval lapsed"),
    }
