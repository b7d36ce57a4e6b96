"""The verbs that move an application (rules A-7 to A-10). The state is written here and nowhere else.

The firm's own: ``start`` and ``save_step`` (from ``projects.drafts``), ``submit``, ``resubmit``, ``withdraw``,
``request_review``. The staff's: ``return_to_firm``, ``confirm_complete``, ``lapse``, ``commission``. The rest
is called by the committee and the loans when something happened there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit, lifecycle
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.notices import tell
from accounts.permissions import Perm, check_may
from accounts.writing import insert
from fund import capital
from fund.numbers import next_number
from fund.policy import policy_on
from projects import reviews
from projects.drafts import save_step, start
from projects.fields import BY_KEY
from projects.gates import check_may_edit, check_may_submit, check_of_the_fund, link_of, people_to_tell
from projects.lifecycle import APPROVALS, MOVES, State
from projects.models import Application, ApplicationVersion, FieldReturn, KeptText, StateChange
from projects.progress import against, link_confirmed, progress_of
from projects.receipts import issue_receipt
from projects.snapshots import differences, digest, snapshot

__all__ = [
    "begin_evaluation",
    "commission",
    "confirm_complete",
    "lapse",
    "lapse_due",
    "mark_contracted",
    "put_on_agenda",
    "record_decision",
    "record_recommendation",
    "request_review",
    "resubmit",
    "return_to_firm",
    "save_step",
    "start",
    "submit",
    "withdraw",
]


def _lock(application: Application, *, people: bool = False, rows: bool = False) -> Application:
    """The row as it stands now, locked; with the firm's people and all that the file says, if the verb needs them."""
    found = Application.objects.select_for_update(of=("self",))
    found = found.with_people() if people else found.select_related("firm")
    found = found.with_rows().select_related("firm__sector", "firm__state", "product") if rows else found
    return found.get(pk=application.pk)


def _move(
    application: Application,
    to: State,
    *,
    by: User,
    on: date,
    note: str = "",
    reference: str = "",
    **stamps: Any,
) -> None:
    """Move by the table, and keep the step for the timeline and the service times."""
    before = application.state
    lifecycle.move(
        application, to, moves=MOVES, by=by, on=on, note=note, rule="A-8", state_since=on, **stamps
    )
    kept = {"on": on, "by": by, "note": note, "reference": reference}
    insert([StateChange(application=application, before=before, after=to, **kept)])


def _tell_firm(kind: str, application: Application, *, offset: str = "", **facts: Any) -> None:
    """``offset`` tells one occasion from the next; a fact that is callable is said in each one's language."""
    for person in people_to_tell(application):
        with translation.override(person.language):
            said = {name: fact() if callable(fact) else fact for name, fact in facts.items()}
        tell(
            kind,
            to=person,
            about=application.about,
            offset=offset,
            number=application.ref,
            title=application.title,
            url=application.get_absolute_url(),
            **said,
        )


def _freeze(application: Application, number: int, *, by: User, on: date) -> ApplicationVersion:
    frozen = snapshot(application)
    return ApplicationVersion.objects.create(
        application=application,
        number=number,
        snapshot=frozen,
        sha256=digest(frozen),
        submitted_by=by,
        submitted_on=on,
    )


# The firm ---------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, application: Application, by: User, on: date) -> Application:
    """Rule A-7: give the number, freeze the first version, tell the firm. Twice is once (a doubled click)."""
    application = _lock(application, people=True, rows=True)
    check_may_submit(by, application)
    if application.ref is not None:
        return application
    _check_submittable(application, on)
    number = next_number(f"F-{on.year}")
    _move(application, State.SUBMITTED, by=by, on=on, ref=number, submitted_by=by, submitted_on=on)
    version = _freeze(application, 1, by=by, on=on)
    receipt = issue_receipt(version=version, by=by, on=on)
    KeptText.objects.filter(application=application).delete()
    _tell_firm(
        "application-submitted", application, sha256=version.sha256, on=on,
        receipt=reverse("fund:document", args=[receipt.number]),
    )  # fmt: skip
    return application


def _check_submittable(application: Application, on: date) -> None:
    require(
        link_confirmed(application) or application.from_paper,
        "A-1",
        _("The fund has not confirmed yet that you act for this firm. Your draft is safe; we write to you "
          "as soon as it is done, usually within a bank day."),
    )  # fmt: skip
    gaps = progress_of(application)
    if not gaps.complete:
        names = ", ".join(str(gap.text) for found in gaps.gaps.values() for gap in found)
        require(False, "A-7", _("Still missing: %(fields)s.") % {"fields": names})
    for refusal in against(application, on):
        require(False, refusal.rule, str(refusal))


