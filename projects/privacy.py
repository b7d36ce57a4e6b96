"""Personal data: the notice and consent by version, and requests for a copy, a correction or deletion (X-6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import audit, feeds
from accounts.errors import BadInput, Denied, require
from accounts.models import Notice, StoredFile, User
from accounts.notices import tell
from accounts.permissions import Perm, check_may
from accounts.registries import DateItem
from fund.calendar import add_bank_days
from fund.numbers import next_number
from fund.policy import policy_on
from projects.models import Application, Consent, FirmMember, Message, PrivacyRequest

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
#: The notice in force; a changed text is a new version, and asks again.
NOTICE_VERSION = "2026-01"
TEXT_MOST = 2_000

_sources: list[str] = []


def register_personal_data(dotted: str) -> None:
    """Add what another app keeps about a person: a callable (user) -> {"heading": [rows]}."""
    if dotted not in _sources:
        _sources.append(dotted)


# Consent ------------------------------------------------------------------------------------------


def consented(user: User) -> bool:
    """Whether the person agreed to the notice as it is now."""
    return Consent.objects.filter(user=user, version=NOTICE_VERSION).exists()


@transaction.atomic
def consent(*, by: User, on: date) -> Consent:
    """Say yes to the notice as it is now; saying it again adds nothing."""
    said, made = Consent.objects.get_or_create(user=by, version=NOTICE_VERSION, defaults={"on": on})
    if made:
        audit.record("privacy.consented", by, by=by, on=on, after={"version": NOTICE_VERSION})
    return said


# Requests -----------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, kind: str, text: str = "", by: User, on: date) -> PrivacyRequest:
    """A person asks; the answer is due within the term. Asking twice while one is open is one request."""
    if kind not in Kind.values:
        raise BadInput("kind", kind, _("Choose what you ask for."))
    if kind == Kind.CORRECTION and not text.strip():
        raise BadInput("text", text, _("Say what is wrong and what would be right."))
    if len(text) > TEXT_MOST:
        raise BadInput("text", "", _("Write at most %(n)d letters.") % {"n": TEXT_MOST})
    User.objects.select_for_update().get(pk=by.pk)
    if there := PrivacyRequest.objects.filter(user=by, kind=kind, state=State.OPEN).first():
        return there
    asked = PrivacyRequest.objects.create(
        number=next_number(f"DP-{on.year}"), user=by, kind=kind, text=text.strip(), asked_on=on,
        due_on=add_bank_days(on, policy_on(on).privacy_days),
    )  # fmt: skip
    audit.record("privacy.asked", asked, by=by, on=on, after={"kind": kind, "due_on": asked.due_on})
    _tell("privacy-asked", asked)
    return asked


@transaction.atomic
def answer(*, request: PrivacyRequest, granted: bool, text: str, by: User, on: date) -> PrivacyRequest:
    """Somebody who manages people answers, never their own request. A granted deletion closes the account."""
    check_may(by, Perm.PEOPLE_MANAGE)
    request = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("user").get(pk=request.pk)
    if request.user_id == by.pk:
        raise Denied(_("Somebody else answers what you ask about your own data."))
    require(request.state == State.OPEN, "X-6", _("This request was answered already."))
    if not text.strip():
        raise BadInput("text", text, _("Write the answer: the person reads it."))
    request.state = State.GRANTED if granted else State.REFUSED
    request.answer, request.answered_by, request.answered_on = text.strip(), by, on
    request.save(update_fields=["state", "answer", "answered_by", "answered_on"])
    audit.record("privacy.answered", request, by=by, on=on, after={"state": request.state})
    _tell("privacy-answered", request)
    if granted and request.kind == Kind.DELETION:
        close_account(user=request.user, by=by, on=on)
    return request


def _tell(kind: str, asked: PrivacyRequest) -> None:
    tell(
        kind, to=asked.user, about=asked.audit_ref, number=asked.number, kind_code=asked.kind,
        due_on=asked.due_on, granted=asked.state == State.GRANTED, answer=asked.answer,
        url=asked.get_absolute_url(),
    )  # fmt: skip


# Deletion -----------------------------------------------------------------------------------------


def held_back(user: User) -> list[str]:
    """What stands against closing the account: open files of a firm that nobody else could answer for, and duties."""
    found = []
    if user.is_staff_member:
        found.append(_("The person still holds a role of the fund."))
    alone = [
        link.firm
        for link in FirmMember.objects.filter(
            user=user, left_on=None, confirmed_on__isnull=False
        ).select_related("firm")
        if not link.firm.members.filter(left_on=None, confirmed_on__isnull=False).exclude(user=user).exists()
    ]
    open_files = Application.objects.filed().filter(firm__in=alone).exclude(state__in=("withdrawn", "lapsed"))
    found.extend(
        _("%(number)s of %(firm)s has nobody else who acts for the firm.")
        % {"number": row.ref, "firm": row.firm}
        for row in open_files.select_related("firm")
    )
    return found


@transaction.atomic
def close_account(*, user: User, by: User, on: date) -> User:
    """Take out the person's name and address, and close every way in. What was submitted stays by law (A-11, G-5)."""
    check_may(by, Perm.PEOPLE_MANAGE)
    user = User.objects.select_for_update().get(pk=user.pk)
    against = held_back(user)
    require(not against, "X-6", " ".join(against))
    audit.record("privacy.account_closed", user, by=by, on=on)
    feeds.end_feeds(user=user, by=by, on=on)
    FirmMember.objects.filter(user=user, left_on=None).update(left_on=on)
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.full_name = f"closed-{user.pk}@fiprev.invalid", _("Closed account")
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["email", "full_name", "is_active", "password"])
    return user


