"""Rule G-2: pages hold no text outside the catalogue, and data have their labels in all three languages."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts import feeds
from projects import messages, privacy
from tests.pages.pseudo import OPEN, bracketed, of_the_data, outside, speak, strangers
from tests.stories.projects import draft, registered_firm, returned, submitted
from tests.world import DAY, english, person

pytestmark = pytest.mark.django_db

PUBLIC = (
    "reports:home", "reports:results", "reports:verify", "loans:calculator", "projects:may-apply",
    "projects:service-times", "projects:privacy-notice", "account_login", "account_signup", "account_reset_password",
)  # fmt: skip
OF_A_PERSON = ("accounts:profile", "accounts:calendar", "projects:my", "projects:privacy", "projects:start")
OF_THE_STAFF = (
    "accounts:work", "projects:board", "projects:waiting", "projects:search", "projects:applications",
    "projects:firms", "projects:firm-requests", "projects:measurements", "projects:indicators", "loans:loans",
    "loans:contracts", "fund:capital", "fund:policy", "reports:index", "accounts:notices",
)  # fmt: skip


def signed_in(name):
    client = Client()
    client.force_login(english(name))
    return client


@pytest.fixture
def spoken(monkeypatch):
    """Everything of the catalogue in brackets from here on; rows were written before."""

    def begin():
        known = of_the_data()
        speak(monkeypatch)
        return known

    return begin


def heard(client, url, known):
    response = client.get(url, headers={"accept-language": "en"})
    assert response.status_code == 200, (url, response.status_code)
    page = response.content.decode()
    assert OPEN in page
    return strangers(page, known)


# The instrument itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (bracketed("Save"), ""),
        (f"{bracketed('Save')} it", "it"),
        (bracketed(f"Until {bracketed('Monday')} at noon"), ""),
        ("Plain", "Plain"),
    ],
)
def test_what_stands_in_no_bracket_is_found(text, left):
    assert outside(text).strip() == left


def test_a_text_that_somebody_forgot_is_found():
    page = "<p title='Forgotten hint'>⟦Hello⟧ <b>Curtidos</b> 12 kg</p><p>Forgotten line</p><script>let x</script>"
    assert strangers(page, {"curtidos"}) == ["Forgotten hint", "Forgotten line"]


# Pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC)
def test_rule_G2_public_pages_hold_no_text_outside_the_catalogue(client, spoken, name):
    known = spoken()
    assert heard(client, reverse(name), known) == []


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_rule_G2_a_persons_pages_hold_no_text_outside_the_catalogue(spoken, name):
    submitted("lupe")
    privacy.consent(by=person("lupe"), on=DAY)
    privacy.ask(kind="copy", by=person("lupe"), on=DAY)
    feeds.renew_feed(by=person("lupe"), on=DAY)
    known = spoken()
    assert heard(signed_in("lupe"), reverse(name), known) == []


@pytest.mark.parametrize("step", ["firm", "project", "benefits", "budget", "documents", "review"])
def test_rule_G2_the_steps_hold_no_text_outside_the_catalogue(spoken, step):
    application = draft(registered_firm())
    known = spoken()
    url = reverse("projects:application-step", args=[application.uid, step])
    assert heard(signed_in("lupe"), url, known) == []


@pytest.mark.parametrize("name", ["application", "application-file", "application-messages"])
@pytest.mark.parametrize("who", ["lupe", "rosa"])
def test_rule_G2_the_pages_of_an_application_hold_no_text_outside_the_catalogue(spoken, name, who):
    application = returned(fields=("project.title",))
    messages.write(
        application=application,
        text="¿Qué medidor?",
        section="benefits",
        key=uuid4(),
        by=person("rosa"),
        on=DAY,
    )
    known = spoken()
    assert heard(signed_in(who), reverse(f"projects:{name}", args=[application.uid]), known) == []


def test_rule_G2_the_check_holds_no_text_outside_the_catalogue(spoken):
    application = submitted("lupe")
    known = spoken()
    url = reverse("projects:application-check", args=[application.uid])
    assert heard(signed_in("rosa"), url, known) == []


@pytest.mark.parametrize("name", OF_THE_STAFF)
def test_rule_G2_the_staffs_pages_hold_no_text_outside_the_catalogue(spoken, name):
    submitted("lupe")
    known = spoken()
    for who in ("rosa", "teresa", "bruno", "ada"):
        client = signed_in(who)
        if client.get(reverse(name)).status_code == 200:
            assert heard(client, reverse(name), known) == []
            return
    pytest.fail(f"nobody of the cast opens {name}")


# Data ---------------------------------------------------------------------------------------------


def labels():
    """Every column of reference data that holds one text per language."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            named = field.name == "summaries" or field.name == "names" or field.name.endswith("_names")
            if isinstance(field, models.JSONField) and named:
                yield model, field.name


def test_rule_G2_there_are_labels_to_look_at():
    assert {model.__name__ for model, _name in labels()} >= {
        "Product",
        "Sector",
        "Indicator",
        "ChecklistItem",
    }


def test_rule_G2_data_labels_exist_in_all_three_languages():
    missing = [
        f"{model.__name__}.{name} {row.pk}: {language}"
        for model, name in labels()
        for row in model._default_manager.all()[:500]
        for language in ("es", "en", "fr")
        if getattr(row, name) and not str(getattr(row, name).get(language, "")).strip()
    ]
    assert missing == []
