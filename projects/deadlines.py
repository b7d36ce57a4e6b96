"""The last days that a decision sets a firm: to ask for a review, to have a contract (rules A-8, A-10, N-3)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.registries import DateItem
from fund.policy import policy_on
from projects import reviews
from projects.lifecycle import APPROVALS, State
from projects.models import Application


def dates_of(user: User) -> list[DateItem]:
    """For the calendar of the firm's people; the fund's own people have their worklists."""
    if user.is_staff_member:
        return []
    decided = Application.objects.visible_to(user).in_state(State.REJECTED, *APPROVALS)
    found = [
        _of(row) for row in reviews.with_reviews(decided.exclude(decided_on=None)).select_related("firm")
    ]
    return [item for item in found if item]


def _of(application: Application) -> DateItem | None:
    assert application.decided_on is not None
    where = application.get_absolute_url()
    if application.state == State.REJECTED:
        if reviews.was_asked(application):
            return None
        title = _("Last day to ask for a review of %(application)s")
        return DateItem(reviews.last_day(application.decided_on), title % {"application": application}, where)
    last = application.decided_on + timedelta(days=policy_on(application.decided_on).lapse_days)
    title = _("Without a contract the approval of %(application)s lapses")
    return DateItem(last, title % {"application": application}, where)
