"""Rule P-2: which loan a bank line pays. Only a reference matches; everything weaker waits for a person."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.matching import Debtor, Finding, Matcher, Proposal, Seen, Why, plain_name
from loans.references import creditor_reference, grouped, numeric_reference

DAY = date(2026, 3, 2)
PALOMA = Debtor(
    "L-2026-0001", creditor_reference("L-2026-0001"), numeric_reference(1), "MXN", "Curtidos La Paloma, S.A. de C.V.",
    disbursed_on=date(2026, 1, 15), accounts=frozenset({"072225001234567897"}),
    amounts=frozenset({D("3500.50"), D("7001.00")}),
)  # fmt: skip
AGUILA = Debtor(
    "L-2026-0002", creditor_reference("L-2026-0002"), numeric_reference(2), "MXN", "Fundición El Águila SAPI de CV",
    disbursed_on=date(2026, 1, 15), amounts=frozenset({D("3500.50")}),
)  # fmt: skip
CLOSED = Debtor(
    "L-2025-0009", creditor_reference("L-2025-0009"), numeric_reference(9), "MXN", "Tintorería", running=False
)
MATCHER = Matcher([PALOMA, AGUILA, CLOSED])


def line(words="", amount="100.00", **more):
    return Seen(**({"value_on": DAY, "amount": D(amount), "currency": "MXN", "words": words} | more))


def propose(*args, matcher=MATCHER, **kwargs):
    return matcher.propose(line(*args, **kwargs))


@pytest.mark.parametrize(
    "words",
    [PALOMA.reference, grouped(PALOMA.reference), f"PAGO {PALOMA.reference} MARZO",
     f"pago/{PALOMA.reference.lower()}/x",
     f"SPEI{PALOMA.reference}", f"RF {PALOMA.reference[2:]}"],
)  # fmt: skip
def test_rule_P1_the_international_reference_is_read_however_a_bank_writes_it(words):
    assert propose(words) == Proposal(Finding.MATCHED, PALOMA.ref, (Why.REFERENCE,))
    assert propose(reference=words).loan == PALOMA.ref


@pytest.mark.parametrize("words", ["L-2026-0001", "PAGO CREDITO L20260001 MZO", "l 2026 0001", "L/2026/0001"])
def test_rule_P2_the_number_of_the_loan_matches_too(words):
    assert propose(words) == Proposal(Finding.MATCHED, PALOMA.ref, (Why.LOAN_NUMBER,))


def test_rule_P1_seven_digits_match_where_something_else_points_to_the_loan():
    digits = PALOMA.numeric
    assert propose(reference=digits).finding is Finding.MATCHED
    assert propose(f"ref {digits}", "3500.50").finding is Finding.MATCHED
    assert propose(f"ref {digits}", payer="CURTIDOS LA PALOMA").finding is Finding.MATCHED
    assert propose(f"ref {digits}") == Proposal(Finding.SUGGESTED, PALOMA.ref, (Why.DIGITS,))


def test_rule_P1_seven_digits_within_a_longer_number_are_no_reference():
    assert propose(f"FOLIO 9{PALOMA.numeric}").finding is Finding.UNMATCHED
    assert propose(f"FOLIO {PALOMA.numeric}9").finding is Finding.UNMATCHED


def test_rule_P1_a_mistyped_reference_never_matches_and_is_said():
    bad = "RF99" + PALOMA.reference[4:]
    found = propose(f"PAGO {bad[:4]}X{bad[4:]}", "3500.51")
    assert found == Proposal(Finding.UNMATCHED, "", (Why.WRONG_DIGITS,))


@given(st.integers(4, 12), st.sampled_from("0123456789"))
def test_rule_P1_one_wrong_character_of_a_reference_never_pays_another_loan(place, char):
    wrong = PALOMA.reference[:place] + char + PALOMA.reference[place + 1 :]
    found = propose(f"pago {wrong}")
    assert wrong == PALOMA.reference or not (found.finding is Finding.MATCHED and found.loan == AGUILA.ref)


def test_rule_P2_two_loans_in_one_text_are_for_a_person():
    found = propose(f"{PALOMA.reference} y {AGUILA.reference}")
    assert found.finding is Finding.SUGGESTED
    assert Why.SEVERAL in found.why


@pytest.mark.parametrize(
    ("seen", "obstacle"),
    [(line(CLOSED.reference), Why.NOT_RUNNING), (line(PALOMA.reference, currency="USD"), Why.OTHER_CURRENCY),
     (line(PALOMA.reference, value_on=date(2026, 1, 14)), Why.BEFORE_MONEY)],
)  # fmt: skip
def test_rule_P2_a_loan_that_cannot_take_the_money_is_named_and_left_to_a_person(seen, obstacle):
    found = MATCHER.propose(seen)
    assert found.finding is Finding.UNMATCHED
    assert found.loan
    assert found.why[-1] is obstacle


def test_rule_P2_suggested_by_account_payer_and_amount():
    assert propose(payer_account="072225001234567897") == Proposal(
        Finding.SUGGESTED, PALOMA.ref, (Why.ACCOUNT,)
    )
    both = propose(payer_account="0722 2500 1234 5678 97", amount="7001.00")
    assert both.why == (Why.ACCOUNT, Why.AMOUNT)
    assert propose(payer="CURTIDOS LA PALOMA SA DE CV").why == (Why.PAYER,)
    assert propose("SPEI RECIBIDO FUNDICION EL AGUILA 0099") == Proposal(
        Finding.SUGGESTED, AGUILA.ref, (Why.PAYER,)
    )
    assert propose(amount="7001.00") == Proposal(Finding.SUGGESTED, PALOMA.ref, (Why.AMOUNT,))


def test_rule_P2_an_amount_that_two_loans_owe_says_nothing():
    assert propose(amount="3500.50") == Proposal(Finding.UNMATCHED, "", (Why.SEVERAL,))
    assert propose(amount="3500.50", payer="Fundición El Águila").loan == AGUILA.ref


def test_rule_P2_a_firm_with_two_loans_is_for_a_person():
    second = Debtor(
        "L-2026-0003", creditor_reference("L-2026-0003"), numeric_reference(3), "MXN", PALOMA.firm
    )
    found = propose(payer="Curtidos La Paloma", matcher=Matcher([PALOMA, second]))
    assert found.finding is Finding.SUGGESTED
    assert found.why == (Why.PAYER, Why.SEVERAL)
    exact = propose(payer="Curtidos La Paloma", amount="3500.50", matcher=Matcher([PALOMA, second]))
    assert (exact.loan, exact.why) == (PALOMA.ref, (Why.PAYER, Why.AMOUNT))


def test_rule_P2_what_is_recorded_already_is_never_posted_by_itself():
    typed = Matcher([PALOMA], {(PALOMA.ref, D("100.00"), DAY)})
    found = propose(PALOMA.reference, matcher=typed)
    assert found == Proposal(Finding.REPEATED, PALOMA.ref, (Why.REFERENCE, Why.RECORDED))
    assert propose(PALOMA.reference, "100.01", matcher=typed).finding is Finding.MATCHED


def test_rule_P2_the_second_of_two_equal_lines_is_never_posted_by_itself():
    assert propose(PALOMA.reference, ordinal=2).finding is Finding.REPEATED
    assert propose("nothing", ordinal=3).finding is Finding.REPEATED


def test_money_that_left_is_no_payment():
    assert propose(PALOMA.reference, "-5.00") == Proposal(Finding.OUTGOING, "", (Why.MONEY_OUT,))


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Curtidos La Paloma, S.A. de C.V.", "curtidos la paloma"),
     ("FUNDICIÓN EL ÁGUILA SAPI DE CV", "fundicion el aguila"),
     ("Tenería S. de R.L. de C.V.", "teneria"), ("Ñandú Ltda.", "nandu"), ("", ""), ("日本", "")],
)  # fmt: skip
def test_names_are_compared_without_what_banks_drop(name, plain):
    assert plain_name(name) == plain


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=30))
def test_whatever_a_bank_writes_the_matcher_answers(words, payer, account):
    found = propose(words, payer=payer, payer_account=account, reference=payer)
    assert found.finding in Finding
    assert found.finding is not Finding.MATCHED or found.loan in MATCHER.debtors
