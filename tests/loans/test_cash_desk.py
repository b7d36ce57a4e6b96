"""The demonstration's cash desk: work that waits for the cashier, none of it posted."""

from datetime import timedelta

import pytest

from fiprev.demo import cash_desk
from loans import accruals
from loans.models import BankMatch, FollowUp, Payment
from tests.loans.builders import approved, firm, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def test_rule_P2_the_demonstration_has_a_statement_to_look_at_and_a_broken_promise():
    money_to_lend("9000000.00")
    first = story.paid_out(approved("120000.00", term=12))
    second = story.paid_out(approved("60000.00", of=firm("memo", name="Fundición Norte"), term=6))
    day = story.rows(first)[0].pay_on + timedelta(20)
    accruals.fall_due(on=day, by=person("teresa"))
    cash_desk.play(cashier=person("carmen"), on=day)
    found = dict(BankMatch.objects.values_list("found", "loan__ref"))
    assert found == {"matched": first.ref, "suggested": second.ref, "unmatched": None, "outgoing": None}
    assert FollowUp.objects.broken(day).unanswered().count() == 2
    assert not Payment.objects.exists()
    cash_desk.play(cashier=person("carmen"), on=day)
    assert BankMatch.objects.count() == 4, "the same statement again adds nothing"


def test_without_a_loan_there_is_nothing_to_do(db):
    cash_desk.play(cashier=person("carmen"), on=DAY)
    assert not BankMatch.objects.exists()
