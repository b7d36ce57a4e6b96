"""Several people of one firm: inviting them by mail, their roles, handing a draft to the owner (rule A-1).

An invitation of a confirmed owner of a firm on record counts at once; any other one brings a request that an
owner or the staff confirms, as if the person had named the tax id themselves.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.notices import tell
from projects.firms import check_an_owner_stays
from projects.gates import check_may_edit, link_of
from projects.models import Application, Firm, FirmMember, Handover, Invitation

Role = FirmMember.Role
#: An invitation that nobody takes up ends by itself.
DAYS = 21
#: So many may be open for one firm: the fund's mail is no way to write to strangers.
OPEN_MOST = 20


def owners_of(firm: Firm) -> list[User]:
    """Who owns the firm: confirmed owners of a firm on record, whoever says so of a claim."""
    links = firm.members.filter(role=Role.OWNER, left_on=None).select_related("user")
    return [link.user for link in links if link.confirmed_on or not firm.confirmed]


def roles_to_give(user: User, firm: Firm) -> tuple[str, ...]:
    """What this person may invite others as. Owners give every role; the rest may only call for an owner."""
    link = link_of(user, firm)
    if link is None or link.role == Role.VIEWER:
        return ()
    if link.role == Role.OWNER:
        return tuple(Role.values)
    return () if owners_of(firm) else (Role.OWNER.value,)


@transaction.atomic
def invite(
    *, firm: Firm, email: str, role: str, by: User, on: date, application: Application | None = None
) -> Invitation:
    """Ask somebody by mail to act for the firm. Asking again sends a new link, and the old one ends."""
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    if role not in roles_to_give(by, firm):
        raise Denied(_("Only an owner of the firm invites people to it."))
    email = email.strip().lower()
    if email == by.email.lower():
        raise BadInput("email", email, _("This is your own address."))
    if firm.members.filter(user__email__iexact=email, left_on=None).exists():
        raise BadInput("email", email, _("%(email)s acts for the firm already.") % {"email": email})
    waiting = firm.invitations.filter(accepted_on=None, withdrawn_on=None)
    waiting.filter(email=email).update(withdrawn_on=on)
    require(
        waiting.count() < OPEN_MOST,
        "A-1",
        _("%(n)d invitations are open: withdraw one first.") % {"n": OPEN_MOST},
        field="email",
    )
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        firm=firm, application=application, email=email, role=role, secret_sha256=_digest(secret),
        invited_by=by, invited_on=on, until=on + timedelta(days=DAYS),
    )  # fmt: skip
    audit.record("firm.invited", invitation, by=by, on=on, after={"firm": str(firm), "role": role})
    with translation.override(by.language):
        named = str(Role(role).label)
    tell(
        "firm-invitation", email=email, language=by.language, about=invitation.audit_ref,
        firm=str(firm), person=by.full_name, role=named, until=invitation.until,
        title=application.title if application else "",
        url=reverse("projects:invitation", args=[secret]),
    )  # fmt: skip
    return invitation


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_of(secret: str, on: date) -> Invitation:
    """The open invitation behind a link; a withdrawn, accepted or old one is as unknown as a wrong one (X-2)."""
    found = (
        Invitation.objects.filter(
            secret_sha256=_digest(secret), accepted_on=None, withdrawn_on=None, until__gte=on
        )
        .select_related("firm__merged_into", "invited_by", "application")
        .first()
    )
    if found is None:
        raise Http404
    return found


@transaction.atomic
def accept(*, invitation: Invitation, by: User, on: date) -> FirmMember:
    """Take an invitation up, with the very address to which it was sent."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    require(
        invitation.email == by.email.lower(),
        "A-1",
        _("This invitation was sent to another address. Sign in with that one, or ask for a new one."),
    )
    firm = Firm.objects.select_for_update().get(pk=invitation.firm.merged_into_id or invitation.firm_id)
    standing = firm.members.filter(user=by, left_on=None).first()
    if invitation.accepted_on and standing:
        return standing
    require(
        invitation.withdrawn_on is None and invitation.accepted_on is None and on <= invitation.until,
        "A-1",
        _("This invitation is over. Ask for a new one."),
    )
    member = standing or FirmMember(firm=firm, user=by, role=invitation.role, asked_on=on)
    if member.confirmed_on is None and _counts_at_once(invitation, firm):
        member.role = invitation.role
        member.confirmed_by, member.confirmed_on = invitation.invited_by, on
    member.save()
    invitation.accepted_by, invitation.accepted_on = by, on
    invitation.save(update_fields=["accepted_by", "accepted_on"])
    audit.record("firm.invitation_accepted", member, by=by, on=on, after={"role": member.role})
    tell(
        "firm-invitation-accepted", to=invitation.invited_by, about=invitation.audit_ref, firm=str(firm),
        person=by.full_name, url=reverse("projects:firm-people", args=[firm.pk]),
    )  # fmt: skip
    return member


