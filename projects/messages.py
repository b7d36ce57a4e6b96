"""Messages between a firm and the fund about an application, by section of it (A-7, A-8, N-1).

A message is kept for good and goes out by mail as well: to the firm's people, or to the loan officer who looks
after the file. What one side has not opened yet is marked; the fund's side counts as one reader, so that a message
that a colleague has opened waits for nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit, files
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.notices import tell
from accounts.permissions import Perm
from projects.fields import STEP_TITLES, Step
from projects.gates import link_of, may_read, people_to_tell
from projects.models import Application, FirmMember, Message, MessageFile, ReadMark
from projects.models.application import ApplicationQuerySet

#: Sections that a message may be about; the review is none.
SECTIONS = tuple(step for step in Step if step is not Step.REVIEW)
WRITERS = (Perm.APPLICATION_CHECK, Perm.EVALUATION_ASSIGN, Perm.CONTRACT_DRAFT)
TEXT_MOST = 4_000
FILES_MOST = 5
#: What a mail shows of a message; the rest is read on the page.
SHOWN_IN_MAIL = 600


def check_may_write(user: User, application: Application) -> None:
    """Raise Denied unless the person writes for the firm, or for the fund with a duty in this file."""
    link = link_of(user, application.firm)
    if link is not None and link.role == FirmMember.Role.VIEWER:
        raise Denied(_("You may read the messages, not write. Ask the owner of the firm."))
    if link is None and not (may_read(user, application) and any(user.may(perm) for perm in WRITERS)):
        raise Denied(_("Your roles do not include this."))


@transaction.atomic
def write(
    *,
    application: Application,
    text: str,
    key: UUID,
    by: User,
    on: date,
    section: str = "",
    uploads: Sequence[UploadedFile] = (),
) -> Message:
    """Keep a message and mail it to the other side. The same key again is the message that is there."""
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("firm").get(pk=application.pk)
    )
    check_may_write(by, application)
    if there := Message.objects.filter(key=key, by=by).first():
        return there
    require(application.ref is not None, "A-7", _("Messages begin when the application has been submitted."))
    if section and section not in SECTIONS:
        raise BadInput("section", section, _("Choose a section of the application."))
    if not text.strip():
        raise BadInput("text", text, _("Write what you want to say."))
    if len(text) > TEXT_MOST:
        raise BadInput(
            "text", text, _("Write at most %(n)d letters; the rest can go as a file.") % {"n": TEXT_MOST}
        )
    if len(uploads) > FILES_MOST:
        raise BadInput("files", "", _("Send at most %(n)d files with one message.") % {"n": FILES_MOST})
    message = Message.objects.create(
        application=application, section=section, text=text.strip(), key=key, by=by, on=on,
        from_firm=link_of(by, application.firm) is not None,
    )  # fmt: skip
    for upload in uploads:
        stored = files.store(upload, about=application.about, by=by, on=on, field="files")
        MessageFile.objects.create(message=message, file=stored)
    audit.record(
        "application.message", application, by=by, on=on,
        after={"message": message.pk, "section": section, "files": len(uploads)},
    )  # fmt: skip
    mark_read(application=application, by=by)
    _mail(message, application)
    return message


def _mail(message: Message, application: Application) -> None:
    """To the firm's people from the fund; to the officer of the file from the firm (the others see the queue)."""
    to = [application.officer] if message.from_firm else people_to_tell(application)
    for person in to:
        if person is None or person.pk == message.by_id:
            continue
        with translation.override(person.language):
            section = str(STEP_TITLES[Step(message.section)]) if message.section else ""
        tell(
            "application-message",
            to=person,
            about=application.about,
            offset=str(message.pk),
            number=application.ref,
            title=application.title,
            firm=str(application.firm) if message.from_firm else "",
            section=section,
            text=message.text[:SHOWN_IN_MAIL] + ("…" if len(message.text) > SHOWN_IN_MAIL else ""),
            files=message.attachments.count(),
            url=f"{application.get_absolute_url()}messages/",
        )


def mark_read(*, application: Application, by: User) -> None:
    """The person has all messages of the application before their eyes now."""
    last = application.messages.aggregate(last=Max("pk"))["last"]
    if last is not None:
        of_firm = link_of(by, application.firm) is not None
        ReadMark.objects.bulk_create(
            [ReadMark(application=application, user=by, upto=last, of_firm=of_firm)],
            update_conflicts=True,
            unique_fields=["application", "user"],
            update_fields=["upto", "of_firm"],
        )


def _read_by_the_fund() -> Coalesce:
    marks = ReadMark.objects.filter(application=OuterRef("application"), of_firm=False).values("application")
    return Coalesce(Subquery(marks.annotate(last=Max("upto")).values("last")), 0)


def _read_by(user: User) -> Coalesce:
    mark = ReadMark.objects.filter(application=OuterRef("application"), user=user).values("upto")[:1]
    return Coalesce(Subquery(mark), 0)


def unread(user: User) -> QuerySet[Message]:
    """What waits to be read: of the fund, for a firm's person; of the firms, for the fund as one reader."""
    if user.is_staff_member:
        return (
            Message.objects.filter(from_firm=True).annotate(seen=_read_by_the_fund()).filter(pk__gt=F("seen"))
        )
    mine = Application.objects.visible_to(user)
    fresh = Message.objects.filter(application__in=mine, from_firm=False)
    return fresh.annotate(seen=_read_by(user)).filter(pk__gt=F("seen"))


def count_unread(user: User) -> ApplicationQuerySet:
    """Applications with ``unread``: how many of their messages the person has not opened."""
    waits = unread(user).filter(application=OuterRef("pk")).order_by().values("application")
    return Application.objects.annotate(
        unread=Coalesce(Subquery(waits.annotate(n=Count("pk")).values("n")), 0)
    )


def with_unread(user: User) -> QuerySet[Application]:
    """Applications with messages that wait to be read, the longest waiting first."""
    waits = unread(user).filter(application=OuterRef("pk"))
    first = waits.order_by("pk").values("on")[:1]
    found = Application.objects.filter(Exists(waits)).annotate(waits_since=Subquery(first))
    return found.select_related("firm").order_by("waits_since", "pk")
