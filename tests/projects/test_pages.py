"""The pages of an application as people meet them: what they read when something is wrong, who is let in."""

from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects import applications
from projects.models import Application, ApplicationVersion
from tests.projects.reading import post, read, step_url, text_of
from tests.stories.projects import (
    PDF,
    PNG,
    budget_of,
    completed,
    draft,
    funded,
    paper,
    registered_firm,
    returned,
    save,
    submitted,
)
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


# The steps ---------------------------------------------------------------------------------------

FIRM = {
    "legal_name": "Curtidos La Paloma",
    "sector": "tanning",
    "state": "",
    "municipality": "León",
    "address": "Calle 1",
    "phone": "477 123 4567",
    "email": "",
    "founded_year": "1988",
    "workers": "40",
    "women_workers": "12",
    "yearly_sales": "24000000",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"women_workers": "41"}, "There cannot be more women than workers."),
        ({"founded_year": "2027"}, "2027 has not come yet."),
        ({"founded_year": "88"}, "88 is less than the least, 1800."),
        ({"phone": "no"}, "“no” is not a telephone number: write 7 to 15 digits"),
        ({"email": "lupe@"}, "Enter a valid email address."),
        ({"yearly_sales": "-1"}, "is below zero."),
        ({"yearly_sales": "24.000.00"}, "is not a number we can read"),
        ({"state": "999999"}, "Select a valid choice."),
    ],
)
def test_bad_input_of_the_firms_step(as_, begun, changes, sentence):
    page = post(as_("lupe"), step_url(begun, "firm"), {**FIRM, **changes})
    assert sentence in page
    assert "León" in unescape(as_("lupe").post(step_url(begun, "firm"), {**FIRM, **changes}).content.decode())


def test_rule_A5_a_decimal_comma_is_understood(as_, begun):
    for typed, kept in (
        ("24000000,50", "24000000.50"),
        ("24.000.000,50", "24000000.50"),
        ("24,000,000", "24000000"),
    ):
        post(as_("lupe"), step_url(begun, "firm"), {**FIRM, "yearly_sales": typed}, status=302)
        begun.firm.refresh_from_db()
        assert begun.firm.yearly_sales == Decimal(kept)


def test_rule_A5_an_incomplete_step_is_saved_and_says_what_is_missing(as_, begun):
    post(as_("lupe"), step_url(begun, "project"), {"title": "Cromo"}, status=302)
    page = read(as_("lupe"), step_url(begun, "project"))
    assert "Still missing here" in page
    assert "What happens today" in page
    begun.refresh_from_db()
    assert begun.title == "Cromo"


def test_rule_A5_nothing_typed_is_lost_on_an_error(as_, begun):
    response = as_("lupe").post(
        step_url(begun, "project"),
        {"title": "Mi proyecto", "purpose": "end_of_pipe", "summary": "Todo lo que escribí"},
    )
    page = unescape(response.content.decode())
    assert "The fund does not lend for treatment at the end of the pipe alone." in page
    assert "Mi proyecto" in page
    assert "Todo lo que escribí" in page


def test_rule_A5_examples_are_of_the_firms_own_sector(as_, begun):
    assert "Recover and reuse the chrome liquors" in read(as_("lupe"), step_url(begun, "project"))
    foundry = applications.start(firm=registered_firm("memo"), by=person("memo"), on=DAY)
    assert "Reclaim the moulding sand" in read(as_("memo"), step_url(foundry, "project"))


@pytest.mark.parametrize(("go", "target"), [("next", "benefits"), ("stay", "project"), ("leave", "")])
def test_rule_A5_the_button_says_where_to_go_on(as_, begun, go, target):
    response = as_("lupe").post(step_url(begun, "project"), {"title": "x", "go": go})
    assert response.url == (step_url(begun, target) if target else reverse("projects:my"))


def benefit(at=0, **values):
    row = {
        "indicator": "W1",
        "unit": "m3",
        "baseline_intensity": "30",
        "after_intensity": "18",
        "basis": "",
        **values,
    }
    return {f"rows-{at}-{name}": value for name, value in row.items()}


