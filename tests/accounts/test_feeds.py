"""Rule N-3: every date that the system asks of a person is in that person's calendar feed."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts import feeds, registries
from accounts.models import AuditEvent, CalendarFeed
from accounts.registries import DateItem
from tests.world import DAY, person

pytestmark = pytest.mark.django_db

STAMP = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def dates(monkeypatch):
    """Two dates of lupe's, the later one first, with what a calendar must escape."""
    items = [
        DateItem(date(2026, 4, 15), "Instalment 2; of L-2026-0001, León", "/loans/L-2026-0001/"),
        DateItem(date(2026, 3, 15), "Instalment 1 of L-2026-0001", "/loans/L-2026-0001/"),
    ]
    monkeypatch.setattr(registries, "dates_of", lambda user: items if user == person("lupe") else [])
    return items


@pytest.fixture
def lupe(client):
    client.force_login(person("lupe"))
    return client


def address(feed):
    return reverse("accounts:calendar-feed", args=[feed.secret])


def test_rule_N3_the_feed_is_a_calendar_of_whole_days(dates):
    read = Calendar.from_ical(feeds.calendar_of(person("lupe"), stamp=STAMP))
    events = read.walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [item.title for item in dates]
    assert [event.decoded("dtstart") for event in events] == [item.on for item in dates]
    assert all((event.decoded("dtend") - event.decoded("dtstart")).days == 1 for event in events)
    assert str(events[0]["url"]).endswith("/loans/L-2026-0001/")
    assert read["version"] == "2.0"


def test_rule_N3_a_date_that_moves_keeps_its_uid(dates):
    def uid():
        return Calendar.from_ical(feeds.calendar_of(person("lupe"))).walk("VEVENT")[0]["uid"]

    before = uid()
    dates[0] = DateItem(date(2026, 4, 16), dates[0].title, dates[0].url)
    assert uid() == before


def test_rule_N3_programs_read_the_secret_address_without_signing_in(dates):
    feed = feeds.renew_feed(by=person("lupe"), on=DAY)
    answer = Client().get(address(feed))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 2
    assert "noindex" in answer["X-Robots-Tag"]


def test_rule_N3_a_renewed_address_closes_the_one_before(dates):
    first = feeds.renew_feed(by=person("lupe"), on=DAY)
    second = feeds.renew_feed(by=person("lupe"), on=DAY)
    assert first.secret != second.secret
    assert Client().get(address(first)).status_code == 404
    assert Client().get(address(second)).status_code == 200
    verbs = AuditEvent.objects.filter(verb__startswith="calendar.").values_list("verb", flat=True)
    assert sorted(verbs) == ["calendar.ended", "calendar.renewed", "calendar.renewed"]


def test_rule_N3_a_wrong_address_says_nothing(dates):
    assert Client().get(reverse("accounts:calendar-feed", args=["guess"])).status_code == 404


def test_rule_X7_the_feed_ends_with_the_person(dates):
    feed = feeds.renew_feed(by=person("lupe"), on=DAY)
    lupe = person("lupe")
    lupe.is_active = False
    lupe.save(update_fields=["is_active"])
    assert Client().get(address(feed)).status_code == 404
    assert feeds.end_feeds(user=lupe, by=person("ada"), on=DAY) == 1
    assert feeds.end_feeds(user=lupe, by=person("ada"), on=DAY) == 0


def test_the_secret_cannot_be_guessed_and_one_is_open_at_a_time(dates):
    for _again in range(3):
        feeds.renew_feed(by=person("lupe"), on=DAY)
    assert CalendarFeed.objects.filter(ended_on=None).count() == 1
    assert all(len(secret) >= 40 for secret in CalendarFeed.objects.values_list("secret", flat=True))


def test_the_page_shows_the_dates_and_the_address(lupe, dates):
    page = lupe.get(reverse("accounts:calendar")).content.decode()
    assert "You have no address yet." in page
    assert "Instalment 1 of L-2026-0001" in page
    lupe.post(reverse("accounts:calendar-renew"))
    page = lupe.get(reverse("accounts:calendar")).content.decode()
    assert CalendarFeed.objects.get().secret in page
    assert "Give it a new address" in page


def test_a_reader_of_the_page_does_not_renew_by_a_link(lupe, dates):
    assert lupe.get(reverse("accounts:calendar-renew")).status_code == 405


def test_somebody_without_dates_reads_what_the_page_is_for(lupe):
    assert "Nothing is due" in lupe.get(reverse("accounts:calendar")).content.decode()