def _counts_at_once(invitation: Invitation, firm: Firm) -> bool:
    inviter = firm.members.filter(user=invitation.invited_by, left_on=None).first()
    return bool(firm.confirmed and inviter and inviter.confirmed_on and inviter.role == Role.OWNER)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, on: date) -> Invitation:
    """Take an invitation back: by whoever sent it, or an owner of the firm."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("firm").get(
        pk=invitation.pk
    )  # fmt: skip
    link = link_of(by, invitation.firm)
    if link is None or (link.role != Role.OWNER and invitation.invited_by_id != by.pk):
        raise Denied(_("Only an owner of the firm invites people to it."))
    if invitation.withdrawn_on:
        return invitation
    require(
        invitation.accepted_on is None, "A-1", _("It was taken up already: end the person's link instead.")
    )
    invitation.withdrawn_on = on
    invitation.save(update_fields=["withdrawn_on"])
    audit.record("firm.invitation_withdrawn", invitation, by=by, on=on)
    return invitation


@transaction.atomic
def change_role(*, member: FirmMember, role: str, by: User, on: date) -> FirmMember:
    """An owner gives a person of the firm another role; one owner must stay."""
    member = (
        FirmMember.objects.select_for_update(of=("self",)).select_related("firm", "user").get(pk=member.pk)
    )
    own = link_of(by, member.firm)
    if own is None or own.role != Role.OWNER or not own.confirmed_on:
        raise Denied(_("Only a confirmed owner of the firm changes what others may do."))
    if role not in Role.values:
        raise BadInput("role", role, _("“%(role)s” is no role of a firm's people.") % {"role": role})
    require(member.left_on is None, "A-1", _("This person does not act for the firm any more."))
    if member.role == role:
        return member
    check_an_owner_stays(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    audit.record(
        "firm.role_changed", member, by=by, on=on, before={"role": before}, after={"role": role}
    )  # fmt: skip
    return member


@transaction.atomic
def leave_firm(*, firm: Firm, by: User, on: date) -> FirmMember:
    """A person stops acting for a firm; the last owner cannot."""
    member = firm.members.select_for_update().filter(user=by, left_on=None).first()
    if member is None:
        raise Http404
    check_an_owner_stays(member)
    member.left_on = on
    member.save(update_fields=["left_on"])
    audit.record("firm.member_left", member, by=by, on=on)
    return member


@transaction.atomic
def hand_over(*, application: Application, note: str = "", by: User, on: date) -> Handover:
    """Tell the firm's owners that the draft is ready for them to read and submit; once a day is enough."""
    application = Application.objects.select_for_update(of=("self",)).select_related("firm").get(
        pk=application.pk
    )  # fmt: skip
    check_may_edit(by, application)
    require(application.is_editable, "A-7", _("The application was submitted; it can no longer be changed."))
    owners = [owner for owner in owners_of(application.firm) if owner != by]
    require(owners, "A-1", _("Nobody owns the firm here yet: invite its owner by mail."), field="email")
    done = application.handovers.filter(by=by, on=on).first()
    if done is not None:
        return done
    handover = Handover.objects.create(application=application, by=by, on=on, note=note.strip())
    audit.record("application.handed_over", application, by=by, on=on, note=note.strip())
    for owner in owners:
        tell(
            "application-ready", to=owner, about=application.about, offset=str(handover.pk),
            firm=str(application.firm), person=by.full_name, title=application.title, note=note.strip(),
            url=reverse("projects:application-step", args=[application.uid, "review"]),
        )  # fmt: skip
    return handover
