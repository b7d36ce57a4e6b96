"""Rule A-1: the people of a firm, their roles, who invites whom, and an adviser who does not submit."""

from datetime import timedelta

import pytest
from django.http import Http404

from accounts.models import Notice
from projects import applications, firms, invitations
from projects.gates import application_for, link_of
from projects.models import FirmMember, Handover, Invitation
from tests.projects.colleagues import accepted, claimed_by_an_adviser, invited, secret_of
from tests.stories.projects import draft, funded, registered_firm
from tests.world import DAY, bad_input, denied, email_of, person, refused

pytestmark = pytest.mark.django_db
Role = FirmMember.Role


# Inviting ----------------------------------------------------------------------------------------


def test_rule_A1_an_owner_invites_by_mail():
    firm = registered_firm()
    found = invited(firm, role=Role.EDITOR)
    letter = Notice.objects.get(kind="firm-invitation")
    assert letter.email == email_of("ana")
    assert letter.facts["person"] == "Guadalupe Torres"
    assert found.secret_sha256 not in letter.facts["url"]
    assert found.until == DAY + timedelta(days=invitations.DAYS)


def test_rule_A1_whom_a_confirmed_owner_invites_acts_at_once():
    firm = registered_firm()
    member = accepted(invited(firm))
    assert (member.role, member.confirmed_by) == (Role.EDITOR, person("lupe"))
    assert link_of(person("ana"), firm)
    assert Notice.objects.filter(kind="firm-invitation-accepted", email=email_of("lupe")).exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.ADVISER])
def test_rule_A1_only_owners_invite(role):
    firm = registered_firm()
    accepted(invited(firm, role=role))
    with denied("Only an owner of the firm invites people to it."):
        invited(firm, "memo", by="ana")


def test_rule_A1_a_stranger_invites_nobody():
    with denied():
        invited(registered_firm(), "memo", by="ana")


def test_rule_A1_bad_invitations():
    firm = registered_firm()
    with bad_input("email", "This is your own address."):
        invited(firm, "lupe")
    accepted(invited(firm))
    with bad_input("email", "ana@fiprev.example acts for the firm already."):
        invited(firm)


def test_rule_A1_asking_again_ends_the_old_link():
    firm = registered_firm()
    first = invited(firm)
    invited(firm)
    with refused("A-1", "This invitation is over."):
        accepted(first)
    assert Invitation.objects.filter(withdrawn_on=None).count() == 1


def test_rule_A1_the_funds_mail_is_no_way_to_write_to_strangers():
    firm = registered_firm()
    for at in range(invitations.OPEN_MOST):
        invitations.invite(firm=firm, email=f"x{at}@y.example", role=Role.VIEWER, by=person("lupe"), on=DAY)
    with refused("A-1", "20 invitations are open"):
        invited(firm)


# Accepting ---------------------------------------------------------------------------------------


def test_rule_A1_an_invitation_counts_for_its_address_only():
    found = invited(registered_firm())
    with refused("A-1", "was sent to another address"):
        accepted(found, "memo")


def test_rule_A1_accepting_twice_is_once():
    found = invited(registered_firm())
    assert accepted(found) == accepted(found)


def test_rule_A1_an_old_invitation_is_over():
    found = invited(registered_firm())
    with refused("A-1", "This invitation is over."):
        accepted(found, on=found.until + timedelta(days=1))


def test_rule_X2_the_link_is_all_that_finds_an_invitation():
    invited(registered_firm())
    assert invitations.invitation_of(secret_of(), DAY).email == email_of("ana")
    for secret, day in (("wrong", DAY), (secret_of(), DAY + timedelta(days=60))):
        with pytest.raises(Http404):
            invitations.invitation_of(secret, day)


def test_rule_A1_a_withdrawn_invitation_is_over():
    firm = registered_firm()
    found = invited(firm)
    for _twice in range(2):
        invitations.withdraw_invitation(invitation=found, by=person("lupe"), on=DAY)
    with refused("A-1", "This invitation is over."):
        accepted(found)
    with denied():
        invitations.withdraw_invitation(invitation=invited(firm, "memo"), by=person("ana"), on=DAY)


def test_rule_A1_an_accepted_invitation_is_not_withdrawn():
    found = invited(registered_firm())
    accepted(found)
    with refused("A-1", "It was taken up already"):
        invitations.withdraw_invitation(invitation=found, by=person("lupe"), on=DAY)


def test_rule_A1_an_inviter_who_left_gives_no_rights():
    firm = registered_firm()
    accepted(invited(firm, "memo", role=Role.OWNER), "memo")
    pending = invited(firm)
    invitations.leave_firm(firm=firm, by=person("lupe"), on=DAY)
    member = accepted(pending)
    assert member.confirmed_on is None
    assert link_of(person("ana"), firm) is None


# A firm that nobody confirmed yet -----------------------------------------------------------------


