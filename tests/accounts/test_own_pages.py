"""One's own pages: where sign-in leads, language and looks, and a letter that waits for release (G-2, N-1)."""

import pytest
from django.urls import reverse

from accounts import notices
from accounts.models import AuditEvent, Notice
from tests.projects.reading import post, read, text_of
from tests.world import DAY, english, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("rosa", "accounts:work"),
        ("diana", "reports:index"),
        ("lupe", "projects:my"),
        ("aldo", "accounts:work"),
    ],
)
def test_sign_in_leads_each_to_their_work(client, name, leads):
    client.force_login(person(name))
    assert client.get(reverse("accounts:landing")).url == reverse(leads)


def test_rule_G2_the_chosen_language_is_the_persons_from_now_on_and_leaves_a_trail(client, catalogues):
    rosa = person("rosa")
    client.force_login(rosa)
    answer = client.post(
        reverse("accounts:profile"), {"full_name": "Rosa M. Méndez", "language": "fr"}, follow=True
    )
    assert "Enregistré." in text_of(answer)
    rosa.refresh_from_db()
    assert (rosa.full_name, rosa.language) == ("Rosa M. Méndez", "fr")
    kept = AuditEvent.objects.get(verb="user.changed", object=rosa.audit_ref)
    assert kept.before == {"full_name": "Rosa Méndez", "language": "es"}


def test_a_profile_without_a_name_is_refused_beside_it(client):
    client.force_login(english("rosa"))
    page = post(client, reverse("accounts:profile"), {"full_name": " ", "language": "en"})
    assert "This field is required." in page
    assert person("rosa").full_name == "Rosa Méndez"


def test_rule_G2_the_switch_of_language_stays_with_the_browser_and_the_person(client):
    switch, back = reverse("accounts:language"), reverse("projects:may-apply")
    assert client.post(switch, {"language": "fr", "next": back}).url == back
    assert client.cookies["django_language"].value == "fr"
    client.force_login(person("rosa"))
    client.post(switch, {"language": "en", "next": back})
    assert person("rosa").language == "en"
    client.post(switch, {"language": "tlh", "next": back})
    assert person("rosa").language == "en"
    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", ""])
def test_a_switch_leads_back_to_the_site_only(client, target):
    for name, choice in (("language", {"language": "en"}), ("theme", {"theme": "dark"})):
        assert client.post(reverse(f"accounts:{name}"), choice | {"next": target}).url == "/"


def test_only_a_known_appearance_is_remembered(client):
    client.post(reverse("accounts:theme"), {"theme": "neon"})
    assert "theme" not in client.cookies
    client.post(reverse("accounts:theme"), {"theme": "dark"})
    assert client.cookies["theme"].value == "dark"


# Letters -----------------------------------------------------------------------------------------


@pytest.fixture
def letter(db):
    return notices.tell(
        "seat-appointed", to=person("nora"), about="committee.appointment:1", wait_for_release=True,
        body={"en": "Technical Committee"}, seat={"en": "CCIB"}, alternate=False, since=DAY, until=None,
    )  # fmt: skip


def test_rule_N1_a_letter_is_read_and_released_once(client, letter):
    client.force_login(english("sofia"))
    url = reverse("accounts:notice", args=[letter.pk])
    page = read(client, url)
    assert "Release this letter" in page and person("nora").email in page
    page = text_of(client.post(url, {"csrf": "-"}, follow=True))
    assert "Released. It leaves within a minute." in page and "Release this letter" not in page
    assert Notice.objects.get(pk=letter.pk).released_by == person("sofia")
    page = post(client, url, {"csrf": "-"})
    assert "(rule N-1)" in page


def test_rule_N1_the_times_of_a_letter_read_as_everywhere(client, letter):
    client.force_login(english("sofia"))
    notices.release(notice=letter, by=person("sofia"), on=DAY)
    released = Notice.objects.get(pk=letter.pk).released_at
    page = client.get(reverse("accounts:notice", args=[letter.pk])).content.decode()
    assert f'<time datetime="{released.isoformat()}">' in page


def test_rule_N1_who_does_not_release_letters_reads_the_refusal(client, letter):
    client.force_login(person("aldo"))
    url = reverse("accounts:notice", args=[letter.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"csrf": "-"}).status_code == 403
