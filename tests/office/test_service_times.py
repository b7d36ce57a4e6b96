"""Service times are measured from the record of moves (R-3), for the public and for the staff."""

from datetime import date, timedelta
from statistics import median

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from projects import applications, nextsteps, service_times, waiting
from projects.lifecycle import State
from projects.models import Application, StateChange
from projects.service_times import CASES_LEAST, DECISIONS, STAGE_OF, Stage, Times
from projects.standards import standing_of
from tests.projects.reading import read
from tests.stories.projects import returned, submitted
from tests.world import DAY, person

pytestmark = pytest.mark.django_db

TEMPLATE = {"seq": 0}


def case(*moves, submitted_on=DAY, firm=None):
    """An application that went through ``(state, days after the one before)``; written as rows, for their days."""
    first = firm or Application.objects.first() or submitted("memo", on=DAY - timedelta(days=3000))
    TEMPLATE["seq"] += 1
    application = Application.objects.create(
        firm=first.firm, state=moves[-1][0], state_since=submitted_on, title="Caso", started_by=person("memo"),
        started_on=submitted_on, ref=f"F-T-{TEMPLATE['seq']}", submitted_by=person("memo"), submitted_on=submitted_on,
    )  # fmt: skip
    day, before = submitted_on, ""
    for state, days in moves:
        day += timedelta(days=days)
        StateChange.objects.create(
            application=application, before=before, after=state, on=day, by=person("memo")
        )
        before = state
    Application.objects.filter(pk=application.pk).update(state_since=day)
    return application


def stays(on=DAY + timedelta(days=400)):
    return service_times.stays(on)


def row(stage, on):
    return next(found for found in service_times.service_times(on) if found.stage == stage)


def test_rule_R3_the_median_of_days_in_a_step():
    for days in (2, 4, 9):
        case((State.SUBMITTED, 0), (State.COMPLETE, days))
    assert stays()[Stage.CHECK] == Times(3, 4, 9)


def test_rule_R3_too_few_cases_say_nothing():
    for days in (2, 4):
        case((State.SUBMITTED, 0), (State.COMPLETE, days))
    assert stays()[Stage.CHECK] == Times(2)


def test_rule_R3_the_median_of_an_even_number_rounds_half_up():
    for days in (2, 3, 4, 5):
        case((State.SUBMITTED, 0), (State.COMPLETE, days))
    assert stays()[Stage.CHECK].median == 4


def test_states_that_are_one_step_for_the_firm_count_as_one():
    for state in (State.RECOMMENDED, State.NOT_RECOMMENDED, State.DEFERRED):
        case((state, 0), (State.ON_AGENDA, 6))
    assert stays()[Stage.AGENDA] == Times(3, 6, 6)


def test_entering_a_step_twice_counts_twice():
    for _one in range(2):
        case((State.SUBMITTED, 0), (State.RETURNED, 1), (State.SUBMITTED, 10), (State.COMPLETE, 3))
    assert stays()[Stage.CHECK].cases == 4
    assert stays()[Stage.FIRM] == Times(2)


def test_what_was_long_ago_says_nothing_about_now():
    for days in (2, 4, 9):
        case((State.SUBMITTED, 0), (State.COMPLETE, days), submitted_on=date(2020, 1, 7))
    assert Stage.CHECK not in stays()


def test_what_happens_after_the_day_is_not_known_on_it():
    for _one in range(3):
        case((State.SUBMITTED, 0), (State.COMPLETE, 5))
    assert Stage.CHECK not in service_times.stays(DAY + timedelta(days=4))
    assert service_times.stays(DAY + timedelta(days=5))[Stage.CHECK].cases == 3


def test_rule_R3_the_whole_way_runs_from_submission_to_the_first_decision():
    for days in (30, 50, 90):
        case((State.SUBMITTED, 0), (State.ON_AGENDA, days - 1), (State.REJECTED, 1), (State.REVIEW_REQUESTED, 9),
             (State.EVALUATING, 1), (State.ON_AGENDA, 9), (State.APPROVED, 9))  # fmt: skip
    found = service_times.until(DECISIONS, DAY + timedelta(days=400))
    assert (found.cases, found.median) == (3, 50)


def test_rule_R3_what_stands_open_shows_the_oldest():
    oldest = submitted("lupe")
    later = case((State.SUBMITTED, 0), submitted_on=DAY + timedelta(days=3), firm=oldest)
    found = row(Stage.CHECK, DAY + timedelta(days=10))
    assert (found.waiting, found.oldest, found.oldest_days) == (2, oldest, 10)
    applications.confirm_complete(application=oldest, by=person("rosa"), on=DAY + timedelta(days=10))
    assert row(Stage.CHECK, DAY + timedelta(days=10)).oldest == later


def test_every_state_on_the_way_belongs_to_a_step():
    outside = {State.DRAFT, State.REJECTED, State.CONTRACTED, State.WITHDRAWN, State.LAPSED}
    assert set(STAGE_OF) == set(State) - outside
    assert set(service_times.TITLES) == set(service_times.WAITED_FOR) == set(Stage)