@transaction.atomic
def resubmit(
    *, application: Application, by: User, on: date, answers: dict[str, str] | None = None
) -> Application:
    """Rule A-7: send a returned file again. It goes back to whoever returned it, as a new version."""
    application = _lock(application, people=True, rows=True)
    check_may_submit(by, application)
    if application.state in (State.SUBMITTED, State.EVALUATING):
        return application
    require(application.state == State.RETURNED, "A-8", _("Only a returned application is sent again."))
    _check_submittable(application, on)
    last = application.versions.last()
    flags = list(application.field_returns.filter(answered_on=None))
    changed = {item.field.key for item in differences(last.snapshot if last else {}, snapshot(application))}
    for flag in flags:
        flag.answer = (answers or {}).get(flag.field, "").strip()
        require(
            flag.field in changed or flag.answer,
            "A-7",
            _("“%(field)s” is as it was: change it, or write why it stays.")
            % {"field": BY_KEY[flag.field].label},
            field=flag.field,
        )
        flag.answered_on = on
    FieldReturn.objects.bulk_update(flags, ["answer", "answered_on"])
    back = State(application.returned_from or State.SUBMITTED)
    _move(application, back, by=by, on=on, returned_from="")
    version = _freeze(application, last.number + 1 if last else 1, by=by, on=on)
    receipt = issue_receipt(version=version, by=by, on=on)
    _tell_firm(
        "application-resubmitted", application, offset=str(version.number), version=version.number,
        sha256=version.sha256, on=on, receipt=reverse("fund:document", args=[receipt.number]),
    )  # fmt: skip
    return application


@transaction.atomic
def withdraw(*, application: Application, reason: str = "", by: User, on: date) -> Application:
    """The firm takes its application back, until there is a contract; reserved capital is free again (D-4)."""
    application = _lock(application, people=True)
    if application.state == State.WITHDRAWN:
        return application
    check_may_submit(by, application)
    approved = application.state in APPROVALS
    _move(application, State.WITHDRAWN, by=by, on=on, note=reason)
    if approved:
        capital.release(project=application.ref or "", reason=_("withdrawn"), by=by, on=on)
    return application


@transaction.atomic
def request_review(*, application: Application, facts: str, by: User, on: date) -> Application:
    """Rule A-10: once, within 15 bank days of the rejection, with new facts; another evaluator reads it."""
    application = _lock(application, people=True)
    check_may_submit(by, application)
    require(facts.strip(), "A-10", _("Say what is new since the decision."), field="facts")
    reviews.check_may_ask(application, on)
    _move(application, State.REVIEW_REQUESTED, by=by, on=on, note=facts)
    return application


# The staff --------------------------------------------------------------------------------------


@transaction.atomic
def return_to_firm(
    *, application: Application, returns: Sequence[tuple[str, str]], by: User, on: date
) -> Application:
    """Rule A-7: flag fields, each with its reason; the firm may change those and nothing else."""
    application = _lock(application, people=True)
    if not any(
        by.may(perm) for perm in (Perm.APPLICATION_CHECK, Perm.EVALUATION_WRITE, Perm.EVALUATION_ASSIGN)
    ):
        raise Denied(_("Your roles do not include this."))
    if link_of(by, application.firm):
        raise Denied(_("You act for this firm."))
    require(returns, "A-7", _("Flag at least one field, with the reason."))
    for key, reason in returns:
        if key not in BY_KEY or not BY_KEY[key].editable:
            raise BadInput("field", key, _("“%(key)s” is no field of the application.") % {"key": key})
        require(reason.strip(), "A-7", _("Say for each field what the firm should change."), field=key)
    before = application.state
    _move(application, State.RETURNED, by=by, on=on, returned_from=before)
    number = application.changes.filter(after=State.RETURNED).count()
    FieldReturn.objects.bulk_create(
        FieldReturn(
            application=application,
            round=number,
            field=key,
            reason=reason.strip(),
            returned_by=by,
            returned_on=on,
        )
        for key, reason in returns
    )

    def fields() -> list[dict[str, str]]:
        return [{"label": str(BY_KEY[key].label), "reason": reason} for key, reason in returns]

    _tell_firm("application-returned", application, offset=str(number), fields=fields)
    return application


@transaction.atomic
def confirm_complete(*, application: Application, by: User, on: date, note: str = "") -> Application:
    """The completeness check (A-8): everything that the evaluators need is there and can be read."""
    application = _lock(application, people=True)
    check_may(by, Perm.APPLICATION_CHECK)
    if link_of(by, application.firm):
        raise Denied(_("You act for this firm."))
    _move(application, State.COMPLETE, by=by, on=on, note=note, completed_on=on)
    _tell_firm("application-complete", application, offset=str(application.versions.count()))
    return application


