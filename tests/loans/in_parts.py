"""A loan of 120,000 that is paid out in two parts, half of it or all (Rule D-3)."""

from datetime import timedelta

from loans import payout_checks
from tests.loans.builders import approved
from tests.stories import loans as story
from tests.world import DAY

HALVES = ("70000.00", "50000.00")


def later(days):
    return DAY + timedelta(days)


def first_half(**wish):
    """A loan of 120,000 of which 70,000 have left; 50,000 wait for the proof of use."""
    return story.paid_out(approved("120000.00"), payouts=story.plan(*HALVES), **wish)


def whole(days=40):
    return story.paid_more(first_half(), value_on=later(days))


def missing(loan, on):
    loan = story.fresh(loan)
    return [check.code for check in payout_checks.missing(loan, payout_checks.money_for(loan, on))]
