"""What a decision sets in motion, in the same transaction: the application's state, the money, the letter.

Other kinds of item belong to apps further down, which find the resolution by its reference (rule C-2).
"""

from collections.abc import Sequence
from datetime import date

from accounts import notices
from accounts.models import User
from committee import conditions as conditions_of
from committee.models import Condition, Resolution
from committee.models.decision import OutcomeChoice
from committee.models.session import ItemKind
from fund import capital
from projects import applications, gates, reviews
from projects.models import Application


def apply(resolution: Resolution, *, conditions: Sequence[Condition], by: User, on: date) -> None:
    """Carry out what this app owns of a decision; `conditions` are those of the approval."""
    if resolution.item.kind == ItemKind.APPLICATION:
        application = Application.objects.only("pk").get(ref=resolution.reference)
        if resolution.body.decides:
            _decide(resolution, application, conditions, by, on)
        elif resolution.outcome != OutcomeChoice.DEFERRED:
            applications.record_recommendation(
                application=application,
                recommended=resolution.outcome == OutcomeChoice.APPROVED,
                agreement=resolution.number,
                by=by,
                on=on,
            )
    elif resolution.item.kind == ItemKind.WAIVER and resolution.outcome == OutcomeChoice.APPROVED:
        _waive(resolution, by, on)


def _decide(
    resolution: Resolution, application: Application, conditions: Sequence[Condition], by: User, on: date
) -> None:
    approved = resolution.outcome == OutcomeChoice.APPROVED
    application = applications.record_decision(
        application=application,
        outcome="approved_with_conditions" if approved and conditions else resolution.outcome,
        resolution=resolution.number,
        amount=resolution.amount,
        by=by,
        on=on,
    )
    if approved and resolution.amount is not None:
        capital.reserve(project=resolution.reference, amount=resolution.amount, by=by, on=on)
    _write_letter(resolution, application, conditions)


def _write_letter(resolution: Resolution, application: Application, conditions: Sequence[Condition]) -> None:
    """The letter of decision, in the language of the firm's contact; a person releases it (rule N-1)."""
    for person in gates.people_to_tell(application):
        notices.tell(
            "decision-letter",
            to=person,
            about=f"committee.resolution:{resolution.number}",
            wait_for_release=True,
            firm=application.firm.legal_name,
            reference=application.ref,
            title=application.title,
            resolution=resolution.number,
            outcome=resolution.outcome,
            decided_on=resolution.decided_on,
            amount=str(resolution.amount.amount) if resolution.amount else "",
            currency=resolution.amount.currency.code if resolution.amount else "",
            grounds=resolution.grounds,
            review_until=_review_until(resolution, application),
            conditions=[condition.to_dict() for condition in conditions],
            path=application.get_absolute_url(),
        )


def _review_until(resolution: Resolution, application: Application) -> date | str:
    """Of a first rejection the last day to ask for a review (rule A-10); else nothing."""
    rejected = resolution.outcome == OutcomeChoice.REJECTED
    return reviews.last_day(resolution.decided_on) if rejected and not reviews.was_asked(application) else ""


def _waive(resolution: Resolution, by: User, on: date) -> None:
    condition = conditions_of.by_ref(resolution.reference)
    if condition is not None:
        conditions_of.waive(condition=condition, resolution=resolution, by=by, on=on)