def test_rule_A1_in_a_claim_the_invited_fill_in_at_once_and_are_confirmed_with_their_inviter():
    firm = registered_firm(confirmed=False)
    application = applications.start(firm=firm, by=person("lupe"), on=DAY)
    member = accepted(invited(firm))
    assert member.confirmed_on is None
    assert application_for(person("ana"), application.uid) == application
    firms.confirm_member(member=firm.members.get(user=person("lupe")), by=person("rosa"), on=DAY)
    member.refresh_from_db()
    assert member.confirmed_by == person("lupe")
    assert application_for(person("ana"), application.uid) == application


def test_rule_A1_when_a_claim_joins_the_record_its_people_ask_there():
    record = registered_firm()
    claim = firms.register_firm(country="MX", tax_id="CPA950612QX1", by=person("memo"), on=DAY)
    accepted(invited(claim, by="memo"))
    firms.confirm_member(member=claim.members.get(user=person("memo")), by=person("lupe"), on=DAY)
    waiting = list(firms.requests_to(record))
    assert [link.user for link in waiting] == [person("ana")]
    assert link_of(person("ana"), record) is None


# An adviser ---------------------------------------------------------------------------------------


def test_rule_A1_an_adviser_invites_the_owner_and_nobody_else():
    firm, application = claimed_by_an_adviser()
    with denied():
        invited(firm, "memo", role=Role.EDITOR, by="ana")
    owner = accepted(invited(firm, "lupe", role=Role.OWNER, by="ana", application=application), "lupe")
    assert owner.confirmed_on is None
    assert application_for(person("lupe"), application.uid) == application
    with denied():
        invited(firm, "memo", role=Role.OWNER, by="ana")


def test_rule_A1_an_adviser_hands_the_draft_over_and_the_owner_submits():
    funded()
    firm = registered_firm()
    accepted(invited(firm, role=Role.ADVISER))
    application = draft(firm)
    with denied("An adviser fills in the application; the owner of the firm submits it."):
        applications.submit(application=application, by=person("ana"), on=DAY)
    for _twice in range(2):
        invitations.hand_over(application=application, note="Falta su firma", by=person("ana"), on=DAY)
    assert Handover.objects.count() == 1
    letter = Notice.objects.get(kind="application-ready")
    assert letter.email == email_of("lupe")
    assert letter.facts["note"] == "Falta su firma"
    assert applications.submit(application=application, by=person("lupe"), on=DAY).ref == "F-2026-0001"


def test_rule_A1_nobody_to_hand_it_to():
    _firm, application = claimed_by_an_adviser()
    with refused("A-1", "Nobody owns the firm here yet"):
        invitations.hand_over(application=application, by=person("ana"), on=DAY)


def test_rule_A1_a_viewer_hands_nothing_over():
    firm = registered_firm()
    application = draft(firm, papers=False)
    accepted(invited(firm, role=Role.VIEWER))
    with denied():
        invitations.hand_over(application=application, by=person("ana"), on=DAY)


def test_rule_A7_a_submitted_file_is_handed_to_nobody():
    funded()
    firm = registered_firm()
    accepted(invited(firm, role=Role.ADVISER))
    application = applications.submit(application=draft(firm), by=person("lupe"), on=DAY)
    with refused("A-7", "was submitted"):
        invitations.hand_over(application=application, by=person("ana"), on=DAY)


# Roles -------------------------------------------------------------------------------------------


def test_rule_A1_an_owner_changes_a_role():
    member = accepted(invited(registered_firm()))
    changed = invitations.change_role(member=member, role=Role.VIEWER, by=person("lupe"), on=DAY)
    assert changed.role == Role.VIEWER
    with bad_input("role", "“king” is no role"):
        invitations.change_role(member=member, role="king", by=person("lupe"), on=DAY)
    with denied("Only a confirmed owner"):
        invitations.change_role(member=member, role=Role.OWNER, by=person("ana"), on=DAY)


def test_rule_A1_a_firm_keeps_an_owner():
    firm = registered_firm()
    own = firm.members.get()
    with refused("A-1", "A firm needs an owner"):
        invitations.change_role(member=own, role=Role.EDITOR, by=person("lupe"), on=DAY)
    with refused("A-1", "A firm needs an owner"):
        invitations.leave_firm(firm=firm, by=person("lupe"), on=DAY)


def test_rule_A1_who_leaves_sees_nothing_any_more():
    firm = registered_firm()
    application = draft(firm, papers=False)
    accepted(invited(firm))
    assert application_for(person("ana"), application.uid)
    invitations.leave_firm(firm=firm, by=person("ana"), on=DAY)
    with pytest.raises(Http404):
        application_for(person("ana"), application.uid)
    with pytest.raises(Http404):
        invitations.leave_firm(firm=firm, by=person("ana"), on=DAY)
