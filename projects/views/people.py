"""The people of a firm: who acts for it, inviting others, the way of an invitation (rule A-1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.permissions import SignedRequest, may, public, signed_in
from projects import firms, invitations
from projects.fields import Step
from projects.forms.people import EndLinkForm, HandOverForm, InviteForm, RoleForm
from projects.gates import application_for, check_may_edit, firm_for, link_of
from projects.models import Application, Firm, FirmMember, Invitation

Role = FirmMember.Role
TYPED = "projects.hand-over"  # what somebody typed and could not send, kept for the page that opens next


@signed_in
def people(request: SignedRequest, pk: int) -> HttpResponse:
    """Who acts for the firm and as what; its owners invite others and change their roles."""
    firm = firm_for(request.user, pk)
    roles = invitations.roles_to_give(request.user, firm)
    form = InviteForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        sent = attempt(
            form,
            lambda: invitations.invite(
                firm=firm, email=said["email"], role=said["role"], by=request.user, on=today()
            ),
        )
        if sent:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": sent.email})
            return redirect("projects:firm-people", firm.pk)
    return render(request, "projects/people.html", _people_context(request, firm, form if roles else None))


def _people_context(request: SignedRequest, firm: Firm, form: InviteForm | None) -> dict[str, Any]:
    own = link_of(request.user, firm)
    runs = bool(own and own.role == Role.OWNER and own.confirmed_on)
    links = firm.members.filter(left_on=None).select_related("user").order_by("pk")
    waiting = firm.invitations.filter(accepted_on=None, withdrawn_on=None, until__gte=today())
    return {
        "firm": firm,
        "form": form,
        "own": own,
        "people": [
            {"link": link, "form": RoleForm(initial={"role": link.role}, auto_id=f"id_{link.pk}_%s"),
             "end": EndLinkForm(auto_id=f"id_{link.pk}_%s"), "runs": runs and link.user != request.user}
            for link in links
        ],
        "invited": [
            {"invitation": one, "mine": bool(own and (own.role == Role.OWNER or one.invited_by == request.user))}
            for one in waiting.select_related("invited_by")
        ],
        "rights": [(Role(code).label, text) for code, text in _rights().items()],
    }  # fmt: skip


def _rights() -> dict[str, str]:
    return {
        Role.OWNER: _("fills in, submits, signs, invites others"),
        Role.EDITOR: _("fills in and submits"),
        Role.ADVISER: _("fills in and hands the draft to the owner; does not submit"),
        Role.VIEWER: _("reads only"),
    }


def _link(request: SignedRequest, pk: int, link: int) -> FirmMember:
    firm = firm_for(request.user, pk)
    if link_of(request.user, firm) is None:
        raise Http404
    return get_object_or_404(firm.members.select_related("user", "firm"), pk=link, left_on=None)


@signed_in
@require_POST
def role(request: SignedRequest, pk: int, link: int) -> HttpResponse:
    member = _link(request, pk, link)
    form = RoleForm(request.POST)
    if form.is_valid():
        _tell(request, form, lambda: invitations.change_role(
            member=member, role=form.cleaned_data["role"], by=request.user, on=today()
        ), _("%(person)s has another role now.") % {"person": member.user.full_name})  # fmt: skip
    return redirect("projects:firm-people", pk)


@signed_in
@require_POST
def end(request: SignedRequest, pk: int, link: int) -> HttpResponse:
    member = _link(request, pk, link)
    form = EndLinkForm(request.POST)
    if form.is_valid():
        _tell(request, form, lambda: firms.refuse_member(
            member=member, reason=form.cleaned_data["reason"], by=request.user, on=today()
        ), _("%(person)s no longer acts for the firm.") % {"person": member.user.full_name})  # fmt: skip
    else:
        messages.error(request, _("Say why, in a sentence that the person can read."))
    return redirect("projects:firm-people", pk)


def _tell(request: SignedRequest, form: Any, verb: Any, done: str) -> None:
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)


@signed_in
@require_POST
def leave(request: SignedRequest, pk: int) -> HttpResponse:
    firm = firm_for(request.user, pk)
    try:
        invitations.leave_firm(firm=firm, by=request.user, on=today())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("projects:firm-people", pk)
    messages.success(request, _("You no longer act for %(firm)s.") % {"firm": firm})
    return redirect("projects:my")


@signed_in
@require_POST
def withdraw(request: SignedRequest, pk: int, invitation: int) -> HttpResponse:
    firm = firm_for(request.user, pk)
    found = get_object_or_404(Invitation, firm=firm, pk=invitation)
    _tell(request, None, lambda: invitations.withdraw_invitation(
        invitation=found, by=request.user, on=today()
    ), _("The invitation was withdrawn."))  # fmt: skip
    return redirect("projects:firm-people", pk)


@public
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link of an invitation leads: who invites to what, and taking it up once signed in."""
    found = invitations.invitation_of(secret, today())
    problem = ""
    if request.method == "POST" and request.user.is_authenticated:
        try:
            member = invitations.accept(invitation=found, by=request.user, on=today())
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _welcome(member))
            return redirect(*_where_to(member, found.application))
    return render(request, "projects/invitation.html", {"invitation": found, "problem": problem})


def _welcome(member: FirmMember) -> str:
    if member.confirmed_on or not member.firm.confirmed:
        return _("You now act for %(firm)s.") % {"firm": member.firm}
    return _("An owner of the firm or the fund confirms it now; we write to you then.")


def _where_to(member: FirmMember, application: Application | None) -> tuple[Any, ...]:
    opens = member.confirmed_on or not member.firm.confirmed
    if application is not None and opens and application.is_editable:
        return "projects:application-step", application.uid, Step.REVIEW
    return ("projects:my",)


@signed_in
@require_POST
def hand_over(request: SignedRequest, uid: UUID) -> HttpResponse:
    """An adviser hands the draft to the owner: told where there is one, invited where there is none."""
    application = application_for(request.user, uid)
    check_may_edit(request.user, application)
    owned = bool(invitations.owners_of(application.firm))
    form = HandOverForm(request.POST, owned=owned)
    if form.is_valid():
        said = form.cleaned_data
        done = attempt(form, lambda: _hand_over(request, application, owned, said))
        if done:
            messages.success(request, _("The owner gets a mail with the way to this draft."))
            return redirect("projects:my")
    for texts in form.errors.values():
        messages.error(request, " ".join(str(text) for text in texts))
    request.session[TYPED] = {name: form.data.get(name, "") for name in form.fields}
    return redirect("projects:application-step", uid, Step.REVIEW)


def _hand_over(request: SignedRequest, application: Application, owned: bool, said: dict[str, Any]) -> object:
    if owned:
        return invitations.hand_over(
            application=application, note=said["note"], by=request.user, on=today()
        )  # fmt: skip
    return invitations.invite(
        firm=application.firm, email=said["email"], role=Role.OWNER, application=application, by=request.user,
        on=today(),
    )  # fmt: skip


def hand_over_form(request: SignedRequest, application: Application) -> HandOverForm | None:
    """For whoever fills in but may not submit."""
    if not may(check_may_edit, request.user, application):
        return None
    owned = bool(invitations.owners_of(application.firm))
    return HandOverForm(owned=owned, initial=request.session.pop(TYPED, None))
