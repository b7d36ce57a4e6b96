"""Who may open a firm or an application, and who may do what with it (rules A-1, E-1, X-2).

An outsider gets 404, so that nobody learns what exists; an insider without the right gets 403 with a
sentence. Apps downstream that open or close files to their people (an evaluator is assigned, a member
declares a conflict) register a reader here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.errors import Denied
from accounts.models import User
from accounts.permissions import Perm
from projects.models import Application, Firm, FirmMember
from projects.models.application import ApplicationQuerySet

_readers: list[str] = []


def register_reader(dotted: str) -> None:
    """Add a say on who reads a file: a callable (user, application) -> True (may), False (must not), None.

    One False closes the file even to those whose role opens every file (rule E-1).
    """
    if dotted not in _readers:
        _readers.append(dotted)


def link_of(user: User, firm: Firm) -> FirmMember | None:
    """The person's link to the firm, if it opens the firm's papers: confirmed, or the claim is their own."""
    links = (link for link in firm.members.all() if link.user_id == user.pk and link.left_on is None)
    return next((link for link in links if link.confirmed_on or not firm.confirmed), None)


def firm_for(user: User, pk: int | str) -> Firm:
    """The firm, for its people and for staff who read applications; anybody else gets 404."""
    firm = (
        Firm.objects.select_related("sector", "state")
        .prefetch_related("members")
        .filter(pk=pk, merged_into=None)
        .first()
    )
    if firm is None or not (user.may(Perm.APPLICATION_READ) or link_of(user, firm)):
        raise Http404
    return firm


def application_for(
    user: User, uid: UUID | str, *, whole: bool = False, rows: ApplicationQuerySet | None = None
) -> Application:
    """The application, for the firm's people and whoever of the fund may read it; anybody else gets 404.

    ``whole`` brings its benefits, budget lines and papers along; ``rows`` are applications with what a page adds.
    """
    found = Application.objects.all() if rows is None else rows
    application = (
        (found.with_rows() if whole else found)
        .for_page()
        .prefetch_related("firm__members")
        .filter(uid=uid)
        .first()
    )
    if application is None or not may_read(user, application):
        raise Http404
    return application


def may_read(user: User, application: Application) -> bool:
    """Rule X-2 in one place. Drafts are the firm's own: the staff see a file once it is submitted."""
    if link_of(user, application.firm):
        return True
    if application.ref is None:
        return application.from_paper and user.may(Perm.APPLICATION_ENTER)
    says = [import_string(dotted)(user, application) for dotted in _readers]
    if False in says:
        return False
    return True in says or user.may(Perm.APPLICATION_READ)


def open_file(user: User, about: str) -> None:
    """The gate of uploaded files: whoever may read the application may open its papers.

    Whoever confirms that a person acts for a firm sees the papers of the claim before it is submitted (A-1).
    """
    pk = about.rpartition(":")[2]
    application = Application.objects.select_related("firm").filter(pk=pk).first() if pk.isdigit() else None
    confirms = application is not None and not application.firm.confirmed and user.may(Perm.APPLICATION_CHECK)
    if application is None or not (confirms or may_read(user, application)):
        raise Http404


def check_may_edit(user: User, application: Application) -> None:
    """Raise Denied unless the person may fill in this file: any link but a viewer's, or staff from paper."""
    link = link_of(user, application.firm)
    if link is None and not (application.from_paper and user.may(Perm.APPLICATION_ENTER)):
        raise Denied(_("Only the firm fills in its application."))
    if link is not None and link.role == FirmMember.Role.VIEWER:
        raise Denied(_("You may look at this application, not change it. Ask the owner of the firm."))


def check_may_submit(user: User, application: Application) -> None:
    """Raise Denied unless the person is the firm's owner or works there; an adviser hands it to the owner."""
    check_may_edit(user, application)
    link = link_of(user, application.firm)
    if link is not None and link.role == FirmMember.Role.ADVISER:
        raise Denied(_("An adviser fills in the application; the owner of the firm submits it."))


def check_may_run_firm(user: User, firm: Firm) -> None:
    """Raise Denied unless the person owns the firm (confirmed) or checks applications for the fund."""
    link = link_of(user, firm)
    owns = link is not None and link.confirmed_on is not None and link.role == FirmMember.Role.OWNER
    if not owns and not user.may(Perm.APPLICATION_CHECK):
        raise Denied(_("Only the owner of the firm or the fund's staff may do this."))


def check_of_the_fund(user: User) -> None:
    """Raise Denied for people of firms: the verbs that the committee and the loans call."""
    if not (user.is_staff_member or user.is_system):
        raise Denied(_("Only the fund's people do this."))


def people_to_tell(application: Application) -> list[User]:
    """Who hears about this application: the firm's confirmed people, else whoever started it."""
    prefetch_related_objects([application.firm], FirmMember.with_users("members"))
    people: dict[int, Any] = {
        link.user_id: link.user
        for link in application.firm.members.all()
        if link.acts and link.role != FirmMember.Role.VIEWER
    }
    return list(people.values()) or [application.started_by]
