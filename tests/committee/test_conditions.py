"""Rule C-10: precedent, during, after; owner, due date, proof; waived only by the body that set them."""

from datetime import timedelta

import pytest

from committee import conditions, decisions
from committee.conditions import NewCondition
from committee.models import Condition
from tests.kept import kept
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
DUE = DAY + timedelta(days=60)
DRAFTS = [
    NewCondition(text="Insure the drums.", due_on=DUE, proof="Policy of insurance"),
    NewCondition(text="Report water each quarter.", due_on=DUE, proof="Meter readings", kind="during"),
    NewCondition(text="Keep the drums five years.", due_on=DUE, proof="Yearly photo", kind="after"),
]


def one_approved():
    return story.approved_application(conditions=DRAFTS)[1]


told, resolution = kept(one_approved)


@pytest.fixture
def precedent(resolution):
    return resolution.conditions.get(kind="precedent")


def waiver(condition, body="CT", vote="for", kind="waiver"):
    matter = {
        "kind": kind,
        "reference": condition.ref,
        "title": "Let the insurance go",
        "paper": {"text": "x"},
    }
    held_on = condition.resolution.decided_on + story.NOTICE
    session = story.opened(story.called(body, matter, held_on=held_on))
    item = story.voted(session.items.get(), story.unanimous(body, vote))
    return decisions.close_item(item=item, by=person("sofia"), on=held_on)


def test_rule_C10_only_precedents_block_money(resolution):
    reference = resolution.reference
    assert [row.text for row in conditions.open_precedents(reference)] == ["Insure the drums."]
    assert conditions.of_reference(reference).count() == 3


def test_rule_C10_a_condition_ends_by_its_proof(precedent):
    conditions.meet(condition=precedent, proof="Policy 77/2026 seen.", by=person("rosa"), on=DUE)
    precedent.refresh_from_db()
    assert (precedent.state, precedent.settled_by, precedent.settled_on) == ("met", person("rosa"), DUE)
    assert not conditions.open_precedents(precedent.resolution.reference).exists()
    with refused("C-10"):
        conditions.meet(condition=precedent, proof="again", by=person("rosa"), on=DUE)


def test_rule_C10_without_proof_it_stays_open(precedent):
    with bad_input("proof"):
        conditions.meet(condition=precedent, proof=" ", by=person("rosa"), on=DUE)
    assert conditions.open_precedents(precedent.resolution.reference).exists()


@pytest.mark.parametrize("name", ["lupe", "carlos", "carmen", "aldo"])
def test_rule_C10_who_sees_the_proof(precedent, name):
    with denied():
        conditions.meet(condition=precedent, proof="I say so.", by=person(name), on=DUE)


def test_rule_C10_the_body_that_set_it_waives_it(precedent):
    resolution = waiver(precedent)
    precedent.refresh_from_db()
    assert (precedent.state, precedent.waived_by) == ("waived", resolution)
    assert not conditions.open_precedents(precedent.resolution.reference).exists()


def test_rule_C10_no_other_body_and_no_other_resolution_waives_it(precedent):
    with refused("C-10", "Only the body"):
        waiver(precedent, body="CE")
    with refused("C-10", "Only the body"):
        conditions.waive(condition=precedent, resolution=precedent.resolution, by=person("sofia"), on=DUE)


def test_rule_C10_a_refused_waiver_leaves_it_open(precedent):
    waiver(precedent, vote="against")
    precedent.refresh_from_db()
    assert precedent.state == "open"


def test_rule_C10_what_is_no_open_condition_is_not_waived(precedent):
    conditions.meet(condition=precedent, proof="Policy seen.", by=person("rosa"), on=DUE)
    with bad_input("reference", "no open condition"):
        waiver(precedent)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"proof": ""}, "proof"),
        ({"due_on": DAY - timedelta(days=1)}, "due_on"),
        ({"kind": "someday"}, "kind"),
        ({"owner": "nobody"}, "kind"),
    ],
)
def test_rule_C10_each_names_what_whose_by_when_and_by_which_proof(change, field):
    draft = {"text": "Insure.", "due_on": DUE, "proof": "Policy", **change}
    with bad_input(field):
        conditions.checked([NewCondition(**draft)], on=DAY)


def test_rule_C10_what_falls_due(resolution):
    assert list(conditions.due(DUE - timedelta(days=1))) == []
    assert conditions.due(DUE).count() == 3
    late = Condition.objects.first()
    assert late.is_late(DUE + timedelta(days=1))
    assert not late.is_late(DUE)


def test_rule_C10_a_condition_is_found_by_its_name(precedent):
    assert conditions.by_ref(precedent.ref) == precedent
    assert conditions.by_ref("CT-2026-09-R99-C1") is None
    assert conditions.by_ref("nonsense") is None


def test_rule_E4_the_commissions_conditions_are_a_proposal(db):
    already = Condition.objects.count()
    application = story.evaluated(story.complete_application())
    agreement = story.recommended(application, conditions=DRAFTS[:1])
    assert agreement.terms["conditions"][0]["text"] == "Insure the drums."
    assert Condition.objects.count() == already
