"""Send what is due (N-1): claim one message, send it, stamp it; none is lost, none repeated without saying so.

A claim commits before the mail leaves. A message still claimed long after belonged to a process that died, and
nobody knows whether the server had taken it: it goes out again under the same Message-ID, shown as such.
"""

import smtplib
from collections import Counter
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import clock, emails
from accounts.models import Notice

log = structlog.get_logger(__name__)
State = Notice.State

PAUSES = [
    timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)
]  # after each failure; then it has failed
PERMANENT = range(500, 600)  # SMTP: the server will never take it


def send_due(*, limit: int = 500) -> Counter[str]:
    """Send up to `limit` messages that are due now; returns how many ended in which state."""
    bundle(now=clock.now())
    done: Counter[str] = Counter()
    connection: BaseEmailBackend = get_connection()
    try:
        while done.total() < limit and (notice := claim(now=clock.now())):
            done[send(notice, connection)] += 1
    finally:
        connection.close()
    return done


def waiting(now: datetime) -> QuerySet[Notice]:
    """Due by now and in no digest, or claimed by a process that died."""
    stale = now - timedelta(seconds=settings.NOTICE_STALE_SECONDS)
    fresh = Q(state=State.DUE, not_before__lte=now, digest=None) & ~reminders_too_young(now)
    return Notice.objects.filter(fresh | Q(state=State.CLAIMED, claimed_at__lt=stale))


def reminders_too_young(now: datetime) -> Q:
    """Reminders wait a moment for others of the same person, so that they go as one digest (N-2)."""
    return Q(
        due__isnull=False,
        attempts=0,
        created_at__gt=now - timedelta(seconds=settings.NOTICE_DIGEST_SECONDS),
    ) & ~Q(kind="digest")


@transaction.atomic
def claim(*, now: datetime) -> Notice | None:
    """Take one message; another worker takes another. A stale claim is marked as one of unknown fate."""
    notice = waiting(now).select_for_update(skip_locked=True).order_by("not_before", "pk").first()
    if notice is None:
        return None
    if notice.state == State.CLAIMED:
        notice.was_unknown = True
    notice.state, notice.claimed_at = State.CLAIMED, now
    notice.attempts += 1
    notice.save(update_fields=["state", "claimed_at", "attempts", "was_unknown"])
    return notice


def send(notice: Notice, connection: BaseEmailBackend) -> str:
    """Hand the mail to the server and stamp the outcome."""
    try:
        mail = emails.mail(notice, connection)
        connection.open()
    except Exception as error:  # nothing has left yet, whatever went wrong
        return put_back(notice, error, taken=False)
    try:
        mail.send()
    except Exception as error:
        connection.close()
        return put_back(notice, error, taken=may_be_taken(error))
    return stamp(notice)


def may_be_taken(error: Exception) -> bool:
    """A refusal with a code says no; a connection lost on the way says nothing."""
    return not isinstance(
        error,
        smtplib.SMTPResponseException
        | smtplib.SMTPRecipientsRefused
        | smtplib.SMTPNotSupportedError
        | UnicodeError,
    )


def is_permanent(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _text in error.recipients.values())
    return (
        isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and error.smtp_code in PERMANENT
    )


@transaction.atomic
def stamp(notice: Notice) -> str:
    """Sent, or 'unknown, resent' where an earlier try may have arrived; a digest stamps what it lists."""
    notice.state = State.UNKNOWN if notice.was_unknown else State.SENT
    notice.sent_at, notice.last_error = clock.now(), ""
    notice.save(update_fields=["state", "sent_at", "last_error", "was_unknown"])
    notice.bundled.update(state=notice.state, sent_at=notice.sent_at, was_unknown=notice.was_unknown)
    return str(notice.state)


@transaction.atomic
def put_back(notice: Notice, error: Exception, *, taken: bool) -> str:
    """Due again after a growing pause, or failed for good; the staff see the error."""
    log.warning("notice not sent", notice=notice.pk, kind=notice.kind, error=type(error).__name__)
    tries = notice.attempts - 1
    over = is_permanent(error) or tries >= len(PAUSES)
    notice.state = State.FAILED if over else State.DUE
    notice.was_unknown = notice.was_unknown or taken
    notice.last_error = f"{type(error).__name__}: {error}"[:500]
    if not over:
        notice.not_before = clock.now() + PAUSES[tries]
    notice.save(update_fields=["state", "was_unknown", "last_error", "not_before"])
    if over:
        notice.bundled.update(
            state=State.FAILED, last_error=_("The digest that listed it could not be sent.")
        )
    return str(notice.state)


@transaction.atomic
def bundle(*, now: datetime) -> int:
    """Put the reminders of one person that fall together into one digest; returns how many digests it made.

    One digest a day and person: what comes later the same day goes by itself.
    """
    due = Notice.objects.filter(
        state=State.DUE, not_before__lte=now, digest=None, due__isnull=False, attempts=0
    )
    due = due.filter(~reminders_too_young(now)).exclude(kind="digest")
    several = due.values("email", "language").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    made = 0
    for group in several:
        parts = due.select_for_update(skip_locked=True, of=("self",)).filter(
            email=group["email"], language=group["language"]
        )
        made += _digest(list(parts), now)
    return made


def _digest(parts: list[Notice], now: datetime) -> int:
    if len(parts) < 2:
        return 0
    first, day = parts[0], clock.today()
    digest, new = Notice.objects.get_or_create(
        key=f"digest::{first.language}:{day.isoformat()}:{first.email}",
        defaults={
            "kind": "digest",
            "about": first.recipient.audit_ref if first.recipient else "accounts.mail",
            "due": day,
            "recipient": first.recipient,
            "email": first.email,
            "language": first.language,
            "not_before": now,
            "message_id": f"<digest-{day.isoformat()}-{first.message_id.strip('<>')}>",
        },
    )
    if new:
        Notice.objects.filter(pk__in=[part.pk for part in parts]).update(digest=digest)
    return int(new)
