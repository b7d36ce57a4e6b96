"""Rule L-1: one door, entries that balance, sources that post once, reversals instead of changes."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from fund import chart, ledger
from fund.ledger import Leg
from fund.models import Entry, Line
from tests.stories import fund as story
from tests.world import DAY, person, refused

D = Decimal


def leg(account: str, debit: str = "0", credit: str = "0", currency: str = "MXN", **about: str) -> Leg:
    return Leg(account, currency, D(debit), D(credit), **about)


def post(*legs: Leg, source: str = "test:1", value_on: date = DAY, on: date = DAY) -> Entry:
    return ledger.post(source=source, value_on=value_on, on=on, legs=legs, memo="Test", by=person("teresa"))


INTEREST = (leg(chart.INTEREST_DUE, "116.00", loan="L-1"), leg(chart.INTEREST_INCOME, credit="100.00", loan="L-1"),
            leg(chart.VAT_TO_COLLECT, credit="16.00", loan="L-1"))  # fmt: skip


@pytest.mark.django_db
def test_rule_L1_an_entry_keeps_its_lines_dates_and_source():
    entry = post(*INTEREST, source="due:L-1:1", value_on=date(2026, 2, 28))
    assert entry.source == "due:L-1:1"
    assert (entry.value_on, entry.booked_on) == (date(2026, 2, 28), DAY)
    assert entry.by == person("teresa")
    lines = list(entry.lines.all())
    assert [(line.account_id, line.debit, line.credit) for line in lines] == [
        ("1310", D("116.00"), D("0")), ("4010", D("0"), D("100.00")), ("2110", D("0"), D("16.00")),
    ]  # fmt: skip
    assert {(line.value_on, line.booked_on) for line in lines} == {(date(2026, 2, 28), DAY)}


@pytest.mark.django_db
def test_rule_L1_the_same_source_and_lines_post_once():
    first = post(*INTEREST)
    assert post(*reversed(INTEREST)) == first
    assert Entry.objects.count() == 1
    assert Line.objects.count() == 3


@pytest.mark.django_db
def test_rule_L1_the_same_source_with_other_lines_is_refused():
    post(*INTEREST)
    with refused("L-1", "“test:1” has been posted already, with other lines"):
        post(leg(chart.INTEREST_DUE, "1"), leg(chart.INTEREST_INCOME, credit="1"))
    with refused("L-1", "other lines"):
        post(*INTEREST, value_on=date(2026, 3, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("legs", "rule", "sentence"),
    [
        ((leg("1310", "10"), leg("4010", credit="9.99")), "L-1", "debits and credits in MXN differ by 0.01"),
        ((leg("1310", "10"), leg("4010", credit="10", currency="USD")), "L-1", "does not balance"),
        ((leg("1310", "10"),), "L-1", "at least two lines"),
        ((), "L-1", "at least two lines"),
        ((leg("1310", "10", "10"), leg("4010", credit="10")), "L-1", "a debit or a credit, above zero"),
        ((leg("1310", "-10"), leg("4010", credit="-10")), "L-1", "a debit or a credit, above zero"),
        ((leg("1310"), leg("4010")), "L-1", "a debit or a credit, above zero"),
        ((leg("1310", "10.001"), leg("4010", credit="10.001")), "M-1", "10.001 has more decimals than MXN"),
        (
            (leg("1310", "10.5", currency="CLP"), leg("4010", credit="10.5", currency="CLP")),
            "M-1",
            "than CLP",
        ),
        ((leg("9999", "10"), leg("4010", credit="10")), "L-1", "There is no account 9999"),
        ((leg("1010", "10"), leg("3010", credit="10")), "K-2", "names the tranche of capital"),
    ],
)
def test_rule_L1_what_does_not_balance_or_is_no_amount_is_refused(legs, rule, sentence):
    with refused(rule, sentence):
        post(*legs)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_rule_L1_an_entry_needs_a_source_and_is_not_booked_before_its_value_date():
    with refused("L-1", "needs a source"):
        post(*INTEREST, source="")
    with refused("L-1", "is after the day of booking"):
        post(*INTEREST, value_on=date(2026, 3, 3))


@pytest.mark.django_db
def test_rule_L1_two_currencies_balance_each_for_itself():
    entry = post(
        leg("1010", "1811.54", tranche="OWN"), leg("5900", credit="1811.54"),
        leg("5900", "100", currency="USD"), leg("1010", credit="100", currency="USD", tranche="OWN"),
    )  # fmt: skip
    assert entry.line_count == 4
    assert ledger.balance(chart.CASH, currency="MXN") == D("1811.54")
    assert ledger.balance(chart.CASH, currency="USD") == D("-100.00")


@pytest.mark.django_db
def test_rule_L1_a_reversal_names_what_it_reverses_and_why():
    entry = post(*INTEREST, value_on=date(2026, 2, 28))
    undone = ledger.reverse(
        entry, source="undo:1", reason="Typed twice", by=person("teresa"), on=date(2026, 3, 5)
    )
    assert (undone.reverses, undone.memo) == (entry, "Typed twice")
    assert (undone.value_on, undone.booked_on) == (date(2026, 2, 28), date(2026, 3, 5))
    for account in ("1310", "4010", "2110"):
        assert ledger.balance(account, currency="MXN", loan="L-1") == 0
        assert ledger.balance(account, currency="MXN", on=DAY, basis="booking") != 0


@pytest.mark.django_db
def test_rule_L1_an_entry_is_reversed_once():
    entry = post(*INTEREST)
    teresa = person("teresa")
    undone = ledger.reverse(entry, source="undo:1", reason="Wrong", by=teresa, on=DAY)
    assert ledger.reverse(entry, source="undo:1", reason="Wrong", by=teresa, on=DAY) == undone
    with refused("L-1", f"Entry {entry.pk} has been reversed already"):
        ledger.reverse(entry, source="undo:2", reason="Wrong", by=teresa, on=DAY)
    with refused("L-1", "A reversal cannot be reversed"):
        ledger.reverse(undone, source="undo:3", reason="Wrong", by=teresa, on=DAY)
    with refused("L-1", "Say why"):
        ledger.reverse(post(*INTEREST, source="test:2"), source="undo:4", reason=" ", by=teresa, on=DAY)


@pytest.mark.django_db
def test_rule_L4_balances_go_by_value_date_or_by_booking_date():
    story.entry("a", "100.00", on=date(2026, 1, 31), booked=date(2026, 2, 10))
    loans = {"currency": "MXN"}
    assert ledger.balance("1200", **loans, on=date(2026, 1, 31)) == D("100.00")
    assert ledger.balance("1200", **loans, on=date(2026, 1, 30)) == 0
    assert ledger.balance("1200", **loans, on=date(2026, 1, 31), basis="booking") == 0
    assert ledger.balance("1200", **loans, on=date(2026, 2, 10), basis="booking") == D("100.00")
    assert ledger.balance("1200", **loans) == D("100.00")


@pytest.mark.django_db
def test_rule_L1_a_balance_is_asked_by_loan_party_tranche_and_project():
    story.entry("a", "100.00", loan="L-1", party="firm:1", tranche="K-1", project="F-1")
    story.entry("b", "7.00", loan="L-2", party="firm:1", tranche="K-2", project="F-2")
    assert ledger.balance("1200", currency="MXN", loan="L-1") == D("100.00")
    assert ledger.balance("1200", currency="MXN", party="firm:1") == D("107.00")
    assert ledger.balance("1200", currency="MXN", tranche="K-2") == D("7.00")
    assert ledger.balance("1200", currency="MXN", project="F-3") == 0
    assert ledger.balances(currency="MXN", by="loan", accounts=["1200"]) == {"L-1": D("100"), "L-2": D("7")}


@pytest.mark.django_db
def test_rule_A4_exposure_is_a_question_to_the_ledger(django_assert_num_queries):
    story.entry("a", "100.00", party="firm:1", on=date(2026, 1, 1))
    story.entry("b", "40.00", party="firm:1", currency="USD", on=date(2026, 1, 1))
    story.entry("c", "30.00", party="firm:1", debit="1010", credit="1200", tranche="OWN", on=date(2026, 2, 1))
    story.entry("d", "500.00", party="firm:2", on=date(2026, 1, 1))
    with django_assert_num_queries(1):
        assert ledger.exposure("firm:1", on=date(2026, 1, 31)) == {"MXN": D("100.00"), "USD": D("40.00")}
    assert ledger.exposure("firm:1", on=date(2026, 2, 1))["MXN"] == D("70.00")
    assert ledger.exposure("firm:9", on=DAY) == {}


@pytest.mark.django_db
def test_rule_L3_the_trial_balance_has_equal_columns():
    story.entry("a", "100.00")
    story.entry("b", "25.00", debit="1010", credit="1200", tranche="OWN")
    story.entry("c", "7.00", currency="USD")
    pesos, dollars = ledger.trial_balances(on=DAY)
    assert (pesos.currency, dollars.currency) == ("MXN", "USD")
    assert [(row.account.code, row.debit, row.credit) for row in pesos.rows] == [
        ("1010", D("25.00"), D("0")), ("1200", D("75.00"), D("0")), ("4010", D("0"), D("100.00")),
    ]  # fmt: skip
    assert (pesos.debit, pesos.credit) == (D("100.00"), D("100.00"))
    assert (dollars.debit, dollars.credit) == (D("7.00"), D("7.00"))


@pytest.mark.django_db
def test_a_posting_needs_few_queries(django_assert_max_num_queries):
    teresa = person("teresa")
    with django_assert_max_num_queries(4):
        ledger.post(source="x", value_on=DAY, on=DAY, legs=INTEREST, memo="Test", by=teresa)


@pytest.mark.django_db(transaction=True)
def test_rule_L1_eight_threads_that_post_one_source_make_one_entry():
    teresa, gate, found, problems = person("teresa"), threading.Barrier(8), [], []

    def work() -> None:
        try:
            gate.wait()
            with transaction.atomic():
                entry = ledger.post(
                    source="race", value_on=DAY, on=DAY, legs=INTEREST, memo="Race", by=teresa
                )
            found.append(entry.pk)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(found) == 8
    assert len(set(found)) == 1
    assert Entry.objects.count() == 1
    assert Line.objects.count() == 3
    assert connection.is_usable()
