"""The pages: who opens what (X-2, C-5, E-1), what they say, what a form keeps, how many queries they ask."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.clock import today
from committee import decisions, evaluations
from committee.models import Evaluation, Resolution, Session
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


# Access ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nora", "carlos", "sofia", "aldo"])
def test_rule_X2_who_opens_a_session(visit, session, name):
    assert visit(name, "session", session.code).status_code == 200


@pytest.mark.parametrize("name", ["hector", "tomas", "rosa", "lupe", "carmen"])
def test_rule_X2_an_outsider_does_not_learn_that_a_session_exists(visit, session, name):
    assert visit(name, "session", session.code).status_code == 404
    assert visit(name, "item", session.code, 1).status_code == 404
    assert visit(name, "session", "CT-1999-01").status_code == 404


def test_rule_C2_members_see_a_session_once_it_is_called(visit, seated):
    session = Session.objects.get(pk=story.called("CT", FREE, held_on=DAY).pk)
    assert visit("nora", "session", session.code).status_code == 200
    Session.objects.filter(pk=session.pk).update(state="planned")
    assert visit("nora", "session", session.code).status_code == 403
    assert visit("sofia", "session", session.code).status_code == 200


def test_rule_E1_the_file_opens_after_the_declaration_and_closes_on_conflict(visit, application):
    technical, _financial = story.assigned(application)
    page = visit("tomas", "evaluation", technical.pk)
    assert "Before the file opens" in page.text
    assert application.technique not in page.text
    assert visit("tomas", application.get_absolute_url()).status_code == 404
    answer = {"conflict": "no", "reason": "", "reason_class": "", "interests": ""}
    visit("tomas", "evaluation-declare", technical.pk, data=answer)
    assert application.technique in visit("tomas", "evaluation", technical.pk).text
    assert visit("tomas", application.get_absolute_url()).status_code == 200
    answer = {"conflict": "yes", "reason": "", "reason_class": "business"}
    visit("tomas", "evaluation-declare", technical.pk, data=answer)
    page = visit("tomas", "evaluation", technical.pk)
    assert page.status_code == 403
    assert "closed to you" in page.text
    assert visit("tomas", application.get_absolute_url()).status_code == 403


@pytest.mark.parametrize(
    ("name", "status"), [("elena", 404), ("ines", 403), ("sofia", 200), ("aldo", 200), ("lupe", 403)]
)
def test_rule_X2_who_opens_a_reading(visit, application, name, status):
    technical, _financial = story.assigned(application)
    assert visit(name, "evaluation", technical.pk).status_code == status


def test_rule_E2_an_evaluator_does_not_see_the_other_reading_before_finishing(visit, application):
    technical, financial = story.assigned(application)
    story.read(technical)
    evaluations.declare(evaluation=financial, conflict=False, by=person("elena"), on=DAY)
    assert "Seen in the file: benefit." not in visit("elena", "evaluation", financial.pk).text
    evaluations.score(
        evaluation=financial,
        scores={c.code: (3, "Mine.") for c in financial.rubric.criteria.all()},
        by=person("elena"),
        on=DAY,
    )
    evaluations.finish(evaluation=financial, opinion="Fair.", by=person("elena"), on=DAY)
    assert "Seen in the file: benefit." in visit("elena", "evaluation", financial.pk).text


# Evaluating --------------------------------------------------------------------------------------


def test_the_secretary_assigns_on_the_page(visit, application):
    page = visit("sofia", "evaluations")
    assert application.ref in page.text
    person("tomas"), person("elena")
    same = {"technical": person("tomas").pk, "financial": person("tomas").pk}
    page = visit("sofia", "assign", application.ref, data=same)
    assert "two different people. (rule E-1)" in page.text
    other = {**same, "financial": person("elena").pk}
    assert visit("sofia", "assign", application.ref, data=other).status_code == 302
    assert Evaluation.objects.count() == 2


def scores_of(evaluation, value="4", reason="Seen."):
    data = {}
    for criterion in evaluation.rubric.criteria.all():
        data |= {f"value_{criterion.code}": value, f"reason_{criterion.code}": reason}
    return data


def test_rule_E2_a_score_without_its_reason_is_said_beside_it_and_kept(visit, application):
    technical, _other = story.assigned(application)
    evaluations.declare(evaluation=technical, conflict=False, by=person("tomas"), on=DAY)
    page = visit("tomas", "score", technical.pk, data={"value_benefit": "4", "reason_benefit": ""})
    assert page.status_code == 200
    assert "every score has a reason (rule E-2)" in page.text
    assert 'value="4"' in page.text


def test_rule_E2_saving_and_finishing_on_one_page(visit, application):
    technical, _other = story.assigned(application)
    evaluations.declare(evaluation=technical, conflict=False, by=person("tomas"), on=DAY)
    half = {"value_benefit": "4", "reason_benefit": "Meters."}
    assert visit("tomas", "score", technical.pk, data=half).status_code == 302
    closing = {"finish": "yes", "proposal": "approve", "opinion": "Good."}
    page = visit("tomas", "score", technical.pk, data={**half, **closing})
    assert "Still without a score" in page.text
    page = visit("tomas", "score", technical.pk, data={**scores_of(technical), **closing})
    assert page.status_code == 302
    technical.refresh_from_db()
    assert (technical.state, technical.proposal) == ("finished", "approve")


# A session, from the plan to the seal --------------------------------------------------------------


def test_a_session_on_its_pages_from_plan_to_sealed_minutes(visit, seated, time_machine_day):
    day = today()
    plan = {"body": story.seat("CT", "CEC").body_id, "held_on": day + timedelta(days=7), "begins_at": "10:00"}
    page = visit("sofia", "plan", data={**plan, "place": ""})
    assert "This field is required" in page.text or "obligatorio" in page.text
    assert visit("sofia", "plan", data={**plan, "place": "León"}).status_code == 302
    code = Session.objects.get().code
    page = visit("sofia", "call", code, data={})
    assert "agenda is empty" in page.text
    matter = {"kind": "free", "reference": "NOTE-1", "title": "Calendar", "summary": "Four sessions."}
    assert visit("sofia", "add-item", code, data=matter).status_code == 302
    assert "Carlos Vega" in visit("sofia", "call", code).text
    assert visit("sofia", "call", code, data={}).status_code == 302

    time_machine_day(day + timedelta(days=7))
    visit("sofia", "open", code, data={})
    for name in story.members("CT"):
        seat = story.seat("CT", story.SEAT_OF[name])
        visit("sofia", "attend", code, data={"seat": seat.pk, "person": person(name).pk, "present": "yes"})
    page = visit("sofia", "session", code)
    assert "6" in page.text
    visit("sofia", "open-vote", code, 1, data={})
    for name in story.members("CT")[:4]:
        assert visit(name, "vote", code, 1, data={"vote": "for"}).status_code == 302
    roll = {"seat": story.seat("CT", "UNAM").pk, "vote": "abstain"}
    visit("sofia", "roll-call", code, 1, data=roll)
    rows = {"c-TOTAL_FORMS": "0", "c-INITIAL_FORMS": "0"}
    answer = visit("sofia", "close-item", code, 1, data=rows)
    resolution = Resolution.objects.get()
    assert answer.url == resolution.get_absolute_url()
    assert (resolution.tally["in_favour"], resolution.tally["abstained"]) == (4, 1)
    for url in ("close", "draft-minutes"):
        assert visit("sofia", url, code, data={}).status_code == 302
    for name in ("carlos", "claire"):
        assert visit(name, "sign-minutes", code, data={}).status_code == 302
    assert Session.objects.get().state == "sealed"
    assert f"{code}-M-EN" in visit("nora", "session", code).text


@pytest.fixture
def time_machine_day(monkeypatch):
    """Move the fund's day."""
    from committee.views import items, sessions

    def set_day(day):
        for module in (items, sessions):
            monkeypatch.setattr(module, "today", lambda: day)

    return set_day


