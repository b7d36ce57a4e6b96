"""Tell people things: a row in the transaction of what caused it; a worker sends it after commit (N-1)."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import RuleBroken
from accounts.gathering import write
from accounts.models import Notice, User
from accounts.permissions import Perm, check_may


def tell(
    kind: str,
    *,
    to: User | None = None,
    email: str = "",
    language: str | None = None,
    about: str,
    offset: str = "",
    due: date | None = None,
    not_before: datetime | None = None,
    wait_for_release: bool = False,
    **facts: Any,
) -> Notice:
    """Write the message; saying the same again (kind with offset, about with due date, recipient) adds nothing.

    `kind` names the templates in templates/emails/<kind>/. `about` is text such as "loans.loan:L-2026-0001".
    `due` is the date the message is about (an instalment's), `not_before` when it may leave. A letter of
    decision `wait_for_release`s by a person.
    """
    address = (to.email if to else email).strip().lower()
    key = ":".join([kind, offset, about, due.isoformat() if due else "", address])
    notice = Notice(
        key=key,
        kind=kind,
        about=about,
        due=due,
        recipient=to,
        email=address,
        language=language or (to.language if to else settings.LANGUAGE_CODE),
        facts=audit.plain(facts),
        state=Notice.State.WAITING if wait_for_release else Notice.State.DUE,
        not_before=not_before or timezone.now(),
        message_id=f"<{uuid4()}@fiprev>",
    )
    return notice if write(notice, once="key") else Notice.objects.get(key=key)


@transaction.atomic
def release(*, notice: Notice, by: User, on: date) -> Notice:
    """Let a letter go that waited for a person (N-1). Raises RuleBroken if it does not wait."""
    check_may(by, Perm.NOTICE_RELEASE)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.state != Notice.State.WAITING:
        raise RuleBroken("N-1", _("This message does not wait for release."))
    notice.state = Notice.State.DUE
    notice.released_by, notice.released_at = by, timezone.now()
    notice.save(update_fields=["state", "released_by", "released_at"])
    audit.record("notice.released", notice, by=by, on=on)
    return notice
