"""N-1: a message is a row before it is a mail, unique per kind, about, date and recipient."""

from datetime import date

import pytest

from accounts import notices
from accounts.models import AuditEvent, Notice
from tests.world import DAY, denied, person, refused

pytestmark = pytest.mark.django_db


def say(**changes: object) -> Notice:
    facts: dict = {"to": person("lupe"), "about": "loans.loan:L-1", "due": date(2026, 4, 15), "offset": "-7"}
    return notices.tell("instalment", **(facts | changes))


def test_rule_N1_saying_the_same_again_adds_nothing():
    assert say() == say()
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"offset": "-1"}, {"about": "loans.loan:L-2"}, {"due": date(2026, 5, 15)}, {"due": None}]
)
def test_rule_N1_another_offset_object_or_date_is_another_message(other):
    assert say() != say(**other)


def test_rule_N1_another_recipient_gets_their_own():
    assert say() != say(to=person("memo"))


def test_rule_N1_each_message_has_one_message_id_for_life():
    notice = say()
    assert say(amount="1.00").message_id == notice.message_id


def test_rule_G2_a_message_is_in_the_language_of_its_recipient():
    assert say().language == "es"
    assert say(to=person("claire")).language == "fr"
    assert say(to=None, email="Someone@Else.example").language == "en"


def test_rule_N1_a_letter_of_decision_waits_for_a_person():
    letter = say(wait_for_release=True)
    assert letter.state == Notice.State.WAITING
    with denied():
        notices.release(notice=letter, by=person("rosa"), on=DAY)
    released = notices.release(notice=letter, by=person("sofia"), on=DAY)
    assert released.state == Notice.State.DUE
    assert released.released_by == person("sofia")
    assert AuditEvent.objects.filter(verb="notice.released", object=letter.audit_ref).exists()


def test_rule_N1_what_does_not_wait_cannot_be_released():
    with refused("N-1", "does not wait"):
        notices.release(notice=say(), by=person("sofia"), on=DAY)


def test_every_state_has_a_badge_with_a_word():
    for state in Notice.State:
        badge = Notice(state=state).badge
        assert badge.icon
        assert badge.label == state.label