def benefits_form(*rows, **values):
    data = {"production": "600", "production_unit": "t", "cost_before": "1250000", "cost_after": "890000",
            "useful_life_years": "5", "benefit_note": "", "rows-TOTAL_FORMS": str(len(rows)),
            "rows-INITIAL_FORMS": "0", **values}  # fmt: skip
    for row in rows:
        data |= row
    return data


@pytest.mark.parametrize(
    ("rows", "values", "sentence"),
    [
        ([benefit(indicator="")], {}, "Choose what improves, or clear the line."),
        ([benefit(after_intensity="")], {}, "Type the figure afterwards; 0 if nothing remains."),
        ([benefit(baseline_intensity="")], {}, "Type today's figure, per unit of production."),
        ([benefit(unit="kg")], {}, "“Water saved” is counted in m³, L, not in kg."),
        ([benefit(baseline_intensity="-1")], {}, "is below zero."),
        ([benefit(), benefit(1)], {}, "This is listed twice: join the two lines."),
        ([benefit()], {"production": ""}, "Type the production of a year"),
        ([benefit()], {"production": "0"}, "0 must be above zero."),
        ([benefit()], {"production_unit": ""}, "Choose what the production is counted in."),
    ],
)
def test_bad_input_of_the_benefits_step(as_, begun, rows, values, sentence):
    page = post(as_("lupe"), step_url(begun, "benefits"), benefits_form(*rows, **values))
    assert sentence in page
    assert not begun.expected_benefits.exclude(indicator__code="M1").exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"useful_life_years": "0"}, "is less than the least, 1."),
        ({"useful_life_years": "31"}, "is more than the most, 30."),
        ({"cost_after": "-5"}, "is below zero."),
    ],
)
def test_a_figure_that_cannot_be_read_costs_no_other_its_place(as_, begun, values, sentence):
    page = post(as_("lupe"), step_url(begun, "benefits"), benefits_form(benefit(), **values))
    assert sentence in page
    assert begun.expected_benefits.get(indicator__code="W1").after_intensity == 18
    begun.refresh_from_db()
    assert (begun.production, begun.cost_before) == (600, 1_250_000)


def test_rule_A6_benefits_are_saved_and_empty_lines_left_out(as_, begun):
    empty = benefit(1, indicator="D4", unit="kg", baseline_intensity="", after_intensity="")
    post(as_("lupe"), step_url(begun, "benefits"), benefits_form(benefit(), empty), status=302)
    assert set(begun.expected_benefits.values_list("indicator__code", flat=True)) == {"W1", "M1"}


def test_rule_A6_more_lines_are_offered_after_saving(as_, begun):
    response = as_("lupe").post(step_url(begun, "benefits"), benefits_form(benefit(), go="more"))
    assert response.url.endswith("?more=1#more")
    assert 'name="rows-3-indicator"' in as_("lupe").get(response.url.split("#")[0]).content.decode()


def test_rule_A6_unusual_figures_are_shown_as_a_question(as_, begun):
    post(
        as_("lupe"), step_url(begun, "benefits"), benefits_form(benefit(baseline_intensity="120")), status=302
    )
    page = read(as_("lupe"), step_url(begun, "benefits"))
    assert "Unusual figures" in page
    assert "one sentence on why they are so is enough" in page


def budget_form(lines=(("equipment", "Tanques", "500000"),), **values):
    product = budget_of()["product"]
    data = {"product": product.pk, "amount": "400000", "own_funds": "100000", "other_funds": "", "other_source": "",
            "term_months": "36", "grace_months": "6", "lines-TOTAL_FORMS": str(len(lines)),
            "lines-INITIAL_FORMS": "0", **values}  # fmt: skip
    for at, (kind, concept, amount) in enumerate(lines):
        data |= {f"lines-{at}-kind": kind, f"lines-{at}-concept": concept, f"lines-{at}-amount": amount}
    return data


