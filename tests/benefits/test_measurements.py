"""Reporting, verifying and correcting what a project saves (Rules B-2 to B-5, G-5, G-6)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.lifecycle import move
from accounts.models import AuditEvent, Notice
from projects import measurements
from projects.baselines import baseline_for, promise_at, recorded_at
from projects.models import ExpectedBenefit, FirmMember, Indicator, Measurement
from projects.models.benefit import MeasurementState as State
from projects.results_due import ask_for_results
from tests.kept import kept
from tests.stories import benefits as story
from tests.stories.benefits import (
    STARTED,
    YEAR_END,
    drafted,
    figures,
    indicator,
    operating,
    reported,
    verified,
)
from tests.stories.fund import dollar
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


told, project = kept(operating)


# The arithmetic as it is kept


def test_rule_B2_the_saving_is_the_cut_times_the_production(project):
    done = reported(project)
    assert (done.saving, done.baseline_intensity, done.actual_intensity) == (6000, 30, 18)
    assert done.state == State.SUBMITTED
    assert done.grade == "V1"


def test_rule_B2_the_original_value_and_unit_are_kept(project):
    done = reported(project, reading=D(9_000_000), unit="L", production=D(500_000), production_unit="kg")
    assert (done.reading, done.unit, done.production_unit) == (9_000_000, "L", "kg")
    assert done.saving_in_unit == 6_000_000
    assert done.saving == 6000
    assert done.conversion == {"factor": "0.001"}


def test_rule_B2_a_negative_saving_is_kept_and_looks_unusual(project):
    done = reported(project, reading=D(16_000))
    assert done.saving == -1000
    assert [warning["code"] for warning in done.warnings] == ["worse-than-baseline"]
    assert done.implausible


def test_rule_B2_an_intensity_may_be_reported_instead_of_a_reading(project):
    done = reported(project, reading=None, actual_intensity=D(18))
    assert done.saving == 6000


def test_rule_M4_savings_in_pesos_keep_the_rate_of_their_conversion(project):
    dollar("20", since=YEAR_END - timedelta(days=2))
    done = reported(project, code="M1", unit="MXN", reading=D(741_666))
    assert done.saving_in_unit > 0
    assert done.saving == (done.saving_in_unit / 20).quantize(D("0.000001"))
    assert done.conversion["rate"] == "0.05"


# What is refused, each with its sentence


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"period_to": date(2026, 3, 5), "period_from": date(2025, 6, 1)}, "period_to", "still to come"),
        ({"period_from": YEAR_END, "period_to": STARTED}, "period_to", "ends before it begins"),
        (
            {"period_from": date(2024, 12, 1), "period_to": date(2025, 6, 1)},
            "period_from",
            "cannot begin earlier",
        ),
        ({"period_to": date(2026, 3, 1)}, "period_to", "at most a year"),
        ({"production": D(0)}, "production", "above zero"),
        ({"production": D(-5)}, "production", "above zero"),
        ({"reading": D(-1)}, "reading", "cannot be negative"),
        ({"reading": D(10) ** 9}, "reading", "too large to be true"),
        ({"reading": None}, "reading", "how much was used"),
        ({"unit": "kg"}, "unit", "does not measure"),
        ({"production_unit": "hide"}, "production_unit", "kind of unit of the baseline"),
        ({"production_unit": "bushel"}, "production_unit", "kind of unit of the baseline"),
    ],
)
def test_bad_figures_are_refused_with_a_sentence(project, changes, field, sentence):
    with bad_input(field, sentence):
        drafted(project, **changes)


def test_rule_B2_without_a_baseline_there_is_nothing_to_compare(project):
    with refused("B-2", "no baseline"):
        drafted(project, code="E1", unit="MWh")


def test_rule_B3_nothing_counts_before_the_measure_runs(project):
    type(project).objects.filter(pk=project.pk).update(commissioned_on=None)
    with refused("B-3", "goes into operation"):
        drafted(project)


def test_savings_are_reported_in_the_currency_of_their_baseline(project):
    with bad_input("unit", "same currency"):
        drafted(project, code="M1", unit="USD")


def test_rule_B2_a_meter_counts_once_for_every_day(project):
    reported(project)
    with refused("B-2", "already counts this meter"):
        drafted(project, period_from=YEAR_END, period_to=YEAR_END + timedelta(days=30))
    assert drafted(project, period_from=YEAR_END + timedelta(days=1), period_to=YEAR_END + timedelta(days=30))


def test_rule_B2_two_drafts_of_one_period_cannot_both_be_sent(project):
    first, second = drafted(project), drafted(project)
    measurements.submit(measurement=first, by=person("lupe"), on=DAY)
    with refused("B-2"):
        measurements.submit(measurement=second, by=person("lupe"), on=DAY)


def test_rule_B2_a_second_loan_on_a_meter_starts_from_what_the_first_one_reached(project):
    verified(project)
    second = operating(since=date(2026, 1, 20))
    there = (second, indicator(), "")
    baseline = baseline_for(second, promise_at(*there), recorded_at(*there), until=DAY)
    assert baseline.intensity == 18
    assert baseline.taken_from.application == project
    fresh = drafted(
        second, period_from=date(2026, 1, 20), period_to=date(2026, 2, 20), reading=D(150), production=D(10)
    )
    assert fresh.saving == 30


# Who


def test_rule_B4_a_second_person_verifies(project):
    sent = reported(project)
    done = measurements.verify(measurement=sent, grade="V2", by=person("bruno"), on=DAY)
    assert (done.state, done.grade, done.verified_by) == (State.VERIFIED, "V2", person("bruno"))
    assert Notice.objects.filter(kind="measurement-verified", recipient=person("lupe")).exists()
    assert AuditEvent.objects.filter(verb="measurement.verified", object=done.audit_ref).exists()


def test_rule_G6_whoever_reported_cannot_verify(project):
    sent = reported(project, by="bruno")
    with refused("G-6", "cannot verify"):
        measurements.verify(measurement=sent, grade="V2", by=person("bruno"), on=DAY)
    assert (
        measurements.verify(measurement=sent, grade="V2", by=person("berta"), on=DAY).state == State.VERIFIED
    )


def test_rule_G6_the_database_refuses_it_too(project):
    sent = reported(project)
    with pytest.raises(IntegrityError, match="measurement_two_pairs_of_eyes"), transaction.atomic():
        Measurement.objects.filter(pk=sent.pk).update(
            state="verified", verified_by=person("lupe"), verified_on=DAY, grade="V2"
        )


def test_the_database_refuses_a_proven_grade_that_nobody_verified(project):
    sent = reported(project)
    with pytest.raises(IntegrityError, match="measurement_proven_only_if_verified"), transaction.atomic():
        Measurement.objects.filter(pk=sent.pk).update(grade="V3")


def test_only_benefits_officers_verify(project):
    sent = reported(project)
    for name in ("rosa", "lupe", "aldo"):
        with denied():
            measurements.verify(measurement=sent, grade="V2", by=person(name), on=DAY)


def test_people_of_another_firm_cannot_report(project):
    with denied("Only people of the firm"):
        drafted(project, by="memo")


def test_rule_A1_an_adviser_fills_in_and_does_not_send(project):
    FirmMember.objects.create(
        firm=project.firm,
        user=person("ana"),
        role="adviser",
        asked_on=DAY,
        confirmed_by=person("rosa"),
        confirmed_on=DAY,
    )
    mine = drafted(project, by="ana")
    with denied():
        measurements.submit(measurement=mine, by=person("ana"), on=DAY)
    assert measurements.submit(measurement=mine, by=person("lupe"), on=DAY).state == State.SUBMITTED


# Grades


@pytest.mark.parametrize("grade", ["V2", "V4"])
def test_rule_B4_documents_are_needed_for_a_grade_that_rests_on_them(project, grade):
    sent = reported(project, proof=False)
    with refused("B-4", "at least one document"):
        measurements.verify(measurement=sent, grade=grade, by=person("bruno"), on=DAY)


def test_rule_B4_a_visit_is_told_in_a_note(project):
    sent = reported(project, proof=False)
    with refused("B-4", "how the staff checked"):
        measurements.verify(measurement=sent, grade="V3", by=person("bruno"), on=DAY)
    done = measurements.verify(
        measurement=sent, grade="V3", note="Meter read on site.", by=person("bruno"), on=DAY
    )
    assert done.grade == "V3"


def test_rule_B4_a_projection_is_never_a_result(project):
    with bad_input("grade", "V1 to V4"):
        measurements.verify(measurement=reported(project), grade="V0", by=person("bruno"), on=DAY)


# Return, edit, reject


def test_rule_B4_an_edit_keeps_the_old_value_the_person_and_the_reason(project):
    sent = reported(project)
    measurements.return_(measurement=sent, reason="The December bill is missing.", by=person("bruno"), on=DAY)
    measurements.edit(
        measurement=sent, figures=figures(reading=D(9500)), reason="December added", by=person("lupe"), on=DAY
    )
    again = measurements.submit(measurement=sent, by=person("lupe"), on=DAY)
    (kept,) = again.edits.all()
    assert (kept.before["reading"], kept.after["reading"]) == ("9000", "9500")
    assert (kept.reason, kept.edited_by) == ("December added", person("lupe"))
    assert again.saving == 5500


def test_rule_G6_whoever_edited_the_figures_cannot_verify(project):
    sent = reported(project)
    measurements.return_(measurement=sent, reason="Typing error?", by=person("berta"), on=DAY)
    measurements.edit(measurement=sent, figures=figures(reading=D(9500)), by=person("bruno"), on=DAY)
    measurements.submit(measurement=sent, by=person("lupe"), on=DAY)
    with refused("G-6"):
        measurements.verify(measurement=sent, grade="V2", by=person("bruno"), on=DAY)


def test_a_return_needs_a_reason_and_reaches_the_firm(project):
    sent = reported(project)
    with bad_input("reason", "Say why"):
        measurements.return_(measurement=sent, reason=" ", by=person("bruno"), on=DAY)
    measurements.return_(measurement=sent, reason="Which month is this?", by=person("bruno"), on=DAY)
    notice = Notice.objects.get(kind="measurement-returned")
    assert notice.facts["reason"] == "Which month is this?"


def test_a_rejected_report_never_counts(project):
    sent = reported(project)
    measurements.reject(measurement=sent, reason="Not this firm's meter.", by=person("bruno"), on=DAY)
    assert not Measurement.objects.counted().exists()
    assert drafted(project)


def test_a_sent_report_cannot_be_edited_or_discarded(project):
    sent = reported(project)
    with refused("G-5"):
        measurements.edit(measurement=sent, figures=figures(reading=D(1)), by=person("lupe"), on=DAY)
    with refused("G-5"):
        measurements.discard(measurement=sent, by=person("lupe"), on=DAY)


def test_a_draft_can_be_discarded_and_the_trail_knows_it(project):
    mine = drafted(project)
    reference = mine.audit_ref
    measurements.discard(measurement=mine, by=person("lupe"), on=DAY)
    assert not Measurement.objects.exists()
    assert AuditEvent.objects.filter(verb="measurement.discarded", object=reference).exists()


# Corrections


def test_rule_G5_a_correction_is_a_new_record_that_names_the_old_one(project):
    old = verified(project)
    new = measurements.correct(
        measurement=old, figures=figures(reading=D(9600)), reason="One bill was counted twice",
        evidence=[story.bill(project)], by=person("lupe"), on=DAY,
    )  # fmt: skip
    assert list(Measurement.objects.counted()) == [old]
    measurements.verify(measurement=new, grade="V2", by=person("berta"), on=DAY)
    old.refresh_from_db()
    assert (old.state, old.saving) == (State.SUPERSEDED, 6000)
    assert (new.corrects, new.saving) == (old, 5400)
    assert [row.pk for row in Measurement.objects.counted()] == [new.pk]


def test_a_rejected_correction_leaves_the_old_record_standing(project):
    old = verified(project)
    new = measurements.correct(
        measurement=old, figures=figures(reading=D(1)), reason="?", by=person("lupe"), on=DAY
    )
    measurements.reject(measurement=new, reason="No proof.", by=person("bruno"), on=DAY)
    old.refresh_from_db()
    assert old.state == State.VERIFIED
    assert measurements.correct(
        measurement=old, figures=figures(reading=D(9600)), reason="Now right", by=person("lupe"), on=DAY
    )


def test_only_one_correction_is_on_its_way(project):
    old = verified(project)
    measurements.correct(
        measurement=old, figures=figures(reading=D(9600)), reason="a", by=person("lupe"), on=DAY
    )
    with refused("G-5", "already on its way"):
        measurements.correct(
            measurement=old, figures=figures(reading=D(9700)), reason="b", by=person("lupe"), on=DAY
        )


def test_only_a_verified_measurement_is_corrected(project):
    with refused("G-5"):
        measurements.correct(
            measurement=reported(project), figures=figures(), reason="a", by=person("lupe"), on=DAY
        )


def test_rule_G5_the_database_keeps_what_was_verified(project):
    done = verified(project)
    with pytest.raises(IntegrityError, match="corrected by a new one"), transaction.atomic():
        Measurement.objects.filter(pk=done.pk).update(saving=1)
    with (
        pytest.raises(IntegrityError, match="never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM projects_evidence; DELETE FROM projects_measurement")


REFUSED_MOVES = [
    (one, other) for one in State.values for other in State.values if (one, other) not in measurements.MOVES
]


@pytest.mark.parametrize(("before", "after"), REFUSED_MOVES)
def test_every_move_outside_the_table_is_refused(before, after):
    row = Measurement(pk=1, state=before, indicator=Indicator(code="W1"))
    with refused("G-5"):
        move(row, after, moves=measurements.MOVES, by=None, on=DAY)


# Reminders


def test_rule_B5_the_firm_is_asked_once_a_year(project):
    anniversary = date(2026, 1, 10)
    system = type(person("lupe")).objects.system()
    assert ask_for_results(on=anniversary - timedelta(days=1), by=system) == 0
    assert ask_for_results(on=anniversary, by=system) == 1
    ask_for_results(on=anniversary + timedelta(days=5), by=system)
    notice = Notice.objects.get(kind="measurement-due")
    assert (notice.recipient, notice.due) == (person("lupe"), anniversary)
    ask_for_results(on=anniversary + timedelta(days=30), by=system)
    assert Notice.objects.filter(kind="measurement-due").count() == 2


def test_rule_B5_a_firm_that_reported_is_not_asked(project):
    reported(project)
    assert ask_for_results(on=DAY, by=type(person("lupe")).objects.system()) == 0


def test_rule_B3_after_the_last_counted_year_nobody_is_asked(project):
    system = type(person("lupe")).objects.system()
    assert ask_for_results(on=date(2030, 1, 11), by=system) == 1
    assert ask_for_results(on=date(2031, 1, 12), by=system) == 0


def test_the_promise_of_an_application_is_shown_in_the_catalogues_unit(project):
    water = ExpectedBenefit.objects.get(application=project, indicator__code="W1")
    assert (water.yearly_saving, water.saving_unit) == (7200, "m3")
