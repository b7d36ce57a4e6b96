"""Rule A-5 on the pages: leaving a field, what cannot be read, a session that ends, a doubled save."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from projects import applications
from projects.fields import Step
from projects.models import Application, BudgetLine, KeptText
from projects.saving import kept_for
from tests.projects.colleagues import colleague, saved
from tests.projects.reading import read, step_url, text_of
from tests.stories.projects import draft, registered_firm, save
from tests.world import DAY, person

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


# The pages ---------------------------------------------------------------------------------------


def save_url(application, step):
    return reverse("projects:application-save", args=[application.uid, step])


def marks_on(client, application, step):
    body = client.get(step_url(application, step)).content.decode()
    return body.split('name="was" id="was" value="')[1].split('"')[0]


PROJECT = {"title": "Reúso", "technique": "", "summary": "", "change": "", "audit_plan": ""}


def test_rule_A5_leaving_a_field_saves_it_and_says_so(as_, begun):
    lupe = as_("lupe")
    was = marks_on(lupe, begun, "project")
    answer = lupe.post(save_url(begun, "project"), {**PROJECT, "was": was}, headers=HTMX)
    assert "Saved" in text_of(answer)
    assert 'hx-swap-oob="innerHTML:#saved"' in answer.content.decode()
    begun.refresh_from_db()
    assert begun.title == "Reúso"


def test_rule_A5_what_is_only_begun_is_kept_without_a_word_of_blame(as_, begun):
    lupe = as_("lupe")
    data = {
        "production": "600", "production_unit": "t", "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "1",
        "rows-0-indicator": "W1", "rows-0-unit": "m3", "rows-0-baseline_intensity": "30",
        "rows-0-after_intensity": "", "rows-0-basis": "",
        "was": marks_on(lupe, begun, "benefits"),
    }  # fmt: skip
    answer = text_of(lupe.post(save_url(begun, "benefits"), data, headers=HTMX))
    assert "Type the figure afterwards" not in answer
    assert "Saved" in answer
    body = lupe.get(step_url(begun, "benefits")).content.decode()
    assert 'name="rows-0-baseline_intensity" value="30"' in body


@pytest.mark.parametrize(
    ("step", "name", "typed", "sentence"),
    [
        ("firm", "workers", "many", "“many” is not a number we can read."),
        ("firm", "yearly_sales", "24.000.00", "is not a number we can read"),
        ("firm", "phone", "no", "is not a telephone number"),
        ("firm", "founded_year", "2027", "2027 has not come yet."),
        ("project", "purpose", "end_of_pipe", "The fund does not lend for treatment"),
        ("benefits", "cost_before", "-5", "is below zero."),
        ("budget", "term_months", "0", "is less than the least, 1"),
    ],
)
def test_rule_A5_what_cannot_be_read_is_kept_and_found_again(as_, begun, step, name, typed, sentence):
    lupe = as_("lupe")
    answer = lupe.post(save_url(begun, step), {name: typed, "was": marks_on(lupe, begun, step)}, headers=HTMX)
    assert sentence in text_of(answer)
    assert "Kept as you typed it." in text_of(answer)
    page = lupe.get(step_url(begun, step))
    assert sentence in text_of(page)
    if name != "purpose":
        assert f'value="{typed}"' in page.content.decode()
    assert name not in kept_for(begun, Step(step), person("memo"))[0]


def test_rule_A5_a_mended_field_is_kept_no_longer(as_, begun):
    lupe = as_("lupe")
    for typed in ("many", "40"):
        lupe.post(save_url(begun, "firm"), {"workers": typed}, headers=HTMX)
    assert not KeptText.objects.exists()
    begun.firm.refresh_from_db()
    assert begun.firm.workers == 40


def test_rule_A5_the_button_saves_what_is_right_beside_what_is_wrong(as_, begun):
    lupe = as_("lupe")
    data = {**PROJECT, "title": "Bien", "purpose": "end_of_pipe", "was": marks_on(lupe, begun, "project")}
    page = text_of(lupe.post(step_url(begun, "project"), data))
    assert "The fund does not lend for treatment" in page
    begun.refresh_from_db()
    assert (begun.title, begun.purpose) == ("Bien", "")


def test_rule_A5_the_second_saver_sees_the_others_value_on_the_page(as_, begun):
    colleague(begun.firm)
    lupe, memo = as_("lupe"), as_("memo")
    was = marks_on(memo, begun, "project")
    lupe.post(step_url(begun, "project"), {**PROJECT, "title": "De Lupe", "was": was})
    data = {**PROJECT, "title": "De Memo", "was": was}
    page = memo.post(step_url(begun, "project"), data)
    assert "Guadalupe Torres" in text_of(page)
    assert "De Lupe" in text_of(page)
    assert "Which of the two stays?" in text_of(page)
    body = page.content.decode()
    assert 'value="De Memo"' in body
    begun.refresh_from_db()
    assert begun.title == "De Lupe"

    mine = body.split('name="choose-title" value="')[1].split('"')[0]
    assert memo.post(step_url(begun, "project"), {**data, "choose-title": mine}).status_code == 302
    begun.refresh_from_db()
    assert begun.title == "De Memo"


def test_rule_A5_choosing_the_others_value_by_a_tap_shows_it(as_, begun):
    colleague(begun.firm)
    memo = as_("memo")
    was = marks_on(memo, begun, "project")
    saved(begun, "lupe", title="De Lupe")
    data = {**PROJECT, "title": "De Memo", "was": was}
    body = memo.post(save_url(begun, "project"), data, headers=HTMX).content.decode()
    theirs = body.split('name="choose-title" value="')[2].split('"')[0]
    assert theirs.startswith("theirs:")
    answer = memo.post(save_url(begun, "project"), {**data, "choose-title": theirs}, headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert 'value="De Lupe"' in memo.get(step_url(begun, "project")).content.decode()


def test_rule_A5_another_person_of_the_firm_reads_who_wrote_meanwhile(as_, begun):
    colleague(begun.firm)
    memo = as_("memo")
    was = marks_on(memo, begun, "project")
    saved(begun, "lupe", title="De Lupe")
    page = text_of(
        memo.post(
            save_url(begun, "project"), {**PROJECT, "title": "", "technique": "X", "was": was}, headers=HTMX
        )
    )
    assert "It was written while you had this page open, and it stands." in page


def test_rule_A5_lines_of_two_people_are_shown_in_words(as_, begun):
    colleague(begun.firm)
    memo = as_("memo")
    was = marks_on(memo, begun, "budget")
    saved(begun, "lupe", step=Step.BUDGET, lines=[{"kind": "equipment", "concept": "Tanque", "amount": 5}])
    data = {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-kind": "works",
        "lines-0-concept": "Obra", "lines-0-amount": "7", "was": was,
    }  # fmt: skip
    page = text_of(memo.post(step_url(begun, "budget"), data))
    assert "Tanque: 5.00 MXN" in page
    assert BudgetLine.objects.get().concept == "Tanque"


# A session that ends -----------------------------------------------------------------------------


def test_rule_A5_a_session_that_ends_while_typing_loses_nothing(as_, begun):
    was = marks_on(as_("lupe"), begun, "project")
    out = Client()
    url = step_url(begun, "project")
    answer = out.post(url, {**PROJECT, "title": "Escrito después", "was": was})
    assert answer.status_code == 302
    assert "/account/login/" in answer.url
    begun.refresh_from_db()
    assert begun.title == ""
    out.force_login(person("lupe"))
    page = text_of(out.get(url, follow=True))
    assert "You had been signed out. What you typed is here, and it is saved." in page
    begun.refresh_from_db()
    assert begun.title == "Escrito después"
    assert "You had been signed out" not in text_of(out.get(url))


def test_rule_A5_a_field_left_after_the_session_ended_is_kept_and_said(as_, begun):
    as_("lupe")
    out = Client()
    answer = out.post(save_url(begun, "project"), {**PROJECT, "title": "Tarde"}, headers=HTMX)
    assert answer.status_code == 200
    assert "You were signed out after a while. What you typed is kept:" in text_of(answer)
    assert step_url(begun, "project") in answer.content.decode()
    out.force_login(person("lupe"))
    out.get(step_url(begun, "project"))
    begun.refresh_from_db()
    assert begun.title == "Tarde"


def test_rule_A5_what_comes_back_after_the_sign_in_overwrites_nobody(as_, begun):
    colleague(begun.firm)
    was = marks_on(as_("memo"), begun, "project")
    out = Client()
    out.post(step_url(begun, "project"), {**PROJECT, "title": "De Memo", "was": was})
    saved(begun, "lupe", title="De Lupe")
    out.force_login(person("memo"))
    page = text_of(out.get(step_url(begun, "project")))
    assert "Which of the two stays?" in page
    begun.refresh_from_db()
    assert begun.title == "De Lupe"


def test_rule_X2_what_waits_opens_nothing_to_a_stranger(begun):
    out = Client()
    out.post(step_url(begun, "project"), {**PROJECT, "title": "Ajeno"})
    out.force_login(person("ana"))
    assert out.get(step_url(begun, "project")).status_code == 404
    begun.refresh_from_db()
    assert begun.title == ""


def test_a_page_too_large_does_not_wait(begun):
    out = Client()
    out.post(step_url(begun, "project"), {**PROJECT, "summary": "x" * 200_000})
    assert "typed_while_signed_out" not in out.session


# Twice -------------------------------------------------------------------------------------------


def test_rule_A7_a_doubled_submit_is_one_submission(as_):
    from tests.stories.projects import funded

    funded()
    application = draft(registered_firm())
    lupe = as_("lupe")
    url = reverse("projects:application-submit", args=[application.uid])
    answers = [lupe.post(url, {"declared": "on"}) for _click in range(2)]
    assert {answer.url for answer in answers} == {application.get_absolute_url()}
    assert Application.objects.get().versions.count() == 1
    assert "Its number is F-2026-0001" in read(lupe, application.get_absolute_url())


def test_rule_A5_a_doubled_save_is_one_save(as_, begun):
    lupe = as_("lupe")
    data = {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-kind": "works",
        "lines-0-concept": "Obra", "lines-0-amount": "7", "was": marks_on(lupe, begun, "budget"),
    }  # fmt: skip
    for _click in range(2):
        assert lupe.post(step_url(begun, "budget"), data).status_code == 302
    assert BudgetLine.objects.count() == 1


@pytest.mark.parametrize("step", ["documents", "review", "nonsense"])
def test_steps_without_fields_have_nothing_to_save(as_, begun, step):
    assert as_("lupe").post(save_url(begun, step), {}, headers=HTMX).status_code == 404


def test_rule_X2_a_stranger_saves_nothing(as_, begun):
    assert as_("ana").post(save_url(begun, "project"), PROJECT, headers=HTMX).status_code == 404


@pytest.mark.parametrize("step", ["firm", "project", "benefits", "budget"])
def test_saving_a_field_takes_few_queries(as_, django_assert_max_num_queries, step):
    application = draft(registered_firm(), papers=False)
    save(application, "project", {"title": "Uno"}, person("lupe"))
    lupe = as_("lupe")
    sent = one_field_changed(lupe, application, step)
    with django_assert_max_num_queries(45):
        answer = lupe.post(save_url(application, step), sent, headers=HTMX)
    assert "Saved" in text_of(answer)


def one_field_changed(client, application, step):
    """What a browser sends after somebody left one field."""
    form = client.get(step_url(application, step)).context["form"]
    sent = form.as_sent({}, {})
    name = {"firm": "municipality", "project": "title", "benefits": "benefit_note", "budget": "other_source"}
    sent[name[step]] = "Otro"
    return sent


@pytest.mark.parametrize("left", [True, False])
def test_rule_A7_what_was_typed_while_a_colleague_submitted_is_refused_by_its_rule(as_, whole, left):
    """By leaving a field, or by the button."""
    lupe = as_("lupe")
    data = {**PROJECT, "title": "Tarde", "was": marks_on(lupe, whole, "project")}
    applications.submit(application=whole, by=person("lupe"), on=DAY)
    if left:
        answer = lupe.post(save_url(whole, "project"), data, headers=HTMX)
        assert answer["HX-Redirect"] == whole.get_absolute_url()
    else:
        assert lupe.post(step_url(whole, "project"), data).url == whole.get_absolute_url()
    page = read(lupe, whole.get_absolute_url())
    assert "The application was submitted; it can no longer be changed. (rule A-7)" in page
    assert Application.objects.get(pk=whole.pk).title == whole.title


def test_rule_A5_the_unit_of_production_of_two_people_is_shown_as_it_is_written(as_, begun):
    colleague(begun.firm)
    memo = as_("memo")
    was = marks_on(memo, begun, "benefits")
    saved(begun, "lupe", step=Step.BENEFITS, production=Decimal(500), production_unit="t")
    page = text_of(
        memo.post(step_url(begun, "benefits"), {"production": "700", "production_unit": "kg", "was": was})
    )
    assert "Which of the two stays?" in page
