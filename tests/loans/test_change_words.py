"""What a change of a loan says, as a page, a mail and the addendum print it (rules S-5, G-2, P-8)."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from loans.change_words import KINDS_EXPLAINED, text_of
from loans.models import ChangeKind

ON = date(2026, 4, 1)
DATA = {
    "pause": {"last": "2026-05-15"},
    "new_date": {"due": "2026-04-15", "new_due": "2026-06-01"},
    "rate": {"annual_rate_pct": "12.50"},
    "extra_terms": {"count": "3"},
    "new_terms": {"count": "24", "annual_rate_pct": "10.00"},
    "refund": {},
    "write_off": {},
}
SAID = {
    "pause": "No interest from 1 April 2026 to 15 May 2026, both days included.",
    "new_date": "The instalment of 15 April 2026 falls due on 1 June 2026; the later ones follow.",
    "rate": "From 1 April 2026 the yearly rate is 12.5 %.",
    "extra_terms": "3 more instalments.",
    "new_terms": "All principal owed on 1 April 2026 is repaid in 24 instalments at 10 % a year.",
    "refund": "1,234.50 MXN of the firm's credit goes back to it.",
    "write_off": "What is owed on 1 April 2026 leaves the books; the firm still owes it.",
}


def sentence(kind, **changes):
    amount = Decimal("1234.5") if kind == "refund" else None
    said = text_of(ChangeKind(kind), ON, DATA[kind] | changes, amount, "MXN")
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_every_kind_of_change_is_tested():
    assert set(DATA) == set(SAID) == set(ChangeKind.values) == {kind.value for kind in KINDS_EXPLAINED}


@pytest.mark.parametrize("kind", ChangeKind.values)
def test_rule_S5_a_change_is_said_in_a_sentence(kind):
    assert sentence(kind) == SAID[kind]


@pytest.mark.parametrize(
    ("kind", "word"), [("extra_terms", "1 more instalment."), ("new_terms", "in 1 instalment at")]
)
def test_rule_S5_one_instalment_is_said_in_the_singular(kind, word):
    assert word in sentence(kind, count="1")


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize("kind", ChangeKind.values)
def test_rule_G2_every_change_is_said_in_the_language_of_the_reader(catalogues, kind, language):
    with translation.override(language):
        said = sentence(kind)
    assert said != SAID[kind]
    assert not re.search(r"\d{4}-\d\d|April|instalment|%\(", said)


def test_rule_G2_in_french_a_refund_is_written_as_amounts_are(catalogues):
    with translation.override("fr"):
        assert "1 234,50 MXN" in sentence("refund")
        assert "1er avril 2026" in sentence("write_off")
