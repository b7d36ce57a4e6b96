"""G-2: pages and letters in the reader's language."""

import pytest
from django.utils import translation

from accounts.emails import render
from accounts.errors import RuleBroken
from accounts.notices import tell
from projects import applications
from tests.stories import projects
from tests.world import DAY, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogues")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "¿Puedo presentar una solicitud?"),
        ("en", "May I apply?"),
        ("fr", "Puis-je faire une demande ?"),
    ],
)
def test_rule_G2_a_stranger_reads_the_page_in_the_language_of_the_browser(client, language, words):
    response = client.get("/apply/", headers={"accept-language": language})
    assert response["Content-Language"] == language
    assert words in response.content.decode().replace("\xa0", " ")


def test_rule_G2_a_refusal_is_read_in_ones_own_language():
    application = projects.draft(projects.registered_firm("lupe"))
    with translation.override("es"):
        with pytest.raises(RuleBroken) as caught:
            applications.resubmit(application=application, by=person("lupe"), on=DAY, answers={})
        assert str(caught.value) == "Solo se reenvía una solicitud devuelta. (regla A-8)"


@pytest.mark.parametrize(
    ("name", "words"), [("lupe", "está completa"), ("claire", "est complète"), ("ada", "is complete")]
)
def test_rule_G2_a_letter_is_in_the_language_of_its_recipient(name, words):
    facts = {"number": "F-2026-0001", "title": "Agua", "path": "/my/"}
    notice = tell("application-complete", to=person(name), about="test:1", **facts)
    assert words in render(notice).subject