@transaction.atomic
def lapse(*, application: Application, by: User, on: date) -> Application:
    """Rule A-8: an approval without a contract lapses after 90 days, and its capital is free again (D-4)."""
    application = _lock(application, people=True)
    check_of_the_fund(by)
    days = policy_on(on).lapse_days
    waited = (on - application.decided_on).days if application.decided_on else 0
    if application.state in APPROVALS:
        require(
            waited > days,
            "A-8",
            _("It was approved %(waited)d days ago; an approval lapses after %(days)d.")
            % {"waited": waited, "days": days},
        )
    _move(application, State.LAPSED, by=by, on=on)
    capital.release(project=application.ref or "", reason=_("lapsed"), by=by, on=on)
    _tell_firm("application-lapsed", application, days=days)
    return application


def lapse_due(*, by: User, on: date) -> int:
    """Let every approval lapse whose time is over (A-8); a daily task that may run twice. Returns how many."""
    last = on - timedelta(days=policy_on(on).lapse_days)
    due = Application.objects.in_state(*APPROVALS).filter(decided_on__lt=last).order_by("pk")
    for application in due:
        lapse(application=application, by=by, on=on)
    return len(due)


@transaction.atomic
def commission(*, application: Application, commissioned_on: date, by: User, on: date) -> Application:
    """The day on which the measure went into operation: benefits count from it (rule B-3)."""
    application = _lock(application)
    if not by.may(Perm.MEASUREMENT_VERIFY) and not by.is_system:
        check_may_edit(by, application)
    require(
        application.state == State.CONTRACTED, "B-3", _("A measure goes into operation after its contract.")
    )
    if commissioned_on > on:
        raise BadInput("commissioned_on", commissioned_on, _("This day has not come yet."))
    if application.submitted_on and commissioned_on < application.submitted_on:
        raise BadInput("commissioned_on", commissioned_on, _("This is before the application was submitted."))
    before = application.commissioned_on
    application.commissioned_on = commissioned_on
    application.save(update_fields=["commissioned_on"])
    audit.record(
        "application.commissioned", application, by=by, on=on,
        before={"commissioned_on": before}, after={"commissioned_on": commissioned_on},
    )  # fmt: skip
    return application


# What happens in the committee and in the loans --------------------------------------------------


@transaction.atomic
def begin_evaluation(*, application: Application, by: User, on: date) -> Application:
    """Evaluators were assigned (rule E-1); also after a request for review."""
    application = _lock(application)
    check_of_the_fund(by)
    _move(application, State.EVALUATING, by=by, on=on)
    return application


@transaction.atomic
def record_recommendation(
    *, application: Application, recommended: bool, agreement: str, by: User, on: date
) -> Application:
    """The Executive Commission's agreement (E-4), for or against; the committee decides in either case."""
    application = _lock(application)
    check_of_the_fund(by)
    to = State.RECOMMENDED if recommended else State.NOT_RECOMMENDED
    _move(application, to, by=by, on=on, reference=agreement, agreement=agreement)
    return application


@transaction.atomic
def put_on_agenda(*, application: Application, session: str, by: User, on: date) -> Application:
    """On the agenda of a session. An item that waited (no quorum) goes to the next session without a move."""
    application = _lock(application)
    check_of_the_fund(by)
    if application.state == State.ON_AGENDA:
        audit.record(
            "application.agenda", application, by=by, on=on,
            before={"session": application.session}, after={"session": session},
        )  # fmt: skip
        application.session = session
        application.save(update_fields=["session"])
        return application
    _move(application, State.ON_AGENDA, by=by, on=on, reference=session, session=session)
    return application


@transaction.atomic
def record_decision(
    *,
    application: Application,
    outcome: str,
    resolution: str,
    amount: Money | None = None,
    by: User,
    on: date,
) -> Application:
    """What the committee decided (C-6), by its resolution; the committee writes the letter, with its conditions."""
    application = _lock(application)
    check_of_the_fund(by)
    state = State(outcome)
    granted = (amount or application.amount) if state in APPROVALS else None
    if granted is not None and application.amount is not None:
        require(
            granted.currency == application.amount.currency and granted.amount <= application.amount.amount,
            "D-1",
            _("The committee cannot grant more than was asked for."),
        )
    stamps: dict[str, Any] = {"resolution": resolution, "decided_on": on}
    if granted is not None:
        stamps |= {"approved_amount": granted, "approved_amount_currency": str(granted.currency)}
    _move(application, state, by=by, on=on, reference=resolution, **stamps)
    return application


@transaction.atomic
def mark_contracted(*, application: Application, loan: str, by: User, on: date) -> Application:
    """The contract is signed by both sides; ``loan`` is its number (rule D-1)."""
    application = _lock(application)
    check_of_the_fund(by)
    _move(application, State.CONTRACTED, by=by, on=on, reference=loan, loan=loan)
    return application