def test_without_a_rule_of_its_own_a_step_is_held_against_what_nine_of_ten_took():
    for _one in range(10):
        case((State.RETURNED, 0), (State.SUBMITTED, 6))
    application = returned("lupe")
    today_, slow = DAY + timedelta(days=6), DAY + timedelta(days=7)
    assert standing_of(application, today_).badge is None
    assert standing_of(application, slow).standard == "Usually 6 days"
    assert "Slower than most" in str(standing_of(application, slow).badge.label)
    assert not standing_of(application, slow).late


class Measured(TestCase):
    @given(st.lists(st.integers(0, 90), min_size=CASES_LEAST, max_size=9))
    def test_rule_R3_the_database_and_a_plain_count_agree(self, days):
        for length in days:
            case((State.COMPLETE, 0), (State.EVALUATING, length))
        found = stays()[Stage.READERS]
        assert found.cases == len(days)
        assert found.median == int(median(days) + 0.5)
        assert sum(length <= found.nine_of_ten for length in days) >= 0.9 * len(days)


# Pages --------------------------------------------------------------------------------------------


def test_rule_R3_the_public_page_names_no_firm_and_no_number(client, settings):
    application = submitted("lupe")
    for days in (2, 4, 9):
        case(
            (State.SUBMITTED, 0),
            (State.COMPLETE, days),
            (State.APPROVED, 20),
            submitted_on=DAY - timedelta(days=90),
        )
    page = read(client, reverse("projects:service-times"))
    assert "Completeness check" in page
    assert "Paloma" not in page
    assert application.ref not in page


def test_the_staffs_page_leads_to_the_oldest_case(as_):
    application = submitted("lupe")
    page = read(as_("rosa"), reverse("projects:waiting"))
    assert application.ref in page
    assert "The fund's loan officer" in page
    read(as_("lupe"), reverse("projects:waiting"), status=403)


def test_rule_R3_the_staffs_page_says_why_what_is_open_waits(as_):
    first = case((State.SUBMITTED, 0), submitted_on=DAY - timedelta(days=4))
    case((State.SUBMITTED, 0), submitted_on=DAY - timedelta(days=1))
    case((State.COMPLETE, 0), submitted_on=DAY - timedelta(days=2))
    found = {(queue.stage, queue.reason): queue for queue in waiting.queues(DAY)}
    taken = found[Stage.CHECK, "Nobody has taken it yet"]
    assert taken.count >= 2
    assert taken.days == (DAY - taken.oldest.state_since).days
    assert Stage.READERS in {stage for stage, _reason in found}
    assert (
        sum(queue.count for queue in found.values())
        == Application.objects.filed().in_state(*STAGE_OF).count()
    )
    page = read(as_("rosa"), reverse("projects:waiting"))
    assert "Nobody has taken it yet" in page
    assert taken.oldest.ref in page
    assert first.state_since >= taken.oldest.state_since


def test_rule_R3_the_longest_wait_stands_first():
    for days in (1, 7, 3):
        case((State.SUBMITTED, 0), submitted_on=DAY - timedelta(days=days))
    days = [queue.days for queue in waiting.queues(DAY)]
    assert days == sorted(days, reverse=True)


def test_nothing_open_waits_for_nothing():
    assert waiting.queues(DAY) == []


def test_rule_A8_the_firm_reads_the_same_days_as_the_public():
    for days in (0, 4, 4):
        case((State.SUBMITTED, 0), (State.COMPLETE, days))
    on = DAY + timedelta(days=30)
    assert stays(on)[Stage.CHECK].median == 4
    assert nextsteps.usual_days(State.SUBMITTED, on) == 4


def test_rule_A8_no_days_are_said_where_the_firm_has_the_pen_or_cases_are_few():
    case((State.SUBMITTED, 0), (State.RETURNED, 1), (State.SUBMITTED, 1))
    on = DAY + timedelta(days=30)
    assert nextsteps.usual_days(State.RETURNED, on) is None
    assert nextsteps.usual_days(State.EVALUATING, on) is None
    assert nextsteps.usual_days(State.DRAFT, on) is None


def test_rule_A8_no_day_at_all_is_said_in_words():
    application = case((State.SUBMITTED, 0))
    for _one in range(3):
        case((State.SUBMITTED, 0), (State.COMPLETE, 0))
    assert nextsteps.next_step(application, DAY + timedelta(days=30)).usual == "Usually the same day"


def test_the_pages_take_few_queries(client, as_, django_assert_max_num_queries):
    for _one in range(12):
        case((State.SUBMITTED, 0))
    with django_assert_max_num_queries(8):
        read(client, reverse("projects:service-times"))
    rosa = as_("rosa")
    with django_assert_max_num_queries(12):
        read(rosa, reverse("projects:waiting"))
