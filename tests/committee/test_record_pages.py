"""The register of resolutions, sealed papers, seats and appointments on their pages (C-1, C-9, C-10)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from committee import decisions, minutes, sessions
from committee.conditions import NewCondition
from committee.models import Appointment
from committee.waiting import reasons
from fund import documents
from tests.committee.conftest import FREE, one_open
from tests.kept import kept
from tests.projects.reading import text_of
from tests.stories import committee as story
from tests.world import DAY, START, english, person

pytestmark = pytest.mark.django_db


def one_closed():
    session = one_open()
    story.voted(session.items.get(), {"carlos": "for", "claire": "for", "nora": "for"})
    decisions.close_item(item=session.items.get(), by=person("sofia"), on=DAY)
    return sessions.close_session(session=session, by=person("sofia"), on=DAY)


told, closed = kept(one_closed)


@pytest.fixture(autouse=True)
def in_english(db):
    for name in ("sofia", "rosa", "nora"):
        english(name)


@pytest.mark.parametrize(("name", "status"), [("nora", 200), ("rosa", 200), ("aldo", 200), ("lupe", 403)])
def test_rule_X2_who_reads_the_register_and_the_bodies(visit, name, status):
    assert visit(name, "resolutions").status_code == status
    assert visit(name, "bodies").status_code == status


def test_rule_C9_a_withdrawn_number_stays_visible_with_its_reason(visit, closed):
    number = closed.resolutions.get().number
    page = text_of(visit("sofia", "withdraw-resolution", number))
    assert f"Withdraw {number}" in page and "The number stays visible" in page
    assert "This field is required." in text_of(
        visit("sofia", "withdraw-resolution", number, data={"reason": " "})
    )
    page = visit("sofia", "withdraw-resolution", number, data={"reason": "Decided twice."}, follow=True)
    assert "This resolution was withdrawn" in text_of(page) and "Decided twice." in text_of(page)
    page = visit("sofia", "withdraw-resolution", number, data={"reason": "Again."})
    assert "This resolution is withdrawn already. (rule C-9)" in text_of(page)
    assert number in text_of(visit("sofia", "resolutions"))
    assert visit("nora", "withdraw-resolution", number, data={"reason": "x"}).status_code == 403


def test_rule_C10_a_condition_is_met_once_and_by_its_proof(visit):
    condition = NewCondition(
        text="Insure the drums.", kind="precedent", owner="firm", due_on=DAY + timedelta(days=60),
        proof="Policy",
    )  # fmt: skip
    application, resolution = story.approved_application(conditions=[condition])
    assert reasons([application], DAY) == {application.pk: "1 condition is open"}
    page = text_of(visit("rosa", "meet-condition", resolution.number, 1))
    assert "Insure the drums." in page and "1 May 2026" in page
    page = visit("rosa", "meet-condition", resolution.number, 1, data={"proof": " "})
    assert "This field is required." in text_of(page)
    page = visit("rosa", "meet-condition", resolution.number, 1, data={"proof": "Policy 7."}, follow=True)
    assert f"{resolution.conditions.get().ref} is met." in text_of(page)
    application.refresh_from_db()
    assert reasons([application], DAY) == {}
    page = visit("rosa", "meet-condition", resolution.number, 1, data={"proof": "Policy 8."})
    assert "(rule C-10)" in text_of(page) and "Policy 8." in text_of(page)


# Sealed papers -----------------------------------------------------------------------------------


@pytest.fixture
def paper(closed):
    return minutes.issued(story.minuted(closed))[0]


def test_rule_C9_the_sealed_minutes_are_downloaded_by_who_may_open_the_session(visit, closed, paper):
    if not documents.can_render():
        pytest.skip("no Pango on this machine")
    answer = visit("nora", "document", closed.code, paper.number)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{paper.number}.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert visit("hector", "document", closed.code, paper.number).status_code == 404


def test_rule_X2_a_paper_opens_under_its_own_session_only(visit, closed, paper):
    other = story.called("CT", {**FREE, "reference": "NOTE-2"}, held_on=DAY + timedelta(days=30))
    assert visit("nora", "document", other.code, paper.number).status_code == 404
    assert visit("nora", "document", closed.code, "CT-1999-01-M-EN").status_code == 404


def test_rule_C9_without_the_means_to_draw_a_pdf_the_page_says_so(visit, closed, paper, monkeypatch):
    def none(*_args, **_options):
        raise documents.NoRenderer("PDFs cannot be made on this machine.")

    monkeypatch.setattr(documents, "pdf", none)
    page = visit("nora", "document", closed.code, paper.number, follow=True)
    assert page.redirect_chain[-1][0] == closed.get_absolute_url()
    assert "PDFs cannot be made on this machine." in text_of(page)


# Seats -------------------------------------------------------------------------------------------


def test_rule_C1_a_person_is_appointed_and_the_refusals_stand_beside_their_fields(visit):
    story.seated("CT")
    seat = story.seat("CT", "FUNTEC")
    page = text_of(visit("sofia", "seat", seat.pk))
    assert "Nobody yet" in page
    vera = {"person": person("vera").pk, "since": DAY, "until": ""}
    page = text_of(visit("sofia", "seat", seat.pk, data=vera))
    assert "Vera Luna already sits in this body at that time: " in page
    page = text_of(visit("sofia", "seat", seat.pk, data={**vera, "until": DAY - timedelta(days=1)}))
    assert "The last day is before the first one." in page
    hector = {**vera, "person": person("hector").pk}
    page = text_of(visit("sofia", "seat", seat.pk, data=hector, follow=True))
    assert "Appointed." in page
    assert Appointment.objects.get(seat=seat).person == person("hector")
    page = text_of(visit("sofia", "seat", seat.pk, data={**vera, "person": person("luis").pk}))
    assert "The seat is held by Héctor Gil. End that appointment first. (rule C-1)" in page


def test_rule_G5_an_appointment_ends_on_a_day_and_stays_on_record(visit):
    story.seated("CT")
    row = Appointment.objects.get(seat=story.seat("CT", "UNAM"))
    page = text_of(visit("sofia", "end-appointment", row.pk))
    assert "End the appointment of Quinn Harris" in page and "1 Dec 1996" in page
    early = {"last_day": START - timedelta(days=1)}
    page = text_of(visit("sofia", "end-appointment", row.pk, data=early))
    assert "The last day is before the first one." in page
    answer = visit("sofia", "end-appointment", row.pk, data={"last_day": DAY})
    assert answer.url == reverse("committee:bodies")
    row.refresh_from_db()
    assert row.until == DAY
    page = text_of(visit("sofia", "end-appointment", row.pk, data={"last_day": DAY}))
    assert "This appointment has an end already. (rule C-1)" in page
    assert "Quinn Harris" in text_of(visit("sofia", "seat", row.seat_id))
