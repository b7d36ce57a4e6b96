"""Rule P-2: a statement is taken in, proposed, decided by the cashier and posted in one go, each line once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent
from fund import bank, chart, ledger
from fund.models import BankLine, BankStatement, Entry
from loans import bank_lines, bank_posting, payments
from loans.models import BankMatch, Loan, Payment
from tests.fund.banking import files
from tests.loans.builders import approved, findings, firm, money_to_lend
from tests.stories import banking as story
from tests.stories import loans as loan_story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(40)


@pytest.fixture
def loan(db):
    money_to_lend(parts=2)
    return loan_story.paid_out(approved("120000.00", term=12))


def fresh(match):
    return BankMatch.objects.select_related("line", "loan", "payment").get(pk=match.pk)


def held(currency="MXN"):
    return -ledger.balance(chart.UNMATCHED, currency=currency)


def test_rule_P2_a_line_with_the_reference_is_matched_and_posts_one_payment(loan):
    statement = story.taken_in(story.row(LATER, "5000.00", "SPEI", reference=loan.reference), on=LATER)
    (match,) = story.matches(statement)
    assert (match.found, match.decision, match.loan) == ("matched", "pay", loan)
    assert not Payment.objects.exists(), "nothing is posted before the cashier says so"
    assert story.posted(statement, on=LATER) == 1
    payment = fresh(match).payment
    assert (payment.amount, payment.value_on, payment.recorded_by) == (D("5000.00"), LATER, person("carmen"))
    assert "SPEI" in payment.note
    assert findings(LATER) == []


def test_rule_P2_the_same_file_and_the_same_line_again_add_nothing(loan):
    rows = [story.row(LATER, "5000.00", "A", reference=loan.reference), story.row(LATER, "70.00", "B")]
    first = story.taken_in(*rows, on=LATER)
    story.posted(first, on=LATER)
    again = bank_lines.take_in(
        account=story.account(), content=story.content(*rows), name="x.csv", columns=story.COLUMNS,
        by=person("carmen"), on=LATER,
    )  # fmt: skip
    assert (again.statement, again.again, again.lines) == (first, True, ())
    wider = story.taken_in(*rows, story.row(LATER, "9.00", "C"), on=LATER)
    assert (wider.lines_read, wider.lines_known, wider.lines.count()) == (3, 2, 1)
    story.posted(wider, on=LATER)
    assert Payment.objects.count() == 1
    assert held() == D("79.00")
    with refused("P-2", "Nothing is ready"):
        bank_posting.order(statement=wider, by=person("carmen"), on=LATER)


def test_rule_P2_a_line_told_twice_in_one_file_waits_for_a_person(loan):
    twice = story.row(LATER, "5000.00", "A", reference=loan.reference)
    statement = story.taken_in(twice, twice, on=LATER)
    first, second = story.matches(statement)
    assert (first.decision, second.found, second.decision) == ("pay", "repeated", "")
    story.posted(statement, on=LATER)
    assert Payment.objects.count() == 1
    assert BankMatch.objects.to_decide().get() == second
    bank_lines.decide(match=second, decision="pay", loan=loan, by=person("carmen"), on=LATER)
    story.posted(statement, on=LATER)
    assert Payment.objects.count() == 2


def test_rule_P2_a_payment_typed_before_the_statement_came_is_recognised(loan):
    loan_story.pay(loan, "5000.00", LATER)
    (match,) = story.matches(
        story.taken_in(story.row(LATER, "5000.00", "A", reference=loan.reference), on=LATER)
    )
    assert (match.found, match.decision, match.why[-1]) == ("repeated", "", "recorded")


def test_rule_P2_a_suggestion_waits_until_it_is_accepted(loan):
    statement = story.taken_in(story.row(LATER, "4321.00", "SPEI", payer=loan.firm.legal_name), on=LATER)
    (match,) = story.matches(statement)
    assert (match.found, match.loan, match.decision) == ("suggested", loan, "")
    with refused("P-2", "Nothing is ready"):
        bank_posting.order(statement=statement, by=person("carmen"), on=LATER)
    bank_lines.accept(matches=[match], by=person("carmen"), on=LATER)
    assert story.posted(statement, on=LATER) == 1
    assert fresh(match).payment.amount == D("4321.00")


def test_rule_P2_the_cashier_changes_a_match_and_the_trail_says_so(loan):
    other = loan_story.paid_out(approved("60000.00", of=firm("memo", name="Fundición"), term=6))
    statement = story.taken_in(story.row(LATER, "900.00", reference=loan.reference), on=LATER)
    (match,) = story.matches(statement)
    bank_lines.decide(match=match, decision="pay", loan=other, by=person("carmen"), on=LATER)
    story.posted(statement, on=LATER)
    assert fresh(match).payment.loan == other
    assert AuditEvent.objects.get(verb="bank.decided").after["loan"] == other.ref


def test_rule_P2_leaving_a_line_out_needs_a_reason(loan):
    statement = story.taken_in(story.row(LATER, "900.00", "Interest of the account"), on=LATER)
    (match,) = story.matches(statement)
    with bad_input("reason", "Say why"):
        bank_lines.decide(match=match, decision="ignore", reason=" ", by=person("carmen"), on=LATER)
    bank_lines.decide(
        match=match, decision="ignore", reason="Bank's own interest", by=person("carmen"), on=LATER
    )
    with refused("P-2"):
        bank_posting.order(statement=statement, by=person("carmen"), on=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankMatch.objects.filter(pk=match.pk).update(reason="")


@pytest.mark.parametrize("decision", ["", "steal", "PAY"])
def test_a_decision_is_one_of_three(loan, decision):
    (match,) = story.matches(story.taken_in(story.row(LATER, "900.00"), on=LATER))
    with bad_input("decision"):
        bank_lines.decide(match=match, decision=decision, by=person("carmen"), on=LATER)


def test_what_a_payment_would_be_refused_for_is_refused_when_it_is_decided(loan):
    early, out = story.matches(
        story.taken_in(story.row(DAY - timedelta(9), "900.00"), story.row(LATER, "-5.00"), on=LATER)
    )
    with bad_input("value_on", "before"):
        bank_lines.decide(match=early, decision="pay", loan=loan, by=person("carmen"), on=LATER)
    with bad_input("loan"):
        bank_lines.decide(match=early, decision="pay", by=person("carmen"), on=LATER)
    with bad_input("decision", "left the account"):
        bank_lines.decide(match=out, decision="hold", by=person("carmen"), on=LATER)
    assert out.decision == "ignore"


def test_rule_P2_unmatched_money_is_a_liability_until_its_loan_is_found(loan):
    cash = ledger.balance(chart.CASH, currency="MXN")
    statement = story.taken_in(story.row(LATER, "3000.00", "DEPOSITO"), on=LATER)
    (match,) = story.matches(statement)
    story.posted(statement, on=LATER)
    assert held() == D("3000.00")
    assert ledger.balance(chart.CASH, currency="MXN") == cash + 3000
    assert BankMatch.objects.unmatched().get() == match
    assert findings(LATER) == []
    found_on = LATER + timedelta(3)
    bank_lines_match = bank_posting.match_held(match=match, loan=loan, by=person("carmen"), on=found_on)
    assert bank_lines_match.payment.value_on == LATER, "the day on which the bank counted it"
    assert held() == 0
    assert ledger.balance(chart.CASH, currency="MXN") == cash + 3000, "the money came once"
    assert findings(found_on) == []
    with refused("P-2", "not waiting"):
        bank_posting.match_held(match=match, loan=loan, by=person("carmen"), on=found_on)


def test_rule_P5_a_reversed_payment_frees_its_line_for_the_right_loan(loan):
    other = loan_story.paid_out(approved("60000.00", of=firm("memo", name="Fundición"), term=6))
    statement = story.taken_in(story.row(LATER, "3000.00", "DEPOSITO", reference=loan.reference), on=LATER)
    (match,) = story.matches(statement)
    story.posted(statement, on=LATER)
    with refused("P-2", "posted already"):
        bank_lines.decide(match=match, decision="pay", loan=other, by=person("carmen"), on=LATER)
    payments.reverse_payment(payment=fresh(match).payment, reason="Wrong loan", by=person("teresa"), on=LATER)
    bank_lines.decide(match=match, decision="pay", loan=other, by=person("carmen"), on=LATER)
    story.posted(statement, on=LATER)
    assert fresh(match).payment.loan == other
    assert Payment.objects.filter(reversed_on=None).count() == 1
    assert findings(LATER) == []


def test_a_refusal_while_posting_is_noted_and_the_rest_goes_on(loan):
    small = loan_story.paid_out(approved("10000.00", of=firm("memo", name="Fundición"), term=6))
    statement = story.taken_in(
        story.row(LATER, "10.00", "1", reference=small.reference),
        story.row(LATER, "500.00", "2", reference=loan.reference),
        on=LATER,
    )
    bank_posting.order(statement=statement, by=person("carmen"), on=LATER)
    Loan.objects.filter(pk=small.pk).update(state=Loan.State.PAID_OFF, paid_off_on=LATER)
    assert bank_posting.post_ordered() == 1
    first, second = story.matches(statement)
    assert second.payment
    assert (first.decision, first.payment, first.queued_on) == ("", None, None)
    assert "P-5" in first.problem
    assert bank_posting.progress(statement).to_decide == 1
    assert bank_posting.post_ordered() == 0, "it waits for a person"


def test_rule_P5_posting_goes_on_where_a_killed_process_left_off(loan, monkeypatch):
    rows = [
        story.row(LATER, f"{amount}.00", str(amount), reference=loan.reference) for amount in range(101, 106)
    ]
    statement = story.taken_in(*rows, on=LATER)
    bank_posting.order(statement=statement, by=person("carmen"), on=LATER)
    real, calls = payments.record_payment, []

    def dies_at_the_third(**options):
        calls.append(options["key"])
        made = real(**options)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(payments, "record_payment", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        bank_posting.post_ordered(statement)
    assert Payment.objects.count() == 2
    assert bank_posting.progress(statement).queued == 3
    assert bank_posting.post_ordered() == 3
    assert bank_posting.post_ordered() == 0
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [D(n) for n in range(101, 106)]
    assert len(set(calls)) == 5
    assert findings(LATER) == []


@pytest.mark.django_db(transaction=True)
def test_rule_P5_two_workers_at_once_post_each_line_once():
    money_to_lend()
    loan = loan_story.paid_out(approved("120000.00", term=12))
    rows = [
        story.row(LATER, f"{amount}.00", str(amount), reference=loan.reference) for amount in range(101, 113)
    ]
    statement = story.taken_in(*rows, on=LATER)
    bank_posting.order(statement=statement, by=person("carmen"), on=LATER)

    def work(_):
        try:
            return bank_posting.post_ordered(statement)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(work, range(3)))
    assert sum(done) == 12
    assert Payment.objects.count() == 12


def test_rule_X1_only_who_records_payments_takes_in_decides_and_posts(loan):
    with denied():
        story.taken_in(story.row(LATER, "1.00"), on=LATER, by="aldo")
    statement = story.taken_in(story.row(LATER, "1.00"), on=LATER)
    (match,) = story.matches(statement)
    with denied():
        bank_lines.decide(match=match, decision="hold", by=person("teresa"), on=LATER)
    with denied():
        bank_posting.order(statement=statement, by=person("rosa"), on=LATER)
    with denied():
        bank_posting.match_held(match=match, loan=loan, by=person("aldo"), on=LATER)
    with denied():
        bank_lines.set_aside(statement=statement, by=person("aldo"), on=LATER)


def test_rule_G5_a_wrong_file_is_set_aside_and_its_lines_may_come_again(loan):
    rows = [story.row(LATER, "10.00", "A"), story.row(LATER, "20.00", "B")]
    statement = story.taken_in(*rows, on=LATER)
    bank_lines.set_aside(statement=statement, by=person("carmen"), on=LATER)
    bank_lines.set_aside(statement=statement, by=person("carmen"), on=LATER)
    assert not BankMatch.objects.to_decide().exists()
    assert not BankMatch.objects.ready().exists()
    again = story.taken_in(*rows, on=LATER)
    assert again != statement
    assert again.lines_known == 0
    story.posted(again, on=LATER)
    with refused("G-5", "stays"):
        bank_lines.set_aside(statement=again, by=person("carmen"), on=LATER)
    (line, _) = again.lines.all()
    for change in ({"amount": D("1.00")}, {"text": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            BankLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankStatement.objects.filter(pk=again.pk).delete()


def test_rule_P2_the_database_keeps_a_line_once(loan):
    line = story.taken_in(story.row(LATER, "10.00", "A"), on=LATER).lines.get()
    line.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        line.save(force_insert=True)


# Files that are refused leave nothing behind.

GOOD = files.csv()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"%PDF-1.7", "not a bank statement"), (b"0" * (6 * 1024 * 1024), "larger than"),
     (files.mt940()[:-30], "cut off"), (files.camt()[:-80], "cut off"),
     (files.mt940(closing="1,00"), "closing balance"),
     (files.mt940(currency="USD"), "is in USD"), (b"a;b\n1;2\n", "Say anew which column"),
     (story.content(story.row(DAY, "3500,50")).replace(b"3500,50", b'"3500,50"'), "Line 2: “3500,50” is not an amount"),
     (story.content(story.row("31/12/2025", "1.00")), "Line 2: “31/12/2025” is not a day")],
)  # fmt: skip
def test_a_bad_file_is_one_sentence_and_nothing_is_kept(db, content, sentence):
    with bad_input("file", sentence):
        bank_lines.take_in(
            account=story.account(), content=content, name="estado.csv", columns=story.COLUMNS,
            by=person("carmen"), on=DAY,
        )  # fmt: skip
    assert not BankStatement.objects.exists()
    assert not BankLine.objects.exists()
    assert not Entry.objects.exists()


def test_the_statement_of_another_account_is_refused(db):
    account = story.account()
    account.clabe = "012345678901234567"
    account.save()
    with bad_input("file", "another account"):
        bank.read_file(account, files.mt940(), name="x")
    account.clabe = "032180000118359719"
    assert len(bank.read_file(account, files.mt940(), name="x").lines) == 3


def test_rule_P2_the_column_map_is_kept_with_the_account(db):
    account = story.account()
    assert bank.columns_of(account) is None
    with bad_input("file", "which column"):
        bank.read_file(account, story.content(story.row(DAY, "1.00")), name="x")
    kept = bank.keep_columns(account=account, columns=story.COLUMNS, by=person("carmen"), on=DAY)
    assert bank.columns_of(kept) == story.COLUMNS
    assert len(bank.read_file(kept, story.content(story.row(DAY, "1.00")), name="x").lines) == 1
    assert AuditEvent.objects.filter(verb="bank.columns").count() == 1
    with bad_input("value_on"):
        bank.keep_columns(
            account=account, columns=story.COLUMNS.__class__("Day"), by=person("carmen"), on=DAY
        )
    with denied():
        bank.keep_columns(account=account, columns=story.COLUMNS, by=person("aldo"), on=date(2026, 1, 1))


@pytest.mark.parametrize("name", ["", "..", "/", "../../etc/passwd", "a" * 400, "estado\x00.csv"])
def test_whatever_a_file_is_called(db, name):
    taken = bank.import_statement(
        account=story.account(), content=story.content(story.row(DAY, "1.00")), name=name, columns=story.COLUMNS,
        by=person("carmen"), on=DAY,
    )  # fmt: skip
    assert 0 < len(taken.statement.name) <= 200
