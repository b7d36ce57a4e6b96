"""Every mail of this app renders, in each language, with the facts that the verbs give it."""

from datetime import timedelta

import pytest

from accounts.emails import render
from accounts.models import Notice
from projects import applications, firms
from tests.stories.projects import registered_firm, returned, submitted
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def notices_of_a_whole_life():
    application = returned()
    answers = {"project.summary": "Así es & será"}
    applications.resubmit(application=application, by=person("lupe"), on=DAY, answers=answers)
    applications.confirm_complete(application=application, by=person("rosa"), on=DAY)
    other = submitted("memo")
    type(other).objects.filter(pk=other.pk).update(state="approved", decided_on=DAY - timedelta(days=91))
    applications.lapse(application=other, by=person("rosa"), on=DAY)
    claim = firms.register_firm(country="MX", tax_id=registered_firm().tax_id, by=person("ana"), on=DAY)
    firms.refuse_member(member=claim.members.get(), reason="No la conocemos", by=person("lupe"), on=DAY)
    return Notice.objects.order_by("pk")


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_N1_every_mail_says_what_it_is_about(language):
    kinds = set()
    for notice in notices_of_a_whole_life():
        notice.language = language
        message = render(notice)
        kinds.add(notice.kind)
        assert message.subject
        assert "{{" not in message.text + message.html
        if "number" in notice.facts:
            assert notice.facts["number"] in message.subject
    assert kinds == {
        "firm-link-asked", "firm-link-confirmed", "firm-link-refused", "application-submitted",
        "application-returned", "application-resubmitted", "application-complete", "application-lapsed",
    }  # fmt: skip


def test_rule_A7_the_mail_of_a_return_lists_each_field_with_its_reason():
    returned(fields=("project.summary", "documents.baseline"))
    message = render(Notice.objects.get(kind="application-returned"))
    assert message.text.count("Falta el dato del año pasado") == 2
    assert "/applications/" in message.text
