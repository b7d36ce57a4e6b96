"""The pages of a firm's people: inviting, accepting, roles, leaving (Rule A-1)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.emails import render
from accounts.models import Notice
from projects import firms, invitations
from projects.models import FirmMember, Invitation
from tests.projects.colleagues import accepted, claimed_by_an_adviser, invited, secret_of
from tests.projects.reading import read, step_url, text_of
from tests.stories.projects import PROJECTS, draft, registered_firm, save
from tests.world import DAY, email_of, person

pytestmark = pytest.mark.django_db
Role = FirmMember.Role


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
    again = ana.post(url, {"email": "no-address"}, follow=True)
    assert "Enter a valid email address." in text_of(again)
    assert 'value="no-address"' in again.content.decode()
    assert "no-address" not in ana.get(step_url(application, "review")).content.decode()
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


def test_rule_A1_a_word_too_long_for_the_owner_is_refused_and_not_lost(as_):
    firm = registered_firm()
    application = draft(firm, papers=False)
    accepted(invited(firm, role=Role.ADVISER))
    url = reverse("projects:application-hand-over", args=[application.uid])
    answer = as_("ana").post(url, {"note": "Revisa el monto. " * 200}, follow=True)
    assert "Ensure this value has at most" in text_of(answer)
    assert "Revisa el monto." in text_of(answer)
    assert not application.handovers.exists()


def test_rule_A1_an_address_of_the_firm_is_not_invited_twice_and_stays_typed(as_):
    firm = registered_firm()
    answer = as_("lupe").post(people_url(firm), {"email": email_of("lupe"), "role": "editor"})
    assert f'value="{email_of("lupe")}"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_rule_X2_only_who_acts_for_the_firm_changes_its_people(as_):
    firm = registered_firm()
    member = accepted(invited(firm))
    for name in ("firm-person-role", "firm-person-end"):
        url = reverse(f"projects:{name}", args=[firm.pk, member.pk])
        for stranger in ("memo", "rosa"):
            assert as_(stranger).post(url, {"role": "viewer", "reason": "x"}).status_code == 404
    member.refresh_from_db()
    assert (member.role, member.left_on) == (Role.EDITOR, None)


def test_rule_A1_whom_an_adviser_invited_waits_once_the_firm_is_confirmed(as_):
    """Their draft opens to them when an owner or the fund has confirmed the link."""
    firm, application = claimed_by_an_adviser()
    invited(firm, "memo", role=Role.OWNER, by="ana", application=application)
    firms.confirm_member(member=firm.members.get(), by=person("rosa"), on=DAY)
    answer = as_("memo").post(reverse("projects:invitation", args=[secret_of("memo")]), follow=True)
    assert "An owner of the firm or the fund confirms it now; we write to you then." in text_of(answer)
    assert answer.redirect_chain[-1][0] == reverse("projects:my")
    assert as_("memo").get(step_url(application, "review")).status_code == 404


def test_rule_A1_a_viewer_is_offered_nothing_to_hand_over(as_):
    firm = registered_firm()
    application = draft(firm, papers=False)
    accepted(invited(firm, role=Role.VIEWER))
    assert as_("ana").get(step_url(application, "review")).status_code == 403


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
