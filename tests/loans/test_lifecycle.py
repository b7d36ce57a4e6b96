"""The table of moves: every pair that it lacks is refused (rules A-8, G-5)."""

import itertools

import pytest

from accounts import lifecycle
from accounts.errors import Stale
from accounts.models import AuditEvent
from loans.lifecycle import DISBURSEMENT_MOVES, MOVES
from loans.models import Disbursement, Loan
from tests.loans.builders import approved, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, person, refused

pytestmark = pytest.mark.django_db
MONEY_OUT = {"active", "paid_off", "written_off"}


@pytest.fixture
def loan(db):
    money_to_lend()
    return story.drafted(approved())


def stamps_of(state):
    """The days that the database asks of a loan in that state."""
    days = {"disbursed_on": DAY} if state in MONEY_OUT else {}
    return days | ({"written_off_on": DAY} if state == "written_off" else {})


def put(loan, state):
    """The row as it would stand in that state; the database's constraints hold for it too."""
    stamps = stamps_of(state)
    Loan.objects.filter(pk=loan.pk).update(state=state, **stamps)
    loan.refresh_from_db()


def test_every_move_of_a_loan_in_the_table_is_made_and_audited_and_no_other(loan):
    for before, after in itertools.product(Loan.State.values, repeat=2):
        put(loan, before)
        stamps = stamps_of(after)
        if (before, after) in MOVES:
            lifecycle.move(loan, after, moves=MOVES, by=person("rosa"), on=DAY, **stamps)
            assert loan.state == after
            assert AuditEvent.objects.filter(verb=f"loan.{after}").exists()
        else:
            with refused("G-5", "cannot become"):
                lifecycle.move(loan, after, moves=MOVES, by=person("rosa"), on=DAY, **stamps)
            loan.refresh_from_db()
            assert loan.state == before


def test_every_move_of_a_disbursement_in_the_table_and_no_other(db):
    money_to_lend()
    disbursement = story.prepared(approved())
    stamps = {"approved_by": person("teresa"), "approved_on": DAY, "value_on": DAY}
    for before, after in itertools.product(Disbursement.State.values, repeat=2):
        Disbursement.objects.filter(pk=disbursement.pk).update(state=before, **stamps)
        disbursement.refresh_from_db()
        if (before, after) in DISBURSEMENT_MOVES:
            lifecycle.move(disbursement, after, moves=DISBURSEMENT_MOVES, by=person("teresa"), on=DAY)
        else:
            with refused("G-5"):
                lifecycle.move(disbursement, after, moves=DISBURSEMENT_MOVES, by=person("teresa"), on=DAY)


def test_a_move_that_somebody_made_first_is_stale(loan):
    mine = Loan.objects.get(pk=loan.pk)
    lifecycle.move(loan, "signed", moves=MOVES, by=person("dario"), on=DAY)
    with pytest.raises(Stale):
        lifecycle.move(mine, "cancelled", moves=MOVES, by=person("rosa"), on=DAY)
