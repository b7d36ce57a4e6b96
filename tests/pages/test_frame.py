"""What surrounds every page: navigation by role, language, theme, refusals, and what they weigh in queries."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html

from fiprev.navigation import FIRM, PUBLIC, STAFF, navigation
from tests.world import CAST, PASSWORD, person

pytestmark = pytest.mark.django_db


def page(response):
    return html.fromstring(response.content.decode())


def entries(name: str) -> list[str]:
    return [link.url for group in navigation(person(name)).side for link in group.links]


def test_every_entry_of_the_navigation_leads_somewhere():
    for entry in (*PUBLIC, *FIRM, *(entry for _title, group in STAFF for entry in group)):
        assert reverse(entry.url_name), entry


@pytest.mark.parametrize("name", CAST)
def test_nobody_is_shown_a_door_that_is_locked(client, name):
    client.force_login(person(name))
    found = navigation(person(name))
    for link in (*found.top, *(link for group in found.side for link in group.links)):
        assert client.get(link.url).status_code == 200, link


def test_the_staff_have_a_side_bar_and_firms_do_not():
    assert navigation(person("rosa")).side
    assert not navigation(person("lupe")).side
    assert navigation(person("lupe")).top


def test_the_administrator_sees_people_and_no_payments():
    assert reverse("accounts:people") in entries("ada")
    assert reverse("loans:payments") not in entries("ada")


def test_a_stranger_sees_the_public_pages(client):
    tree = page(client.get("/"))
    assert tree.xpath("//nav[@aria-label]//a[@aria-current='page']")
    assert tree.xpath("//a[@href='/account/login/']")


def test_the_frame_has_its_landmarks(client):
    tree = page(client.get("/account/login/"))
    for path in (
        "//header",
        "//main[@id='main']",
        "//footer",
        "//a[@class='skip'][@href='#main']",
        "//html[@lang]",
    ):
        assert len(tree.xpath(path)) == 1, path


def test_a_page_keeps_the_content_policy(client):
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    tree = page(response)
    assert not tree.xpath("//*[@style]")
    assert not tree.xpath("//style")
    assert not tree.xpath("//script[not(@src) and not(contains(@type, 'json'))]")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]


@pytest.mark.parametrize(
    ("language", "sentence"), [("es", 'lang="es"'), ("en", 'lang="en"'), ("fr", 'lang="fr"')]
)
def test_rule_G2_the_language_is_a_choice_that_stays(client, language, sentence):
    response = client.post(reverse("accounts:language"), {"language": language, "next": "/account/login/"})
    assert response.url == "/account/login/"
    assert sentence in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_theme_is_a_choice_that_stays(client, theme):
    client.post(reverse("accounts:theme"), {"theme": theme, "next": "/"})
    assert f'data-theme="{theme}"' in client.get("/").content.decode()


@pytest.mark.parametrize("theme", ["", "neon", 'dark" onload="x'])
def test_a_theme_that_is_none_changes_nothing(client, theme):
    client.cookies["theme"] = theme
    assert 'data-theme="auto"' in client.get("/").content.decode()


def test_a_switch_never_leads_off_the_site(client):
    response = client.post(reverse("accounts:theme"), {"theme": "dark", "next": "https://elsewhere.example/"})
    assert response.url == "/"


def test_a_page_that_is_not_there_says_what_to_do(client):
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert page(response).xpath("//main//a[@href='/']")


@pytest.fixture
def _counted_from_nought():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("_counted_from_nought")
def test_an_address_that_asks_too_often_is_told_to_wait(client):
    for _ in range(40):
        response = client.post(reverse("account_login"), {"login": "nobody@fiprev.example", "password": "x"})
        if response.status_code == 429:
            break
    assert response.status_code == 429
    assert "Too many attempts" in page(response).xpath("string(//main//h1)")


def test_a_missing_right_is_403_with_its_reason(client):
    client.force_login(person("rosa"))
    response = client.get(reverse("accounts:people"))
    assert response.status_code == 403
    assert "roles" in response.content.decode() or "rol" in response.content.decode()


def test_our_own_failure_is_told_in_three_languages_without_a_database(client, monkeypatch, settings):
    monkeypatch.setattr("accounts.views.registries.work_of", lambda user: 1 / 0)
    client.force_login(person("rosa"))
    client.raise_request_exception = False
    response = client.get(reverse("accounts:work"))
    assert response.status_code == 500
    for sentence in ("Algo falló", "Something failed", "Une erreur"):
        assert sentence in response.content.decode()


def test_a_demonstration_says_so_on_every_page(client, settings):
    assert "demo-banner" not in client.get("/account/login/").content.decode()
    settings.DEMO = True
    assert "demo-banner" in client.get("/account/login/").content.decode()


def test_the_work_page_costs_few_queries(client, django_assert_max_num_queries):
    client.force_login(person("ada"))
    client.get(reverse("accounts:work"))
    with django_assert_max_num_queries(12):
        client.get(reverse("accounts:work"))


def test_the_style_guide_is_for_the_staff(client):
    assert client.get(reverse("styleguide")).status_code == 302
    client.force_login(person("lupe"))
    assert client.get(reverse("styleguide")).status_code == 403
    client.force_login(person("ada"))
    assert client.get(reverse("styleguide")).status_code == 200


# Signing in and up --------------------------------------------------------------------------------


def test_signing_up_asks_for_a_code_by_mail_and_no_more(client, mailoutbox):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    answer = client.post(
        reverse("account_signup"),
        {"full_name": "Eva Luna", "email": "eva@taller.example", "password1": PASSWORD},
    )
    assert answer.status_code == 302
    (mail,) = mailoutbox
    assert mail.to == ["eva@taller.example"]
    (alternative,) = mail.alternatives
    assert "<style>" in alternative[0]
    assert " style=" not in alternative[0]
    code = client.get(answer.url)
    assert "eva@taller.example" in code.content.decode()


def test_signing_up_twice_never_says_that_somebody_exists(client, mailoutbox):
    person("lupe")
    another = Client()
    first = client.post(
        reverse("account_signup"), {"full_name": "X", "email": "lupe@fiprev.example", "password1": PASSWORD}
    )
    second = another.post(
        reverse("account_signup"), {"full_name": "X", "email": "new@fiprev.example", "password1": PASSWORD}
    )
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert mailoutbox[0].subject != mailoutbox[1].subject


def test_a_wrong_password_keeps_the_address_that_was_typed(client):
    person("rosa")
    response = client.post(reverse("account_login"), {"login": "rosa@fiprev.example", "password": "wrong"})
    tree = page(response)
    assert tree.xpath("//input[@name='login']/@value") == ["rosa@fiprev.example"]
    assert tree.xpath("//*[@data-error-summary]")


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
    ],
)
def test_pages_for_whoever_is_not_signed_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert len(page(response).xpath("//h1")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_activate_totp",
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
    ],
)
def test_pages_of_ones_own_account(client, name):
    person("rosa")
    client.post(reverse("account_login"), {"login": "rosa@fiprev.example", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse(name))
    assert response.status_code == 200
    tree = page(response)
    assert len(tree.xpath("//h1")) == 1
    assert tree.xpath("//h1")[0].text_content().strip()
