"""The staff's board, assignment, checklist, search and the whole file as PDF (A-7, A-8, A-9, X-2)."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from accounts.models import AuditEvent, Notice, ReadEvent
from fund import documents
from projects import applications, assignment, board, checklist, duplicates, messages
from projects import documents as papers
from projects.models import Application, CheckedPoint, ChecklistItem, Firm
from tests.projects.reading import post, read
from tests.stories import committee as committee_story
from tests.stories.projects import completed, draft, funded, paper, registered_firm, returned, save, submitted
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db

BOARD = "projects:board"


def columns(on=DAY, **options):
    rows = board.under_way(user=person("rosa"), **options)
    return {column.stage.value: column for column in board.board(rows, on) if column.count}


def assign(application, officer="rosa", *, by="rosa"):
    return assignment.assign_officer(
        application=application, officer=person(officer) if officer else None, by=person(by), on=DAY
    )


# The board ----------------------------------------------------------------------------------------


def test_rule_A8_each_application_stands_in_the_step_it_waits_in():
    submitted("lupe")
    completed("memo")
    found = columns()
    assert {stage: column.count for stage, column in found.items()} == {"check": 1, "readers": 1}
    assert found["check"].cards[0].reason == "Nobody has taken it yet"


def test_drafts_and_what_is_over_are_not_on_the_board():
    draft(registered_firm())
    gone = submitted("memo")
    applications.withdraw(application=gone, by=person("memo"), on=DAY)
    assert columns() == {}


@pytest.mark.parametrize(("days", "late"), [(0, False), (7, False), (8, True), (40, True)])
def test_rule_A8_the_check_is_late_after_five_bank_days(days, late):
    submitted("lupe")
    card = columns(DAY + timedelta(days=days))["check"].cards[0]
    assert (card.standing.days, card.standing.late) == (days, late)
    assert card.standing.standard == "Within 5 bank days"
    assert bool(card.standing.badge) is late


def test_an_approval_is_late_when_its_time_for_the_contract_is_over():
    application, _resolution = committee_story.approved_application()
    decided = application.decided_on
    assert not columns(decided + timedelta(days=90))["contract"].cards[0].standing.late
    assert columns(decided + timedelta(days=91))["contract"].cards[0].standing.late


def test_the_board_says_what_is_waited_for_in_the_committees_house():
    application = completed("lupe")
    assert "readers" in columns()
    committee_story.evaluated(application)
    application.refresh_from_db()
    reasons = {card.reason for column in columns().values() for card in column.cards}
    assert reasons == {"The Executive Commission has not met on it"}


def test_rule_A7_the_board_says_how_many_fields_the_firm_has_to_answer():
    returned(fields=("project.title", "project.summary"))
    assert columns()["firm"].cards[0].reason == "The firm has 2 fields to answer"


def test_rule_A9_a_firm_that_shares_data_is_marked_on_the_board():
    phone = submitted("lupe").firm.phone
    submitted("memo")
    assert not any(card.shared for column in columns().values() for card in column.cards)
    Firm.objects.filter(tax_id="FUN880314AB4").update(phone=phone)
    assert [card.shared for column in columns().values() for card in column.cards] == [True, True]


def test_rule_A9_sharing_says_the_same_as_the_firms_own_page():
    submitted("lupe")
    submitted("memo")
    Firm.objects.filter(tax_id="FUN880314AB4").update(email="TALLER@lapaloma.example")
    firms = list(Firm.objects.of_record())
    assert duplicates.sharing(firms) == {firm.pk for firm in firms if duplicates.shared_with(firm)}
    assert duplicates.sharing(firms[:1]) == {firms[0].pk}
    assert duplicates.sharing([]) == set()


def test_a_board_of_one_officer_and_of_words():
    mine, other = submitted("lupe"), submitted("memo")
    assign(mine)
    assert columns(officer="mine")["check"].cards[0].application == mine
    assert columns(officer="nobody")["check"].cards[0].application == other
    assert columns(query="regenerar ARENA")["check"].cards[0].application == other
    assert columns(query="nothing like it") == {}


def test_the_page_shows_the_board_and_the_way_to_the_list(as_):
    application = submitted("lupe")
    page = read(as_("rosa"), reverse(BOARD))
    assert application.ref in page
    assert "1 application under way" in page
    assert "Curtidos La Paloma" in page
    assert "Nothing like that" in read(as_("rosa"), reverse(BOARD) + "?q=xyz")
    read(as_("lupe"), reverse(BOARD), status=403)


def test_an_empty_board_says_so(as_):
    assert "Nothing is under way" in read(as_("rosa"), reverse(BOARD))


def test_the_board_takes_the_same_queries_whatever_its_length(as_, django_assert_max_num_queries):
    application = submitted("lupe")
    for n in range(30):
        Application.objects.create(
            firm=application.firm, product=application.product, state="submitted", state_since=DAY, title=f"P{n}",
            ref=f"F-2026-{n + 500}", amount=application.amount, started_by=person("lupe"), started_on=DAY,
            submitted_by=person("lupe"), submitted_on=DAY,
        )  # fmt: skip
    rosa = as_("rosa")
    with django_assert_max_num_queries(12):
        read(rosa, reverse(BOARD))


# Who looks after it -------------------------------------------------------------------------------


def test_an_officer_takes_a_file_and_the_secretary_gives_one():
    application = submitted("lupe")
    assert assign(application).officer == person("rosa")
    assert not Notice.objects.filter(kind="application-assigned").exists()
    assign(application, None)
    assign(application, "rosa", by="sofia")
    assert Notice.objects.get(kind="application-assigned").recipient == person("rosa")
    trail = AuditEvent.objects.filter(verb="application.assigned").order_by("pk")
    assert [event.after["officer"] for event in trail] == [person("rosa").email, "", person("rosa").email]


def test_giving_it_again_to_the_same_person_is_nothing_new():
    application = submitted("lupe")
    for _again in range(2):
        assign(application)
    assert AuditEvent.objects.filter(verb="application.assigned").count() == 1


@pytest.mark.parametrize("name", ["lupe", "carmen", "aldo", "tomas"])
def test_nobody_else_gives_files(name):
    with denied():
        assign(submitted("lupe"), by=name)


def test_only_who_checks_applications_looks_after_one():
    with bad_input("officer", "somebody who checks applications"):
        assign(submitted("lupe"), "carmen")


def test_a_draft_is_the_firms_own():
    with refused("A-8", "until it is submitted"):
        assign(draft(registered_firm()))


def test_an_officer_does_not_look_after_a_firm_of_their_own():
    application = submitted("lupe")
    application.firm.members.create(user=person("rosa"), role="editor", asked_on=DAY, confirmed_on=DAY,
                                    confirmed_by=person("lupe"))  # fmt: skip
    with bad_input("officer", "acts for this firm"):
        assign(application, by="sofia")


def test_the_page_of_assignment(as_):
    application = submitted("lupe")
    url = reverse("projects:application-officer", args=[application.uid])
    rosa = as_("rosa")
    assert "Nobody looks after it yet" in read(rosa, application.get_absolute_url())
    assert "Who looks after it" in read(rosa, url)
    post(rosa, url, {"officer": person("rosa").pk}, status=302)
    assert "Rosa Méndez" in read(rosa, application.get_absolute_url())
    assert "Select a valid choice" in post(rosa, url, {"officer": person("carmen").pk})
    read(as_("carmen"), url, status=403)


# The checklist ------------------------------------------------------------------------------------


def codes(application, on=DAY):
    return [point.code for point in checklist.points_of(application, on)]


COMMON = ["readable", "same_firm", "quotes", "baseline", "prevention"]


def test_rule_A8_the_checklist_is_that_of_the_product():
    application = submitted("lupe")
    assert codes(application) == [*COMMON, "cash_flow"]
    application.product.code = "audit-upgrade"
    assert codes(application) == [*COMMON, "audit_lines"]
    application.product.code = "good-housekeeping"
    assert codes(application) == COMMON


def test_rule_G1_a_point_is_dated_and_its_later_row_stands_for_the_earlier():
    application = submitted("lupe")
    later = DAY + timedelta(days=30)
    ChecklistItem.objects.create(code="quotes", names={"en": "Three quotes"}, position=3, in_force_from=later)
    ChecklistItem.objects.filter(code="baseline").update(in_force_until=later - timedelta(days=1))
    assert codes(application) == [*COMMON, "cash_flow"]
    assert codes(application, later) == ["readable", "same_firm", "quotes", "prevention", "cash_flow"]
    assert "Three quotes" in [str(point) for point in checklist.points_of(application, later)]


def test_rule_A8_every_point_must_be_seen_and_who_saw_it_is_kept(as_):
    application = submitted("lupe")
    with refused("A-8", "The quotes cover the budget lines"):
        checklist.complete(application=application, seen=["readable"], by=person("rosa"), on=DAY)
    checklist.complete(application=application, seen=codes(application), by=person("rosa"), on=DAY)
    version = application.versions.get()
    assert [point.item.code for point in checklist.checked(version)] == codes(application)
    assert {point.by for point in CheckedPoint.objects.all()} == {person("rosa")}
    url = reverse("projects:application-file", args=[application.uid])
    assert "The quotes cover the budget lines" in read(as_("aldo"), url)
    assert "The quotes cover the budget lines" not in read(as_("lupe"), url)


def test_the_page_of_the_check_asks_for_the_products_points(as_):
    application = submitted("lupe")
    url = reverse("projects:application-check", args=[application.uid])
    rosa = as_("rosa")
    assert "capacity to repay" in read(rosa, url)
    ticked = dict.fromkeys(COMMON, "on")
    assert "Tick it once you have seen it" in post(rosa, url, {**ticked, "go": "complete"})
    post(rosa, url, {**ticked, "cash_flow": "on", "go": "complete"}, status=302)
    assert CheckedPoint.objects.count() == 6


# Searching ----------------------------------------------------------------------------------------


def search(client, words):
    return read(client, reverse("projects:search") + f"?q={words}")


@pytest.mark.parametrize("words", ["curtidos PALOMA", "leon", "cpa950612", "taller@lapaloma", "curtidor 45"])
def test_a_firm_is_found_by_what_one_knows_of_it(as_, words):
    registered_firm()
    assert "Curtidos La Paloma" in search(as_("rosa"), words)


@pytest.mark.parametrize("words", ["precipitacion reuso cromo", "F-2026", "licores", "paloma cromo"])
def test_an_application_is_found_without_its_accents(as_, words):
    application = submitted("lupe")
    assert application.title in search(as_("rosa"), words)


def test_a_number_leads_straight_to_the_application(as_):
    application = submitted("lupe")
    response = as_("rosa").get(reverse("projects:search"), {"q": application.ref.lower()})
    assert response.url == application.get_absolute_url()


def test_drafts_and_firms_without_confirmation_are_not_found(as_):
    draft(registered_firm(confirmed=False))
    assert "Nothing found" in search(as_("rosa"), "paloma")


def test_the_search_of_nothing_asks_what_for(as_):
    page = search(as_("rosa"), "")
    assert "What are you looking for?" in page
    assert "Nothing found" not in page


def test_rule_X2_the_search_is_the_staffs(as_):
    read(as_("lupe"), reverse("projects:search"), status=403)


def test_lists_find_without_accents_too(as_):
    submitted("lupe")
    page = read(as_("rosa"), reverse("projects:applications") + "?q=precipitacion")
    assert "Curtidos La Paloma" in page


# The whole file as PDF ----------------------------------------------------------------------------


def pages_of(pdf):
    return PdfReader(BytesIO(pdf)).pages


def pdf_of(client, application):
    return client.get(reverse("projects:application-pdf", args=[application.uid]))


def a_pdf(pages=2):
    images = [Image.new("RGB", (200, 280), "white") for _page in range(pages)]
    out = BytesIO()
    images[0].save(out, format="PDF", save_all=True, append_images=images[1:])
    return out.getvalue()


def a_photo():
    out = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(out, format="JPEG")
    return out.getvalue()


@pytest.fixture
def printer():
    if not documents.can_render():
        pytest.skip("no Pango on this machine")


@pytest.fixture
def with_papers(printer):
    """A submitted file with a photo and a paper of two pages beside those that every file has."""
    application = draft(registered_firm())
    for name, content in (("dos.pdf", a_pdf()), ("foto.jpg", a_photo())):
        papers.add_document(
            application=application, kind="other", upload=paper(name, content), by=person("lupe"), on=DAY
        )
    funded()
    return applications.submit(application=application, by=person("lupe"), on=DAY)


def test_the_file_is_one_pdf_with_its_papers_bound_in(with_papers, as_):
    messages.write(application=with_papers, text="¿Qué medidor?", key=uuid4(), by=person("rosa"), on=DAY)
    response = pdf_of(as_("rosa"), with_papers)
    assert response["Content-Type"] == "application/pdf"
    pages = pages_of(response.content)
    text = " ".join(page.extract_text() for page in pages)
    assert "Recuperar y reusar los licores de cromo" in text
    assert "¿Qué medidor?" in text
    assert "dos.pdf" in text
    written = next(n for n, page in enumerate(pages) if not page.extract_text().strip())
    assert len(pages) - written == 3


def test_rule_X3_the_staffs_reading_is_logged_and_the_firms_is_not(with_papers, as_):
    pdf_of(as_("lupe"), with_papers)
    assert not ReadEvent.objects.filter(what="application.file").exists()
    pdf_of(as_("aldo"), with_papers)
    assert ReadEvent.objects.get(what="application.file").person == person("aldo").email


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("ada", 404), ("lupe", 200), ("aldo", 200)])
def test_rule_X2_the_pdf_opens_like_the_application(with_papers, as_, name, status):
    assert pdf_of(as_(name), with_papers).status_code == status


def test_a_paper_that_cannot_be_read_is_listed_all_the_same(printer, as_):
    application = submitted("lupe")  # the papers of the stories are no real PDFs
    text = " ".join(page.extract_text() for page in pages_of(pdf_of(as_("rosa"), application).content))
    assert "could not be read" in " ".join(text.split())


def test_the_pdf_shows_what_was_returned_and_changed(printer, as_):
    application = returned(fields=("project.title",))
    save(application, "project", {"title": "Reusar el cromo"}, person("lupe"))
    applications.resubmit(application=application, by=person("lupe"), on=DAY)
    text = " ".join(page.extract_text() for page in pages_of(pdf_of(as_("rosa"), application).content))
    assert f"The file of {application.ref} as it was on" in " ".join(text.split())
    assert "Asked and answered" in text
    assert "Falta el dato del año pasado" in " ".join(text.split())