@pytest.mark.parametrize(
    ("lines", "values", "sentence"),
    [
        ([("equipment", "", "500")], {}, "Say what it is, or clear the line."),
        ([("equipment", "Tanque", "")], {}, "Type what it costs, or clear the line."),
        ([("equipment", "Tanque", "-500")], {}, "must be above zero."),
        ([("equipment", "Tanque", "0")], {}, "0.00 must be above zero."),
        (
            [("equipment", "Tanque", "500000")],
            {"amount": "400000.01"},
            "at most 80 % of the investment.",
        ),
        (
            [("equipment", "Tanque", "5000000")],
            {"amount": "900001"},
            "This kind of loan goes up to 900,000.00 MXN.",
        ),
        (
            [("equipment", "Tanque", "500000")],
            {"amount": "100"},
            "This kind of loan begins at 50,000.00 MXN.",
        ),
        ([("equipment", "Tanque", "500000")], {"amount": "-1"}, "must be above zero."),
        ([("equipment", "Tanque", "500000")], {"term_months": "49"}, "Choose at most 48 months."),
        ([("equipment", "Tanque", "500000")], {"grace_months": "7"}, "Choose at most 6 months."),
        ([("equipment", "Tanque", "500000")], {"amount": "1e12"}, "“1e12” is not a number we can read."),
    ],
)
def test_bad_input_of_the_budget_step(as_, begun, lines, values, sentence):
    page = post(as_("lupe"), step_url(begun, "budget"), budget_form(lines, **values))
    assert sentence in page
    begun.refresh_from_db()
    for name, typed in values.items():
        assert str(getattr(begun, name)) != typed


def test_rule_A4_the_budget_shows_what_no_source_covers_and_what_it_costs(as_, begun):
    post(as_("lupe"), step_url(begun, "budget"), budget_form(own_funds="90000"), status=302)
    page = read(as_("lupe"), step_url(begun, "budget"))
    assert "Not covered yet: 10,000.00 MXN" in page
    assert "What you would pay" in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("grande.pdf", PDF + b"0" * (20 * 1024 * 1024), "a file may have at most 15"),
        ("factura.pdf", b"MZ this is a program", "“factura.pdf” is not one of the kinds we can keep"),
        ("vacio.pdf", b"", "is empty"),
    ],
)
def test_bad_files_of_the_documents_step(as_, begun, name, content, sentence):
    page = post(as_("lupe"), step_url(begun, "documents"), {"quotes": SimpleUploadedFile(name, content)})
    assert sentence in page
    assert not begun.documents.exists()


def test_rule_X5_papers_are_kept_listed_and_taken_out(as_, begun):
    lupe = as_("lupe")
    files = {"quotes": paper("cotizacion.pdf"), "baseline": paper("recibo.png", PNG), "go": "stay"}
    post(lupe, step_url(begun, "documents"), files, status=302)
    assert "cotizacion.pdf" in read(lupe, step_url(begun, "documents"))
    document = begun.documents.get(kind="quotes")
    url = reverse("projects:document-remove", args=[begun.uid, document.pk])
    assert lupe.get(url).status_code == 405
    lupe.post(url)
    assert begun.documents.filter(removed_on=None).count() == 1
    assert "was already taken out" in text_of(lupe.post(url, follow=True))


# Review, submission, afterwards ------------------------------------------------------------------


def test_rule_A7_the_review_names_what_is_missing_and_leads_there(as_, begun):
    page = read(as_("lupe"), step_url(begun, "review"))
    assert "Still missing" in page
    assert "Go on with: Project and technique" in page
    assert "Submit the application" not in page


def test_rule_A7_a_whole_application_is_submitted_once_from_the_page(as_):
    funded()
    application = draft(registered_firm())
    lupe, url = as_("lupe"), reverse("projects:application-submit", args=[application.uid])
    assert "Tick this to submit." in post(lupe, url, {})
    first = lupe.post(url, {"declared": "on"})
    second = lupe.post(url, {"declared": "on"}, follow=True)
    assert first.url == application.get_absolute_url()
    assert "Its number is F-2026-0001" in text_of(second)
    assert ApplicationVersion.objects.count() == 1
    assert lupe.get(url).status_code == 405


def test_rule_A1_an_unconfirmed_link_reads_why_it_waits(as_):
    funded()
    application = draft(registered_firm(confirmed=False))
    assert "We are checking that you act for this firm" in read(as_("lupe"), step_url(application, "review"))
    page = post(
        as_("lupe"), reverse("projects:application-submit", args=[application.uid]), {"declared": "on"}
    )
    assert "The fund has not confirmed yet that you act for this firm." in page


