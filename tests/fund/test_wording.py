"""The books in the reader's language: memos of a loan's entries and the names of parties (rules G-2, L-1)."""

import pytest
from django.urls import reverse
from django.utils import translation

from fund.models import Entry
from fund.wording import memo_words, party_name
from loans.memos import KINDS, said
from tests.loans.builders import approved, money_to_lend
from tests.projects.reading import read
from tests.stories import loans as story
from tests.world import DAY, person


@pytest.mark.parametrize(
    ("memo", "words"),
    [
        ("L-2026-0001: Instalment 7 falls due", "L-2026-0001 · Instalment 7 falls due"),
        ("L-2026-0001: Payment L-2026-0001-P001", "L-2026-0001 · Payment L-2026-0001-P001"),
        ("L-2026-0001: Accrual taken back", "L-2026-0001 · Accrual taken back"),
        ("L-2026-0001: Something else", "L-2026-0001: Something else"),
        ("Contribution K-1 of CEC", "Contribution K-1 of CEC"),
        ("", ""),
    ],
)
def test_rule_G2_what_nobody_knows_stays_as_it_is_kept(memo, words):
    assert memo_words(memo) == words


def test_rule_G2_every_kind_has_a_spanish_and_a_french_sentence(catalogues):
    for language in ("es", "fr"):
        with translation.override(language):
            assert "Write-off" not in str(said("L-1: Write-off"))
            assert "Disbursement" not in str(said("L-1: Disbursement"))


@pytest.mark.django_db
def test_rule_L2_every_memo_that_a_loan_leaves_is_known():
    money_to_lend()
    loan = story.paid_out(approved("200000.00", product="cleaner-process", term=36))
    story.pay(loan, "10000.00", DAY)
    memos = list(Entry.objects.filter(source__startswith=loan.ref).values_list("memo", flat=True))
    assert memos and len(KINDS) == 10
    for memo in memos:
        assert said(memo) is not None, memo


@pytest.mark.django_db
def test_rule_L1_an_entry_names_the_firm_and_not_its_key(client):
    money_to_lend()
    loan = story.paid_out(approved("200000.00", product="cleaner-process", term=36))
    entry = Entry.objects.filter(source__startswith=loan.ref).first()
    client.force_login(person("aldo"))
    page = read(client, reverse("fund:entry", args=[entry.pk]))
    assert str(loan.firm) in page
    assert loan.firm.party not in page
    assert party_name("firm:999999") == "firm:999999"
    assert party_name("bank:1") == "bank:1"
