"""Rules E-1, E-2: two evaluators, no conflict declared before anything opens, scores with reasons."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from committee import declarations, evaluations, figures, readings
from committee.models import Evaluation, Score
from projects import applications
from tests.kept import kept
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db

GOOD = {"benefit": (4, "Water meters show it.")}


def declare(evaluation, conflict=False, by=None, **options):
    return evaluations.declare(
        evaluation=evaluation, conflict=conflict, by=by or evaluation.evaluator, on=DAY, **options
    )


def score(evaluation, scores=GOOD, by=None):
    return evaluations.score(evaluation=evaluation, scores=scores, by=by or evaluation.evaluator, on=DAY)


told, application = kept(story.complete_application)


@pytest.fixture
def pair(application):
    return story.assigned(application)


@pytest.fixture
def technical(pair):
    return pair[0]


def test_rule_E1_two_evaluators_are_assigned_and_told(application):
    technical, financial = story.assigned(application)
    assert (technical.role, financial.role) == ("technical", "financial")
    assert person("tomas").notices.filter(kind="evaluation-assigned").count() == 1
    assert person("elena").notices.filter(kind="evaluation-assigned").count() == 1
    application.refresh_from_db()
    assert application.state == "evaluating"


def test_rule_E1_one_person_does_not_read_twice(application):
    with refused("E-1", "two different people"):
        story.assigned(application, technical="tomas", financial="tomas")
    assert not Evaluation.objects.exists()


def test_rule_E1_only_evaluators_are_assigned(application):
    with refused("E-1", "is no evaluator"):
        story.assigned(application, technical="rosa")
    application.refresh_from_db()
    assert application.state == "complete", "nothing half done"


def test_rule_E1_the_secretary_assigns(application):
    with denied():
        evaluations.assign(
            application=application, technical=person("tomas"), financial=person("elena"),
            by=person("rosa"), on=DAY,
        )  # fmt: skip


def test_rule_E1_a_file_is_assigned_once(application, pair):
    with refused("E-1", "once the file is complete"):
        story.assigned(application)


def test_rule_E1_the_database_refuses_a_second_reading_of_one_role(application, technical):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(
            application=application, rubric=technical.rubric, role="technical", evaluator=person("ada"),
            assigned_by=person("sofia"), assigned_on=DAY,
        )  # fmt: skip


def test_rule_E1_nothing_opens_before_the_declaration(technical):
    with refused("E-1", "Declare first"):
        score(technical)
    declare(technical)
    score(technical)


def test_rule_E1_a_conflict_closes_the_file_to_that_person(technical):
    declare(technical, conflict=True, reason_class="business", reason="My brother sells them chemicals.")
    technical.refresh_from_db()
    assert technical.state == "conflict"
    with denied("conflict"):
        score(technical)
    with denied("closed to you"):
        declarations.check_not_recused(person("tomas"), technical.matter)
    assert person("sofia").notices.filter(kind="evaluator-conflict").exists()


def test_rule_E1_a_conflict_may_come_to_light_while_reading(technical):
    declare(technical)
    score(technical)
    declare(technical, conflict=True, reason_class="family")
    technical.refresh_from_db()
    assert technical.state == "conflict"


def test_rule_E1_a_declared_conflict_stands(technical):
    declare(technical, conflict=True, reason_class="family")
    with refused("C-5", "stands"):
        declare(technical)


def test_rule_E1_a_conflict_names_its_class(technical):
    with bad_input("reason_class"):
        declare(technical, conflict=True)


def test_rule_E1_another_person_takes_the_reading_over(application, technical):
    declare(technical, conflict=True, reason_class="family")
    with refused("E-1", "declared a conflict"):
        evaluations.replace(evaluation=technical, evaluator=person("tomas"), by=person("sofia"), on=DAY)
    with refused("E-1"):
        evaluations.replace(evaluation=technical, evaluator=person("elena"), by=person("sofia"), on=DAY)
    third = evaluator("ines")
    fresh = evaluations.replace(evaluation=technical, evaluator=third, by=person("sofia"), on=DAY)
    assert (fresh.role, fresh.state) == ("technical", "assigned")
    with refused("E-1", "assigned again already"):
        evaluations.replace(evaluation=technical, evaluator=evaluator("raul"), by=person("sofia"), on=DAY)


def test_rule_E1_a_reading_without_conflict_is_not_taken_away(technical):
    with refused("E-1", "closed by a conflict"):
        evaluations.replace(evaluation=technical, evaluator=evaluator("ines"), by=person("sofia"), on=DAY)


def evaluator(name):
    """Another evaluator: a commission member who is granted that role too."""
    from accounts import people
    from accounts.models import User

    user = person(name)
    people.grant(user=user, role="evaluator", from_on=DAY, by=User.objects.system(), on=DAY)
    return User.objects.get(pk=user.pk)


def test_rule_E2_scores_are_0_to_5_each_with_a_reason(technical):
    declare(technical)
    for value in (-1, 6, True, "4"):
        with bad_input("value_benefit", "0 to 5"):
            score(technical, {"benefit": (value, "because")})
    with bad_input("reason_benefit", "E-2"):
        score(technical, {"benefit": (4, "  ")})
    with bad_input("colour"):
        score(technical, {"colour": (4, "because")})
    assert not Score.objects.exists()


def test_rule_E2_the_database_refuses_six_points_and_empty_reasons(technical):
    criterion = technical.rubric.criteria.first()
    for wrong in ({"value": 6, "reason": "x"}, {"value": 3, "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Score.objects.create(evaluation=technical, criterion=criterion, **wrong)


def test_rule_E2_a_score_may_be_bettered_until_the_reading_is_finished(technical):
    declare(technical)
    score(technical)
    score(technical, {"benefit": (2, "The meter was replaced in May.")})
    assert Score.objects.get().value == 2
    trail = AuditEvent.objects.filter(verb="evaluation.scored").first()
    assert (trail.before, trail.after) == ({"benefit": 4}, {"benefit": 2})


def test_rule_E2_saying_the_same_again_leaves_no_trace(technical):
    declare(technical)
    score(technical)
    score(technical)
    assert AuditEvent.objects.filter(verb="evaluation.scored").count() == 1


def test_rule_E2_a_reading_is_finished_with_every_criterion_and_an_opinion(technical):
    declare(technical)
    score(technical)
    who = {"evaluation": technical, "by": person("tomas"), "on": DAY}
    with refused("E-2", "Still without a score"):
        evaluations.finish(opinion="Good.", **who)
    with bad_input("opinion"):
        evaluations.finish(opinion=" ", **who)
    with bad_input("proposal"):
        evaluations.finish(opinion="Good.", proposal="perhaps", **who)


def test_rule_E2_a_finished_reading_does_not_change(technical):
    story.read(technical)
    with refused("E-2", "finished"):
        score(technical)
    with refused("E-1"):
        declare(technical)


def test_rule_X2_nobody_writes_in_the_reading_of_another(technical):
    with denied("Only the evaluator"):
        declare(technical, by=person("elena"))
    declare(technical)
    with denied("Only the evaluator"):
        score(technical, by=person("sofia"))


def test_rule_E2_total_and_spread_of_both_readings(application, pair):
    story.read(pair[0], values=(5, 3, 2, 4, 2))
    half = readings.result_of(application)
    assert not half.complete
    story.read(pair[1], values=(4, 4, 2, 4, 4))
    result = readings.result_of(application)
    assert (result.total, result.complete) == (Decimal("74.00"), True)
    assert [line.criterion for line in result.flagged] == ["people"]


def test_rule_E2_far_apart_asks_for_a_third_reading_or_a_joint_note(application, pair):
    story.read(pair[0], values=(5, 3, 2, 4, 2))
    with refused("E-2"):
        evaluations.assign_third(
            application=application, evaluator=evaluator("ines"), by=person("sofia"), on=DAY
        )
    story.read(pair[1], values=(4, 4, 2, 4, 4))
    note = evaluations.write_joint_note(
        application=application, text="We agree on three points.", by=person("tomas"), on=DAY
    )
    assert readings.summary(application)["notes"] == [{"text": note.text, "by": "Tomás Quiroga"}]
    third = evaluations.assign_third(
        application=application, evaluator=person("ines"), by=person("sofia"), on=DAY
    )
    assert application not in readings.evaluated()
    story.read(third, values=(4, 4, 2, 4, 3))
    assert readings.result_of(application).lines[4].mean == Decimal("3.00")
    assert application in readings.evaluated()


def test_rule_E2_only_the_evaluators_write_the_joint_note(application, pair):
    for evaluation in pair:
        story.read(evaluation)
    with denied():
        evaluations.write_joint_note(application=application, text="x", by=person("sofia"), on=DAY)
    with bad_input("text"):
        evaluations.write_joint_note(application=application, text=" ", by=person("tomas"), on=DAY)


def test_rule_E4_an_application_is_ready_once_both_have_finished(application, pair):
    assert list(readings.evaluated()) == []
    story.read(pair[0])
    assert list(readings.evaluated()) == []
    story.read(pair[1])
    assert list(readings.evaluated()) == [application]


def test_rule_A10_a_review_is_read_by_others(application, seated):
    story.evaluated(application)
    story.recommended(application)
    story.decided(application, vote="against")
    assert application.state == "rejected"
    day = DAY + 2 * story.NOTICE + timedelta(days=1)
    applications.request_review(
        application=application, facts="A second quote is lower.", by=person("lupe"), on=day
    )
    with refused("A-10", "another evaluator"):
        story.assigned(application, on=day, technical="tomas", financial="elena")
    story_pair = story.assigned(application, on=day, technical=named("ines"), financial=named("raul"))
    assert [row.round for row in story_pair] == [2, 2]
    assert list(readings.evaluated()) == []
    for row in story_pair:
        story.read(row, on=day)
    assert list(readings.evaluated()) == [application]


def named(name):
    evaluator(name)
    return name


def test_rule_E3_the_figures_of_the_two_readings(application):
    found = figures.of(application, on=DAY)
    assert found["net_saving"] == Decimal("290000.00")
    assert found["debt_service"] > Decimal("100000")
    assert found["cover"] == (found["net_saving"] / found["debt_service"]).quantize(Decimal("0.01"))
    assert found["exposure"] == {}
    # 520,000 / (11 m3 x 1200 x 8 years) and / (4 kg x 1200 / 1000 x 8 years)
    assert found["cost_per_m3"] == Decimal("4.92")
    assert found["cost_per_t"] == Decimal("13541.67")


def test_rule_E3_missing_figures_are_missing_not_zero(application):
    application.cost_after = None
    application.term_months = None
    found = figures.of(application, on=DAY)
    assert (found["net_saving"], found["debt_service"], found["cover"]) == (None, None, None)


@pytest.mark.parametrize(
    ("totals", "expected"),
    [([], 0), ([5], 5), ([1] * 12, 12), ([1] * 6 + [3] * 20, 36), ([9] + [1] * 20, 20)],
)
def test_rule_E3_the_dearest_year_is_any_twelve_in_a_row(totals, expected):
    assert figures.dearest_year([Decimal(total) for total in totals]) == expected
