"""The history of a person's account in words (rules X-1, X-4)."""

import pytest
from django.urls import reverse

from accounts import audit, people
from accounts.people_words import told
from tests.projects.reading import read
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def test_rule_X1_a_granted_role_reads_as_such():
    rosa, ada = person("rosa"), person("ada")
    people.grant(user=rosa, role="cashier", from_on=DAY, by=ada, on=DAY)
    newest = told(audit.history(rosa))[0]
    assert (newest.title, newest.person) == ("Role granted", ada.full_name)
    facts = {label: value.replace("\N{NO-BREAK SPACE}", " ") for label, value in newest.facts}
    assert facts == {"Role": "Cashier", "From": "2 Mar 2026", "Last day": "–"}


def test_rule_X4_what_has_no_words_stays_as_the_trail_keeps_it():
    rosa = person("rosa")
    audit.record("user.unheard_of", rosa, by=person("ada"), on=DAY, after={"thing": 7, "language": ""})
    newest = told(audit.history(rosa))[0]
    assert (newest.title, dict(newest.facts)) == ("user.unheard_of", {"thing": "7", "Language": "–"})
    assert told([]) == []


def test_rule_X1_the_page_of_a_person_shows_no_code(client):
    rosa, ada = person("rosa"), person("ada")
    people.grant(user=rosa, role="cashier", from_on=DAY, by=ada, on=DAY)
    client.force_login(ada)
    page = read(client, reverse("accounts:person", args=[rosa.pk]))
    assert "Role granted" in page
    assert "role.granted" not in page
