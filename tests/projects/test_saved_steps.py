"""Rules A-1, A-5, A-6 and X-5: a draft is filled in step by step and has papers."""

from decimal import Decimal

import pytest
from django.http import Http404
from djmoney.money import Money

from projects import applications, documents
from projects.documents import required_kinds
from projects.drafts import SAVINGS
from projects.gates import application_for, open_file
from projects.progress import doubts_of, progress_of
from tests.stories.projects import (
    PDF,
    PROJECTS,
    benefits_of,
    budget_of,
    draft,
    funded,
    paper,
    registered_firm,
    save,
    submitted,
)
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


# Filling in --------------------------------------------------------------------------------------


def test_rule_A5_an_empty_draft_says_step_by_step_what_is_missing():
    application = applications.start(firm=registered_firm(), by=person("lupe"), on=DAY)
    progress = progress_of(application)
    counts = {step.value: len(gaps) for step, gaps in progress.gaps.items()}
    assert counts == {"firm": 0, "project": 5, "benefits": 5, "budget": 4, "documents": 4}
    assert progress.first_open == "project"
    assert not progress.complete


def test_rule_A5_a_whole_draft_lacks_nothing(whole):
    assert progress_of(whole).missing == 0
    assert progress_of(whole).first_open == "review"


def test_rule_A5_a_step_saves_by_itself_and_leaves_the_others(whole):
    save(whole, "project", {"title": "Otro nombre"}, person("lupe"))
    whole.refresh_from_db()
    assert (whole.title, whole.technique) == ("Otro nombre", PROJECTS["lupe"]["technique"])
    assert whole.budget_lines.count() == 2


def test_rule_M3_the_budget_lines_sum_to_the_investment(whole):
    assert whole.investment == Money("500000.00", "MXN")
    save(
        whole,
        "budget",
        {"lines": [{"kind": "other", "concept": "Todo", "amount": Decimal("1.01")}]},
        person("lupe"),
    )
    whole.refresh_from_db()
    assert whole.investment == Money("1.01", "MXN")


@pytest.mark.parametrize(
    ("own", "text"),
    [("90000.00", "The sources lack"), ("110000.00", "exceed the budget")],
)
def test_rule_A5_sources_and_budget_must_agree(whole, own, text):
    save(whole, "budget", budget_of(own=own), person("lupe"))
    whole.refresh_from_db()
    (gap,) = progress_of(whole).gaps["budget"]
    assert text in gap.text
    assert "10,000.00" in gap.text


def test_rule_A6_the_money_saved_is_a_benefit_per_unit_of_production(whole):
    row = whole.expected_benefits.get(indicator__code=SAVINGS)
    assert row.unit == "MXN"
    assert (row.baseline_intensity - row.after_intensity) * 600 == 360_000
    assert row.yearly_saving_in_unit == 360_000


def test_rule_A6_unusual_figures_ask_for_a_sentence_and_do_not_block(whole):
    project = {**PROJECTS["lupe"], "rows": [("W1", "m3", "120", "18")]}
    save(whole, "benefits", benefits_of(project), person("lupe"))
    whole.refresh_from_db()
    assert "outside what is usual" in doubts_of(whole)[0]
    assert [gap.key for gap in progress_of(whole).gaps["benefits"]] == ["benefits.benefit_note"]
    save(whole, "benefits", {"benefit_note": "Curtimos piel muy salada"}, person("lupe"))
    whole.refresh_from_db()
    assert applications.submit(application=whole, by=person("lupe"), on=DAY).state == "submitted"


def test_rule_A6_changed_production_reaches_every_benefit(whole):
    save(whole, "benefits", {"production": Decimal(300), "production_unit": "t"}, person("lupe"))
    assert set(whole.expected_benefits.values_list("production", flat=True)) == {Decimal(300)}


def test_rule_A1_an_outsider_neither_sees_nor_fills_in(whole):
    with denied("Only the firm"):
        save(whole, "project", {"title": "x"}, person("memo"))
    for name in ("memo", "rosa", "tomas"):
        with pytest.raises(Http404):
            application_for(person(name), whole.uid)


def test_rule_A1_an_application_from_paper_is_the_staffs_and_says_so():
    funded()
    firm = registered_firm()
    application = applications.start(firm=firm, by=person("rosa"), on=DAY, from_paper=True)
    assert application_for(person("rosa"), application.uid).from_paper
    save(application, "project", {"title": "De papel"}, person("rosa"))
    assert "paper_form" in required_kinds(application)
    with denied("Only the fund's staff"):
        applications.start(firm=firm, by=person("lupe"), on=DAY, from_paper=True)


# Documents ---------------------------------------------------------------------------------------


def test_rule_X5_the_same_file_twice_in_one_place_is_one_paper(whole):
    lupe = person("lupe")
    first = documents.add_document(
        application=whole, kind="other", upload=paper("a.pdf", PDF + b"1"), by=lupe, on=DAY
    )
    again = documents.add_document(
        application=whole, kind="other", upload=paper("b.pdf", PDF + b"1"), by=lupe, on=DAY
    )
    assert again == first


def test_rule_G5_a_paper_taken_out_stays_kept(whole):
    document = whole.documents.first()
    documents.remove_document(document=document, by=person("lupe"), on=DAY)
    document.refresh_from_db()
    assert (document.removed_on, document.file.size > 0) == (DAY, True)
    assert not progress_of(whole).complete
    with refused("A-7", "already taken out"):
        documents.remove_document(document=document, by=person("lupe"), on=DAY)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 100, "is not one of the kinds we can keep"),
        ("nota.pdf", b"solo texto", "is not one of the kinds we can keep"),
        ("grande.pdf", PDF + b"0" * (20 * 1024 * 1024), "a file may have at most 15"),
        ("vacio.pdf", b"", "is empty"),
    ],
)
def test_rule_X5_a_disguised_large_or_empty_file_is_refused(whole, name, content, sentence):
    with bad_input("other", sentence):
        documents.add_document(
            application=whole, kind="other", upload=paper(name, content), by=person("lupe"), on=DAY
        )


def test_rule_X5_a_paper_opens_as_its_application_does():
    application = submitted()
    open_file(person("lupe"), application.about)
    open_file(person("rosa"), application.about)
    for name in ("memo", "tomas"):
        with pytest.raises(Http404):
            open_file(person(name), application.about)


def test_rule_A1_the_papers_of_a_claim_are_seen_by_whoever_confirms_it():
    funded()
    application = draft(registered_firm(confirmed=False))
    open_file(person("rosa"), application.about)
    with pytest.raises(Http404):
        open_file(person("teresa"), application.about)
    confirmed = draft(registered_firm("memo"), owner="memo")
    with pytest.raises(Http404):
        open_file(person("rosa"), confirmed.about)
