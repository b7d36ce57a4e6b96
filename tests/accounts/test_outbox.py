"""N-1: claimed, sent, stamped; none lost, a mail repeated only where its fate is unknown. N-2: digests."""

import smtplib
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import clock, emails, notices, outbox
from accounts.models import Notice
from tests.smtp import Sink
from tests.world import person

pytestmark = pytest.mark.django_db
State = Notice.State


def letter(number: int = 1, **changes: Any) -> Notice:
    """A message that goes by itself: it is about no date, so that no digest waits for it."""
    facts = {"title": "Baños & curtido", "period_from": "2025-03-02", "period_to": "2026-03-01", "uid": "u"}
    words: dict[str, Any] = {"to": person("lupe"), "about": f"projects.application:{number}", **facts}
    return notices.tell("measurement-due", **(words | changes))


def reminder(number: int, **changes: Any) -> Notice:
    return letter(number, due=date(2026, 4, number), **changes)


@pytest.fixture(autouse=True)
def no_waiting_for_others(settings):
    settings.NOTICE_DIGEST_SECONDS = 0


@pytest.fixture
def sink(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with Sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        yield server


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, where: str = "send_messages") -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, where, fail)


def age(notice: Notice, seconds: int) -> None:
    Notice.objects.filter(pk=notice.pk).update(claimed_at=clock.now() - timedelta(seconds=seconds))


def test_rule_N1_a_due_message_leaves_once_in_the_language_of_its_recipient():
    notice = letter()
    assert outbox.send_due() == {"sent": 1}
    assert outbox.send_due() == {}
    (sent,) = mail.outbox
    notice.refresh_from_db()
    assert (sent.to, notice.state, notice.attempts) == (["lupe@fiprev.example"], State.SENT, 1)
    assert notice.sent_at is not None
    assert sent.extra_headers["Content-Language"] == "es"
    assert sent.extra_headers["Message-ID"] == notice.message_id


def test_plain_text_is_not_escaped_and_html_is():
    message = emails.render(letter(title="Sal & agua"))
    assert "Sal & agua" in message.text
    assert "Sal &amp; agua" in message.html
    assert "\n" not in message.subject


def test_rule_N1_what_waits_for_release_or_for_later_stays():
    letter(1, wait_for_release=True)
    letter(2, not_before=clock.now() + timedelta(hours=1))
    assert outbox.send_due() == {}
    assert mail.outbox == []


def test_rule_N1_a_server_that_is_down_means_a_pause_that_grows(monkeypatch):
    notice = letter()
    failing(monkeypatch, ConnectionRefusedError("no"), "open")
    pauses = []
    for _ in range(3):
        Notice.objects.update(not_before=clock.now())
        assert outbox.send_due() == {"due": 1}
        notice.refresh_from_db()
        pauses.append(round((notice.not_before - clock.now()).total_seconds() / 60))
    assert pauses == [1, 5, 15]
    assert notice.last_error == "ConnectionRefusedError: no"
    assert not notice.was_unknown  # nothing can have arrived


def test_rule_N1_it_fails_in_the_end_and_says_why(monkeypatch):
    notice = letter()
    failing(monkeypatch, ConnectionRefusedError("no"), "open")
    for _ in range(len(outbox.PAUSES) + 1):
        Notice.objects.update(not_before=clock.now())
        outbox.send_due()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (State.FAILED, len(outbox.PAUSES) + 1)
    assert outbox.send_due() == {}


def test_rule_N1_an_address_that_the_server_refuses_for_good_fails_at_once(sink):
    notice = letter(to=None, email="nobody@fiprev.example")
    assert outbox.send_due() == {"failed": 1}
    notice.refresh_from_db()
    assert "550" in notice.last_error
    assert sink.messages == []


def test_rule_N1_a_refusal_for_now_is_no_unknown(monkeypatch):
    notice = letter()
    failing(monkeypatch, smtplib.SMTPDataError(451, b"later"))
    assert outbox.send_due() == {"due": 1}
    notice.refresh_from_db()
    assert not notice.was_unknown


def test_rule_N1_a_connection_lost_on_the_way_is_shown_as_unknown_resent(monkeypatch):
    notice = letter()
    with monkeypatch.context() as patch:
        failing(patch, smtplib.SMTPServerDisconnected("gone"))
        assert outbox.send_due() == {"due": 1}
    Notice.objects.update(not_before=clock.now())
    assert outbox.send_due() == {"unknown": 1}
    notice.refresh_from_db()
    assert (notice.state, str(notice.badge.label)) == (State.UNKNOWN, "Unknown, resent")


def test_rule_N1_a_claim_of_a_dead_process_is_sent_again_under_the_same_message_id():
    notice = letter()
    assert outbox.claim(now=clock.now()) == notice
    assert outbox.send_due() == {}  # somebody may still be at it
    age(notice, 301)
    assert outbox.send_due() == {"unknown": 1}
    assert mail.outbox[0].extra_headers["Message-ID"] == notice.message_id


def test_rule_N1_a_message_that_cannot_be_rendered_does_not_stop_the_others():
    notices.tell("no-such-kind", to=person("lupe"), about="test:1")
    letter(2)
    assert outbox.send_due() == {"due": 1, "sent": 1}


def test_rule_N2_reminders_that_fall_together_go_as_one_digest():
    parts = [reminder(n) for n in (1, 2, 3)]
    alone = reminder(4, to=person("memo"))
    assert outbox.send_due() == {"sent": 2}
    digest = Notice.objects.get(kind="digest")
    by_address = {message.to[0]: message for message in mail.outbox}
    body = by_address["lupe@fiprev.example"].body
    assert all(emails.render(part).subject in body for part in parts)
    for part in parts:
        part.refresh_from_db()
        assert (part.state, part.digest, part.sent_at) == (State.SENT, digest, digest.sent_at)
    alone.refresh_from_db()
    assert (alone.state, alone.digest) == (State.SENT, None)


def test_rule_N2_one_digest_a_day_what_comes_later_goes_by_itself():
    reminder(1)
    reminder(2)
    outbox.send_due()
    reminder(3)
    reminder(4)
    assert outbox.send_due() == {"sent": 2}
    assert Notice.objects.filter(kind="digest").count() == 1


def test_rule_N2_letters_about_no_date_are_not_bundled():
    letter(1)
    letter(2)
    assert outbox.send_due() == {"sent": 2}
    assert not Notice.objects.filter(kind="digest").exists()


def test_rule_N2_a_reminder_waits_a_moment_for_others(settings):
    settings.NOTICE_DIGEST_SECONDS = 30
    reminder(1)
    assert outbox.send_due() == {}
    Notice.objects.update(created_at=clock.now() - timedelta(seconds=31))
    assert outbox.send_due() == {"sent": 1}


def test_rule_N2_a_digest_that_fails_is_seen_on_what_it_lists(monkeypatch):
    parts = [reminder(n) for n in (1, 2)]
    failing(monkeypatch, smtplib.SMTPDataError(554, b"never"))
    assert outbox.send_due() == {"failed": 1}
    for part in parts:
        part.refresh_from_db()
        assert part.state == State.FAILED


def test_rule_N1_the_server_gets_both_forms(sink):
    letter(to=person("claire"))
    assert outbox.send_due() == {"sent": 1}
    (message,) = sink.messages
    assert {part.get_content_type() for part in message.walk()} >= {"text/plain", "text/html"}
    assert message["Auto-Submitted"] == "auto-generated"
