"""The staff's pages of a year's figures: rolled up, closed, issued, traced to their records (B-6, B-7, R-1)."""

import re

import pytest
from django.urls import reverse

from accounts.clock import today
from accounts.models import Notice
from fund import documents
from fund.models import IssuedDocument
from projects.benefits import add_years
from projects.models.firm import Size
from reports import charts, tasks, views
from reports.models import RollupYear
from reports.report_charts import CHARTS
from tests.kept import kept
from tests.projects.reading import post, read
from tests.stories import benefits
from tests.world import DAY, english, person

pytestmark = pytest.mark.django_db

YEAR = benefits.STARTED.year


def one_measured():
    """A year of water on a meter, verified."""
    return benefits.verified(benefits.operating("lupe"))


told, measured = kept(one_measured)


@pytest.fixture
def bruno(client):
    client.force_login(english("bruno"))
    return client


def url(name, *args, query=""):
    return reverse(f"reports:{name}", args=args) + query


def test_rule_B6_a_year_is_rolled_up_on_its_page_and_again_without_harm(bruno, measured):
    page = read(bruno, url("rollup", YEAR))
    assert f"Roll up {YEAR}" in page and "may be done again without harm" in page
    answer = bruno.post(url("rollup", YEAR), {"csrf": "-"}, follow=True)
    assert re.search(rb"Rolled up: \d+ figures; indicators computed: 1\.", answer.content)
    assert RollupYear.objects.get(year=YEAR).rolled_up_on == today()
    again = bruno.post(url("rollup", YEAR), {"csrf": "-"}, follow=True)
    assert b"indicators computed: 0." in again.content


def test_rule_B6_a_year_is_closed_once_and_only_when_it_is_over(bruno, measured):
    page = read(bruno, url("close", YEAR))
    assert "It cannot be opened again." in page
    answer = bruno.post(url("close", YEAR), {"csrf": "-"}, follow=True)
    assert f"The year {YEAR} is closed." in answer.content.decode()
    assert "Close" not in read(bruno, url("index")).split(f" {YEAR} ")[1].split(f" {YEAR - 1} ")[0]
    page = post(bruno, url("close", YEAR), {"csrf": "-"})
    assert f"The year {YEAR} is closed already. (rule B-6)" in page
    page = post(bruno, url("close", today().year), {"csrf": "-"})
    assert "Only a year that is over can be closed. (rule B-6)" in page


@pytest.mark.parametrize("name", ["rollup", "close", "issue", "donor"])
def test_a_year_before_the_fund_or_to_come_has_no_page(bruno, name):
    for year in (1995, today().year + 1):
        assert bruno.get(url(name, year)).status_code == 404


def test_rule_R1_with_nothing_to_report_the_page_names_the_rule(bruno):
    page = post(bruno, url("issue", 1997), {"csrf": "-"})
    assert "There is nothing to report on 1997. (rule R-1)" in page
    assert not IssuedDocument.objects.filter(kind="donor-report").exists()


def test_rule_R1_a_report_is_read_as_of_an_earlier_day(bruno):
    assert "30 June 1997" in read(bruno, url("donor", 1997, query="?on=1997-06-30"))
    for on in ("yesterday", "2999-01-01"):
        assert "31 December 1997" in read(bruno, url("donor", 1997, query=f"?on={on}"))


# Sealed reports ----------------------------------------------------------------------------------


def test_rule_X2_another_document_is_no_report(bruno):
    other = documents.issue(
        kind="receipt", number="RC-1", language="en", template="x.html", facts={}, about="x", by=person("bruno"),
        on=DAY,
    )  # fmt: skip
    assert bruno.get(url("document", other.number)).status_code == 404
    assert bruno.get(url("document", "DR-1999-01-EN")).status_code == 404


def test_rule_B5_the_worker_asks_for_results_and_asking_again_adds_nothing():
    benefits.operating("memo", since=add_years(today(), -1), on=today())
    asked = Notice.objects.filter(kind="measurement-due")
    assert (tasks.remind_of_results(), asked.count()) == (1, 1)
    tasks.remind_of_results()
    assert asked.count() == 1


# From a figure to its records --------------------------------------------------------------------


@pytest.fixture
def keys(measured):
    firm = measured.application.firm
    return {
        "sector": (firm.sector.code, firm.sector.names["en"]),
        "state": (firm.state.ref, firm.state.name),
        "size": (firm.size_class, str(Size(firm.size_class).label)),
        "donor": ("own", "The fund's own earnings"),
        "project": (measured.application.ref, measured.application.ref),
        "grade": ("V2", "V2"),
    }


@pytest.mark.parametrize("dimension", ["sector", "state", "size", "project", "grade"])
def test_rule_B7_a_figure_of_a_group_opens_into_its_measurements_under_the_groups_name(
    bruno, measured, keys, dimension
):
    key, name = keys[dimension]
    page = read(bruno, url("trace", YEAR, "W1", query=f"?dimension={dimension}&key={key}"))
    assert f": {name}" in page
    assert measured.reference in page
    page = read(bruno, url("trace", YEAR, "W1", query=f"?dimension={dimension}&key=none-such"))
    assert "Nothing of this kind was counted up to that year." in page


def test_rule_B8_the_fund_itself_is_a_source_by_its_name(bruno, measured):
    page = read(bruno, url("trace", YEAR, "W1", query="?dimension=donor&key=own"))
    assert "Donor: The fund's own earnings" in page


@pytest.mark.parametrize("query", ["?dimension=moon", "?basis=moon"])
def test_a_dimension_that_does_not_exist_has_no_page(bruno, query):
    assert bruno.get(url("trace", YEAR, "W1", query=query)).status_code == 404
    assert bruno.get(url("trace", YEAR, "Z9")).status_code == 404


def test_rule_B4_what_is_only_declared_is_traced_apart(bruno, measured):
    page = read(bruno, url("trace", YEAR, "W1", query="?basis=declared"))
    assert "declared (V1)" in page and "No measurement" in page


def test_rule_B7_the_next_page_of_a_figure_stays_with_its_group(bruno, measured, monkeypatch):
    again = benefits.verified(
        measured.application, period_from=benefits.YEAR_END.replace(day=10), period_to=DAY, on=DAY
    )
    monkeypatch.setattr(views, "ROWS", 1)
    query = f"?dimension=project&key={measured.application.ref}"
    answer = bruno.get(url("trace", DAY.year, "W1", query=query)).content.decode()
    assert f"{query.replace('&', '&amp;')}&amp;page=2" in answer
    second = read(bruno, url("trace", DAY.year, "W1", query=f"{query}&page=2"))
    assert (measured.reference in second) != (again.reference in second)


# Charts ------------------------------------------------------------------------------------------


def test_rule_R5_years_without_a_rollup_are_not_drawn_as_neighbours():
    row = {"code": "W1", "declared": "0"}
    facts = {
        "benefit_years": [row | {"year": 1999, "verified": "5"}, row | {"year": 2002, "verified": "7"}],
        "names": {"W1": {"en": "Water saved"}}, "units": {"W1": "m³"},
    }  # fmt: skip
    drawn = charts.svg(CHARTS["W1"](facts), language="en")
    places = [drawn.index(f">{word}<") for word in ("1999", "…", "2002")]
    assert places == sorted(places)


@pytest.mark.parametrize("code", sorted(CHARTS))
def test_rule_R5_without_figures_there_is_no_empty_chart(code):
    assert CHARTS[code]({"benefit_years": [], "loan_years": [], "sectors": [], "targets": []}) is None
