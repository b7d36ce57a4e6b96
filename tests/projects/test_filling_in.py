"""Filling in by several people, on lines that break (rules A-1, A-5): nothing is lost, nothing is overwritten."""

import pytest
from django.test import Client
from django.urls import reverse

from projects import applications
from projects.fields import Step
from projects.models import Application, BudgetLine, FieldSave, FirmMember, KeptText
from projects.saving import keep_texts, kept_for, marks_of, save_fields
from tests.projects.reading import read, step_url, text_of
from tests.stories.projects import PROJECTS, benefits_of, draft, registered_firm, returned, save, submitted
from tests.world import DAY, denied, person, refused

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def colleague(firm, name="memo", role=FirmMember.Role.EDITOR):
    return FirmMember.objects.create(
        firm=firm, user=person(name), role=role, asked_on=DAY, confirmed_by=person("rosa"), confirmed_on=DAY
    )


def saved(application, by, shown=None, step=Step.PROJECT, **data):
    marks = marks_of(application, step) if shown is None else shown
    return save_fields(application=application, step=step, data=data, shown=marks, by=person(by), on=DAY)


# The verb ----------------------------------------------------------------------------------------


def test_rule_A5_a_field_is_saved_by_itself(begun):
    found = saved(begun, "lupe", title="Reúso de cromo")
    assert found.written == {"title"}
    assert not found.clashes
    assert found.application.title == "Reúso de cromo"
    assert FieldSave.objects.get().by == person("lupe")


def test_rule_A5_nothing_changed_writes_nothing(begun):
    assert saved(begun, "lupe", title="").written == frozenset()
    assert not FieldSave.objects.exists()


def test_rule_A5_the_second_saver_of_a_field_sees_the_first_ones_value(begun):
    colleague(begun.firm)
    shown = marks_of(begun, Step.PROJECT)
    saved(begun, "lupe", shown=shown, title="De Lupe")
    second = saved(begun, "memo", shown=shown, title="De Memo")
    assert second.written == frozenset()
    assert second.clashes["title"].by == "Guadalupe Torres"
    begun.refresh_from_db()
    assert begun.title == "De Lupe"


def test_rule_A5_the_second_saver_chooses(begun):
    colleague(begun.firm)
    shown = marks_of(begun, Step.PROJECT)
    saved(begun, "lupe", shown=shown, title="De Lupe")
    clash = saved(begun, "memo", shown=shown, title="De Memo").clashes["title"]
    options = {
        "application": begun, "step": Step.PROJECT, "data": {"title": "De Memo"}, "shown": shown,
        "by": person("memo"), "on": DAY,
    }  # fmt: skip
    theirs = save_fields(**options, given_up=frozenset({"title"}))
    assert (theirs.application.title, theirs.clashes) == ("De Lupe", {})
    mine = save_fields(**options, accepted={"title": clash.mark})
    assert (mine.application.title, mine.clashes) == ("De Memo", {})


def test_rule_A5_a_choice_counts_for_the_value_that_was_seen(begun):
    colleague(begun.firm)
    shown = marks_of(begun, Step.PROJECT)
    saved(begun, "lupe", shown=shown, title="Uno")
    clash = saved(begun, "memo", shown=shown, title="Mío").clashes["title"]
    begun.refresh_from_db()
    saved(begun, "lupe", title="Dos")
    late = save_fields(
        application=begun, step=Step.PROJECT, data={"title": "Mío"}, shown=shown,
        accepted={"title": clash.mark}, by=person("memo"), on=DAY,
    )  # fmt: skip
    assert "title" in late.clashes
    assert late.application.title == "Dos"


def test_rule_A5_two_people_in_different_fields_do_not_meet(begun):
    colleague(begun.firm)
    shown = marks_of(begun, Step.PROJECT)
    saved(begun, "lupe", shown=shown, title="De Lupe", technique="")
    second = saved(begun, "memo", shown=shown, title="", technique="De Memo")
    assert (second.application.title, second.application.technique) == ("De Lupe", "De Memo")
    assert second.newer["title"].by == "Guadalupe Torres"
    assert not second.clashes


def test_rule_A5_what_a_page_did_not_see_stays_unseen_in_its_next_save(begun):
    """A page that saves one field does not thereby learn what another person wrote in the next one."""
    colleague(begun.firm)
    shown = marks_of(begun, Step.PROJECT)
    saved(begun, "lupe", shown=shown, title="De Lupe")
    second = saved(begun, "memo", shown=shown, title="", technique="De Memo")
    third = saved(begun, "memo", shown=second.marks, title="De Memo", technique="De Memo")
    assert "title" in third.clashes


def test_rule_A5_rows_are_one_field(begun):
    colleague(begun.firm)
    values = benefits_of(PROJECTS["lupe"])
    shown = marks_of(begun, Step.BENEFITS)
    saved(begun, "lupe", shown=shown, step=Step.BENEFITS, **values)
    again = saved(begun, "memo", shown=shown, step=Step.BENEFITS, **values)
    assert (again.written, again.clashes) == (frozenset(), {})
    fewer = {**values, "rows": values["rows"][:1]}
    assert set(saved(begun, "memo", shown=shown, step=Step.BENEFITS, **fewer).clashes) == {"rows"}
    assert begun.expected_benefits.exclude(indicator__code="M1").count() == 2


def test_rule_A5_the_firms_fields_are_shared_by_its_applications(begun):
    colleague(begun.firm)
    other = applications.start(firm=begun.firm, by=person("memo"), on=DAY)
    shown = marks_of(begun, Step.FIRM)
    saved(other, "memo", shown=shown, step=Step.FIRM, municipality="Silao")
    clash = saved(begun, "lupe", shown=shown, step=Step.FIRM, municipality="Celaya").clashes["municipality"]
    assert clash.by == "Guillermo Rivas"


def test_rule_A1_a_viewer_saves_nothing(begun):
    colleague(begun.firm, role=FirmMember.Role.VIEWER)
    with denied("You may look at this application, not change it."):
        saved(begun, "memo", title="No")


def test_rule_A7_a_submitted_file_takes_no_field():
    application = submitted()
    with refused("A-7", "no longer be changed"):
        saved(application, "lupe", title="Otro")


def test_rule_A7_a_returned_file_takes_only_what_was_flagged():
    application = returned(fields=("project.summary",))
    assert saved(application, "lupe", summary="Con el dato", title=application.title).written == {"summary"}
    with refused("A-7", "was not returned to you"):
        saved(application, "lupe", title="Otro")


def test_kept_texts_belong_to_their_writer(begun):
    colleague(begun.firm)
    keep_texts(
        application=begun, step=Step.FIRM, texts={"workers": "many"}, shown={"workers": "x"},
        by=person("lupe"), on=DAY,
    )  # fmt: skip
    assert kept_for(begun, Step.FIRM, person("lupe")) == ({"workers": "many"}, {"workers": "x"})
    assert kept_for(begun, Step.FIRM, person("memo")) == ({}, {})
    keep_texts(application=begun, step=Step.FIRM, texts={}, shown={}, by=person("lupe"), on=DAY)
    assert not KeptText.objects.exists()


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
