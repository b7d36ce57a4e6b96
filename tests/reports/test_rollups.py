"""Rolling a year up, closing and restating it, proving it (Rules B-6, B-7)."""

import io
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from projects import measurements
from projects.models import Indicator
from reports import rollups, tasks
from reports.models import ClosedFigure, Restatement, RollupFigure
from reports.rollups import check_benefits, close_year, rollup_year
from reports.trace import trace
from tests.stories.benefits import STARTED, YEAR_END, figures, operating, reported, verified
from tests.world import DAY, denied, person, refused

pytestmark = pytest.mark.django_db


def figure(year=2025, *, dimension="fund", key="", basis="verified", code="W1"):
    return RollupFigure.objects.get(
        year=year, indicator__code=code, dimension=dimension, key=key, basis=basis
    )


def roll(year=2025, **options):
    return rollup_year(year=year, by=person("bruno"), on=DAY, **options)


@pytest.fixture
def done():
    return verified(operating())


def test_rule_B6_a_year_takes_its_days_of_the_measurement(done):
    roll()
    # 10 Jan 2025 to 9 Jan 2026: 356 of 365 days lie in 2025.
    assert figure().achieved == (D(6000) * 356 / 365).quantize(D("0.000001"))
    assert figure().annualised == 6000
    roll(2026)
    assert figure(2026).cumulative == 6000
    assert figure(2025).achieved + figure(2026).achieved == 6000


def test_rule_B6_each_dimension_has_its_figure(done):
    roll()
    project = done.application
    for dimension, key in (
        ("sector", "tanning"), ("state", "MX-11"), ("size", project.firm.size_class), ("project", project.ref),
        ("grade", "V2"), ("donor", ""),
    ):  # fmt: skip
        assert figure(dimension=dimension, key=key).achieved == figure().achieved, dimension


def test_rule_B4_what_is_only_declared_stands_apart():
    reported(operating())
    roll()
    assert figure(basis="declared").achieved > 0
    assert not RollupFigure.objects.filter(basis="verified").exists()


def test_rule_B6_running_twice_changes_nothing(done):
    first = roll()
    before = list(RollupFigure.objects.order_by("pk").values())
    second = roll()
    assert (first.computed, second.computed, second.unchanged) == (("W1",), (), ("W1",))
    assert list(RollupFigure.objects.order_by("pk").values()) == before


def test_rule_B6_only_what_changed_is_computed_again(done):
    roll()
    verified(done.application, code="D4", unit="kg", reading=D(750))
    assert roll().computed == ("D4",)
    assert roll(rebuild=True).computed == ("D4", "W1")


def test_rule_B6_the_task_may_run_twice(done):
    count = tasks.rollup_benefits(2025)
    assert count == tasks.rollup_benefits(2025) == RollupFigure.objects.filter(year=2025).count()


def test_rule_B6_a_rollup_equals_a_recount(done):
    roll()
    assert check_benefits(DAY) == []
    RollupFigure.objects.filter(dimension="sector").update(achieved=1)
    (finding,) = check_benefits(DAY)
    assert "sector tanning" in finding.subject
    assert roll(rebuild=True)
    assert check_benefits(DAY) == []


def test_a_figure_is_gone_when_its_measurements_are(done):
    roll()
    new = measurements.correct(
        measurement=done,
        figures=figures(reading=D(15_000)),
        reason="Meter misread",
        by=person("lupe"),
        on=DAY,
    )
    measurements.verify(measurement=new, grade="V1", by=person("bruno"), on=DAY)
    roll()
    assert not RollupFigure.objects.filter(year=2025, basis="verified").exists()


def test_only_those_who_may_roll_up(done):
    with denied():
        rollup_year(year=2025, by=person("lupe"), on=DAY)
    assert rollup_year(year=2025, by=User.objects.system(), on=DAY)


def test_a_year_to_come_is_not_rolled_up():
    with refused("B-6", "once it has begun"):
        roll(2027)


# Closing


def test_rule_B6_closing_freezes_what_was_published(done):
    close_year(year=2025, by=person("bruno"), on=DAY)
    assert ClosedFigure.objects.get(dimension="fund").achieved == figure().achieved
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        ClosedFigure.objects.update(achieved=1)
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM reports_closedfigure")


def test_rule_B6_a_later_correction_appears_as_a_restatement_with_its_reason(done):
    close_year(year=2025, by=person("bruno"), on=DAY)
    before = figure().achieved
    new = measurements.correct(
        measurement=done,
        figures=figures(reading=D(9_600)),
        reason="A bill was counted twice",
        by=person("lupe"),
        on=DAY,
    )
    measurements.attach(measurement=new, files=[], by=person("bruno"), on=DAY)
    measurements.verify(measurement=new, grade="V3", note="Seen on site", by=person("berta"), on=DAY)
    assert roll().restated > 0
    restated = Restatement.objects.get(dimension="fund")
    assert D(restated.before["achieved"]) == before
    assert D(restated.after["achieved"]) == figure().achieved < before
    assert "A bill was counted twice" in restated.reason
    assert ClosedFigure.objects.get(dimension="fund").achieved == before


def test_a_year_is_closed_once_and_only_when_it_is_over(done):
    with refused("B-6", "is over"):
        close_year(year=2026, by=person("bruno"), on=DAY)
    close_year(year=2025, by=person("bruno"), on=DAY)
    with refused("B-6", "closed already"):
        close_year(year=2025, by=person("bruno"), on=DAY)


def test_only_those_who_may_close_a_year(done):
    with denied():
        close_year(year=2025, by=person("rosa"), on=DAY)


# Tracing


def test_rule_B7_a_number_opens_into_the_measurements_behind_it(done):
    second = verified(operating("memo"), code="R2", unit="t", reading=D(500), by="memo", production=D(900))
    roll()
    found = trace(Indicator.objects.get(code="W1"), 2025, dimension="fund", key="", basis="verified", on=DAY)
    assert [row.measurement for row in found.rows] == [done]
    assert found.achieved == figure().achieved
    other = trace(
        Indicator.objects.get(code="R2"),
        2025,
        dimension="sector",
        key="foundry-iron",
        basis="verified",
        on=DAY,
    )
    assert [row.measurement for row in other.rows] == [second]
    assert other.achieved == figure(code="R2", dimension="sector", key="foundry-iron").achieved


# Commands


def run(command, *args):
    out = io.StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def test_the_commands_roll_up_close_and_check(done):
    assert "1 indicators computed" in run("rollup_benefits", "--year", "2025", "--on", str(DAY))
    assert "equals the recount" in run("check_benefits", "--on", str(DAY))
    closed = run("close_year", "--year", "2025", "--by", "bruno@fiprev.example", "--on", str(DAY))
    assert closed.startswith("2025 is closed")
    RollupFigure.objects.filter(dimension="fund").update(achieved=1)
    with pytest.raises(SystemExit) as ended:
        run("check_benefits", "--on", str(DAY), "--json")
    assert ended.value.code == 1
    with pytest.raises(CommandError) as caught:
        run("close_year", "--year", "2025", "--by", "rosa@fiprev.example", "--on", str(DAY))
    assert caught.value.returncode == 2


def test_rule_B2_a_meter_counted_twice_is_found(done):
    roll()
    twin = type(done).objects.get(pk=done.pk)
    twin.pk = None
    twin._state.adding = True
    twin.period_from, twin.period_to = STARTED + timedelta(days=30), YEAR_END + timedelta(days=3)
    twin.save()
    roll()
    assert any("same meter" in finding.message for finding in rollups.check_benefits(date(2026, 3, 2)))
