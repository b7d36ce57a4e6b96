"""Rule C-1: bodies, seats held by institutions, persons appointed from a day to a day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from committee import bodies, reference
from committee.models import Appointment, Body, Criterion, Rubric, Seat
from fund.models import Institution
from tests.stories import committee as story
from tests.world import DAY, START, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


def appoint(seat, name, by="sofia", **options):
    return bodies.appoint(seat=seat, person=person(name), by=person(by), on=DAY, **options)


def test_rule_C1_the_fund_starts_with_its_two_bodies_and_their_seats():
    def seats(code):
        return set(Body.objects.get(code=code).seats.values_list("code", flat=True))

    assert seats("CT") == {"CONCAMIN", "CEC", "CCIB", "USCIB", "FUNTEC", "UNAM", "WEC"}
    assert seats("CE") == {"FUNTEC", "CEC", "IPN", "NAFIN", "SEMARNAT", "BANCOMEXT"}
    presiding = set(Seat.objects.filter(presides=True).values_list("body__code", "code"))
    assert presiding == {("CT", "CONCAMIN"), ("CT", "CEC"), ("CE", "FUNTEC"), ("CE", "CEC")}


def test_rule_C1_every_name_stands_in_three_languages():
    rows = [*Body.objects.all(), *Seat.objects.all(), *Criterion.objects.all()]
    for row in rows:
        assert set(row.names) == {"es", "en", "fr"}
        assert all(row.names.values())


def test_rule_E2_the_rubric_of_the_regulation():
    rubric = Rubric.objects.on(DAY)
    assert rubric.weights() == {"benefit": 30, "technique": 20, "baseline": 10, "repayment": 25, "people": 15}
    assert rubric.spread_limit == 2
    assert Rubric.objects.on(date(1990, 1, 1)) is None


def test_loading_twice_changes_nothing():
    before = list(Seat.objects.values())
    reference.load()
    assert list(Seat.objects.values()) == before


def test_rule_C3_the_rules_of_each_body():
    assert Body.objects.get(code="CT").rules_on(DAY).presiding_needed == 2
    assert Body.objects.get(code="CE").rules_on(DAY).presiding_needed == 1
    assert Body.objects.get(code="CT").rules_on(DAY).two_thirds == {
        "credit_line",
        "donation",
        "rule_change",
        "write_off",
    }


def test_rule_C1_a_person_is_appointed_and_told():
    seat = story.seat("CT", "UNAM")
    appointment = appoint(seat, "quinn")
    assert (appointment.since, appointment.until, appointment.alternate) == (DAY, None, False)
    assert person("quinn").notices.filter(kind="seat-appointed").count() == 1
    assert AuditEvent.objects.filter(verb="seat.appointed", object="seat:CT:UNAM").exists()


def test_rule_C1_a_seat_has_one_holder_and_any_number_of_alternates():
    seat = story.seat("CT", "UNAM")
    appoint(seat, "quinn")
    with refused("C-1", "Quinn Harris"):
        appoint(seat, "vera")
    appoint(seat, "vera", alternate=True)
    appoint(seat, "nora", alternate=True)


def test_rule_C1_the_database_refuses_a_second_holder():
    seat = story.seat("CT", "UNAM")
    appoint(seat, "quinn")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(seat=seat, person=person("vera"), since=DAY)


def test_rule_C1_a_person_sits_once_in_a_body_but_may_sit_in_another():
    appoint(story.seat("CT", "UNAM"), "quinn")
    with refused("C-1", "already sits"):
        appoint(story.seat("CT", "WEC"), "quinn")
    with refused("C-1", "already sits"):
        appoint(story.seat("CT", "WEC"), "quinn", alternate=True)
    appoint(story.seat("CE", "IPN"), "quinn")


def test_rule_C1_a_successor_follows_when_the_term_has_ended():
    seat = story.seat("CT", "UNAM")
    first = appoint(seat, "quinn", since=DAY - timedelta(days=30))
    bodies.end_appointment(appointment=first, last_day=DAY, by=person("sofia"), on=DAY)
    appoint(seat, "vera", since=DAY + timedelta(days=1))
    on = [Appointment.objects.on(day).get(seat=seat).person for day in (DAY, DAY + timedelta(days=1))]
    assert on == [person("quinn"), person("vera")]
    assert Appointment.objects.filter(seat=seat).count() == 2, "the first one stays on record"


def test_rule_C1_an_appointment_ends_once_and_not_before_it_began():
    appointment = appoint(story.seat("CT", "UNAM"), "quinn")
    with bad_input("last_day", "before the first"):
        bodies.end_appointment(
            appointment=appointment, last_day=DAY - timedelta(days=1), by=person("sofia"), on=DAY
        )
    bodies.end_appointment(appointment=appointment, last_day=DAY, by=person("sofia"), on=DAY)
    with refused("C-1", "has an end"):
        bodies.end_appointment(appointment=appointment, last_day=DAY, by=person("sofia"), on=DAY)


def test_rule_C1_a_term_ends_after_it_begins():
    with bad_input("until", "before the first"):
        appoint(story.seat("CT", "UNAM"), "quinn", until=DAY - timedelta(days=1))


def test_rule_C1_nobody_sits_before_the_seat_exists():
    with refused("C-1", "does not exist"):
        appoint(story.seat("CT", "UNAM"), "quinn", since=date(1990, 1, 1))


def test_rule_X1_who_may_appoint():
    seat = story.seat("CT", "UNAM")
    appoint(seat, "quinn", by="ada")
    with denied():
        appoint(story.seat("CT", "WEC"), "vera", by="carlos")
    with refused("C-1", "himself"):
        appoint(story.seat("CT", "WEC"), "sofia", by="sofia")


def test_rule_C1_a_transfer_ends_one_seat_and_begins_another():
    seat = story.seat("CT", "WEC")
    Seat.objects.filter(pk=seat.pk).update(until=DAY)
    Seat.objects.create(
        body=seat.body, code="WEC", institution=Institution.objects.get(code="cec"), names=seat.names,
        constituency="civil", since=DAY + timedelta(days=1),
    )  # fmt: skip
    on = [Seat.objects.on(day).get(body__code="CT", code="WEC") for day in (START, DAY + timedelta(days=1))]
    assert on[0] != on[1]
