"""Rule P-9: the statement of account of any period, on the page, as CSV and as a sealed paper."""

from datetime import date, timedelta
from decimal import Decimal as D
from io import BytesIO

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from fund import documents
from fund.models import IssuedDocument
from loans import account_statements, accruals, balances, payments
from loans.account_statements import statement_of
from tests.kept import kept
from tests.loans.builders import approved, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, bad_input, person, refused

pytestmark = pytest.mark.django_db
END = date(2026, 9, 30)
AHEAD = date(2026, 12, 1)


told, loan = kept(lambda: story.one_paid_out("9000000.00", parts=2))


def run_to(day):
    accruals.fall_due(on=day, by=person("teresa"))


def owed_on(loan, day):
    """What the replay says is owed: fallen due and not paid, principal to come, less what is held."""
    state = balances.position(story.fresh(loan), day).state
    return state.open() + state.payoff.principal - state.credit


def test_rule_P9_every_movement_with_what_was_owed_after_it(loan):
    story.pay_row(loan, 1)
    run_to(date(2026, 4, 30))
    found = statement_of(loan, DAY, date(2026, 4, 30), on=END)
    row = story.rows(loan)[0]
    assert [item.code for item in found.movements] == ["disbursement", "due", "payment"]
    assert [item.on for item in found.movements] == [DAY, row.due_on, row.pay_on]
    paid_out, due, paid = found.movements
    assert (paid_out.charged, paid_out.owed, paid_out.principal) == (D(120000), D(120000), D(120000))
    assert due.charged == row.interest + row.vat
    assert (paid.paid, paid.principal) == (row.total, D(120000) - row.principal)
    assert found.closing_owed == D(120000) - row.principal == owed_on(loan, date(2026, 4, 30))


def test_rule_P9_a_period_begins_where_the_one_before_ended(loan):
    story.pay_row(loan, 1)
    story.pay_row(loan, 2, days=20)
    run_to(END)
    whole = statement_of(loan, DAY, END, on=END)
    cut = date(2026, 5, 15)
    first, second = statement_of(loan, DAY, cut, on=END), statement_of(loan, cut + timedelta(1), END, on=END)
    assert (first.opening_owed, first.closing_owed) == (0, second.opening_owed)
    assert second.opening_principal == first.closing_principal
    assert first.movements + second.movements == whole.movements
    assert first.charged + second.charged == whole.charged
    assert any(item.code == "late" for item in whole.movements)


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 3_000_000)), max_size=4), st.integers(1, 210))
@settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)
def test_rule_P9_the_statement_agrees_with_the_replay_on_any_day(loan, paid, days):
    with transaction.atomic():
        for number, (offset, cents) in enumerate(paid):
            story.pay(loan, D(cents) / 100, DAY + timedelta(offset), on=END, key=f"k{number}")
        run_to(END)
        day = DAY + timedelta(days)
        found = statement_of(loan, DAY, day, on=END)
        # Late interest is booked at month ends and on the days of payments: between them the replay is ahead.
        replay = balances.position(story.fresh(loan), day)
        ahead = owed_on(loan, day) - found.closing_owed
        transaction.set_rollback(True)
    assert 0 <= ahead <= replay.late_interest.amount
    assert found.closing_principal == replay.state.balance


def test_rule_P5_a_reversed_payment_is_in_no_statement(loan):
    payment = story.pay_row(loan, 1)
    payments.reverse_payment(payment=payment, reason="Bounced", by=person("teresa"), on=payment.value_on)
    found = statement_of(loan, DAY, payment.value_on, on=END)
    assert all(item.code != "payment" for item in found.movements)
    assert found.paid == 0


def test_rule_P3_money_held_for_the_firm_shows_below_zero(loan):
    story.pay(loan, "500.00", DAY + timedelta(1))
    found = statement_of(loan, DAY, DAY + timedelta(1), on=END)
    assert found.closing_owed == D("119500.00")
    assert found.closing_principal == D(120000)


@pytest.mark.parametrize(("first", "last", "field"), [(END, DAY, "since"), (DAY, AHEAD, "to")])
def test_an_odd_period_is_refused(loan, first, last, field):
    with bad_input(field):
        statement_of(loan, first, last, on=END)


def test_there_is_no_statement_before_the_money_left(db):
    money_to_lend()
    with refused("P-9", "Nothing has been paid out"):
        statement_of(story.signed(approved()), DAY, DAY, on=DAY)


def test_rule_R1_the_paper_is_sealed_and_the_same_for_the_same_period(loan):
    story.pay_row(loan, 1)
    order = {"loan": loan, "first": DAY, "last": END, "by": person("lupe"), "on": END}
    paper = account_statements.issue_statement(**order)
    assert paper.number == f"{loan.ref}-E01"
    assert account_statements.issue_statement(**order) == paper
    story.pay(loan, "700.00", date(2026, 9, 1))
    changed = account_statements.issue_statement(**order)
    assert changed.number == f"{loan.ref}-E02"
    assert paper.facts["closing"] != changed.facts["closing"]
    with translation.override("es"):
        page = documents.html(changed)
    assert loan.reference[:4] in page
    assert "svg" in page, "the reference as a QR code (Rule P-1)"
    if documents.can_render():
        text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(documents.pdf(changed))).pages)
        assert loan.ref in text


def test_rule_P9_page_csv_and_paper_for_firm_and_staff(loan, client):
    story.pay_row(loan, 1)
    url = reverse("loans:statement", args=[loan.ref])
    with time_machine.travel(f"{END}T18:00:00Z", tick=False):
        for name, status in (("lupe", 200), ("carmen", 200), ("aldo", 200), ("memo", 404), ("diana", 403)):
            client.force_login(person(name))
            assert client.get(url).status_code == status
        client.force_login(person("lupe"))
        page = client.get(url, {"since": "2026-04-01", "to": "2026-09-30"}).content.decode()
        assert "120,000.00" in page
        assert f"{loan.ref}-P001" in page
        csv = client.get(url, {"since": f"{DAY}", "to": f"{END}", "export": "csv"})
        assert csv["Content-Disposition"].startswith("attachment")
        lines = csv.content.decode("utf-8-sig").splitlines()
        assert lines[2].startswith(f"{DAY},")
        assert lines[2].endswith("120000.00,0.00,120000.00,120000.00,MXN")
        assert client.get(url, {"since": f"{END}", "to": f"{DAY}"}).status_code == 200
        assert client.get(url, {"since": "x", "to": "y"}).status_code == 200
        made = client.post(url, {"since": f"{DAY}", "to": f"{END}"})
        assert made.url == reverse("loans:paper", args=[loan.ref, f"{loan.ref}-E01"])
        assert IssuedDocument.objects.get(kind="statement").issued_by == person("lupe")
        assert url in client.get(loan.get_absolute_url()).content.decode()


def test_what_a_movement_is_called_never_fails():
    assert account_statements.movement_label("unheard-of", "x")
    assert "3" in account_statements.movement_label("due", "3")
