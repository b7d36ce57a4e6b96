"""Until when a rejected firm may ask for a review, and the days that a decision sets it (A-8, A-10, N-3)."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts import registries
from fund import policy
from fund.calendar import add_bank_days
from projects import applications, reviews
from projects.lifecycle import State
from projects.models import Application, StateChange
from projects.nextsteps import Way, next_step
from tests.projects.reading import post, read
from tests.stories.projects import completed
from tests.world import DAY, person, refused

pytestmark = pytest.mark.django_db

LAST = date(2026, 3, 24)
"""Fifteen bank days after 2 March 2026: the third Monday of March is a holiday."""


@pytest.fixture
def rejected():
    application = completed()
    Application.objects.filter(pk=application.pk).update(state="rejected", decided_on=DAY, state_since=DAY)
    application.refresh_from_db()
    return application


def asked(application):
    """A review was asked for, and came to the same."""
    StateChange.objects.create(
        application=application, before="rejected", after="review_requested", on=DAY, by=person("lupe")
    )
    return application


def url(application, name="application-review-request"):
    return reverse(f"projects:{name}", args=[application.uid])


WAYS = {
    "draft": Way("Go on filling in", asked=True), "returned": Way("See what to change", asked=True),
    "rejected": Way("See the reasons"), "approved_with_conditions": Way("See the conditions", asked=True),
    "contracted": Way("See the loan", to_the_loan=True),
}  # fmt: skip
"""From every other state there is nothing to do or to read."""


@pytest.mark.parametrize("state", list(State))
def test_rule_A8_each_state_has_its_way_to_go_on(rejected, state):
    rejected.state = state
    told = next_step(rejected, DAY)
    assert told.way == WAYS.get(state)
    assert not told.firms_turn or told.way.asked


@pytest.mark.parametrize("state", [*WAYS, "evaluating"])
def test_rule_A8_the_firms_list_leads_on(as_, rejected, state):
    Application.objects.filter(pk=rejected.pk).update(state=state)
    page = as_("lupe").get(reverse("projects:my")).content.decode()
    way = WAYS.get(state)
    assert [found.text for found in WAYS.values() if found.text in page] == ([way.text] if way else [])
    for found in filter(None, [way]):
        button = re.search(rf'<a class="([^"]*)" href="([^"]*)">{found.text}', page)
        assert ("button-secondary" in button[1]) is not found.asked
        assert button[2] == (reverse("loans:mine") if found.to_the_loan else rejected.get_absolute_url())


@pytest.mark.parametrize(("days", "until"), [(0, LAST), (22, LAST), (23, None), (400, None)])
def test_rule_A10_a_review_is_open_for_fifteen_bank_days(rejected, days, until):
    assert add_bank_days(DAY, 15) == LAST
    assert reviews.open_until(rejected, DAY + timedelta(days=days)) == until


@pytest.mark.parametrize("state", ["draft", "approved", "withdrawn", "review_requested", "lapsed"])
def test_rule_A10_only_a_rejection_is_reviewed(rejected, state):
    rejected.state = state
    assert reviews.open_until(rejected, DAY) is None


def test_rule_A10_a_review_is_offered_once(rejected):
    assert reviews.open_until(asked(rejected), DAY) is None
    with refused("A-10", "once"):
        applications.request_review(application=rejected, facts="Otra vez", by=person("lupe"), on=DAY)


def test_rule_A10_the_term_is_that_of_the_day_of_the_decision(rejected, monkeypatch):
    seen = []
    monkeypatch.setattr(reviews, "policy_on", lambda day: seen.append(day) or policy.DEFAULT)
    assert reviews.open_until(rejected, DAY + timedelta(days=3)) == LAST
    assert seen == [DAY]


def test_rule_A8_the_page_says_until_when_and_afterwards_that_the_decision_stands(rejected):
    before, after = next_step(rejected, LAST), next_step(rejected, LAST + timedelta(days=1))
    assert (before.by, before.who) == (LAST, "You")
    assert "You may ask once for a review" in before.text
    assert (after.by, after.who) == (None, "")
    assert "The decision stands" in after.text


def test_rule_A8_the_staff_read_of_the_firm_what_the_firm_reads_of_itself(rejected):
    told = next_step(rejected, LAST, firm_reads=False)
    assert (told.who, told.by) == ("", LAST)
    assert "The firm may ask once for a review, within 15 bank days" in told.text
    assert "The decision stands" in next_step(rejected, LAST + timedelta(days=1), firm_reads=False).text
    for state in State:
        rejected.state = state
        staff = next_step(rejected, DAY, firm_reads=False)
        assert not re.search(r"\b[Yy]ou\b", f"{staff.who} {staff.text}") or state == State.CONTRACTED, state


def test_rule_A8_the_page_of_the_staff_names_the_firm(rejected, as_):
    Application.objects.filter(pk=rejected.pk).update(state="returned")
    rejected.refresh_from_db()
    assert "The firm changes what was flagged" in read(as_("rosa"), rejected.get_absolute_url())
    assert "Change what was flagged" in read(as_("lupe"), rejected.get_absolute_url())


def test_rule_A10_the_button_is_there_while_it_can_be_used(rejected, as_, monkeypatch):
    lupe = as_("lupe")
    assert "Ask for a review" in read(lupe, rejected.get_absolute_url())
    assert "24 March 2026" in read(lupe, url(rejected))
    monkeypatch.setattr("projects.views.file.today", lambda: LAST + timedelta(days=1))
    monkeypatch.setattr("projects.views.mine.today", lambda: LAST + timedelta(days=1))
    assert "Ask for a review" not in read(lupe, rejected.get_absolute_url())
    assert lupe.get(url(rejected)).url == rejected.get_absolute_url()
    assert "can be asked for until 24 Mar 2026" in post(lupe, url(rejected), {"facts": "Tarde"})


def test_the_list_knows_of_each_rejection_whether_it_may_be_reviewed(
    rejected, as_, django_assert_num_queries
):
    lupe, my = as_("lupe"), reverse("projects:my")
    assert "You may ask once for a review" in read(lupe, my)
    asked(rejected)
    assert "You may ask once for a review" not in read(lupe, my)
    assert "The decision stands" in read(lupe, my)
    (row,) = reviews.with_reviews(Application.objects.filter(pk=rejected.pk))
    with django_assert_num_queries(0):
        assert reviews.was_asked(row)


# The calendar -------------------------------------------------------------------------------------


def titles(name="lupe"):
    return {item.on: item.title for item in registries.dates_of(person(name))}


def test_rule_N3_the_last_day_to_ask_for_a_review_is_in_the_calendar(rejected):
    assert titles() == {LAST: f"Last day to ask for a review of {rejected.ref}"}
    assert titles("memo") == {}
    assert titles("rosa") == {}
    asked(rejected)
    assert titles() == {}


@pytest.mark.parametrize("state", ["approved", "approved_with_conditions"])
def test_rule_N3_the_day_on_which_an_approval_lapses_is_in_the_calendar(rejected, state):
    Application.objects.filter(pk=rejected.pk).update(state=state)
    assert titles() == {
        DAY + timedelta(days=90): f"Without a contract the approval of {rejected.ref} lapses",
    }
    Application.objects.filter(pk=rejected.pk).update(state="contracted")
    assert titles() == {}


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("rosa", 403), ("aldo", 403), ("lupe", 200)])
def test_rule_X2_only_the_firm_opens_the_request_also_when_it_is_too_late(
    rejected, as_, name, status, monkeypatch
):
    assert as_(name).get(url(rejected)).status_code == status
    monkeypatch.setattr("projects.views.mine.today", lambda: LAST + timedelta(days=1))
    assert as_(name).get(url(rejected)).status_code == (302 if status == 200 else status)
