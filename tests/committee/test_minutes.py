"""Rule C-9: minutes from the record, commented, signed by who chaired, sealed; a public extract beside them."""

import re

import pytest
from django.utils import translation

from committee import bodies, decisions, minutes, sessions
from fund import documents
from tests.committee.conftest import FREE, one_open
from tests.kept import kept
from tests.projects.reading import text_of
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, english, person, refused

pytestmark = pytest.mark.django_db


def one_closed():
    session = one_open()
    item = session.items.get()
    decisions.declare_interest(
        item=item, reason_class="family", statement="My cousin.", by=person("vera"), on=DAY
    )
    story.voted(item, {"carlos": "for", "claire": "for", "nora": "abstain"})
    decisions.close_item(item=item, by=person("sofia"), on=DAY)
    return sessions.close_session(session=session, by=person("sofia"), on=DAY)


told, closed = kept(one_closed)


@pytest.fixture
def drafted(closed):
    return minutes.draft(session=closed, by=person("sofia"), on=DAY)


def in_english(session):
    """The sealed minutes as they are printed in English."""
    with translation.override("en"):
        return minutes.issued(session)[0]


def sign(session, name):
    return minutes.sign(session=session, by=person(name), on=DAY)


def test_rule_C9_minutes_state_the_record(closed):
    facts = minutes.facts(closed)
    assert (facts["session"], facts["held_on"]) == (closed.code, DAY.isoformat())
    assert [len(place["persons"]) for place in facts["present"]] == [1, 1, 1, 1, 0, 1, 1]
    decided = facts["items"][0]["resolution"]
    assert (decided["number"], decided["outcome"]) == ("CT-2026-01-R01", "approved")
    assert decided["recusals"] == [{"name": "Vera Luna", "class": "family", "seat": "WEC"}]
    assert "cousin" not in str(facts), "the minute says who and the class, not the details (C-5)"


def test_rule_C9_an_item_put_off_stands_in_the_minutes(session, item):
    sessions.put_off(item=item, reason="Quorum fell.", by=person("sofia"), on=DAY)
    closed = sessions.close_session(session=session, by=person("sofia"), on=DAY)
    stated = minutes.facts(closed)["items"][0]
    assert (stated["state"], stated["note"]) == ("postponed", "Quorum fell.")
    assert "resolution" not in stated


def test_rule_C9_both_co_chairs_sign_then_it_is_sealed(drafted):
    assert [row.person for row in minutes.unsigned(drafted)] == [person("carlos"), person("claire")]
    assert sign(drafted, "carlos").state == "minuted"
    assert sign(drafted, "carlos").state == "minuted", "twice is once"
    sealed = sign(drafted, "claire")
    assert (sealed.state, sealed.sealed_on) == ("sealed", DAY)
    assert minutes.unsigned(sealed) == []


def test_rule_C9_who_signs_is_told(drafted):
    for name in ("carlos", "claire"):
        assert person(name).notices.filter(kind="minutes-to-sign").count() == 1
    assert not person("nora").notices.filter(kind="minutes-to-sign").exists()


@pytest.mark.parametrize("name", ["nora", "sofia", "hector"])
def test_rule_C9_nobody_else_signs(drafted, name):
    with denied("signed by the co-chairs"):
        sign(drafted, name)


def test_rule_C9_minutes_are_signed_once_drafted(closed):
    with refused("C-9", "drafted"):
        sign(closed, "carlos")


def test_rule_C9_the_alternate_who_chaired_signs(seated):
    bodies.appoint(
        seat=story.seat("CT", "CEC"), person=person("julia"), alternate=True, by=person("sofia"),
        since=DAY.replace(day=1), on=DAY,
    )  # fmt: skip
    session = story.opened(story.called("CT", FREE, held_on=DAY), absent=("claire",))
    sessions.mark_present(
        session=session, seat=story.seat("CT", "CEC"), person=person("julia"), by=person("sofia"), on=DAY
    )
    sessions.put_off(item=session.items.get(), reason="No time.", by=person("sofia"), on=DAY)
    session = sessions.close_session(session=session, by=person("sofia"), on=DAY)
    session = minutes.draft(session=session, by=person("sofia"), on=DAY)
    with denied():
        sign(session, "claire")
    sign(session, "carlos")
    assert sign(session, "julia").state == "sealed"


def test_rule_C9_remarks_come_from_who_was_there(drafted):
    remark = minutes.comment(
        session=drafted, text="I abstained for want of figures.", by=person("nora"), on=DAY
    )
    assert remark.written_by == person("nora")
    with denied("in the session"):
        minutes.comment(session=drafted, text="x", by=person("hector"), on=DAY)
    with bad_input("text"):
        minutes.comment(session=drafted, text=" ", by=person("nora"), on=DAY)


