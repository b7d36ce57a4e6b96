"""A firm hands in what ends a condition; the fund takes it or says what is missing (rules C-10, D-2)."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts import audit, files
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.notices import tell
from accounts.registries import DateItem
from committee import conditions
from committee.models import Condition, ConditionProof
from committee.models.decision import ConditionOwner, ConditionState
from projects.gates import application_for, check_may_edit, link_of, people_to_tell
from projects.models import Application

State = ConditionProof.State


def application_of(condition: Condition) -> Application:
    """The application that the condition belongs to; Http404 where it is of another matter."""
    found = (
        Application.objects.select_related("firm")
        .prefetch_related("firm__members")
        .filter(ref=condition.resolution.reference)
        .first()
    )
    if found is None:
        raise Http404
    return found


def condition_for(user: User, ref: str) -> Condition:
    """A condition of an application that the person may read; anybody else gets 404 (rule X-2)."""
    condition = conditions.by_ref(ref)
    if condition is None:
        raise Http404
    application_for(user, application_of(condition).uid)
    return condition


def check_may_hand_in(user: User, condition: Condition) -> None:
    """Raise Denied unless the person acts for the firm, and the condition is the firm's to meet."""
    application = application_of(condition)
    if link_of(user, application.firm) is None:
        raise Denied(_("Only the firm hands in its proofs."))
    check_may_edit(user, application)
    if condition.owner != ConditionOwner.FIRM:
        raise Denied(_("This condition is the fund's own to meet."))


@transaction.atomic
def hand_in(
    *, condition: Condition, note: str, upload: UploadedFile | None, by: User, on: date
) -> ConditionProof:
    """The firm's proof: a paper, or a sentence that says where to look. One waits at a time."""
    check_may_hand_in(by, condition)
    condition = conditions.lock(condition)
    require(condition.state == ConditionState.OPEN, "C-10", _("This condition is not open any more."))
    waits = condition.proofs.filter(state=State.SENT).exists()
    require(not waits, "C-10", _("The proof you sent is being looked at."))
    if upload is None and not note.strip():
        raise BadInput("note", note, _("Attach the paper, or say where it can be seen."))
    application = application_of(condition)
    stored = files.store(upload, about=application.about, by=by, on=on, field="file") if upload else None
    proof = ConditionProof.objects.create(
        condition=condition, note=note.strip(), file=stored, sent_by=by, sent_on=on
    )
    audit.record("condition.proof_sent", condition, by=by, on=on, after={"file": str(stored or "")})
    return proof


@transaction.atomic
def take(*, proof: ConditionProof, by: User, on: date, note: str = "") -> Condition:
    """Somebody of the fund saw the proof, and the condition is met by it."""
    proof = _lock(proof)
    _check_seen_by(by, proof)
    condition = conditions.meet(
        condition=proof.condition, proof=note.strip() or proof.note, file=proof.file, by=by, on=on
    )
    _stamp(proof, State.TAKEN, by=by, on=on)
    _tell_firm("condition-met", condition, proof)
    return condition


@transaction.atomic
def refuse(*, proof: ConditionProof, reason: str, by: User, on: date) -> ConditionProof:
    """The proof does not end the condition; the firm reads why, and may send another."""
    proof = _lock(proof)
    _check_seen_by(by, proof)
    if not reason.strip():
        raise BadInput("reason", reason, _("Say what is missing: the firm reads it."))
    _stamp(proof, State.REFUSED, by=by, on=on, reason=reason.strip())
    audit.record("condition.proof_refused", proof.condition, by=by, on=on, note=reason)
    _tell_firm("condition-proof-refused", proof.condition, proof)
    return proof


def _lock(proof: ConditionProof) -> ConditionProof:
    return (
        ConditionProof.objects.select_for_update(of=("self",))
        .select_related("condition__resolution__item", "file")
        .get(pk=proof.pk)
    )


def _check_seen_by(by: User, proof: ConditionProof) -> None:
    if not any(by.may(perm) for perm in conditions.SETTLERS):
        raise Denied(_("The fund's staff see the proof of a condition."))
    if link_of(by, application_of(proof.condition).firm) is not None:
        raise Denied(_("You act for this firm."))
    require(proof.state == State.SENT, "C-10", _("This proof has been looked at already."))


def _stamp(proof: ConditionProof, state: str, *, by: User, on: date, reason: str = "") -> None:
    proof.state, proof.seen_by, proof.seen_on, proof.reason = state, by, on, reason
    proof.save(update_fields=["state", "seen_by", "seen_on", "reason"])


def _tell_firm(kind: str, condition: Condition, proof: ConditionProof) -> None:
    application = application_of(condition)
    for person in people_to_tell(application):
        tell(
            kind, to=person, about=application.about, offset=f"{condition.ref}-{proof.pk}",
            number=application.ref, title=application.title, condition=condition.text,
            reason=proof.reason, due_on=condition.due_on, url=application.get_absolute_url(),
        )  # fmt: skip


def waiting(user: User) -> QuerySet[ConditionProof]:
    """Proofs that somebody of the fund has to look at, the oldest first."""
    found = ConditionProof.objects.filter(state=State.SENT)
    return found.select_related("condition__resolution").order_by("sent_on", "pk")


def dates_of(user: User) -> list[DateItem]:
    """The conditions that this person's firms still have to meet, for the calendar (rule N-3)."""
    if user.is_staff_member:
        return []
    mine = {row.ref: row for row in Application.objects.visible_to(user).exclude(resolution="")}
    if not mine:
        return []
    open_ones = Condition.objects.filter(
        state=ConditionState.OPEN,
        owner=ConditionOwner.FIRM,
        resolution__number__in=[row.resolution for row in mine.values()],
    ).select_related("resolution__item")
    title = _("Condition of %(application)s: %(text)s")
    return [
        DateItem(
            row.due_on,
            title % {"application": row.resolution.reference, "text": row.text},
            mine[row.resolution.reference].get_absolute_url(),
        )
        for row in open_ones
        if row.resolution.reference in mine
    ]
