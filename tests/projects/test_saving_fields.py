"""Rule A-5: a field is saved by itself, and the second saver of it sees the first one's value."""

import pytest

from projects import applications
from projects.fields import Step
from projects.models import FieldSave, FirmMember, KeptText
from projects.saving import keep_texts, kept_for, marks_of, save_fields
from tests.projects.colleagues import colleague, saved
from tests.stories.projects import PROJECTS, benefits_of, returned, submitted
from tests.world import DAY, denied, person, refused

pytestmark = pytest.mark.django_db


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
