"""No word of another language where a page's text is not from the catalogue: units, labels of ready-made forms."""

import pytest
from django.urls import reverse
from django.utils import translation

from projects.forms.benefits import BenefitsStep
from projects.forms_benefits import VerifyForm
from tests.stories.projects import draft, registered_firm
from tests.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogues")]


def page(client, language, url):
    client.cookies["django_language"] = language
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "hides"), ("es", "cueros"), ("fr", "peaux")])
def test_rule_G2_units_to_choose_from_are_in_the_readers_language(language, word):
    application = draft(registered_firm())
    with translation.override(language):
        form = BenefitsStep(application=application, on=DAY)
        assert word in dict(form.fields["production_unit"].choices).values()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "V2 · supported by documents"), ("fr", "V2 · étayé par des documents")]
)
def test_rule_G2_grades_to_choose_from_are_in_the_readers_language(language, word):
    with translation.override(language):
        assert word in [str(name) for _value, name in VerifyForm().fields["grade"].choices]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("months", "people", "m³")), ("fr", ("mois", "personnes", "m³"))]
)
def test_rule_B1_the_catalogue_writes_units_as_people_do(client, language, words):
    draft(registered_firm())
    shown = page(client, language, reverse("projects:indicators"))
    for word in words:
        assert f">{word}</td>" in shown
    assert ">month</td>" not in shown
    assert ">m3</td>" not in shown


@pytest.mark.parametrize("url", ["/account/login/", "/account/password/reset/", "/account/signup/"])
@pytest.mark.parametrize(
    ("language", "word"), [("en", "E-mail"), ("es", "Correo electrónico"), ("fr", "Courriel")]
)
def test_rule_G2_one_word_for_an_address(client, url, language, word):
    shown = page(client, language, url)
    assert word in shown
    assert "placeholder" not in shown
