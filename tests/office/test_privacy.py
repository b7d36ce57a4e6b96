"""Personal data: notice and consent by version, requests answered within their term, the record kept (X-6)."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import emails, feeds, registries
from accounts.models import AuditEvent, Notice, User
from committee import declarations
from projects import applications, firms, privacy
from projects.models import Application, Consent, FirmMember, PrivacyRequest
from tests.projects.reading import post, read
from tests.stories import committee as story
from tests.stories.projects import draft, registered_firm, submitted
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


def asked(kind="copy", *, by="lupe", text=""):
    return privacy.ask(kind=kind, text=text, by=person(by), on=DAY)


def answered(request, *, granted=True, text="Aquí está", by="ada", on=DAY):
    return privacy.answer(request=request, granted=granted, text=text, by=person(by), on=on)


# Consent ------------------------------------------------------------------------------------------


def test_rule_X6_consent_is_kept_with_the_version_and_the_day():
    lupe = person("lupe")
    assert not privacy.consented(lupe)
    said = privacy.consent(by=lupe, on=DAY)
    assert (said.version, said.on) == (privacy.NOTICE_VERSION, DAY)
    assert privacy.consent(by=lupe, on=DAY + timedelta(days=9)) == said
    assert privacy.consented(lupe)
    assert Consent.objects.count() == 1


def test_rule_X6_a_new_version_of_the_notice_asks_again(monkeypatch):
    privacy.consent(by=person("lupe"), on=DAY)
    monkeypatch.setattr(privacy, "NOTICE_VERSION", "2027-01")
    assert not privacy.consented(person("lupe"))
    privacy.consent(by=person("lupe"), on=DAY)
    assert person("lupe").consents.count() == 2


def test_rule_X6_everybody_reads_the_notice_and_who_is_signed_in_agrees(client, as_):
    url = reverse("projects:privacy-notice")
    assert "I have read it" not in read(client, url)
    lupe = as_("lupe")
    assert "I have read it and agree" in read(lupe, url)
    post(lupe, reverse("projects:privacy-consent"), {}, status=302)
    assert "I have read it" not in read(lupe, url)
    assert "What you agreed to" in read(lupe, reverse("projects:privacy"))


# Asking -------------------------------------------------------------------------------------------


def test_rule_X6_a_request_has_a_number_and_a_day_twenty_bank_days_on():
    request = asked()
    assert (request.number, request.due_on) == ("DP-2026-0001", date(2026, 3, 31))
    mail = emails.render(Notice.objects.get(kind="privacy-asked"))
    assert "DP-2026-0001" in mail.subject


def test_asking_twice_while_one_is_open_is_one_request():
    assert asked() == asked()
    assert PrivacyRequest.objects.count() == 1
    answered(asked())
    assert asked().number == "DP-2026-0002"


@pytest.mark.parametrize(
    ("kind", "text", "field", "sentence"),
    [
        ("everything", "", "kind", "Choose what you ask for."),
        ("correction", "  ", "text", "Say what is wrong"),
        ("copy", "x" * 2_001, "text", "at most 2000 letters"),
    ],
)
def test_bad_requests_say_what_is_wrong(kind, text, field, sentence):
    with bad_input(field, sentence):
        asked(kind, text=text)


def test_the_database_knows_one_open_request_of_a_kind():
    request = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyRequest.objects.create(number="X", user=request.user, kind="copy", asked_on=DAY, due_on=DAY)


# Answering ----------------------------------------------------------------------------------------


def test_rule_X6_the_answer_is_kept_mailed_and_on_the_trail():
    request = answered(asked("correction", text="Mi nombre es Guadalupe"), granted=False, text="Ya está así")
    assert (request.state, request.answered_by, request.answered_on) == ("refused", person("ada"), DAY)
    assert "Ya está así" in emails.render(Notice.objects.get(kind="privacy-answered")).text
    verbs = AuditEvent.objects.filter(object=request.audit_ref).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["privacy.asked", "privacy.answered"]


def test_an_answer_is_given_once_and_has_words():
    request = asked()
    with bad_input("text", "the person reads it"):
        answered(request, text=" ")
    answered(request)
    with refused("X-6", "answered already"):
        answered(request)


@pytest.mark.parametrize("name", ["lupe", "rosa", "aldo", "teresa"])
def test_only_who_manages_people_answers(name):
    with denied():
        answered(asked(by="memo"), by=name)


def test_nobody_answers_their_own_request():
    with denied("Somebody else"):
        answered(asked(by="ada"))


def test_rule_N3_what_is_due_is_on_the_administrators_home_and_in_the_calendar(as_):
    request = asked()
    assert "Requests about personal data" in read(as_("ada"), reverse("accounts:work"))
    assert [item.on for item in registries.dates_of(person("ada"))] == [request.due_on]
    answered(request)
    assert registries.dates_of(person("ada")) == []


# A copy -------------------------------------------------------------------------------------------


def test_rule_X6_the_copy_holds_what_is_kept_and_nothing_of_others():
    application = submitted("lupe")
    submitted("memo")
    data = privacy.copy_of(person("lupe"))
    assert data["person"]["email"] == person("lupe").email
    assert [row["ref"] for row in data["applications"]] == [application.ref]
    assert data["firms"][0]["firm"] == "Curtidos La Paloma, S.A. de C.V."
    assert len(data["files"]) == application.documents.count()
    text = json.dumps(data)
    assert "Fundidora" not in text
    assert "memo@" not in text


def test_rule_X6_the_copy_holds_the_persons_seats_votes_and_declarations():
    story.seated("CT")
    matter = {"kind": "free", "reference": "NOTE-1", "title": "Calendar", "paper": {}}
    session = story.opened(story.called("CT", matter, held_on=DAY))
    declarations.declare_year(interests="A part of Aguas del Bajío", by=person("nora"), on=DAY)
    story.voted(session.items.get(), {"nora": "for", "vera": "against"})
    data = json.loads(json.dumps(privacy.copy_of(person("nora"))))
    assert data["seats"][0]["since"] == "1996-12-01"
    assert data["declarations"][0]["statement"] == "A part of Aguas del Bajío"
    assert [(row["session__code"], row["remote"]) for row in data["sessions"]] == [(session.code, False)]
    assert [row["vote"] for row in data["votes"]] == ["for"]
    assert privacy.copy_of(person("lupe"))["votes"] == []


def test_rule_X6_a_copy_opens_to_the_person_alone_once_granted(as_):
    request = asked()
    url = reverse("projects:privacy-copy", args=[request.number])
    lupe = as_("lupe")
    read(lupe, url, status=403)
    answered(request)
    assert json.loads(lupe.get(url).content)["person"]["name"] == "Guadalupe Torres"
    read(as_("ada"), url, status=403)
    read(as_("memo"), url, status=404)


# Deletion -----------------------------------------------------------------------------------------


def test_rule_X6_a_granted_deletion_closes_the_account_and_takes_out_the_name():
    draft(registered_firm())
    feed = feeds.renew_feed(by=person("lupe"), on=DAY)
    user = person("lupe")
    answered(asked("deletion"))
    user = User.objects.get(pk=user.pk)
    assert (user.is_active, user.full_name) == (False, "Closed account")
    assert user.email == f"closed-{user.pk}@fiprev.invalid"
    assert not user.has_usable_password()
    assert not user.emailaddress_set.exists()
    assert feeds.by_secret(feed.secret) is None
    assert FirmMember.objects.get(user=user).left_on == DAY
    assert Notice.objects.get(kind="privacy-answered").email == "lupe@fiprev.example"


def test_rule_A11_a_firm_with_an_open_file_is_not_left_alone():
    application = submitted("lupe")
    request = asked("deletion")
    with refused("X-6", "nobody else who acts for the firm"), transaction.atomic():
        answered(request)
    assert PrivacyRequest.objects.get().state == "open"
    applications.withdraw(application=application, by=person("lupe"), on=DAY)
    answered(asked("deletion"))
    assert Application.objects.get().ref == application.ref


def test_rule_A11_somebody_else_of_the_firm_is_enough():
    submitted("lupe")
    claim = firms.register_firm(country="MX", tax_id="CPA950612QX1", role="editor", by=person("ana"), on=DAY)
    firms.confirm_member(member=claim.members.get(), by=person("rosa"), on=DAY, role="editor")
    assert privacy.held_back(person("lupe")) == []


def test_rule_X7_who_holds_a_role_gives_it_back_first():
    with refused("X-6", "still holds a role"), transaction.atomic():
        answered(asked("deletion", by="rosa"))


# Pages --------------------------------------------------------------------------------------------


def test_a_person_asks_and_the_administrator_answers_on_pages(as_):
    lupe = as_("lupe")
    page = post(lupe, reverse("projects:privacy"), {"kind": "correction", "text": ""})
    assert "Say what is wrong" in page
    post(lupe, reverse("projects:privacy"), {"kind": "correction", "text": "Mi apellido"}, status=302)
    request = PrivacyRequest.objects.get()
    assert "Mi apellido" in read(lupe, request.get_absolute_url())
    ada = as_("ada")
    assert request.number in read(ada, reverse("projects:privacy-requests"))
    post(ada, request.get_absolute_url(), {"granted": "yes", "text": "Corregido"}, status=302)
    assert "Corregido" in read(lupe, request.get_absolute_url())


def test_the_page_says_beforehand_what_stands_against_a_deletion(as_):
    submitted("lupe")
    request = asked("deletion")
    ada = as_("ada")
    assert "nobody else who acts" in read(ada, request.get_absolute_url())
    assert "nobody else who acts" in post(ada, request.get_absolute_url(), {"granted": "yes", "text": "Va"})


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("rosa", 404), ("lupe", 200), ("ada", 200)])
def test_rule_X2_a_request_opens_to_its_person_and_to_who_answers(as_, name, status):
    read(as_(name), asked().get_absolute_url(), status=status)


def test_the_person_does_not_answer_on_the_page(as_):
    post(as_("lupe"), asked().get_absolute_url(), {"granted": "yes", "text": "Sí"}, status=403)
