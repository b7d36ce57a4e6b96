"""The letter of a decision as a sealed paper, once a person has released it (rules N-1, R-1, A-8)."""

from __future__ import annotations

from django.http import Http404

from accounts.clock import FUND_ZONE
from accounts.models import Notice, User
from accounts.permissions import Perm
from committee.models import Resolution
from fund import documents
from fund.models import IssuedDocument
from projects.gates import application_for, link_of
from projects.models import Application

PREFIX = "committee.resolution"


def released_letter(application: Application) -> Notice | None:
    """The letter of the last decision on the application that has left, or is about to."""
    if not application.resolution:
        return None
    letters = Notice.objects.filter(
        kind="decision-letter", about=f"{PREFIX}:{application.resolution}", released_by__isnull=False
    )
    return letters.order_by("pk").first()


def paper(application: Application, *, language: str) -> IssuedDocument:
    """The letter under its own number, in a language; its facts are those of the letter that was released.

    Raises Http404 while no letter was released.
    """
    letter = released_letter(application)
    if letter is None or letter.released_by is None or letter.released_at is None:
        raise Http404
    return documents.issue(
        kind="decision",
        number=f"{application.resolution}-{language.upper()}",
        language=language,
        template="committee/documents/letter.html",
        facts=letter.facts,
        about=f"{PREFIX}:{application.resolution}",
        by=letter.released_by,
        on=letter.released_at.astimezone(FUND_ZONE).date(),
    )


def read_letter(user: User, document: IssuedDocument) -> None:
    """Who opens a letter: the firm's people and whoever of the fund reads the application; others get 404."""
    number = document.about.partition(":")[2]
    resolution = Resolution.objects.select_related("item").filter(number=number).first()
    application = Application.objects.filter(ref=resolution.reference).first() if resolution else None
    if application is None:
        raise Http404
    found = application_for(user, application.uid)
    if link_of(user, found.firm) is None and not user.may(Perm.APPLICATION_READ):
        raise Http404
