"""Two readings of every application: assigned, declared free of conflict, scored with reasons, finished (E-1, E-2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, notices
from accounts.errors import BadInput, Denied, require
from accounts.lifecycle import move
from accounts.models import User
from accounts.permissions import Perm, check_may
from committee import declarations, readings, scoring
from committee.lifecycle import EVALUATION_MOVES
from committee.models import Criterion, Evaluation, JointNote, Rubric, Score
from committee.models.evaluation import EvaluationState, EvaluatorRole, Opinion
from projects import applications
from projects.lifecycle import State
from projects.models import Application


@transaction.atomic
def assign(
    *, application: Application, technical: User, financial: User, by: User, on: date
) -> tuple[Evaluation, Evaluation]:
    """The secretary names the two evaluators of a complete application (rule E-1); evaluation begins.

    They are two different people, hold the evaluator's role, and, in a review, read it for the first
    time (rule A-10).
    """
    check_may(by, Perm.EVALUATION_ASSIGN)
    application = Application.objects.select_for_update().get(pk=application.pk)
    require(
        application.state in (State.COMPLETE, State.REVIEW_REQUESTED),
        "E-1",
        _("Evaluators are assigned once the file is complete; this one is: %(state)s.")
        % {"state": application.get_state_display()},
    )
    require(
        technical != financial,
        "E-1",
        _("The technical and the financial reading are by two different people."),
        field="financial",
    )
    number = round_of(application) + 1
    rubric = _rubric_on(on)
    made = [
        _assign(application, rubric, number, role, person, by, on)
        for role, person in zip(readings.READERS, (technical, financial), strict=True)
    ]
    applications.begin_evaluation(application=application, by=by, on=on)
    return made[0], made[1]


def _rubric_on(on: date) -> Rubric:
    rubric = Rubric.objects.on(on)
    if rubric is None:
        raise BadInput("application", on, _("No rubric is in force on that day."))
    return rubric


def round_of(application: Application) -> int:
    """The latest round of readings: 0 before the first, 2 in a review (rule A-10)."""
    latest = application.evaluations.order_by("-round").values_list("round", flat=True).first()
    return latest or 0


def _assign(
    application: Application, rubric: Rubric, number: int, role: str, person: User, by: User, on: date
) -> Evaluation:
    field = role if role in ("technical", "financial") else "evaluator"
    require(
        person.may(Perm.EVALUATION_WRITE),
        "E-1",
        _("%(person)s is no evaluator.") % {"person": person},
        field=field,
    )
    earlier = application.evaluations.filter(evaluator=person).first()
    if earlier:
        reason = (
            _("%(person)s declared a conflict in this case.")
            if earlier.state == EvaluationState.CONFLICT
            else _("%(person)s has read this application before; another evaluator does now.")
        )
        require(False, "E-1" if earlier.round == number else "A-10", reason % {"person": person}, field=field)
    require(
        not declarations.is_recused(person, f"application:{application.ref}"),
        "E-1",
        _("%(person)s declared a conflict in this case.") % {"person": person},
        field=field,
    )
    evaluation = Evaluation.objects.create(
        application=application,
        rubric=rubric,
        round=number,
        role=role,
        evaluator=person,
        assigned_by=by,
        assigned_on=on,
    )
    audit.record(
        "evaluation.assigned", evaluation, by=by, on=on, after={"evaluator": person.email, "role": role}
    )
    notices.tell(
        "evaluation-assigned",
        to=person,
        about=f"committee.evaluation:{evaluation.pk}",
        reference=application.ref,
        role=role,
        path=evaluation.get_absolute_url(),
    )
    return evaluation


@transaction.atomic
def replace(*, evaluation: Evaluation, evaluator: User, by: User, on: date) -> Evaluation:
    """Another person takes the reading that a declared conflict closed (rule E-1)."""
    check_may(by, Perm.EVALUATION_ASSIGN)
    application = Application.objects.select_for_update().get(pk=evaluation.application_id)
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    require(
        evaluation.state == EvaluationState.CONFLICT,
        "E-1",
        _("Only a reading closed by a conflict goes to somebody else."),
    )
    taken = application.evaluations.filter(round=evaluation.round, role=evaluation.role)
    require(
        not taken.exclude(state=EvaluationState.CONFLICT).exists(),
        "E-1",
        _("This reading is assigned again already."),
    )
    return _assign(application, evaluation.rubric, evaluation.round, evaluation.role, evaluator, by, on)


@transaction.atomic
def assign_third(*, application: Application, evaluator: User, by: User, on: date) -> Evaluation:
    """A third reading where the two are far apart (rule E-2)."""
    check_may(by, Perm.EVALUATION_ASSIGN)
    application = Application.objects.select_for_update().get(pk=application.pk)
    result = readings.result_of(application)
    require(application.state == State.EVALUATING, "E-2", _("This application is not being evaluated."))
    require(
        result is not None and result.complete and result.flagged,
        "E-2",
        _("A third reading is for finished readings that are two or more points apart."),
    )
    number = round_of(application)
    third = application.evaluations.filter(round=number, role=EvaluatorRole.THIRD)
    require(
        not third.exclude(state=EvaluationState.CONFLICT).exists(),
        "E-2",
        _("A third reading is assigned already."),
    )
    rubric = application.evaluations.filter(round=number).latest("pk").rubric
    return _assign(application, rubric, number, EvaluatorRole.THIRD, evaluator, by, on)


def _mine(evaluation: Evaluation, by: User) -> Evaluation:
    """Lock the reading; only its evaluator writes in it."""
    evaluation = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("application", "rubric")
        .get(pk=evaluation.pk)
    )
    if evaluation.evaluator_id != by.pk:
        raise Denied(_("Only the evaluator to whom it was given writes in this reading."))
    check_may(by, Perm.EVALUATION_WRITE)
    return evaluation


@transaction.atomic
def declare(
    *,
    evaluation: Evaluation,
    conflict: bool,
    by: User,
    on: date,
    reason: str = "",
    reason_class: str = "",
) -> Evaluation:
    """Say, before the file opens, whether there is a conflict (rule E-1). A conflict closes the file."""
    evaluation = _mine(evaluation, by)
    declarations.declare_case(
        matter=evaluation.matter, conflict=conflict, reason_class=reason_class, statement=reason, by=by, on=on
    )
    to = EvaluationState.CONFLICT if conflict else EvaluationState.OPEN
    if evaluation.state != to:
        move(evaluation, to, moves=EVALUATION_MOVES, by=by, on=on, rule="E-1", declared_on=on)
    if conflict:
        notices.tell(
            "evaluator-conflict",
            to=evaluation.assigned_by,
            about=f"committee.evaluation:{evaluation.pk}",
            reference=evaluation.application.ref,
            person=by.full_name,
            path=evaluation.get_absolute_url(),
        )
    return evaluation


@transaction.atomic
def score(*, evaluation: Evaluation, scores: Mapping[str, tuple[int, str]], by: User, on: date) -> Evaluation:
    """Give criteria 0 to 5 points, each with a reason (rule E-2). Criteria left out stay as they are."""
    evaluation = _mine(evaluation, by)
    _check_open(evaluation)
    criteria = {criterion.code: criterion for criterion in evaluation.rubric.criteria.all()}
    before = {row.criterion_id: row for row in evaluation.scores.all()}
    changed: dict[str, Any] = {}
    rows = []
    for code, (value, reason) in scores.items():
        criterion = _checked(criteria, code, value, reason)
        old = before.get(criterion.pk)
        if old and (old.value, old.reason) == (value, reason.strip()):
            continue
        rows.append(Score(evaluation=evaluation, criterion=criterion, value=value, reason=reason.strip()))
        changed[code] = value
    Score.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["evaluation", "criterion"],
        update_fields=["value", "reason"],
    )
    if changed:
        old_values = {code: old.value for code in changed if (old := before.get(criteria[code].pk))}
        audit.record("evaluation.scored", evaluation, by=by, on=on, before=old_values, after=changed)
    return evaluation


def _checked(criteria: Mapping[str, Criterion], code: str, value: int, reason: str) -> Criterion:
    if code not in criteria:
        raise BadInput(code, code, _("“%(code)s” is no criterion of this rubric.") % {"code": code})
    if not scoring.is_score(value):
        raise BadInput(f"value_{code}", value, _("Give 0 to 5 whole points."))
    if not reason.strip():
        raise BadInput(f"reason_{code}", reason, _("Say why: every score has a reason (rule E-2)."))
    return criteria[code]


def _check_open(evaluation: Evaluation) -> None:
    if evaluation.state == EvaluationState.CONFLICT:
        raise Denied(_("You declared a conflict in this case, so its file is closed to you (rule E-1)."))
    require(
        evaluation.state != EvaluationState.ASSIGNED,
        "E-1",
        _("Declare first whether you have a conflict: nothing opens before."),
    )
    require(evaluation.state == EvaluationState.OPEN, "E-2", _("This reading is finished."))


@transaction.atomic
def finish(
    *, evaluation: Evaluation, opinion: str, by: User, on: date, proposal: str = Opinion.APPROVE
) -> Evaluation:
    """Close one's reading with an opinion and a proposal to the commission (rules E-2, E-4)."""
    evaluation = _mine(evaluation, by)
    _check_open(evaluation)
    if proposal not in Opinion.values:
        raise BadInput("proposal", proposal, _("Choose what you propose."))
    if not opinion.strip():
        raise BadInput("opinion", opinion, _("Sum up your reading in a sentence or two."))
    missing = evaluation.rubric.criteria.exclude(pk__in=evaluation.scores.values("criterion_id"))
    names = ", ".join(str(criterion) for criterion in missing)
    require(not names, "E-2", _("Still without a score: %(names)s.") % {"names": names})
    move(
        evaluation,
        EvaluationState.FINISHED,
        moves=EVALUATION_MOVES,
        by=by,
        on=on,
        rule="E-2",
        finished_on=on,
        opinion=opinion.strip(),
        proposal=proposal,
    )
    return evaluation


@transaction.atomic
def write_joint_note(*, application: Application, text: str, by: User, on: date) -> JointNote:
    """What the evaluators say together where they were far apart (rule E-2)."""
    number = round_of(application)
    own = application.evaluations.filter(round=number, evaluator=by, state=EvaluationState.FINISHED)
    if not own.exists():
        raise Denied(
            _("The evaluators of this application write the note, once their readings are finished.")
        )
    if not text.strip():
        raise BadInput("text", text, _("Write what you agree on."))
    note = JointNote.objects.create(
        application=application, round=number, text=text.strip(), written_by=by, written_on=on
    )
    audit.record("evaluation.joint_note", note, by=by, on=on, after={"reference": application.ref})
    return note
