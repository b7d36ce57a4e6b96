"""Several people of one firm (rule A-1): invitations by mail, roles, and a draft handed to its owner."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from accounts.emails import render
from accounts.models import Notice
from projects import applications, firms, invitations
from projects.gates import application_for, link_of
from projects.models import FirmMember, Handover, Invitation
from tests.projects.reading import read, step_url, text_of
from tests.stories.projects import PROJECTS, draft, funded, registered_firm, save
from tests.world import DAY, bad_input, denied, email_of, person, refused

pytestmark = pytest.mark.django_db
Role = FirmMember.Role


def invited(firm, name="ana", role=Role.EDITOR, by="lupe", **options):
    return invitations.invite(firm=firm, email=email_of(name), role=role, by=person(by), on=DAY, **options)


def accepted(invitation, name="ana", on=DAY):
    return invitations.accept(invitation=invitation, by=person(name), on=on)


def secret_of(name="ana"):
    """The secret as it stands in the mail."""
    return (
        Notice.objects.filter(kind="firm-invitation", email=email_of(name))
        .latest("pk")
        .facts["url"]
        .split("/")[2]
    )


def claimed_by_an_adviser(name="ana"):
    firm = firms.register_firm(
        country="MX", tax_id="CPA950612QX1", role=Role.ADVISER, by=person(name), on=DAY,
        legal_name="Curtidos La Paloma",
    )  # fmt: skip
    return firm, applications.start(firm=firm, by=person(name), on=DAY)


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


# The pages ---------------------------------------------------------------------------------------


def people_url(firm):
    return reverse("projects:firm-people", args=[firm.pk])


def test_the_owner_invites_on_the_page_of_people(as_):
    firm = registered_firm()
    lupe = as_("lupe")
    answer = lupe.post(people_url(firm), {"email": email_of("ana"), "role": "editor"}, follow=True)
    page = text_of(answer)
    assert "The invitation is on its way to ana@fiprev.example." in page
    assert "Invitations sent" in page
    again = text_of(lupe.post(people_url(firm), {"email": "not-an-address", "role": "editor"}))
    assert "Enter a valid email address." in again


def test_the_invited_open_an_account_and_accept(as_):
    firm = registered_firm()
    invited(firm)
    url = reverse("projects:invitation", args=[secret_of()])
    stranger = read(Client(headers={"accept-language": "en"}), url)
    assert "Guadalupe Torres asks you to act for Curtidos La Paloma" in stranger
    assert "Open an account" in stranger
    assert "sent to another address" in text_of(as_("memo").post(url))
    page = text_of(as_("ana").post(url, follow=True))
    assert "You now act for Curtidos La Paloma" in page
    assert as_("ana").get(url).status_code == 404


def test_an_invitation_to_a_draft_opens_it(as_):
    firm, application = claimed_by_an_adviser()
    invited(firm, "lupe", role=Role.OWNER, by="ana", application=application)
    answer = as_("lupe").post(reverse("projects:invitation", args=[secret_of("lupe")]))
    assert answer.url == step_url(application, "review")


def test_the_owner_ends_a_link_with_a_reason(as_):
    firm = registered_firm()
    member = accepted(invited(firm))
    lupe = as_("lupe")
    url = reverse("projects:firm-person-end", args=[firm.pk, member.pk])
    assert "Say why, in a sentence" in text_of(lupe.post(url, {"reason": ""}, follow=True))
    assert "no longer acts for the firm" in text_of(
        lupe.post(url, {"reason": "Ya no trabaja aquí"}, follow=True)
    )
    assert as_("ana").get(people_url(firm)).status_code == 404


def test_the_owner_changes_a_role_on_the_page(as_):
    firm = registered_firm()
    member = accepted(invited(firm))
    url = reverse("projects:firm-person-role", args=[firm.pk, member.pk])
    assert "Ana Flores has another role now." in text_of(
        as_("lupe").post(url, {"role": "viewer"}, follow=True)
    )
    own = firm.members.get(user=person("lupe"))
    url = reverse("projects:firm-person-role", args=[firm.pk, own.pk])
    assert "A firm needs an owner" in text_of(as_("lupe").post(url, {"role": "viewer"}, follow=True))


def test_invitations_are_withdrawn_on_the_page(as_):
    firm = registered_firm()
    found = invited(firm)
    url = reverse("projects:firm-invitation-withdraw", args=[firm.pk, found.pk])
    assert "The invitation was withdrawn." in text_of(as_("lupe").post(url, follow=True))
    other = registered_firm("memo")
    assert as_("memo").post(
        reverse("projects:firm-invitation-withdraw", args=[other.pk, found.pk])
    ).status_code == 404  # fmt: skip


def test_leaving_on_the_page(as_):
    firm = registered_firm()
    url = reverse("projects:firm-leave", args=[firm.pk])
    assert "A firm needs an owner" in text_of(as_("lupe").post(url, follow=True))
    accepted(invited(firm))
    assert "You no longer act for Curtidos La Paloma" in text_of(as_("ana").post(url, follow=True))


def test_rule_A1_the_adviser_finds_the_way_to_the_owner_on_the_review_page(as_):
    _firm, application = claimed_by_an_adviser()
    save(application, "project", {"title": PROJECTS["lupe"]["title"]}, person("ana"))
    ana = as_("ana")
    page = read(ana, step_url(application, "review"))
    assert "The owner of the firm submits it" in page
    assert "E-mail of the owner" in page
    url = reverse("projects:application-hand-over", args=[application.uid])
    assert "Enter a valid email address." in text_of(ana.post(url, {"email": "no"}, follow=True))
    assert "The owner gets a mail" in text_of(ana.post(url, {"email": email_of("lupe")}, follow=True))
    assert Invitation.objects.get().application == application


def test_rule_A1_the_adviser_of_an_owned_firm_writes_a_word(as_):
    firm = registered_firm()
    application = draft(firm, papers=False)
    accepted(invited(firm, role=Role.ADVISER))
    ana = as_("ana")
    assert "A word to the owner" in read(ana, step_url(application, "review"))
    url = reverse("projects:application-hand-over", args=[application.uid])
    ana.post(url, {"note": "Revisa el monto"})
    assert "Handed to the owner on" in read(ana, step_url(application, "review"))


@pytest.mark.parametrize("name", ["firm-people", "firm-leave"])
def test_rule_X2_strangers_find_no_people(as_, name):
    firm = registered_firm()
    url = reverse(f"projects:{name}", args=[firm.pk])
    client = as_("ana")
    assert (client.get(url) if name == "firm-people" else client.post(url)).status_code == 404


def test_the_page_of_people_takes_few_queries(as_, django_assert_max_num_queries):
    firm = registered_firm()
    accepted(invited(firm))
    invited(firm, "memo")
    lupe = as_("lupe")
    with django_assert_max_num_queries(12):
        lupe.get(people_url(firm))


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_N1_the_mails_of_the_firms_people_read_well(language):
    firm = registered_firm()
    application = draft(firm, papers=False)
    accepted(invited(firm, role=Role.ADVISER, application=application))
    invitations.hand_over(application=application, note="Revisa & firma", by=person("ana"), on=DAY)
    kinds = set()
    for letter in Notice.objects.filter(
        kind__in=["firm-invitation", "firm-invitation-accepted", "application-ready"]
    ):
        letter.language = language
        message = render(letter)
        kinds.add(letter.kind)
        assert message.subject
        assert "{{" not in message.text + message.html
        assert "Curtidos La Paloma" in message.text
    assert len(kinds) == 3
