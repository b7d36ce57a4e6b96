"""X-1, X-2, X-3: views are marked, refusals carry a reason, the staff's sessions end."""

import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.errors import BadInput, Denied, RuleBroken, Stale, require
from accounts.middleware import SEEN
from accounts.permissions import Perm, allow, check_may, may, public, signed_in
from accounts.roles import CONFLICTS, ROLES
from tests.world import PASSWORD, denied, person, refused


def page(request):
    return HttpResponse("open")


def ask(view, user):
    request = RequestFactory().get("/somewhere/")
    request.user = user
    return view(request)


def test_a_marked_view_sends_strangers_to_sign_in():
    for view in (allow(Perm.LOAN_READ)(page), signed_in(page)):
        response = ask(view, AnonymousUser())
        assert response.status_code == 302
        assert response["Location"] == "/account/login/?next=/somewhere/"


@pytest.mark.django_db
def test_rule_X2_a_signed_in_person_without_the_right_is_denied():
    guarded = allow(Perm.LOAN_READ, Perm.LEDGER_READ)(page)
    assert ask(guarded, person("carmen")).content == b"open"
    with denied("Your roles do not include this"):
        ask(guarded, person("lupe"))


def test_a_public_view_opens_for_everybody():
    assert ask(public(page), AnonymousUser()).content == b"open"


def test_every_mark_can_be_read_off_the_view():
    assert allow(Perm.VOTE)(page).allow == (Perm.VOTE,)  # type: ignore[attr-defined]
    assert signed_in(page).allow == "signed in"  # type: ignore[attr-defined]
    assert public(page).allow == "public"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_may_is_the_boolean_of_a_refusal():
    assert may(check_may, person("rosa"), Perm.CONTRACT_DRAFT)
    assert not may(check_may, person("rosa"), Perm.CONTRACT_SIGN)


def test_rule_X1_every_permission_belongs_to_some_role_and_every_conflict_names_roles():
    granted = {perm for row in ROLES for perm in row.permissions}
    assert granted == set(Perm)
    codes = {row.code for row in ROLES}
    for pair in CONFLICTS:
        assert pair <= codes
        assert len(pair) == 2


def test_rule_X1_whoever_prepares_money_does_not_approve_it():
    by_code = {row.code: set(row.permissions) for row in ROLES}
    for maker, checker in [
        (Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN),
        (Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE),
        (Perm.PAYMENT_RECORD, Perm.PAYMENT_REVERSE),
    ]:
        assert not [code for code, perms in by_code.items() if {maker, checker} <= perms]


def test_rule_X1_an_auditor_writes_nothing():
    auditor = next(row for row in ROLES if row.code == "auditor")
    assert {perm.split(".")[1] for perm in auditor.permissions} <= {"home", "read", "check"}


def test_a_refusal_names_its_rule_and_its_field():
    with refused("A-4", "too much"):
        require(False, "A-4", "too much", field="amount")
    require(True, "A-4", "never raised")
    assert str(RuleBroken("A-4", "That is too much.")) == "That is too much. (rule A-4)"
    assert str(BadInput("amount", -1, "Above zero, please.")) == "Above zero, please."
    assert "Somebody changed F-1 in the meantime" in str(Stale("F-1"))


@pytest.mark.django_db
class TestSessions:
    def sign_in(self, client, name):
        person(name)
        client.post("/account/login/", {"login": f"{name}@fiprev.example", "password": PASSWORD})

    def test_sign_in_by_e_mail_is_logged(self, client):
        from accounts.models import ReadEvent

        self.sign_in(client, "rosa")
        assert client.get("/profile/").status_code == 200
        assert ReadEvent.objects.filter(what="sign-in", person="rosa@fiprev.example").count() == 1

    def test_rule_X3_the_staff_are_signed_out_after_thirty_idle_minutes(self, client):
        client.force_login(person("rosa"))
        client.get("/profile/")
        session = client.session
        session[SEEN] = int(time.time()) - 31 * 60
        session.save()
        assert client.get("/profile/")["Location"] == "/account/login/"
        assert client.get("/profile/").status_code == 302

    def test_rule_X3_a_firm_stays_signed_in(self, client):
        client.force_login(person("lupe"))
        session = client.session
        session[SEEN] = int(time.time()) - 31 * 60
        session.save()
        assert client.get("/profile/").status_code == 200

    def test_rule_X3_staff_without_a_second_factor_are_led_to_it(self, client, settings):
        settings.STAFF_SECOND_FACTOR = True
        client.force_login(person("rosa"))
        assert client.get("/work/")["Location"] == "/account/2fa/"
        client.force_login(person("lupe"))
        assert client.get("/profile/").status_code == 200

    def test_rule_G2_each_person_chooses_a_language(self, client):
        client.force_login(person("lupe"))
        response = client.post("/language/", {"language": "fr", "next": "/profile/"})
        assert response["Location"] == "/profile/"
        assert client.get("/profile/")["Content-Language"] == "fr"

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
    def test_the_way_back_never_leaves_the_site(self, client, target):
        assert client.post("/language/", {"language": "es", "next": target})["Location"] == "/"

    def test_a_person_who_is_no_longer_active_may_nothing(self):
        rosa = person("rosa")
        rosa.is_active = False
        assert rosa.permissions_on(rosa.grants.get().from_on) == frozenset()


def test_denied_is_no_refusal_of_a_rule():
    assert not issubclass(Denied, RuleBroken)
