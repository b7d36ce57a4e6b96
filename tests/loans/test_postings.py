"""Rules L-2, K-2, S-6: every event of a loan balances and leaves each account where it belongs."""

from collections import Counter
from datetime import date
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from fund import chart
from loans import postings
from loans.postings import Event, Parts, Side

MONEY = st.integers(0, 10**9).map(lambda cents: D(cents) / 100)
FUNDING = {"K-1996-01": D("60000.00"), "K-1998-01": D("30000.00"), "OWN": D("10000.00")}


def net(sides):
    """Debit less credit per account and tranche."""
    table = Counter()
    for side in sides:
        table[side.account, side.tranche] += side.debit - side.credit
    return {key: amount for key, amount in table.items() if amount}


def balances(sides):
    return sum(side.debit for side in sides) == sum(side.credit for side in sides)


def test_rule_K2_a_disbursement_turns_each_tranche_into_principal():
    sides = postings.disbursed(FUNDING)
    assert balances(sides)
    assert net(sides)[chart.LOANS, "K-1996-01"] == D("60000.00")
    assert net(sides)[chart.CASH, "K-1996-01"] == D("-60000.00")
    assert len(net(sides)) == 6


def test_rule_S6_an_opening_fee_is_kept_back_with_its_vat():
    sides = postings.disbursed({"K-1996-01": D("1000.00")}, fee=D("20.00"), fee_vat=D("3.20"))
    assert balances(sides)
    assert sum(s.credit - s.debit for s in sides if s.account == chart.CASH) == D("976.80")
    assert net(sides)[chart.VAT_OWED, ""] == D("-3.20")
    assert net(sides)[chart.FEE_INCOME, ""] == D("-20.00")


def test_rule_S6_interest_falls_due_with_vat_to_be_collected():
    assert net(postings.fell_due(interest=D("1000.00"), vat=D("160.00"))) == {
        (chart.INTEREST_DUE, ""): D("1000.00"),
        (chart.INTEREST_INCOME, ""): D("-1000.00"),
        (chart.VAT_DUE, ""): D("160.00"),
        (chart.VAT_TO_COLLECT, ""): D("-160.00"),
    }


def test_rule_P7_suspended_interest_is_no_income():
    due = postings.fell_due(interest=D("1000.00"), vat=D(0))
    into = postings.suspended(interest=D("1000.00"), late=D(0))
    assert (chart.INTEREST_INCOME, "") not in net((*due, *into))
    assert net(into)[chart.SUSPENDED_INTEREST, ""] == D("-1000.00")
    back = postings.suspended(interest=D("-600.00"), late=D(0))
    assert net((*due, *into, *back))[chart.INTEREST_INCOME, ""] == D("-600.00")
    assert balances(postings.suspended(interest=D("-5.00"), late=D("3.00")))
    assert postings.suspended(interest=D(0), late=D(0)) == ()


def test_rule_S6_nothing_due_posts_nothing():
    assert postings.fell_due(interest=D(0), vat=D(0)) == ()
    assert postings.charged_late(late=D(0), vat=D(0)) == ()


def test_rule_P4_a_payment_finds_its_tranches_and_its_vat_becomes_owed():
    parts = Parts(late=D("12.00"), late_vat=D("1.92"), interest=D("1000.00"), interest_vat=D("160.00"),
                  principal=D("2500.00"), credit=D("26.08"))  # fmt: skip
    (returned,) = postings.returns(FUNDING, [parts.principal], "MXN")
    table = net(postings.received(parts, returned))
    assert balances(postings.received(parts, returned))
    assert parts.total == D("3700.00")
    assert table[chart.CASH, "K-1996-01"] == D("1500.00")
    assert table[chart.LOANS, "K-1996-01"] == D("-1500.00")
    assert table[chart.CASH, chart.OWN] == D("1012.00") + D("250.00")
    assert table[chart.CASH, chart.HELD] == D("161.92") + D("26.08")
    assert table[chart.INTEREST_DUE, ""] == D("-1000.00")
    assert table[chart.LATE_INTEREST_DUE, ""] == D("-12.00")
    assert table[chart.VAT_TO_COLLECT, ""] == D("161.92")
    assert table[chart.VAT_OWED, ""] == D("-161.92")
    assert table[chart.FIRM_CREDITS, ""] == D("-26.08")


def test_rule_P4_a_credit_pays_what_falls_due_later_without_new_cash():
    kept = postings.received(Parts(credit=D("116.00")), {})
    used = postings.credit_used(Parts(interest=D("100.00"), interest_vat=D("16.00")), {})
    assert balances(used)
    table = net((*kept, *used))
    assert (chart.FIRM_CREDITS, "") not in table
    assert table[chart.CASH, chart.OWN] == D("100.00")
    assert table[chart.CASH, chart.HELD] == D("16.00")


@given(MONEY, MONEY, MONEY, MONEY, MONEY, MONEY, st.integers(0, 10_000_000), MONEY)
def test_rule_L1_every_receipt_balances(
    late, late_vat, interest, interest_vat, fees, fees_vat, principal, credit
):
    parts = Parts(late, late_vat, interest, interest_vat, fees, fees_vat, D(principal) / 100, credit)
    (returned,) = postings.returns(FUNDING, [parts.principal], "MXN")
    for sides in (postings.received(parts, returned), postings.credit_used(parts, returned)):
        assert balances(sides)
        assert all((side.debit > 0) != (side.credit > 0) for side in sides)
    cash = sum(s.debit - s.credit for s in postings.received(parts, returned) if s.account == chart.CASH)
    assert cash == parts.total


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=5), st.lists(st.integers(1, 10**7), max_size=12))
def test_rule_K2_principal_returns_to_its_tranches_and_clears_them(lent, paid):
    funding = {f"K-{n}": D(cents) / 100 for n, cents in enumerate(lent)}
    left, steps = sum(lent), []
    for cents in paid:
        steps.append(min(cents, left))
        left -= steps[-1]
    steps.append(left)
    returned = postings.returns(funding, [D(cents) / 100 for cents in steps], "MXN")
    back = Counter()
    for cents, shares in zip(steps, returned, strict=True):
        assert sum(shares.values()) == D(cents) / 100
        assert all(share > 0 for share in shares.values())
        back.update(shares)
        assert all(back[tranche] <= amount for tranche, amount in funding.items())
    assert dict(back) == funding


def test_rule_K2_a_currency_without_cents_returns_whole_units():
    (shares,) = postings.returns({"A": D(2), "B": D(1)}, [D(2)], "CLP")
    assert shares == {"A": D(1), "B": D(1)}


def test_rule_P3_the_fingerprint_says_whether_an_entry_still_stands():
    sides = postings.fell_due(interest=D("10.00"), vat=D("1.60"))
    event = Event("due:1", date(2026, 4, 15), "", sides)
    assert event.fingerprint == Event("due:1", date(2026, 4, 15), "other words", sides[::-1]).fingerprint
    assert event.fingerprint != Event("due:1", date(2026, 4, 16), "", sides).fingerprint
    assert event.fingerprint != Event("due:1", date(2026, 4, 15), "", (*sides, Side("x", D(1)))).fingerprint