# A copy -------------------------------------------------------------------------------------------


def _rows(model: type[Model], columns: Sequence[str], **whose: User) -> list[dict[str, Any]]:
    return list(model._default_manager.filter(**whose).order_by("pk").values(*columns))


def copy_of(user: User) -> dict[str, Any]:
    """Everything that the fund keeps about the person, as plain data for a file."""
    data: dict[str, Any] = {
        "person": {"name": user.full_name, "email": user.email, "language": user.language, "since": user.joined_at},
        "firms": [
            {"firm": str(link.firm), "role": link.role, "asked_on": link.asked_on, "confirmed_on": link.confirmed_on,
             "left_on": link.left_on}
            for link in user.firm_links.select_related("firm")
        ],
        "applications": list(
            Application.objects.filter(started_by=user).values("ref", "title", "state", "started_on", "submitted_on")
        ),
        "messages": list(Message.objects.filter(by=user).values("application__ref", "section", "on", "text")),
        "files": _rows(StoredFile, ("name", "kind", "size", "sha256", "uploaded_on"), uploaded_by=user),
        "letters": _rows(Notice, ("kind", "email", "state", "created_at", "sent_at"), recipient=user),
        "consents": _rows(Consent, ("version", "on"), user=user),
        "requests": _rows(
            PrivacyRequest, ("number", "kind", "text", "asked_on", "due_on", "state", "answer"), user=user
        ),
    }  # fmt: skip
    for dotted in _sources:
        source: Callable[[User], dict[str, Any]] = import_string(dotted)
        data |= source(user)
    return audit.plain(data)


def request_for(user: User, number: str) -> PrivacyRequest:
    """The request, for the person who asked and for those who manage people; anybody else gets 404 (X-2)."""
    found = PrivacyRequest.objects.select_related("user", "answered_by").filter(number=number).first()
    if found is None or not (found.user_id == user.pk or user.may(Perm.PEOPLE_MANAGE)):
        raise Http404
    return found


def waiting(user: User) -> QuerySet[PrivacyRequest]:
    """Requests to answer, the first due first; never one's own."""
    found = PrivacyRequest.objects.filter(state=State.OPEN).exclude(user=user)
    return found.select_related("user").order_by("due_on", "pk")


def dates_of(user: User) -> list[DateItem]:
    """When the answers are due, for those who give them (N-3)."""
    if not user.may(Perm.PEOPLE_MANAGE):
        return []
    title = _("Answer the request %(number)s about personal data")
    return [
        DateItem(
            row.due_on, title % {"number": row.number}, reverse("projects:privacy-request", args=[row.number])
        )
        for row in waiting(user)
    ]
