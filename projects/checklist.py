"""The completeness check, point by point, as the product of the application asks for it (rules A-7, A-8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import require
from accounts.formats import semicolon
from accounts.models import User
from projects import applications
from projects.models import Application, ApplicationVersion, CheckedPoint, ChecklistItem


def points_of(application: Application, on: date) -> list[ChecklistItem]:
    """What must be seen in this file: the points in force on the day, for every product or for its own."""
    rows = ChecklistItem.objects.filter(in_force_from__lte=on).filter(
        Q(in_force_until=None) | Q(in_force_until__gte=on)
    )
    latest = {row.code: row for row in rows.order_by("in_force_from", "pk")}
    product = application.product.code if application.product else ""
    asked = (row for row in latest.values() if not row.products or product in row.products)
    return sorted(asked, key=lambda row: (row.position, row.pk))


@transaction.atomic
def complete(
    *, application: Application, seen: Collection[str], by: User, on: date, note: str = ""
) -> Application:
    """Call the file complete with every point seen; who saw them is kept with the version that was read."""
    points = points_of(application, on)
    missing = [str(point) for point in points if point.code not in seen]
    require(not missing, "A-8", _("Not seen yet: %(points)s.") % {"points": semicolon().join(missing)})
    application = applications.confirm_complete(application=application, by=by, on=on, note=note)
    version = application.versions.latest("number")
    CheckedPoint.objects.bulk_create(
        [CheckedPoint(version=version, item=point, by=by, on=on) for point in points], ignore_conflicts=True
    )
    return application


def checked(version: ApplicationVersion) -> list[CheckedPoint]:
    """What was seen of a version, in the order of the list."""
    return list(version.checked_points.select_related("item", "by").order_by("item__position", "pk"))
