"""Measuring what a project saves: report, check, verify, correct (Rules B-2 to B-5, G-5, G-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from accounts import audit, notices
from accounts.errors import BadInput, RuleBroken, require
from accounts.lifecycle import move
from accounts.models import StoredFile, User
from accounts.permissions import Perm
from accounts.writing import insert
from projects.baselines import (
    baseline_for,
    kept_baseline,
    promise_at,
    recorded_at,
    refuse_overlap,
    required_promise,
)
from projects.measurement_figures import Figures, facts_of
from projects.measurement_figures import computed as figures_of
from projects.measurement_gates import SENDING_ROLES, check_may_report, check_may_verify
from projects.models import (
    Application,
    Evidence,
    ExpectedBenefit,
    FirmMember,
    Grade,
    Indicator,
    Measurement,
    MeasurementEdit,
)
from projects.models.benefit import MeasurementQuerySet
from projects.models.benefit import MeasurementState as State
from projects.plausibility import doubts_about

MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (State.DRAFT, State.SUBMITTED),
        (State.SUBMITTED, State.RETURNED),
        (State.RETURNED, State.SUBMITTED),
        (State.SUBMITTED, State.VERIFIED),
        (State.SUBMITTED, State.REJECTED),
        (State.VERIFIED, State.SUPERSEDED),
    }
)

# Report -------------------------------------------------------------------------------------------


@transaction.atomic
def save_draft(
    *,
    application: Application,
    indicator: Indicator,
    figures: Figures,
    point: str = "",
    note: str = "",
    by: User,
    on: date,
) -> Measurement:
    """Keep what the firm reports, computed against its baseline, without sending it yet."""
    application = _hold(application)
    check_may_report(by, application)
    return _draft(application, indicator, figures, point=point, note=note, by=by, on=on)


def _hold(application: Application) -> Application:
    """The application, with all of its firm's locked in one order, so that two reports cannot slip past each other."""
    firm = list(
        Application.objects.filter(firm=application.firm_id)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("firm__sector")
    )
    return next(row for row in firm if row.pk == application.pk)


def _draft(
    application: Application,
    indicator: Indicator,
    figures: Figures,
    *,
    point: str,
    note: str,
    by: User,
    on: date,
) -> Measurement:
    promised = required_promise(application, indicator, point)
    recorded = recorded_at(application, indicator, point)
    baseline = baseline_for(application, promised, recorded, until=figures.period_to)
    values = figures_of(application, indicator, baseline, figures, on)
    measurement = Measurement(
        application=application,
        indicator=indicator,
        point=point,
        note=note,
        reported_by=by,
        reported_on=on,
        **values,
    )
    _mark_doubts(measurement, promised)
    refuse_overlap(measurement, recorded)
    insert([measurement])
    audit.record("measurement.drafted", measurement, by=by, on=on, after=facts_of(measurement))
    return measurement


@transaction.atomic
def edit(
    *, measurement: Measurement, figures: Figures, note: str = "", reason: str = "", by: User, on: date
) -> Measurement:
    """Change a draft or a returned report; the old values, person and reason stay (Rule B-4)."""
    measurement = _lock(measurement)
    check_may_report(by, measurement.application)
    _require_open(measurement)
    before, application, indicator = facts_of(measurement), measurement.application, measurement.indicator
    _hold(application)
    recorded = recorded_at(application, indicator, measurement.point)
    if measurement.corrects_id:
        promised = promise_at(application, indicator, measurement.point)
        baseline = kept_baseline(measurement)
    else:
        promised = required_promise(application, indicator, measurement.point)
        baseline = baseline_for(application, promised, recorded, until=figures.period_to)
    for name, value in figures_of(application, indicator, baseline, figures, on).items():
        setattr(measurement, name, value)
    measurement.note = note
    _mark_doubts(measurement, promised)
    refuse_overlap(measurement, recorded)
    measurement.save()
    after = facts_of(measurement)
    if after != before:
        MeasurementEdit.objects.create(
            measurement=measurement,
            before=before,
            after=after,
            reason=reason or _("Changed before sending"),
            edited_by=by,
            edited_on=on,
        )
        audit.record("measurement.edited", measurement, by=by, on=on, before=before, after=after, note=reason)
    return measurement


