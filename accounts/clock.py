"""The one place that asks the clock (G-3). Verbs and reports are told their date."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

FUND_ZONE = ZoneInfo("America/Mexico_City")


def now() -> datetime:
    return timezone.now()


def today() -> date:
    """The fund's day in Mexico City, whatever zone the machine or the reader is in."""
    return now().astimezone(FUND_ZONE).date()
