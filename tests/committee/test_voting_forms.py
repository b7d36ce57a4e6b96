"""What the form that closes a vote asks, by the kind of the item."""

from djmoney.money import Money

from committee.forms import CloseForm
from committee.models import AgendaItem


def test_a_loan_has_an_amount_and_reasons_that_the_firm_reads():
    form = CloseForm(item=AgendaItem(kind="application", amount=Money("1000", "MXN")))
    assert "amount" in form.fields
    assert "The firm reads them" in str(form.fields["grounds"].help_text)


def test_a_rule_has_no_firm_that_reads_the_reasons():
    form = CloseForm(item=AgendaItem(kind="rule_change"))
    assert "amount" not in form.fields
    assert "stand in the resolution" in str(form.fields["grounds"].help_text)