def test_rule_C9_a_draft_sent_back_is_drafted_anew(drafted):
    with denied():
        minutes.send_back(session=drafted, reason="x", by=person("nora"), on=DAY)
    with bad_input("reason"):
        minutes.send_back(session=drafted, reason="", by=person("claire"), on=DAY)
    back = minutes.send_back(session=drafted, reason="The hour is wrong.", by=person("claire"), on=DAY)
    assert back.state == "closed"
    again = minutes.draft(session=back, by=person("sofia"), on=DAY)
    assert again.state == "minuted"
    assert back.comments.get().text == "The hour is wrong."


def test_rule_C9_a_signature_holds_for_its_own_text(drafted):
    sign(drafted, "carlos")
    type(drafted).objects.filter(pk=drafted.pk).update(place="Elsewhere")
    back = minutes.send_back(session=drafted, reason="The place is wrong.", by=person("claire"), on=DAY)
    again = minutes.draft(session=back, by=person("sofia"), on=DAY)
    assert [row.person for row in minutes.unsigned(again)] == [person("carlos"), person("claire")]


def test_rule_C9_sealed_papers_in_three_languages_with_hash(closed):
    session = story.minuted(closed)
    papers = minutes.issued(session)
    assert [paper.number for paper in papers] == [
        f"{session.code}-{letter}-{language}" for letter in "MX" for language in ("EN", "ES", "FR")
    ]
    assert papers[0].facts["minutes_hash"] == session.minutes_hash
    assert [row["name"] for row in papers[0].facts["signatures"]] == ["Carlos Vega", "Claire Dubois"]
    for paper in papers:
        page = documents.html(paper)
        assert f'lang="{paper.language}"' in page
        assert "CT-2026-01-R01" in page


@pytest.mark.parametrize("reader", ["es", "en", "fr", "en-us"])
def test_rule_G2_the_papers_in_the_readers_language_come_first(closed, reader):
    session = story.minuted(closed)
    with translation.override(reader):
        found = [(paper.kind, paper.language) for paper in minutes.issued(session)]
    own = reader[:2]
    order = [own, *(language for language in ("en", "es", "fr") if language != own)]
    assert found == [(kind, language) for kind in ("minutes", "extract") for language in order]


def test_rule_C9_the_minutes_read_without_codes_that_repeat(closed):
    own = in_english(story.minuted(closed))
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", documents.html(own))).replace("\xa0", " ")
    assert page.count("NOTE-1") == 1, "a matter without a version is named by its reference"
    assert "rules of voting, version 1" in page
    assert f"Paper put before the vote (SHA-256): {own.facts['items'][0]['paper_hash']}" in page
    assert page.count("signed on 2 March 2026") == 2


def test_rule_C9_the_minutes_name_the_version_that_was_voted_on():
    application, resolution = story.approved_application()
    page = documents.html(in_english(story.minuted(resolution.session)))
    assert page.count(f"{application.ref} v1") == page.count(application.ref) == 1


def test_rule_C9_the_page_of_a_sealed_session_offers_each_paper_by_its_language(client, closed):
    session = story.minuted(closed)
    client.force_login(english("sofia"))
    page = text_of(client.get(session.get_absolute_url()))
    papers = page[page.index("Papers") :]
    for words in ("Minutes · English", "Minutes · español", "Public extract · français"):
        assert words in papers
    assert papers.index("English") < papers.index("español") < papers.index("Public extract")
    assert f"Text signed (SHA-256): {session.minutes_hash}" in page


def test_rule_C9_the_public_extract_names_no_person_and_no_firm():
    application, resolution = story.approved_application()
    session = story.minuted(resolution.session)
    for paper in minutes.issued(session):
        if paper.kind != "extract":
            continue
        page = documents.html(paper)
        hidden = ["Paloma", application.title, application.ref, "Chrome", application.firm.tax_id]
        hidden += [person(name).full_name for name in (*story.members("CT"), "sofia", "lupe")]
        assert not [word for word in hidden if word in page + paper.facts_text]
        assert "Guanajuato" in page
        assert resolution.number in page


def test_rule_C9_the_minutes_are_a_pdf(closed):
    if not documents.can_render():
        pytest.skip("no Pango on this machine")
    paper = minutes.issued(story.minuted(closed))[0]
    data = documents.pdf(paper)
    assert re.match(rb"%PDF-1\.\d", data)
    assert documents.pdf(paper) == data
