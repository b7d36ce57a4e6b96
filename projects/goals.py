"""Targets: what the fund sets out to reach in a year (Rule B-9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput
from accounts.models import User
from accounts.permissions import Perm, check_may
from projects.models import Indicator, Target


@transaction.atomic
def set_target(*, year: int, indicator: str, value: Decimal, source: str = "", by: User, on: date) -> Target:
    """Set or change a target of a year; it takes its indicator's counting rule with it, so that plan and
    result are counted alike. The trail keeps the value before."""
    check_may(by, Perm.YEAR_CLOSE)
    if value <= 0:
        raise BadInput("value", value, _("A target is a number above zero."))
    found = Indicator.objects.filter(code=indicator).first()
    if found is None:
        raise BadInput("indicator", indicator, _("“%(code)s” is no indicator.") % {"code": indicator})
    old = Target.objects.select_for_update().filter(year=year, indicator=found).first()
    target, _made = Target.objects.update_or_create(
        year=year, indicator=found, defaults={"value": value, "rule": found.rule, "source": source}
    )
    audit.record(
        "target.set", target, by=by, on=on,
        before={"value": old.value} if old else {}, after={"value": value, "rule": found.rule},
    )  # fmt: skip
    return target