def test_rule_A1_an_adviser_reads_that_the_owner_submits(as_):
    funded()
    application = draft(registered_firm())
    application.firm.members.update(role="adviser")
    assert "The owner of the firm submits it" in read(as_("lupe"), step_url(application, "review"))
    post(
        as_("lupe"),
        reverse("projects:application-submit", args=[application.uid]),
        {"declared": "on"},
        status=403,
    )


def test_rule_A8_the_firm_reads_where_it_is_who_acts_and_how_long(as_):
    application = submitted()
    page = read(as_("lupe"), application.get_absolute_url())
    assert "The loan officer checks that everything needed is there" in page
    assert "Within 5 bank days" in page
    assert "The firm submitted it" in page
    assert "F-2026-0001" in read(as_("lupe"), reverse("projects:my"))


def test_rule_A7_a_submitted_application_has_no_steps_any_more(as_):
    application = submitted()
    response = as_("lupe").get(step_url(application, "project"))
    assert response.url == application.get_absolute_url()


def test_rule_A7_a_returned_file_shows_only_what_was_flagged(as_):
    application = returned()
    lupe = as_("lupe")
    assert "The fund asks you to change" in read(lupe, application.get_absolute_url())
    html = lupe.get(step_url(application, "project")).content.decode()
    assert 'name="summary"' in html
    assert 'name="title"' not in html
    assert "Nothing to change here" in read(lupe, step_url(application, "budget"))
    post(lupe, step_url(application, "project"), {"summary": "Con el dato", "title": "Otro"}, status=302)
    application.refresh_from_db()
    assert (application.summary, application.title != "Otro") == ("Con el dato", True)


def test_rule_A7_sending_again_asks_for_a_change_or_a_reason(as_):
    application = returned()
    lupe, url = as_("lupe"), reverse("projects:application-submit", args=[application.uid])
    assert "“What happens today” is as it was: change it, or write why it stays." in post(
        lupe, url, {"declared": "on"}
    )
    lupe.post(url, {"declared": "on", "answer-project.summary": "Está en el recibo"})
    application.refresh_from_db()
    assert application.state == "submitted"
    page = read(as_("rosa"), reverse("projects:application-file", args=[application.uid]))
    assert "Está en el recibo" in page


def test_rule_A7_the_difference_of_two_versions_is_shown(as_):
    application = returned()
    save(application, "project", {"summary": "Con el dato de 2025"}, person("lupe"))
    applications.resubmit(application=application, by=person("lupe"), on=DAY)
    page = read(as_("rosa"), reverse("projects:application-version", args=[application.uid, 2]))
    assert "Changed since version 1" in page
    assert "Con el dato de 2025" in page
    read(as_("rosa"), reverse("projects:application-version", args=[application.uid, 3]), status=404)


def test_rule_A8_taking_it_back_is_confirmed_first(as_):
    application = submitted()
    lupe, url = as_("lupe"), reverse("projects:application-withdraw", args=[application.uid])
    assert "cannot be taken up again" in read(lupe, url)
    lupe.post(url, {"reason": "Otro crédito"})
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert lupe.get(url).url == application.get_absolute_url()


def test_rule_A10_the_review_is_asked_for_on_its_page(as_):
    application = completed()
    Application.objects.filter(pk=application.pk).update(state="rejected", decided_on=DAY)
    lupe, url = as_("lupe"), reverse("projects:application-review-request", args=[application.uid])
    assert "Ask for a review" in read(lupe, application.get_absolute_url())
    assert "Say what is new since the decision." in post(lupe, url, {"facts": ""})
    lupe.post(url, {"facts": "Hay un medidor nuevo"})
    application.refresh_from_db()
    assert application.state == "review_requested"


def test_the_list_of_problems_follows_the_order_of_the_page(as_, begun):
    client = as_("lupe")
    page = client.post(
        f"/applications/{begun.uid}/step/firm/",
        {"workers": "many", "yearly_sales": "lots", "email": "x", "go": "next"},
    ).content.decode()
    listed = page.split("data-error-summary")[1].split("</ul>")[0]
    assert (
        listed.index("Workers") < listed.index("Sales of the last year") < listed.index("E-mail of the firm")
    )
