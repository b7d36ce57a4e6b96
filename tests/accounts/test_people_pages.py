"""The administrator's pages: people, their roles, the second pair of eyes (X-1, X-7)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import people
from accounts.clock import today
from accounts.models import Grant, Role, User
from tests.projects.reading import post, read, text_of
from tests.world import START, english, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    client.force_login(person("ada"))
    return client


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def wish(role, **changes):
    return {"role": Role.objects.get(code=role).pk, "from_on": today(), "to_on": ""} | changes


def granted(name, role, **changes):
    facts = {"user": person(name), "role": role, "from_on": today(), "by": person("ada"), "on": today()}
    return people.grant(**facts | changes)


def test_rule_X1_a_person_is_added_and_waits_for_the_first_role(ada):
    new = {"full_name": "Irma Solís", "email": "Irma@fiprev.example", "language": "es"}
    answer = ada.post(url("person-add"), new, follow=True)
    irma = User.objects.get(email="irma@fiprev.example")
    assert answer.redirect_chain[-1][0] == url("person", irma.pk)
    assert "Irma Solís is here. Now grant a role." in text_of(answer)
    assert "No role yet" in text_of(answer)


def test_an_address_that_is_here_already_is_refused_beside_it_and_keeps_what_was_typed(ada):
    new = {"full_name": "Another Rosa", "email": person("rosa").email, "language": "es"}
    page = post(ada, url("person-add"), new)
    assert f"{person('rosa').email} is here already." in page
    assert 'value="Another Rosa"' in ada.post(url("person-add"), new).content.decode()


@pytest.mark.parametrize("name", ["people", "person-add"])
def test_rule_X1_only_the_administrator_manages_people(client, name):
    for who in ("rosa", "aldo", "carlos"):
        client.force_login(person(who))
        assert client.get(url(name)).status_code == 403


def test_the_list_of_people_shows_the_roles_that_count_or_will(ada):
    rosa = person("rosa")
    granted("rosa", "benefits_officer", to_on=today() + timedelta(days=30))
    ended = granted("rosa", "secretary", from_on=today() - timedelta(days=60))
    people.end_grant(grant=ended, to_on=today() - timedelta(days=1), by=person("ada"), on=today())
    row = read(ada, url("people") + "?q=rosa").split(rosa.email)[1]
    assert "Loan officer" in row and "Benefits officer" in row
    assert "Secretary" not in row


# Granting ----------------------------------------------------------------------------------------


def test_rule_X1_a_role_is_granted_on_the_page_of_the_person(ada):
    rosa = person("rosa")
    answer = ada.post(url("grant", rosa.pk), wish("benefits_officer"), follow=True)
    assert "Granted." in text_of(answer) and "Benefits officer" in text_of(answer)
    assert rosa.grants.filter(role__code="benefits_officer").exists()


@pytest.mark.parametrize(
    ("who", "role", "sentence"),
    [
        ("rosa", "signatory", "cannot be both"),
        ("rosa", "loan_officer", "holds this role already. (rule X-1)"),
        ("ada", "secretary", "Nobody changes his own roles. (rule X-1)"),
    ],
)
def test_rule_X1_a_refused_grant_says_why_on_the_page(ada, who, role, sentence):
    page = post(ada, url("grant", person(who).pk), wish(role))
    assert sentence in page
    assert not Grant.objects.filter(user=person(who), from_on=today()).exists()


def test_a_grant_that_ends_before_it_begins_is_refused_beside_its_last_day(ada):
    last = today() - timedelta(days=1)
    answer = ada.post(url("grant", person("rosa").pk), wish("secretary", to_on=last))
    assert "The last day is before the first one." in text_of(answer)
    assert f'value="{last}"' in answer.content.decode()


# The second pair of eyes -------------------------------------------------------------------------


def test_rule_X1_a_co_chair_confirms_a_role_that_handles_money(client):
    english("carlos")
    waiting = granted("rosa", "cashier")
    client.force_login(person("carlos"))
    page = read(client, url("grant-confirm", waiting.pk))
    assert "Rosa Méndez" in page and "Cashier" in page and "Ada Ibarra" in page
    assert "can prepare or approve money" in page
    answer = client.post(url("grant-confirm", waiting.pk), {"csrf": "-"}, follow=True)
    assert "Confirmed. The role counts from its first day." in text_of(answer)
    waiting.refresh_from_db()
    assert waiting.confirmed_by == person("carlos")
    page = post(client, url("grant-confirm", waiting.pk), {"csrf": "-"})
    assert "This role does not wait for confirmation. (rule X-1)" in page


def test_rule_X1_who_granted_a_role_does_not_confirm_it(ada):
    waiting = granted("rosa", "cashier")
    page = post(ada, url("grant-confirm", waiting.pk), {"csrf": "-"})
    assert "Somebody else has to confirm this role. (rule X-1)" in page
    waiting.refresh_from_db()
    assert waiting.confirmed_by is None


# Ending ------------------------------------------------------------------------------------------


def test_rule_X7_a_role_ends_on_a_day(ada):
    grant = person("rosa").grants.get(role__code="loan_officer")
    page = read(ada, url("grant-end", grant.pk))
    assert "Rosa Méndez" in page and "1 Dec 1996" in page
    answer = ada.post(url("grant-end", grant.pk), {"to_on": today()}, follow=True)
    assert "The role ends on that day." in text_of(answer)
    grant.refresh_from_db()
    assert grant.to_on == today()


def test_rule_X7_a_role_does_not_end_before_it_began(ada):
    grant = person("rosa").grants.get(role__code="loan_officer")
    page = post(ada, url("grant-end", grant.pk), {"to_on": START - timedelta(days=1)})
    assert "The last day is before the first one." in page


def test_rule_X7_the_last_administrator_cannot_leave_and_the_page_says_so(client):
    second = people.add_person(
        email="second@fiprev.example", full_name="Second", language="en", by=person("ada"), on=START
    )
    people.grant(user=second, role="administrator", from_on=START, by=person("ada"), on=START, to_on=today())
    client.force_login(second)
    grant = person("ada").grants.get()
    page = post(client, url("grant-end", grant.pk), {"to_on": today()})
    assert "The last administrator cannot leave. (rule X-7)" in page
