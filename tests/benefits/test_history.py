"""What happened to a report, in words, and which yearly reports a firm still owes (rules B-4, B-5, G-5, N-3, X-2)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.http import Http404
from django.urls import reverse

from accounts.formats import NOTHING
from projects import measurements
from projects.benefit_pages import history, measurement_for, open_evidence
from projects.results_due import dates_of, last_anniversary, overdue
from tests.kept import kept
from tests.stories.benefits import YEAR_END, drafted, figures, operating, reported, verified
from tests.world import DAY, person

pytestmark = pytest.mark.django_db

told, project = kept(operating)


def titles(measurement):
    return [str(event["title"]) for event in history(measurement)]


def test_rule_G5_an_edit_is_told_in_the_words_of_the_form_with_days_and_units_as_written(project):
    sent = measurements.return_(
        measurement=reported(project), reason="Which year?", by=person("bruno"), on=DAY
    )
    measurements.edit(
        measurement=sent,
        figures=figures(period_to=YEAR_END - timedelta(days=9), unit="L", reading=D(9_000_000)),
        note="In litres, as the bill has it", reason="The bill ends earlier", by=person("lupe"), on=DAY,
    )  # fmt: skip
    (told,) = [event["text"] for event in history(sent) if event["title"] == "Changed"]
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in told.splitlines()]
    assert lines[0] == "The bill ends earlier"
    assert "Last day of the period: 9 Jan 2026 → 31 Dec 2025" in lines
    assert "Unit: m³ → L" in lines
    assert f"Explanation: {NOTHING} → In litres, as the bill has it" in lines
    assert not [line for line in lines if "2026-01" in line or "m3" in line or "9000000" in line]


def test_rule_B4_the_way_of_a_report_is_told_from_the_first_word_to_the_grade(project):
    assert titles(drafted(project)) == ["Written down"]
    done = verified(project, period_from=YEAR_END + timedelta(days=1), period_to=DAY)
    assert titles(done) == ["Written down", "Sent to the fund", "Verified"]
    assert history(done)[-1]["text"] == "Bills seen."


def test_rule_B4_a_report_turned_down_says_why(project):
    sent = measurements.reject(
        measurement=reported(project), reason="Another firm's bills", by=person("bruno"), on=DAY
    )
    last = history(sent)[-1]
    assert (str(last["title"]), last["text"]) == ("Rejected", "Another firm's bills")


@pytest.mark.parametrize(
    "about", ["projects.measurement:0", "projects.measurement:x", "projects.measurement:"]
)
def test_rule_X5_evidence_of_nothing_opens_to_nobody(about):
    with pytest.raises(Http404):
        open_evidence(person("bruno"), about)


def test_rule_X2_a_report_that_does_not_exist_is_not_found(client):
    client.force_login(person("bruno"))
    assert client.get(reverse("projects:measurement", args=[0])).status_code == 404
    with pytest.raises(Http404):
        measurement_for(person("bruno"), 0)


# What is still owed ------------------------------------------------------------------------------


def test_rule_N3_the_yearly_reports_are_in_the_calendar_of_the_firms_people(project):
    days = [item.on for item in dates_of(person("lupe"))]
    assert days == [date(2026 + n, 1, 10) for n in range(5)], "five years count (B-3)"
    assert {item.url for item in dates_of(person("lupe"))} == {
        reverse("projects:results", args=[project.uid])
    }
    assert dates_of(person("memo")) == dates_of(person("bruno")) == []


def test_rule_N3_a_year_that_was_reported_leaves_the_calendar(project):
    reported(project)
    assert next(item.on for item in dates_of(person("lupe"))) == date(2027, 1, 10)


def test_rule_N3_before_its_day_of_operation_a_project_owes_no_report(project):
    type(project).objects.filter(pk=project.pk).update(commissioned_on=None)
    assert dates_of(person("lupe")) == []
    assert list(overdue(date(2026, 2, 1))) == []
    project.refresh_from_db()
    assert last_anniversary(project, date(2026, 2, 1)) is None
