"""A person's dates as a calendar that other programs read, at a secret address that can be renewed (N-3)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts import audit, registries
from accounts.clock import now
from accounts.models import CalendarFeed, User
from accounts.registries import DateItem

#: Programs ask again after this long; the dates of a fund do not move by the minute.
REFRESH = timedelta(hours=6)


def feed_of(user: User) -> CalendarFeed | None:
    """The feed that a person has now."""
    return CalendarFeed.objects.filter(user=user, ended_on=None).first()


@transaction.atomic
def renew_feed(*, by: User, on: date) -> CalendarFeed:
    """A new secret address for the person's own dates; the one before answers no more."""
    User.objects.select_for_update().get(pk=by.pk)
    end_feeds(user=by, by=by, on=on)
    feed = CalendarFeed.objects.create(user=by, secret=secrets.token_urlsafe(32), begun_on=on)
    audit.record("calendar.renewed", feed, by=by, on=on)
    return feed


@transaction.atomic
def end_feeds(*, user: User, by: User, on: date) -> int:
    """Close the person's feed, as when they leave (X-7). Returns how many were open."""
    open_feeds = list(CalendarFeed.objects.select_for_update().filter(user=user, ended_on=None))
    for feed in open_feeds:
        feed.ended_on = on
        feed.save(update_fields=["ended_on"])
        audit.record("calendar.ended", feed, by=by, on=on)
    return len(open_feeds)


def by_secret(secret: str) -> CalendarFeed | None:
    """The open feed of that address, if its person may still sign in."""
    return (
        CalendarFeed.objects.select_related("user")
        .filter(secret=secret, ended_on=None, user__is_active=True)
        .first()
    )


def calendar_of(user: User, *, stamp: datetime | None = None) -> bytes:
    """Every date that the system asks of the person, as iCalendar (RFC 5545), in the person's language."""
    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Fiprev//Dates//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Dates of the fund"))
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        moment = stamp or now()
        for item in registries.dates_of(user):
            calendar.add_component(_event(item, moment))
        return bytes(calendar.to_ical())


def _event(item: DateItem, stamp: datetime) -> Event:
    """A whole day. The same matter keeps its UID when its date moves, so that a calendar moves it too."""
    event = Event()
    matter = hashlib.sha256(f"{item.url} {item.title}".encode()).hexdigest()[:32]
    event.add("uid", f"{matter}@fiprev")
    event.add("dtstamp", stamp)
    event.add("dtstart", item.on)
    event.add("dtend", item.on + timedelta(days=1))
    event.add("summary", str(item.title))
    event.add("url", f"{settings.SITE_URL}{item.url}")
    event.add("transp", "TRANSPARENT")
    return event
