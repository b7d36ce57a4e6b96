"""Rules P-3 and L-2: a loan's record, read at once, is what its tables hold row by row."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest

from accounts.models import User
from loans.accruals import fall_due
from loans.arithmetic.events import Payment, Restructure, Tranche
from loans.arithmetic.schedule import schedule
from loans.bookkeeping import bring_up_to, locked
from loans.chronicle import Draw
from loans.models import Allocation, Funding, Instalment
from loans.payments import reverse_payment
from loans.record import Booked, on_record, story_of
from tests.loans.builders import approved, money_to_lend
from tests.stories import loans as story
from tests.stories import servicing
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend(parts=2)


@pytest.fixture
def eventful():
    """Paid out in two parts, paid, paid wrongly and reversed, a credit, a restructuring, another still proposed."""
    loan = story.paid_out(approved("120000.00"), payouts=story.plan("70000.00", "50000.00"))
    loan = story.paid_more(loan, value_on=DAY + timedelta(40))
    story.pay_row(loan, 1)
    wrong = story.pay(loan, "500.00", DAY + timedelta(70))
    reverse_payment(payment=wrong, reason="Another firm's", by=person("teresa"), on=DAY + timedelta(71))
    story.pay(loan, "30000.00", DAY + timedelta(75), prepayment="lower_instalment")
    day = DAY + timedelta(80)
    servicing.done(loan, "new_terms", day, count="8", annual_rate_pct="14", new_due="")
    servicing.proposed(story.fresh(loan), "extra_terms", day + timedelta(2), count="2")
    return story.fresh(loan)


def test_every_part_of_the_record_is_what_the_tables_hold(eventful):
    record = on_record(eventful)
    first = Instalment.objects.filter(version__loan=eventful, version__number=1).order_by("n")
    assert list(record.rows) == [instalment.row for instalment in first]
    assert [tuple(paid) for paid in record.payments] == [
        (p.pk, p.number, p.key, p.value_on, p.amount, p.prepayment, p.reversed_on is None)
        for p in eventful.payments.order_by("value_on", "pk")
    ]
    assert [tuple(change) for change in record.changes] == [
        (c.ref, c.kind, c.value_on, c.data, c.amount) for c in eventful.changes.agreed()
    ]
    posted = (
        eventful.postings.exclude(event__startswith="disbursement:").select_related("entry").order_by("pk")
    )
    assert [tuple(booked) for booked in record.postings] == [
        (p.pk, p.event, p.round, p.fingerprint, p.ended_on is None, p.entry.value_on) for p in posted
    ]
    live = Allocation.objects.filter(payment__loan=eventful, ended_on=None).select_related("payment")
    assert [tuple(placed) for placed in record.allocations] == [
        (a.pk, a.payment.number, a.n, a.part, a.value_on, a.amount) for a in live.order_by("pk")
    ]
    assert record.version == eventful.versions.get(superseded_on=None).number > 2
    assert any(not booked.live for booked in record.postings), "the reversal ended some"


def test_amounts_are_decimals_with_their_cents_and_days_are_days(eventful):
    record = on_record(eventful)
    figures = [*record.rows[0][4:], *(paid.amount for paid in record.payments), *record.funding.values()]
    assert all(isinstance(figure, D) and figure.as_tuple().exponent == -2 for figure in figures)
    assert record.rows[0].due == Instalment.objects.filter(version__loan=eventful, n=1).earliest("pk").due_on


def test_rule_K2_the_first_payout_and_the_later_ones_with_their_tranches(eventful):
    record = on_record(eventful)
    shares = (
        Funding.objects.filter(loan=eventful)
        .select_related("disbursement")
        .order_by("disbursement__number", "pk")
    )
    assert record.funding == {f.tranche: f.amount for f in shares if f.disbursement.number == 1}
    (draw,) = record.draws
    assert draw.on == DAY + timedelta(40)
    assert draw.shares == {f.tranche: f.amount for f in shares if f.disbursement.number == 2}
    assert record.payouts == ((DAY + timedelta(40), D("50000.00")),)
    assert sum(record.funding.values()) == D("70000.00")


def test_rule_P5_what_was_reversed_or_is_only_proposed_is_no_event(eventful):
    rows, events = story_of(eventful)
    assert rows == on_record(eventful).rows
    assert [type(event) for event in events] == [Tranche, Payment, Payment, Restructure]
    assert D("500.00") not in [event.amount for event in events if isinstance(event, Payment)]


def test_a_loan_whose_money_has_not_left_has_its_record_too():
    record = on_record(story.drafted(approved()))
    assert (record.rows, record.payments, record.postings, record.version) == ((), (), (), 0)
    assert record.funding == {} and record.draws == () and record.payouts == ()


def test_another_loan_is_no_part_of_it(eventful):
    plain = story.paid_out(approved("30000.00"))
    record = on_record(plain)
    assert record.payments == record.changes == record.allocations == ()
    assert list(record.rows) == list(schedule(plain.terms))
    assert record.version == 1


def test_with_a_payment_is_the_record_after_it_is_written():
    loan = story.paid_out(approved("30000.00"))
    before = on_record(loan)
    paid = story.pay_row(loan, 1)
    assert before.with_payment(paid).payments == on_record(loan).payments


def test_it_is_one_query_however_long_the_story(eventful, django_assert_num_queries):
    with django_assert_num_queries(1):
        on_record(eventful)
    with django_assert_num_queries(1):
        story_of(eventful)


def test_rule_L2_a_payment_takes_the_same_statements_early_and_late(django_assert_max_num_queries):
    loan = story.paid_out(approved("30000.00"))
    loan.firm.state, carmen = loan.firm.state, person("carmen")
    assert carmen.may("payment.record")
    for n in (1, 2, 11):
        row = story.rows(loan)[n - 1]
        # Savepoint, loan, record, all that is written, release; and what is set aside once something is late.
        with django_assert_max_num_queries(5 if n < 11 else 6):
            story.pay(loan, row.total, row.pay_on, by=carmen)


def test_rule_P3_a_plain_life_is_one_of_which_nothing_is_carried_over_a_months_end():
    """Its books are told from a payment's day on; of any other they are told whole."""
    record = on_record(story.paid_out(approved("30000.00")))
    assert record.is_plain
    assert replace(record, draws=(Draw(DAY, dict(record.funding)),)).is_plain
    assert not replace(record, funding=record.funding | {"OWN": D(1)}).is_plain
    assert not replace(record, draws=(Draw(DAY, {"OWN": D(1)}),)).is_plain
    due = Booked(1, "due:1", 1, "x", True, DAY)
    assert replace(record, postings=(due,)).is_plain
    for event in ("provision:2026-05-31", "suspense:2026-06-01", "write-off"):
        for live in (True, False):
            assert not replace(record, postings=(due, Booked(2, event, 1, "x", live, DAY))).is_plain


def test_rule_P3_before_the_money_leaves_a_life_is_not_plain():
    assert not on_record(story.drafted(approved())).is_plain


def test_rule_P7_a_payment_on_suspended_interest_is_booked_as_if_all_was_told_again():
    """The way that tells the whole life and the short one meet: nothing is left to book."""
    loan = story.paid_out(approved("30000.00"))
    day = story.rows(loan)[0].pay_on + timedelta(100)
    fall_due(on=day, by=User.objects.system())
    assert not on_record(loan).is_plain
    story.pay(story.fresh(loan), "4000.00", day + timedelta(3))
    posted = list(loan.postings.values_list("event", "round", "fingerprint", "ended_on"))
    bring_up_to(locked(loan.ref), by=person("carmen"), on=day + timedelta(3))
    assert list(loan.postings.values_list("event", "round", "fingerprint", "ended_on")) == posted
