"""Saving what several people write into one file, on several devices (rule A-5).

``save_fields`` is the door of every page: it takes the fields that a page sent, writes those that its person
changed, and says which of them somebody else had changed too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from projects import merging
from projects.drafts import SAVINGS, save_step
from projects.fields import Step, of_step
from projects.gates import check_may_edit
from projects.merging import Verdict
from projects.models import Application, FieldSave, Firm, KeptText


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody else's value in a field: who wrote it and when, as far as that is known."""

    name: str
    mark: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """``written`` by this person now; ``clashes`` wait for a choice; ``newer`` were changed by others meanwhile.

    ``marks`` is what the page remembers from here on.
    """

    application: Application
    written: frozenset[str]
    clashes: Mapping[str, Theirs]
    newer: Mapping[str, Theirs]
    marks: dict[str, str]


def stored_values(application: Application, step: Step) -> dict[str, Any]:
    """What stands in the file, by the names of the step's inputs."""
    if step is Step.DOCUMENTS or step is Step.REVIEW:
        return {}
    found = {field.attribute: _value(field.attribute, field.value_of, application) for field in of_step(step)}
    if step is Step.BENEFITS:
        found["production_unit"] = application.production_unit
    return found


def _value(name: str, read: Any, application: Application) -> Any:
    if name == "rows":
        return [
            {
                "indicator": row.indicator,
                "unit": row.unit,
                "baseline_intensity": row.baseline_intensity,
                "after_intensity": row.after_intensity,
                "basis": row.basis,
            }
            for row in application.expected_benefits.all()
            if row.indicator.code != SAVINGS
        ]
    if name == "lines":
        lines = application.budget_lines.all()
        return [{"kind": line.kind, "concept": line.concept, "amount": line.amount} for line in lines]
    return read(application)


def marks_of(application: Application, step: Step) -> dict[str, str]:
    """What a page that shows the step now remembers."""
    return {name: merging.mark(value) for name, value in stored_values(application, step).items()}


@transaction.atomic
def save_fields(
    *,
    application: Application,
    step: Step,
    data: Mapping[str, Any],
    shown: Mapping[str, str],
    accepted: Mapping[str, str] | None = None,
    given_up: frozenset[str] = frozenset(),
    by: User,
    on: date,
) -> Saved:
    """Write what this person changed; never over a value that they have not seen.

    ``shown`` are the marks of the page, empty for a page without memory. ``accepted`` names fields whose newer
    value the person saw and replaces, with that value's mark; ``given_up`` those where theirs stays.
    """
    application = Application.objects.select_for_update().select_related("firm").get(pk=application.pk)
    if step is Step.FIRM:
        application.firm = Firm.objects.select_for_update().get(pk=application.firm_id)
    check_may_edit(by, application)
    application.load_benefits()
    stored = stored_values(application, step)
    verdicts = {
        name: merging.verdict(
            shown=shown.get(name), mine=value, theirs=stored[name], accepted=(accepted or {}).get(name, "")
        )
        for name, value in data.items()
    }
    write = {n for n, v in verdicts.items() if v is Verdict.WRITE and n not in given_up}
    if write:
        save_step(application=application, step=step, data={name: data[name] for name in write}, by=by, on=on)
        application.refresh_from_db()
        application.load_benefits()
        _sign(application, step, write, by)
    now = marks_of(application, step)
    settled = write | given_up | {n for n, v in verdicts.items() if v is Verdict.SAME}
    return Saved(
        application=application,
        written=frozenset(write),
        clashes=_others(application, step, _having(verdicts, Verdict.CLASH) - given_up, now),
        newer=_others(application, step, _having(verdicts, Verdict.KEEP) - given_up, now),
        marks={**now, **{n: m for n, m in shown.items() if n in now and n not in settled}},
    )


def _having(verdicts: Mapping[str, Verdict], wanted: Verdict) -> set[str]:
    return {name for name, found in verdicts.items() if found is wanted}


def _sign(application: Application, step: Step, names: set[str], by: User) -> None:
    FieldSave.objects.bulk_create(
        (FieldSave(application=application, key=f"{step}.{name}", by=by) for name in sorted(names)),
        update_conflicts=True,
        unique_fields=["application", "key"],
        update_fields=["by", "at"],
    )


def _others(
    application: Application, step: Step, names: set[str], marks: Mapping[str, str]
) -> dict[str, Theirs]:
    """Who wrote these fields last; a firm's fields may have been written from another of its applications."""
    if not names:
        return {}
    files = {"application__firm": application.firm} if step is Step.FIRM else {"application": application}
    saves = FieldSave.objects.filter(**files, key__in=[f"{step}.{name}" for name in names])
    last = {save.key.partition(".")[2]: save for save in saves.select_related("by").order_by("at")}
    return {
        name: Theirs(
            name=name,
            mark=marks[name],
            by=last[name].by.full_name if name in last else "",
            at=last[name].at if name in last else None,
        )
        for name in sorted(names)
    }


# What could not be taken yet ----------------------------------------------------------------------


@transaction.atomic
def keep_texts(
    *, application: Application, step: Step, texts: Mapping[str, str], shown: Mapping[str, str], by: User,
    on: date,
) -> None:  # fmt: skip
    """Keep what a person typed and the file could not take, or forget it once there is nothing left of it."""
    if not texts:
        KeptText.objects.filter(application=application, step=step, by=by).delete()
        return
    check_may_edit(by, application)
    KeptText.objects.update_or_create(
        application=application,
        step=step,
        by=by,
        defaults={"texts": {"typed": dict(texts), "shown": dict(shown), "on": on.isoformat()}},
    )


def kept_for(application: Application, step: Step, by: User) -> tuple[dict[str, str], dict[str, str]]:
    """What this person left unsaved in the step, by input, and the marks of the page on which it was typed."""
    kept = KeptText.objects.filter(application=application, step=step, by=by).first()
    if kept is None:
        return {}, {}
    return kept.texts.get("typed", {}), kept.texts.get("shown", {})
