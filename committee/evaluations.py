"""Two readings of every application: assigned, declared free of conflict, scored with reasons, finished (E-1, E-2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, notices
from accounts.errors import BadInput, Denied, require
from accounts.gathering import gathered
from accounts.lifecycle import move
from accounts.models import AuditEvent, Notice, User
from accounts.once import once_per_request
from accounts.permissions import Perm, check_may
from accounts.writing import insert
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
    earlier = list(application.evaluations.all())
    number = max((row.round for row in earlier), default=0) + 1
    readers: dict[str, User] = dict(zip(readings.READERS, (technical, financial), strict=True))
    made = _assign(application, _rubric_on(on), number, readers, earlier, by, on)
    applications.begin_evaluation(application=application, by=by, on=on)
    return made[0], made[1]


@once_per_request
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
    application: Application,
    rubric: Rubric,
    number: int,
    readers: Mapping[str, User],
    earlier: Sequence[Evaluation],
    by: User,
    on: date,
) -> Sequence[Evaluation]:
    """Give the readings of a round to these people, by role; `earlier` are all that the application has."""
    _check_readers(application, number, readers, earlier)
    made = insert(
        [
            Evaluation(
                application=application,
                rubric=rubric,
                round=number,
                role=role,
                evaluator=person,
                assigned_by=by,
                assigned_on=on,
            )
            for role, person in readers.items()
        ]
    )
    with gathered(AuditEvent, Notice):
        for evaluation in made:
            after = {"evaluator": evaluation.evaluator.email, "role": evaluation.role}
            audit.record("evaluation.assigned", evaluation, by=by, on=on, after=after)
            notices.tell(
                "evaluation-assigned",
                to=evaluation.evaluator,
                about=f"committee.evaluation:{evaluation.pk}",
                reference=application.ref,
                role=evaluation.role,
                path=evaluation.get_absolute_url(),
            )
    return made


def _check_readers(
    application: Application, number: int, readers: Mapping[str, User], earlier: Sequence[Evaluation]
) -> None:
    before = {row.evaluator_id: row for row in reversed(earlier)}
    recused = declarations.recused_from(f"application:{application.ref}")
    for role, person in readers.items():
        field = role if role in readings.READERS else "evaluator"
        require(
            person.may(Perm.EVALUATION_WRITE),
            "E-1",
            _("%(person)s is no evaluator.") % {"person": person},
            field=field,
        )
        if reading := before.get(person.pk):
            reason = (
                _("%(person)s declared a conflict in this case.")
                if reading.state == EvaluationState.CONFLICT
                else _("%(person)s has read this application before; another evaluator does now.")
            )
            rule = "E-1" if reading.round == number else "A-10"
            require(False, rule, reason % {"person": person}, field=field)
        require(
            person.pk not in recused,
            "E-1",
            _("%(person)s declared a conflict in this case.") % {"person": person},
            field=field,
        )


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
    readers, earlier = {evaluation.role: evaluator}, list(application.evaluations.all())
    return _assign(application, evaluation.rubric, evaluation.round, readers, earlier, by, on)[0]


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
    earlier = list(application.evaluations.select_related("rubric"))
    last = max(earlier, key=lambda row: (row.round, row.pk))
    third = [row for row in earlier if row.round == last.round and row.role == EvaluatorRole.THIRD]
    require(
        all(row.state == EvaluationState.CONFLICT for row in third),
        "E-2",
        _("A third reading is assigned already."),
    )
    readers: dict[str, User] = {EvaluatorRole.THIRD: evaluator}
    return _assign(application, last.rubric, last.round, readers, earlier, by, on)[0]


def _mine(evaluation: Evaluation, by: User) -> Evaluation:
    """Lock the reading; only its evaluator writes in it."""
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    locked.application = evaluation.application  # nothing but its number is asked for
    if locked.evaluator_id != by.pk:
        raise Denied(_("Only the evaluator to whom it was given writes in this reading."))
    check_may(by, Perm.EVALUATION_WRITE)
    return locked


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
    criteria = {criterion.code: criterion for criterion in readings.criteria_of(evaluation.rubric_id)}
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
    scored = set(evaluation.scores.order_by().values_list("criterion_id", flat=True))
    criteria = readings.criteria_of(evaluation.rubric_id)
    names = ", ".join(str(criterion) for criterion in criteria if criterion.pk not in scored)
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