def test_the_firm_sees_the_decision_and_its_conditions_on_its_application(visit):
    day = today() - timedelta(days=30)
    application, resolution = story.approved_application(on=day)
    page = visit("lupe", application.get_absolute_url())
    assert resolution.number in page.text
    assert visit("lupe", "resolution", resolution.number).status_code == 404


# Lists -------------------------------------------------------------------------------------------


def many_resolutions(count):
    matters = [{**FREE, "reference": f"NOTE-{count}-{n}"} for n in range(count)]
    session = story.opened(story.called("CT", *matters, held_on=DAY))
    for item in session.items.all():
        story.voted(item, {"carlos": "for", "claire": "for"})
        decisions.close_item(item=item, by=person("sofia"), on=DAY)
    return session


@pytest.mark.parametrize("count", [3, 30])
def test_a_long_agenda_costs_no_more_queries(visit, django_assert_max_num_queries, count):
    session = many_resolutions(count)
    for name, url, args in (
        ("sofia", "session", [session.code]),
        ("nora", "session", [session.code]),
        ("sofia", "resolutions", []),
        ("sofia", "sessions", []),
        ("nora", "sessions", []),
        ("aldo", "bodies", []),
        ("aldo", "resolution", [session.resolutions.first().number]),
    ):
        visit(name, url, *args)
        with django_assert_max_num_queries(12):
            assert visit(None, url, *args).status_code == 200


def test_a_reading_asks_at_most_twelve_questions(visit, application, django_assert_max_num_queries):
    technical, financial = story.assigned(application)
    story.read(financial)
    for verb in (
        lambda: None,
        lambda: evaluations.declare(evaluation=technical, conflict=False, by=person("tomas"), on=DAY),
        lambda: story.read(technical),
    ):
        verb()
        for name in ("tomas", "sofia"):
            visit(name, "evaluation", technical.pk)
            with django_assert_max_num_queries(12):
                visit(None, "evaluation", technical.pk)


def test_resolutions_are_searched_filtered_and_exported(visit):
    many_resolutions(3)
    assert "NOTE-3-1" in visit("sofia", "resolutions", data=None).text
    found = visit("sofia", reverse("committee:resolutions") + "?q=NOTE-3-1").text
    assert "NOTE-3-1" in found
    assert "NOTE-3-2" not in found
    none = visit("sofia", reverse("committee:resolutions") + "?outcome=rejected").text
    assert "NOTE-3-1" not in none
    export = visit("sofia", reverse("committee:resolutions") + "?export=csv")
    assert b"CT-2026-01-R01" in b"".join(export.streaming_content if export.streaming else [export.content])
