"""The pages of the readings: another reader, a third one, the joint note, what comes too late (E-1, E-2)."""

import pytest

from accounts import people
from committee import evaluations
from committee.models import Evaluation
from committee.waiting import reasons
from tests.kept import kept
from tests.projects.reading import text_of
from tests.stories import committee as story
from tests.world import DAY, english, person

pytestmark = pytest.mark.django_db


def one_assigned():
    return story.assigned(story.complete_application())[0]


told, technical = kept(one_assigned)


@pytest.fixture(autouse=True)
def in_english(db):
    for name in ("sofia", "tomas", "elena"):
        english(name)


@pytest.fixture
def financial(technical):
    return technical.application.evaluations.get(role="financial")


@pytest.fixture
def conflict(technical):
    answer = {"conflict": True, "reason_class": "family", "by": person("tomas"), "on": DAY}
    return evaluations.declare(evaluation=technical, **answer)


def also(name, role):
    people.grant(user=person(name), role=role, from_on=DAY, by=person("ada"), on=DAY)
    return person(name)


def waits_for(technical):
    application = technical.application
    application.refresh_from_db()
    return reasons([application], DAY).get(application.pk)


def test_rule_E1_a_reading_closed_by_a_conflict_goes_to_somebody_else(visit, conflict):
    ines = also("ines", "evaluator")
    page = text_of(visit("sofia", "replace", conflict.pk))
    assert "Another evaluator for F-2026-0001" in page
    assert "Tomás Quiroga declared a conflict; the file stays closed to that person." in page
    page = text_of(visit("sofia", "replace", conflict.pk, data={"evaluator": person("tomas").pk}))
    assert "Tomás Quiroga declared a conflict in this case. (rule E-1)" in page
    page = text_of(visit("sofia", "replace", conflict.pk, data={"evaluator": ines.pk}, follow=True))
    assert "Inés Cano was told." in page
    assert Evaluation.objects.get(role="technical", state="assigned").evaluator == ines
    page = text_of(visit("sofia", "replace", conflict.pk, data={"evaluator": ines.pk}))
    assert "This reading is assigned again already. (rule E-1)" in page


def test_rule_E2_a_third_reading_is_for_readings_far_apart(visit, technical, financial):
    ines = also("ines", "evaluator")
    story.read(technical, values=(5, 4, 3, 4, 3))
    assert "Third reading of F-2026-0001" in text_of(visit("sofia", "replace", technical.pk))
    page = text_of(visit("sofia", "replace", technical.pk, data={"evaluator": ines.pk}))
    assert "finished readings that are two or more points apart. (rule E-2)" in page
    story.read(financial, values=(1, 4, 3, 4, 3))
    visit("sofia", "replace", technical.pk, data={"evaluator": ines.pk})
    assert Evaluation.objects.get(role="third").evaluator == ines


def test_rule_E1_the_secretary_alone_names_another_reader(visit, conflict):
    for name in ("elena", "rosa", "aldo"):
        assert visit(name, "replace", conflict.pk, data={"evaluator": person("elena").pk}).status_code == 403


def test_rule_E1_the_yearly_declaration_is_asked_once(visit, technical):
    answer = {"conflict": "no", "reason": "", "reason_class": "", "interests": "Shares of Aguas del Bajío"}
    assert "Your yearly declaration" in text_of(visit("tomas", "evaluation", technical.pk))
    visit("tomas", "evaluation-declare", technical.pk, data=answer)
    year = person("tomas").declarations.get(matter="")
    assert (year.statement, year.conflict) == ("Shares of Aguas del Bajío", True)


def test_rule_E1_a_conflict_without_its_class_is_refused_and_keeps_what_was_typed(visit, technical):
    answer = {"conflict": "yes", "reason": "My sister sells to them.", "reason_class": "", "interests": ""}
    page = text_of(visit("tomas", "evaluation-declare", technical.pk, data=answer))
    assert "Say of which class the interest is." in page and "My sister sells to them." in page


def test_rule_X2_nobody_writes_in_the_reading_of_another(visit, technical):
    for url in ("evaluation-declare", "score", "joint-note"):
        assert visit("elena", url, technical.pk, data={"conflict": "no", "text": "x"}).status_code == 404


def test_rule_X2_who_assigns_and_evaluates_writes_in_the_own_reading_only(visit, technical):
    """The secretary's duty opens every reading, and writes in none."""
    also("olga", "evaluator"), also("olga", "secretary")
    assert visit("olga", "evaluation", technical.pk).status_code == 200
    assert visit("olga", "score", technical.pk, data={"value_benefit": "1"}).status_code == 404


def test_rule_E2_the_joint_note_is_written_on_the_page_by_who_has_finished(visit, technical, financial):
    story.read(technical)
    assert visit("elena", "joint-note", financial.pk, data={"text": "We agree."}).status_code == 403
    assert "This field is required." in text_of(
        visit("tomas", "joint-note", technical.pk, data={"text": " "})
    )
    page = visit("tomas", "joint-note", technical.pk, data={"text": "We agree on three."}, follow=True)
    assert "We agree on three." in text_of(page)


def test_rule_E2_a_score_from_a_page_left_open_is_refused_with_its_rule(visit, technical):
    """The reading was finished in another window."""
    story.read(technical)
    page = visit("tomas", "score", technical.pk, data={"value_benefit": "1", "reason_benefit": "Late."})
    assert "This reading is finished. (rule E-2)" in text_of(page)


def test_rule_E1_a_score_before_the_declaration_is_refused_with_its_rule(visit, technical):
    page = visit("tomas", "score", technical.pk, data={"value_benefit": "1", "reason_benefit": "Early."})
    assert "nothing opens before. (rule E-1)" in text_of(page)


def test_rule_E2_a_reading_is_not_finished_without_an_opinion_and_keeps_its_scores(visit, technical):
    evaluations.declare(evaluation=technical, conflict=False, by=person("tomas"), on=DAY)
    typed = {"value_benefit": "4", "reason_benefit": "Meters.", "finish": "yes", "opinion": ""}
    page = visit("tomas", "score", technical.pk, data=typed)
    assert text_of(page).count("This field is required.") >= 2, "the proposal and the summary"
    assert "Meters." in page.text
    assert technical.scores.get().value == 4


def test_rule_R3_the_board_says_which_readings_an_application_waits_for(technical, financial):
    assert waits_for(technical) == "2 evaluators have not declared yet"
    evaluations.declare(evaluation=technical, conflict=False, by=person("tomas"), on=DAY)
    assert waits_for(technical) == "1 evaluator has not declared yet"
    evaluations.declare(evaluation=financial, conflict=False, by=person("elena"), on=DAY)
    assert waits_for(technical) == "2 readings are not finished"
    for one in (technical, financial):
        story.read(one)
    assert waits_for(technical) == "The Executive Commission has not met on it"
