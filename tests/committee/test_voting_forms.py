"""What the form that closes a vote asks, by the kind of the item."""

import pytest
from djmoney.money import Money

from committee.forms import CloseForm, DeclareForm
from committee.models import AgendaItem
from committee.models.session import ItemKind


def test_a_loan_has_an_amount_and_reasons_that_the_firm_reads():
    form = CloseForm(item=AgendaItem(kind="application", amount=Money("1000", "MXN")))
    assert "amount" in form.fields
    assert "The firm reads them" in str(form.fields["grounds"].help_text)


def test_a_rule_has_no_firm_that_reads_the_reasons():
    form = CloseForm(item=AgendaItem(kind="rule_change"))
    assert "amount" not in form.fields
    assert "stand in the resolution" in str(form.fields["grounds"].help_text)


@pytest.mark.parametrize("kind", ["application", "write_off", "restructuring", "waiver"])
def test_rule_C5_of_a_firm_a_member_declares_a_part_in_the_firm(kind):
    assert ItemKind(kind).is_of_firm
    assert "this firm" in str(DeclareForm(of_firm=True)["conflict"])


@pytest.mark.parametrize("kind", ["donation", "credit_line", "rule_change", "free"])
def test_rule_C5_of_another_matter_a_member_declares_a_part_in_the_matter(kind):
    form = DeclareForm({"conflict": "no"}, of_firm=ItemKind(kind).is_of_firm)
    assert "this firm" not in str(form["conflict"])
    assert "part in this matter" in str(form["conflict"])
    assert form.is_valid()
    assert form.cleaned_data["conflict"] is False


@pytest.mark.parametrize("of_firm", [True, False])
def test_rule_C5_a_conflict_is_declared_in_the_same_words_of_any_matter(of_firm):
    form = DeclareForm({"conflict": "yes"}, of_firm=of_firm)
    assert "Yes. I step back: its file closes to me." in str(form["conflict"])
    assert form.is_valid()
    assert form.cleaned_data["conflict"] is True


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_rule_C5_a_declaration_says_yes_or_no(answer):
    assert "conflict" in DeclareForm({"conflict": answer}).errors
