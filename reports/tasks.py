"""What a worker does for the reports. Thin: each calls the same function as a page or a command."""

from __future__ import annotations

from celery import shared_task

from accounts.clock import today
from accounts.models import User
from fund import documents
from projects.results_due import ask_for_results
from reports import donor_report
from reports.models import RollupYear
from reports.rollups import rollup_year


@shared_task
def rollup_benefits(year: int | None = None) -> int:
    """The rollup (Rule B-6), by beat every night: this year, the last one, and every year rolled up before.

    A year whose measurements did not change costs one reading of them. May run twice; returns how many
    figures stand.
    """
    day, system = today(), User.objects.system()
    known = set(RollupYear.objects.values_list("year", flat=True))
    years = [year] if year else sorted(known | {day.year - 1, day.year})
    return sum(rollup_year(year=one, by=system, on=day).figures for one in years)


@shared_task
def remind_of_results() -> int:
    """Ask the firms whose yearly report is due (Rule B-5); asking again adds nothing."""
    return ask_for_results(on=today(), by=User.objects.system())


@shared_task
def draw_reports() -> int:
    """Make the bytes of issued reports that nobody has opened yet; returns how many."""
    waiting = [document for document in donor_report.issued() if not document.sha256]
    for document in waiting:
        documents.pdf(document)
    return len(waiting)