@transaction.atomic
def attach(
    *,
    measurement: Measurement,
    files: Sequence[StoredFile],
    kind: str = Evidence.Kind.BILL,
    by: User,
    on: date,
) -> list[Evidence]:
    """Add evidence: a bill, a photo of the meter, a laboratory sheet, a manifest (Rule B-5)."""
    measurement = _lock(measurement)
    check_may_report(by, measurement.application)
    staff_adds = by.may(Perm.MEASUREMENT_VERIFY) and measurement.state == State.SUBMITTED
    if not staff_adds:
        _require_open(measurement)
    there = {row.file_id: row for row in measurement.evidence.all()}
    return _add(measurement, files, kind, there=there, by=by, on=on)


def _add(
    measurement: Measurement,
    files: Sequence[StoredFile],
    kind: str,
    *,
    there: Mapping[int, Evidence],
    by: User,
    on: date,
) -> list[Evidence]:
    known = dict(there)
    for stored in files:
        if stored.pk in known:
            continue
        known[stored.pk] = Evidence(measurement=measurement, file=stored, kind=kind, added_by=by, added_on=on)
        audit.record(
            "measurement.evidence_added", measurement, by=by, on=on,
            after={"file": stored.name, "sha256": stored.sha256},
        )  # fmt: skip
    insert([row for key, row in known.items() if key not in there])
    return [known[stored.pk] for stored in files]


@transaction.atomic
def submit(*, measurement: Measurement, by: User, on: date, note: str | None = None) -> Measurement:
    """Send the report to the staff: from now on it shows as declared (V1), apart from the headline."""
    measurement = _lock(measurement)
    check_may_report(by, measurement.application, send=True)
    _hold(measurement.application)
    refuse_overlap(
        measurement, recorded_at(measurement.application, measurement.indicator, measurement.point)
    )
    if note is not None:
        Measurement.objects.filter(pk=measurement.pk).update(note=note)
        measurement.note = note
    move(measurement, State.SUBMITTED, moves=MOVES, by=by, on=on, submitted_on=on, decision_note="")
    return measurement


@transaction.atomic
def report(
    *,
    application: Application,
    indicator: Indicator,
    period_from: date,
    period_to: date,
    actual_intensity: Decimal | None = None,
    reading: Decimal | None = None,
    production: Decimal,
    unit: str,
    production_unit: str = "",
    point: str = "",
    note: str = "",
    evidence: Sequence[StoredFile] = (),
    kind: str = Evidence.Kind.BILL,
    by: User,
    on: date,
) -> Measurement:
    """Draft, evidence and sending in one go: what was used (`reading`) or used per unit of production."""
    figures = Figures(period_from, period_to, production, unit, production_unit, reading, actual_intensity)
    application = _hold(application)
    check_may_report(by, application, send=True)
    measurement = _draft(application, indicator, figures, point=point, note=note, by=by, on=on)
    _add(measurement, evidence, kind, there={}, by=by, on=on)
    move(measurement, State.SUBMITTED, moves=MOVES, by=by, on=on, submitted_on=on)
    return measurement


@transaction.atomic
def discard(*, measurement: Measurement, by: User, on: date) -> None:
    """Throw away a draft that was never sent; the trail keeps that it existed."""
    measurement = _lock(measurement)
    check_may_report(by, measurement.application)
    require(measurement.state == State.DRAFT, "G-5", _("Only a report that was never sent can be discarded."))
    audit.record("measurement.discarded", measurement, by=by, on=on, before=facts_of(measurement))
    measurement.evidence.all().delete()
    measurement.edits.all().delete()
    measurement.delete()


# Check --------------------------------------------------------------------------------------------


@transaction.atomic
def verify(*, measurement: Measurement, grade: str, note: str = "", by: User, on: date) -> Measurement:
    """Rule B-4: a second person confirms the figures and says how far they are proven (V1 to V4)."""
    measurement, has_evidence = _take_up(measurement, by)
    if grade not in (Grade.V1, Grade.V2, Grade.V3, Grade.V4):
        raise BadInput("grade", grade, _("Choose a grade from V1 to V4."))
    if grade in (Grade.V2, Grade.V4) and not has_evidence:
        raise RuleBroken(
            "B-4",
            _("Grade %(grade)s needs at least one document as evidence.") % {"grade": grade},
            field="grade",
        )
    if grade == Grade.V3 and not note.strip() and not has_evidence:
        raise RuleBroken("B-4", _("Say in a note how the staff checked it."), field="note")
    move(
        measurement, State.VERIFIED, moves=MOVES, by=by, on=on, note=note,
        grade=grade, verified_by=by, verified_on=on, decision_note=note,
    )  # fmt: skip
    if measurement.corrects_id:
        old = Measurement.objects.select_for_update().get(pk=measurement.corrects_id)
        move(old, State.SUPERSEDED, moves=MOVES, by=by, on=on, note=measurement.correction_reason)
    _tell_firm("measurement-verified", measurement)
    return measurement


