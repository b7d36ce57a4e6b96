"""Rule C-2: a session is planned, called with notice, held with who is present, and closed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from djmoney.money import Money

from committee import decisions, papers, sessions
from committee.models import AgendaItem, Attendance, Body
from fund.models import NumberSeries
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=30)


def plan(body="CT", held_on=LATER, by="sofia", place="León", on=DAY):
    return sessions.plan(body=Body.objects.get(code=body), held_on=held_on, place=place, by=person(by), on=on)


def add(session, on=DAY, by="sofia", **matter):
    return sessions.add_item(session=session, by=person(by), on=on, **{**FREE, **matter})


def test_rule_C2_sessions_are_numbered_within_body_and_year():
    assert [plan().code, plan().code, plan("CE").code] == ["CT-2026-01", "CT-2026-02", "CE-2026-01"]
    assert plan(held_on=LATER.replace(year=2027)).code == "CT-2027-01"


def test_rule_C9_a_refused_plan_leaves_no_gap():
    plan()
    with bad_input("held_on", "later day"):
        plan(held_on=DAY - timedelta(days=1))
    with bad_input("place"):
        plan(place=" ")
    assert plan().code == "CT-2026-02"
    assert NumberSeries.objects.get(series="CT-2026").last == 2


def test_rule_X1_the_secretary_runs_sessions():
    with denied():
        plan(by="carlos")
    session = plan()
    for verb, options in (
        (sessions.add_item, {**FREE}),
        (sessions.call, {}),
        (sessions.open_session, {}),
        (sessions.close_session, {}),
    ):
        with denied():
            verb(session=session, by=person("carlos"), on=DAY, **options)


def test_rule_C2_a_call_comes_seven_days_before(seated):
    session = plan(held_on=DAY + timedelta(days=6))
    add(session)
    with refused("C-2", "at least 7 days"):
        sessions.call(session=session, by=person("sofia"), on=DAY)
    session = plan(held_on=DAY + timedelta(days=7))
    add(session, reference="NOTE-2")
    sessions.call(session=session, by=person("sofia"), on=DAY)
    session.refresh_from_db()
    assert (session.state, session.called_on) == ("called", DAY)


def test_rule_C2_a_call_names_what_is_to_be_decided():
    with refused("C-2", "agenda is empty"):
        sessions.call(session=plan(), by=person("sofia"), on=DAY)


def test_rule_C2_everybody_of_the_body_gets_the_call_and_nobody_else(seated):
    session = story.called("CE", FREE, held_on=LATER)
    told = {
        name
        for name in story.SEAT_OF
        if person(name)
        .notices.filter(kind="session-called", about=f"committee.session:{session.code}")
        .exists()
    }
    assert told == set(story.members("CE"))


def test_rule_C2_the_call_goes_to_alternates_too(seated):
    from committee import bodies

    bodies.appoint(
        seat=story.seat("CT", "UNAM"), person=person("ines"), alternate=True, by=person("sofia"), on=DAY
    )
    session = story.called("CT", FREE, held_on=LATER)
    assert person("ines") in sessions.invited(session)


def test_rule_C2_papers_are_out_five_days_before(seated):
    session = story.called("CT", FREE, held_on=LATER)
    add(session, on=LATER - timedelta(days=5), reference="NOTE-2")
    with refused("C-2", "5 days before"):
        add(session, on=LATER - timedelta(days=4), reference="NOTE-3")


def test_rule_C2_an_agenda_is_settled_once_the_session_opens(session):
    with refused("C-2", "settled"):
        add(session, reference="NOTE-2")


def test_rule_C2_the_paper_is_frozen_with_its_hash():
    item = add(plan(), paper={"text": "Four sessions.", "amount": "12.50"})
    assert item.paper_hash == papers.digest({"amount": "12.50", "text": "Four sessions."})
    for change in ("paper = '{}'", "title = 'x'", "reference = 'Y'", "paper_hash = ''", "kind = 'donation'"):
        with (
            pytest.raises(DatabaseError, match="frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE committee_agendaitem SET {change} WHERE id = %s", [item.pk])
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        item.delete()


def test_rule_C2_a_matter_stands_on_one_agenda_of_a_body_at_a_time():
    first = plan()
    add(first)
    with refused("C-2", "CT-2026-01 / 1"):
        add(plan())
    add(plan("CE"))
    sessions.withdraw_item(item=first.items.get(), reason="Not ready.", by=person("sofia"), on=DAY)
    add(plan())


@pytest.mark.parametrize(
    ("matter", "field"),
    [({"kind": "poem"}, "kind"), ({"title": " "}, "title"), ({"reference": " "}, "reference")],
)
def test_rule_C2_an_item_has_kind_reference_and_title(matter, field):
    with bad_input(field):
        add(plan(), **matter)


def test_rule_C2_an_item_is_taken_off_with_a_reason_and_stays_visible():
    session = plan()
    item = add(session)
    with bad_input("reason"):
        sessions.withdraw_item(item=item, reason="", by=person("sofia"), on=DAY)
    sessions.withdraw_item(item=item, reason="The firm asked for time.", by=person("sofia"), on=DAY)
    assert AgendaItem.objects.get(pk=item.pk).state == "withdrawn"
    assert add(session).position == 2, "the number is not given again"


def test_rule_A8_only_what_is_ready_goes_before_a_body(application):
    matter = {"kind": "application", "reference": application.ref, "title": "Chrome"}
    with refused("A-8", "not ready"):
        add(plan("CT"), **matter)
    with refused("A-8", "not ready"):
        add(plan("CE"), **matter)
    with bad_input("reference", "no application"):
        add(plan("CE"), kind="application", reference="F-1999-0001")
    story.evaluated(application)
    add(plan("CE"), **matter)


def test_rule_C2_an_applications_paper_is_made_from_its_frozen_version(application, seated):
    story.evaluated(application)
    story.recommended(application)
    session = plan("CT", held_on=LATER, on=DAY + story.NOTICE)
    item = sessions.add_item(
        session=session, kind="application", reference=application.ref, title="Chrome",
        by=person("sofia"), on=DAY + story.NOTICE,
    )  # fmt: skip
    application.refresh_from_db()
    assert (application.state, application.session) == ("on_agenda", session.code)
    assert item.amount == Money("400000.00", "MXN")
    assert item.version == "F-2026-0001 v1"
    paper = item.paper
    assert paper["version_sha256"] == application.versions.get().sha256
    assert paper["agreement"]["number"] == "CE-2026-01-A01"
    assert paper["readings"]["complete"] is True
    assert paper["firm"]["name"] == "Curtidos La Paloma"


def test_rule_C2_a_session_does_not_open_before_its_day(seated):
    session = story.called("CT", FREE, held_on=LATER)
    with refused("C-2", "does not open before"):
        sessions.open_session(session=session, by=person("sofia"), on=LATER - timedelta(days=1))
    sessions.open_session(session=session, by=person("sofia"), on=LATER)


def mark(session, seat, name, by="sofia", **options):
    return sessions.mark_present(
        session=session, seat=story.seat("CT", seat), person=person(name), by=person(by), on=DAY, **options
    )


def test_rule_C2_presence_in_the_room_or_remote(seated):
    session = story.called("CT", FREE, held_on=DAY)
    assert not mark(session, "CEC", "claire").remote
    assert mark(session, "UNAM", "quinn", remote=True).remote
    assert mark(session, "WEC", "vera", by="vera").marked_by == person("vera"), "one may note oneself"
    with denied("secretary"):
        mark(session, "CCIB", "nora", by="vera")


def test_rule_C1_only_the_appointed_sit_in_a_seat(seated):
    session = story.called("CT", FREE, held_on=DAY)
    with refused("C-1", "no appointment"):
        mark(session, "UNAM", "vera")
    with refused("C-1", "no appointment"):
        mark(session, "UNAM", "hector")
    with refused("C-1"):
        sessions.mark_present(
            session=session, seat=story.seat("CE", "IPN"), person=person("ines"), by=person("sofia"), on=DAY
        )


def test_rule_C2_presence_is_noted_on_the_day(seated):
    session = story.called("CT", FREE, held_on=LATER)
    with refused("C-2", "on the day"):
        mark(session, "CEC", "claire")


def test_rule_C2_who_leaves_is_noted_and_may_come_back(session):
    mark(session, "UNAM", "quinn", present=False)
    assert not Attendance.objects.get(session=session, person=person("quinn")).present
    mark(session, "UNAM", "quinn")
    assert Attendance.objects.filter(session=session, person=person("quinn"), present=True).count() == 1


def test_rule_C2_a_session_closes_when_every_item_is_settled(session, item):
    with refused("C-2", "Still open: item 1"):
        sessions.close_session(session=session, by=person("sofia"), on=DAY)
    sessions.put_off(item=item, reason="No time left.", by=person("sofia"), on=DAY)
    sessions.close_session(session=session, by=person("sofia"), on=DAY)
    session.refresh_from_db()
    assert (session.state, session.closed_on) == ("closed", DAY)
    with refused("C-2"):
        mark(session, "UNAM", "quinn")


def test_rule_C3_an_item_that_waited_goes_to_the_next_session(on_agenda):
    reference, day = on_agenda.reference, on_agenda.session.held_on
    sessions.put_off(item=on_agenda, reason="Quorum fell.", by=person("sofia"), on=day)
    with bad_input("reason"):
        sessions.put_off(item=on_agenda, reason="", by=person("sofia"), on=day)
    fresh = plan(held_on=day + timedelta(days=20), on=day)
    item = sessions.add_item(
        session=fresh, kind="application", reference=reference, title="Chrome", by=person("sofia"), on=day
    )
    assert not item.deferred_before, "waiting for quorum is no deferral"
    assert decisions.resolution_for(reference) is None
