"""Reasons of waiting on the way to the money, and what the staff read of an answered file (A-7, D-1, R-3)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loans import contracts
from loans.waiting import reasons
from projects import applications
from projects.models import Application
from projects.waiting import queues
from tests.loans import builders
from tests.projects.reading import read
from tests.stories import loans as lending
from tests.stories.projects import funded, returned, save, submitted
from tests.world import DAY, person

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(days=40)


@pytest.fixture
def approved():
    funded()
    return builders.approved()


def why(application):
    application.refresh_from_db()
    return reasons([application], LATER).get(application.pk)


def test_rule_R3_an_approval_waits_for_its_contract_then_for_each_signature(
    approved, django_assert_num_queries
):
    assert why(approved) == "The contract has not been drafted"
    loan = lending.drafted(approved)
    assert why(approved) == "The contract waits for the firm's signed copy"
    contracts.upload_signed_copy(loan=loan, upload=lending.scan(), by=person("lupe"), on=DAY)
    assert why(approved) == "The contract waits for the fund's signature"
    with django_assert_num_queries(1):
        reasons([approved], LATER)


@pytest.mark.parametrize("state", ["submitted", "evaluating", "on_agenda", "contracted", "rejected"])
def test_of_other_states_the_loans_say_nothing(approved, state, django_assert_num_queries):
    Application.objects.filter(pk=approved.pk).update(state=state)
    with django_assert_num_queries(1):
        assert why(approved) is None


def test_rule_C10_open_conditions_speak_until_there_is_a_contract(approved):
    Application.objects.filter(pk=approved.pk).update(state="approved_with_conditions")
    assert why(approved) is None
    lending.drafted(approved)
    assert why(approved) == "The contract waits for the firm's signed copy"


def test_rule_R3_the_staff_page_names_the_contract_as_what_is_waited_for(approved):
    assert [queue.reason for queue in queues(LATER)] == ["The contract has not been drafted"]


def test_rule_A7_who_checks_an_answered_file_sees_the_answers(as_):
    application = returned(fields=("project.title",))
    rosa, url = as_("rosa"), reverse("projects:application-check", args=[application.uid])
    save(application, "project", {"title": "Otro nombre"}, person("lupe"))
    applications.resubmit(application=application, by=person("lupe"), on=DAY)
    page = read(rosa, url)
    assert "Asked and answered" in page
    assert "Otro nombre" in page


def test_the_staff_read_of_the_firm_and_the_firm_of_itself(as_):
    application = submitted()
    url = reverse("projects:application-file", args=[application.uid])
    assert "Your firm" not in read(as_("rosa"), url)
    assert "Your firm" in read(as_("lupe"), url)
