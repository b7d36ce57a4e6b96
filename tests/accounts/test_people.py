"""X-1, X-7: roles are granted by others, money roles by two, and somebody is always left to administer."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from accounts import people
from accounts.backend import Backend
from accounts.models import AuditEvent, Grant, User
from accounts.permissions import Perm, holders
from accounts.roles import ROLES
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return person("ada")


@pytest.fixture
def newcomer(ada: User) -> User:
    return people.add_person(email=" Nuevo@Fondo.example ", full_name="Nuevo", language="es", by=ada, on=DAY)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_rule_X1_an_added_person_has_a_verified_address_and_may_do_nothing_yet(newcomer):
    assert newcomer.email == "nuevo@fondo.example"
    assert newcomer.emailaddress_set.get().verified
    assert not newcomer.is_staff_member


def test_the_same_address_is_refused_in_any_case(ada, newcomer):
    with bad_input("email", "nuevo@fondo.example is here already"):
        people.add_person(email="NUEVO@fondo.example", full_name="Otro", language="es", by=ada, on=DAY)


def test_only_an_administrator_adds_people(newcomer):
    with denied("Only an administrator"):
        people.add_person(email="x@y.example", full_name="X", language="es", by=person("rosa"), on=DAY)


def allowed(user, day):
    """What somebody may do on a day: by the roles, and as a session of that day finds it."""
    with patch("accounts.backend.today", lambda: day):
        in_session = Backend().get_user(user.pk)
    assert in_session.permissions == fresh(user).permissions_on(day)
    return in_session.permissions


def test_rule_X1_nobody_is_found_for_a_session_of_one_who_is_gone(newcomer):
    type(newcomer).objects.filter(pk=newcomer.pk).update(is_active=False)
    assert Backend().get_user(newcomer.pk) is None
    assert Backend().get_user(0) is None


def test_rule_X1_a_role_counts_from_its_first_day_to_its_last(ada, newcomer):
    people.grant(user=newcomer, role="secretary", from_on=DAY, to_on=DAY + timedelta(days=9), by=ada, on=DAY)
    assert Perm.SESSION_RUN not in allowed(newcomer, DAY - timedelta(days=1))
    assert Perm.SESSION_RUN in allowed(newcomer, DAY)
    assert Perm.SESSION_RUN in allowed(newcomer, DAY + timedelta(days=9))
    assert Perm.SESSION_RUN not in allowed(newcomer, DAY + timedelta(days=10))


def test_rule_X1_nobody_changes_his_own_roles(ada):
    with refused("X-1", "Nobody changes his own roles"):
        people.grant(user=ada, role="secretary", from_on=DAY, by=ada, on=DAY)
    with refused("X-1"):
        people.end_grant(grant=ada.grants.get(), to_on=DAY, by=ada, on=DAY)


def test_rule_X1_the_database_refuses_it_too(ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=ada, role=ada.grants.get().role, from_on=DAY, granted_by=ada)


def test_rule_X1_a_role_that_handles_money_waits_for_a_second_person(ada, newcomer):
    granted = people.grant(user=newcomer, role="cashier", from_on=DAY, by=ada, on=DAY)
    assert not allowed(newcomer, DAY)
    with refused("X-1", "Somebody else"):
        people.confirm(grant=granted, by=ada, on=DAY)
    with denied("second administrator or a co-chair"):
        people.confirm(grant=granted, by=person("rosa"), on=DAY)
    people.confirm(grant=granted, by=person("carlos"), on=DAY)
    assert Perm.PAYMENT_RECORD in allowed(newcomer, DAY)


def test_a_role_that_needs_no_confirmation_cannot_be_confirmed(ada, newcomer):
    granted = people.grant(user=newcomer, role="secretary", from_on=DAY, by=ada, on=DAY)
    with refused("X-1", "does not wait"):
        people.confirm(grant=granted, by=person("carlos"), on=DAY)


@pytest.mark.parametrize("other", [row.code for row in ROLES if row.code != "auditor"])
def test_rule_X1_an_auditor_holds_no_other_role(ada, newcomer, other):
    people.grant(user=newcomer, role="auditor", from_on=DAY, by=ada, on=DAY)
    with refused("X-1", "cannot be both"):
        people.grant(user=newcomer, role=other, from_on=DAY, by=ada, on=DAY)


def test_rule_X1_a_conflict_counts_while_the_first_role_waits_for_confirmation(ada, newcomer):
    people.grant(user=newcomer, role="cashier", from_on=DAY, by=ada, on=DAY)
    with refused("X-1", "cannot be both"):
        people.grant(user=newcomer, role="treasurer", from_on=DAY, by=ada, on=DAY)


def test_a_role_is_not_held_twice(ada, newcomer):
    people.grant(user=newcomer, role="secretary", from_on=DAY, by=ada, on=DAY)
    with refused("X-1", "holds this role already"):
        people.grant(user=newcomer, role="secretary", from_on=DAY, by=ada, on=DAY)


def test_a_last_day_before_the_first_is_refused(ada, newcomer):
    with bad_input("to_on", "before the first"):
        people.grant(user=newcomer, role="secretary", from_on=DAY, to_on=date(2026, 1, 1), by=ada, on=DAY)


def test_rule_X7_the_last_administrator_cannot_leave(ada, newcomer):
    people.grant(user=newcomer, role="administrator", from_on=DAY, by=ada, on=DAY)
    second = fresh(newcomer)
    people.end_grant(grant=ada.grants.get(), to_on=DAY, by=second, on=DAY)
    with refused("X-7", "last administrator"):
        people.end_grant(grant=second.grants.get(), to_on=DAY, by=User.objects.system(), on=DAY)


def test_an_ended_role_keeps_its_history(ada, newcomer):
    granted = people.grant(user=newcomer, role="secretary", from_on=DAY, by=ada, on=DAY)
    people.end_grant(grant=granted, to_on=DAY, by=ada, on=DAY)
    verbs = list(AuditEvent.objects.filter(object=newcomer.audit_ref).values_list("verb", flat=True))
    assert verbs == ["role.ended", "role.granted", "user.added"]
    assert AuditEvent.objects.filter(verb="role.ended").get().after == {"to": DAY.isoformat()}


def test_holders_are_those_whose_grant_is_in_force(ada, newcomer):
    people.grant(user=newcomer, role="secretary", from_on=DAY, to_on=DAY, by=ada, on=DAY)
    assert newcomer in holders(Perm.SESSION_RUN, DAY)
    assert newcomer not in holders(Perm.SESSION_RUN, DAY + timedelta(days=1))


def test_the_fund_can_run_with_three_people():
    """X-1: some split of all the roles over three people (auditor apart) has no conflicting pair."""
    from accounts.roles import CONFLICTS

    split = [
        {"administrator", "evaluator", "secretary", "benefits_officer", "commission_member"},
        {"loan_officer", "cashier", "evaluator", "commission_head"},
        {"signatory", "treasurer", "benefits_officer", "committee_member", "co_chair"},
    ]
    covered = set.union(*split)
    assert covered >= {row.code for row in ROLES} - {"auditor", "donor_representative"}
    for roles in split:
        for pair in CONFLICTS:
            assert not pair <= roles, f"{pair} conflict"