@transaction.atomic
def return_(*, measurement: Measurement, reason: str, by: User, on: date) -> Measurement:
    """Ask the firm to mend or explain its report."""
    measurement, _has_evidence = _take_up(measurement, by)
    _need_reason(reason)
    move(measurement, State.RETURNED, moves=MOVES, by=by, on=on, note=reason, decision_note=reason)
    _tell_firm("measurement-returned", measurement, offset=str(measurement.edits.count()), reason=reason)
    return measurement


@transaction.atomic
def reject(*, measurement: Measurement, reason: str, by: User, on: date) -> Measurement:
    """Refuse a report for good: it never counts, and stays readable with the reason."""
    measurement, _has_evidence = _take_up(measurement, by)
    _need_reason(reason)
    move(measurement, State.REJECTED, moves=MOVES, by=by, on=on, note=reason, decision_note=reason)
    _tell_firm("measurement-rejected", measurement, reason=reason)
    return measurement


@transaction.atomic
def correct(
    *,
    measurement: Measurement,
    figures: Figures,
    reason: str,
    evidence: Sequence[StoredFile] = (),
    by: User,
    on: date,
) -> Measurement:
    """Rule G-5: a new record that names the verified one; verified itself, it takes the old one's place."""
    old = _lock(measurement)
    check_may_report(by, old.application, send=True)
    _need_reason(reason)
    require(
        old.state == State.VERIFIED, "G-5", _("Only a verified measurement is corrected by a new record.")
    )
    if old.corrections.exclude(state=State.REJECTED).exists():
        raise RuleBroken("G-5", _("A correction of this measurement is already on its way."))
    values = figures_of(old.application, old.indicator, kept_baseline(old), figures, on)
    new = Measurement(
        application=old.application, indicator=old.indicator, point=old.point, corrects=old,
        correction_reason=reason, reported_by=by, reported_on=on, **values,
    )  # fmt: skip
    _mark_doubts(new, promise_at(old.application, old.indicator, old.point))
    _hold(old.application)
    refuse_overlap(new, recorded_at(old.application, old.indicator, old.point))
    new.save()
    if evidence:
        attach(measurement=new, files=evidence, by=by, on=on)
    audit.record(
        "measurement.correction", new, by=by, on=on, before=facts_of(old), after=facts_of(new), note=reason
    )
    return submit(measurement=new, by=by, on=on)


# Inside -------------------------------------------------------------------------------------------


def _lock(measurement: Measurement, rows: MeasurementQuerySet | None = None) -> Measurement:
    found = Measurement.objects.all() if rows is None else rows
    return (
        found.select_for_update(of=("self",))
        .select_related("application__firm__sector", "indicator")
        .get(pk=measurement.pk)
    )


def _take_up(measurement: Measurement, by: User) -> tuple[Measurement, bool]:
    """The report for the second person who looks at it, locked, and whether there is evidence (Rules B-4, G-6)."""
    people = FirmMember.with_users("application__firm__members")
    measurement = _lock(measurement, Measurement.objects.prefetch_related(people))
    edits = measurement.edits.filter(edited_by=by)
    proofs = measurement.evidence.all()
    edited, proven = Measurement.objects.values_list(Exists(edits), Exists(proofs)).get(pk=measurement.pk)
    check_may_verify(by, measurement, edited=edited)
    return measurement, proven


def _require_open(measurement: Measurement) -> None:
    require(
        measurement.is_open, "G-5",
        _("This report was sent and cannot be changed; a verified one is corrected by a new record."),
    )  # fmt: skip


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why, in a sentence that the reader understands."))


def _mark_doubts(measurement: Measurement, promised: ExpectedBenefit | None) -> None:
    found = doubts_about(measurement, promised)
    measurement.warnings = [{"code": doubt.code, "figures": dict(doubt.figures)} for doubt in found]
    measurement.implausible = bool(found)


def _tell_firm(kind: str, measurement: Measurement, *, offset: str = "", **facts: Any) -> None:
    for link in measurement.application.firm.members.all():
        if not link.acts or link.role not in SENDING_ROLES:
            continue
        notices.tell(
            kind, to=link.user, about=measurement.about, offset=offset,
            reference=measurement.reference, indicator=measurement.indicator.names,
            application=str(measurement.application), uid=str(measurement.application.uid),
            period_from=measurement.period_from.isoformat(), period_to=measurement.period_to.isoformat(),
            saving=str(measurement.saving), unit=measurement.indicator.unit, grade=measurement.grade, **facts,
        )  # fmt: skip
