"""Conditions of an approval: precedent, during, after; owner, due date, proof; met or waived (rule C-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import BadInput, Denied, require
from accounts.lifecycle import move
from accounts.models import StoredFile, User
from accounts.permissions import Perm
from committee.lifecycle import CONDITION_MOVES
from committee.models import Condition, Resolution
from committee.models.decision import ConditionKind, ConditionOwner, ConditionState
from committee.models.session import ItemKind

SETTLERS = (Perm.APPLICATION_CHECK, Perm.CONTRACT_DRAFT, Perm.MEASUREMENT_VERIFY, Perm.SESSION_RUN)


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition as it is put to the vote."""

    text: str
    due_on: date
    proof: str
    kind: str = ConditionKind.PRECEDENT
    owner: str = ConditionOwner.FIRM

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def checked(drafts: Sequence[NewCondition], *, on: date) -> list[NewCondition]:
    """Rule C-10: each names what, whose, by when and by which proof."""
    for draft in drafts:
        if not draft.text.strip():
            raise BadInput("text", draft.text, _("Say what the condition asks for."))
        if draft.kind not in ConditionKind.values or draft.owner not in ConditionOwner.values:
            raise BadInput("kind", draft.kind, _("Choose when the condition works and whose it is."))
        if draft.due_on < on:
            raise BadInput(
                "due_on", draft.due_on, _("A condition falls due after the decision, not before it.")
            )
        if not draft.proof.strip():
            raise BadInput("proof", draft.proof, _("Say which proof ends the condition."))
    return list(drafts)


def attach(resolution: Resolution, drafts: Iterable[NewCondition]) -> list[Condition]:
    """Write the conditions of a resolution just passed, numbered CT-2026-02-R05-C1."""
    return Condition.objects.bulk_create(
        Condition(
            resolution=resolution,
            number=number,
            kind=draft.kind,
            text=draft.text.strip(),
            owner=draft.owner,
            due_on=draft.due_on,
            proof=draft.proof.strip(),
        )
        for number, draft in enumerate(drafts, 1)
    )


def of_reference(reference: str) -> QuerySet[Condition]:
    """All conditions of the standing approval of a matter."""
    return Condition.objects.filter(resolution__in=Resolution.objects.approving(reference)).select_related(
        "resolution"
    )


def open_precedents(reference: str) -> QuerySet[Condition]:
    """Conditions that still block money (rules C-10, D-2)."""
    return of_reference(reference).filter(kind=ConditionKind.PRECEDENT, state=ConditionState.OPEN)


@transaction.atomic
def meet(
    *, condition: Condition, proof: str, by: User, on: date, file: StoredFile | None = None
) -> Condition:
    """End a condition by its proof: a person of the fund saw it and says what it was (rule C-10)."""
    if not any(by.may(perm) for perm in SETTLERS):
        raise Denied(_("The fund's staff see the proof of a condition."))
    condition = lock(condition)
    if not proof.strip() and file is None:
        raise BadInput("proof", proof, _("Say what proves it, or attach the paper."))
    move(
        condition,
        ConditionState.MET,
        moves=CONDITION_MOVES,
        by=by,
        on=on,
        rule="C-10",
        settled_on=on,
        settled_by=by,
        proof_given=proof.strip(),
        proof_file=file,
    )
    return condition


@transaction.atomic
def waive(*, condition: Condition, resolution: Resolution, by: User, on: date) -> Condition:
    """Let a condition go by a resolution of the body that set it, on just this condition (rule C-10)."""
    condition = lock(condition)
    require(
        resolution.body_id == condition.resolution.body_id
        and resolution.outcome == "approved"
        and resolution.withdrawn_on is None
        and resolution.item.kind == ItemKind.WAIVER
        and resolution.item.reference == condition.ref,
        "C-10",
        _("Only the body that set a condition waives it, by a resolution on that condition."),
    )
    move(
        condition,
        ConditionState.WAIVED,
        moves=CONDITION_MOVES,
        by=by,
        on=on,
        rule="C-10",
        settled_on=on,
        settled_by=by,
        waived_by=resolution,
    )
    return condition


def by_ref(ref: str) -> Condition | None:
    """The condition named CT-2026-02-R05-C1."""
    number, _joint, position = ref.rpartition("-C")
    if not position.isdecimal():
        return None
    found = Condition.objects.filter(resolution__number=number, number=int(position))
    return found.select_related("resolution").first()


def lock(condition: Condition) -> Condition:
    return (
        Condition.objects.select_for_update(of=("self",))
        .select_related("resolution__body", "resolution__item")
        .get(pk=condition.pk)
    )


def due(on: date) -> QuerySet[Condition]:
    """Open conditions that fall due by that day."""
    found = Condition.objects.filter(state=ConditionState.OPEN, due_on__lte=on)
    return found.select_related("resolution__item").order_by("due_on", "pk")
