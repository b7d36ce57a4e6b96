"""Rule A-8: the table of moves, every pair of it and every pair that is not in it."""

from itertools import product

import pytest

from accounts import lifecycle
from accounts.models import AuditEvent
from projects import applications
from projects.lifecycle import APPROVALS, ENDS, MOVES, UNDECIDED, State
from projects.models import Application, Firm
from tests.stories.projects import completed, funded, submitted
from tests.world import DAY, denied, person, refused

PAIRS = list(product(State.values, repeat=2))
REFUSED = [pair for pair in PAIRS if pair not in MOVES]


@pytest.fixture
def bare(db):
    """An application without a story: only its state matters here."""
    lupe = person("lupe")
    firm = Firm.objects.create(country="MX", tax_id="CPA950612QX1", created_by=lupe, created_on=DAY)
    return Application.objects.create(
        firm=firm,
        started_by=lupe,
        started_on=DAY,
        state_since=DAY,
        ref="F-2026-0001",
        submitted_by=lupe,
        submitted_on=DAY,
    )


@pytest.mark.parametrize("before", State.values)
def test_rule_A8_a_move_that_the_table_lacks_is_refused(bare, before):
    bare.state = before
    bare.save(update_fields=["state"])
    for after in (after for start, after in REFUSED if start == before):
        with refused("A-8"):
            lifecycle.move(bare, after, moves=MOVES, by=person("rosa"), on=DAY, rule="A-8")
    bare.refresh_from_db()
    assert bare.state == before


@pytest.mark.parametrize(("before", "after"), sorted(MOVES), ids=lambda state: str(state))
def test_rule_A8_every_move_of_the_table_is_made_and_audited(bare, before, after):
    bare.state = before
    bare.save(update_fields=["state"])
    lifecycle.move(bare, after, moves=MOVES, by=person("rosa"), on=DAY, rule="A-8")
    bare.refresh_from_db()
    assert bare.state == after
    assert AuditEvent.objects.filter(verb=f"application.{after}", object=bare.audit_ref).count() == 1


def test_rule_A8_nothing_leaves_an_end():
    assert not [pair for pair in MOVES if pair[0] in ENDS]


def test_rule_A8_every_state_is_reached_and_each_but_the_ends_is_left():
    assert {after for _before, after in MOVES} == set(State.values) - {State.DRAFT}
    assert {before for before, _after in MOVES} == set(State.values) - ENDS


def test_rule_A8_a_firm_may_withdraw_until_there_is_a_contract():
    assert {before for before, after in MOVES if after == State.WITHDRAWN} == UNDECIDED | APPROVALS
    assert State.REJECTED not in UNDECIDED


def test_rule_A8_each_state_has_its_own_look():
    badges = {state: state.badge for state in State}
    assert len({badge.icon for badge in badges.values()}) == len(badges)


@pytest.mark.django_db
def test_rule_A8_the_chain_from_completeness_to_contract_leaves_its_references():
    application = completed()
    sofia = person("sofia")
    applications.begin_evaluation(application=application, by=sofia, on=DAY)
    applications.record_recommendation(
        application=application, recommended=True, agreement="CE-2026-03-A01", by=sofia, on=DAY
    )
    applications.put_on_agenda(application=application, session="CT-2026-02", by=sofia, on=DAY)
    applications.record_decision(
        application=application, outcome="approved", resolution="CT-2026-02-R01", by=sofia, on=DAY
    )
    found = applications.mark_contracted(
        application=application, loan="L-2026-0001", by=person("dario"), on=DAY
    )
    assert (found.state, found.agreement, found.session) == ("contracted", "CE-2026-03-A01", "CT-2026-02")
    assert (found.resolution, found.loan) == ("CT-2026-02-R01", "L-2026-0001")
    assert found.approved_amount == found.amount
    assert list(found.changes.values_list("after", flat=True)) == [
        "draft", "submitted", "complete", "evaluating", "recommended", "on_agenda", "approved", "contracted",
    ]  # fmt: skip


@pytest.mark.django_db
def test_rule_A8_people_of_firms_do_not_call_the_committees_verbs():
    application = completed()
    for verb in (
        lambda: applications.begin_evaluation(application=application, by=person("lupe"), on=DAY),
        lambda: applications.put_on_agenda(application=application, session="x", by=person("lupe"), on=DAY),
        lambda: applications.lapse(application=application, by=person("lupe"), on=DAY),
    ):
        with denied("Only the fund's people"):
            verb()


@pytest.mark.django_db
def test_rule_A8_an_item_that_waited_goes_to_the_next_session_without_a_move():
    application = completed()
    sofia = person("sofia")
    applications.begin_evaluation(application=application, by=sofia, on=DAY)
    applications.record_recommendation(
        application=application, recommended=False, agreement="CE-2026-03-A01", by=sofia, on=DAY
    )
    applications.put_on_agenda(application=application, session="CT-2026-02", by=sofia, on=DAY)
    found = applications.put_on_agenda(application=application, session="CT-2026-03", by=sofia, on=DAY)
    assert (found.state, found.session) == ("on_agenda", "CT-2026-03")


@pytest.mark.django_db
def test_rule_A7_somebody_who_moved_it_first_is_not_overwritten():
    funded()
    application = submitted()
    stale = Application.objects.get(pk=application.pk)
    applications.confirm_complete(application=application, by=person("rosa"), on=DAY)
    with refused("A-8"):
        applications.confirm_complete(application=stale, by=person("rosa"), on=DAY)
