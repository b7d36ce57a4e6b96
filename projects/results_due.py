"""Asking firms for their yearly report (Rule B-5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import notices
from accounts.formats import day_text
from accounts.models import User
from accounts.registries import DateItem
from fund.policy import policy_on
from projects.benefits import add_years
from projects.gates import people_to_tell
from projects.lifecycle import State
from projects.models import Application, Measurement
from projects.models.benefit import MeasurementState

#: Days after the end of a year of operation on which the firm is asked, and asked again.
ASKED_AFTER = (0, 30, 60)
#: A report that ends this close to the end of the year covers it.
NEAR_ENOUGH = timedelta(days=45)


@transaction.atomic
def ask_for_results(*, on: date, by: User) -> int:
    """Tell the people of each firm whose yearly report is due; saying it again adds nothing (Rule N-1).

    Returns how many messages the day asks for. A link in the message opens the form of the first
    benefit that was promised, with the period to report.
    """
    asked = 0
    for application, due in overdue(on):
        days = max(after for after in ASKED_AFTER if due + timedelta(days=after) <= on)
        first = add_years(due, -1)
        promised = application.expected_benefits.first()
        for person in people_to_tell(application):
            notices.tell(
                "measurement-due", to=person, about=application.about, due=due, offset=f"+{days}",
                application=str(application), title=application.title, uid=str(application.uid),
                step=str(promised.pk) if promised else "",
                period_from=day_text(first, language=person.language),
                period_to=day_text(due - timedelta(days=1), language=person.language),
            )  # fmt: skip
            asked += 1
    return asked


def overdue(on: date) -> Iterator[tuple[Application, date]]:
    """Projects in operation with the end of their last full year that no report covers yet."""
    last_reported = _last_reported()
    for application in _in_operation(Application.objects.filter(state=State.CONTRACTED)):
        due = last_anniversary(application, on)
        if due is None:
            continue
        reported = last_reported.get(application.pk)
        if reported is None or reported < due - NEAR_ENOUGH:
            yield application, due


def _last_reported() -> dict[int, date]:
    """By application the last day that a report covers."""
    reports = Measurement.objects.exclude(state__in=[MeasurementState.DRAFT, MeasurementState.REJECTED])
    return dict(reports.values_list("application").annotate(last=Max("period_to")))


def _in_operation(applications: QuerySet[Application]) -> QuerySet[Application]:
    return applications.exclude(commissioned_on=None).select_related("firm", "started_by")


def last_anniversary(application: Application, on: date) -> date | None:
    """The end of the last full year of operation that counts and was lately reached, else None (Rule B-3)."""
    started = application.commissioned_on
    if started is None:
        return None
    for year in range(policy_on(started).benefit_years_max, 0, -1):
        due = add_years(started, year)
        if due <= on:
            return due if on - due < timedelta(days=365) else None
    return None


def dates_of(user: User) -> list[DateItem]:
    """The yearly reports that this person's firms still owe, for the calendar (Rule N-3)."""
    if user.is_staff_member:
        return []
    items, reported = [], _last_reported()
    for application in _in_operation(Application.objects.visible_to(user).filter(state=State.CONTRACTED)):
        started = application.commissioned_on
        if started is None:
            continue
        for year in range(1, policy_on(started).benefit_years_max + 1):
            due = add_years(started, year)
            if application.pk in reported and reported[application.pk] >= due - NEAR_ENOUGH:
                continue
            title = _("Yearly report of results: %(project)s") % {"project": application}
            items.append(DateItem(due, title, reverse("projects:results", args=[application.uid])))
    return items
