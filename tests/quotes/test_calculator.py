"""The public calculator: figures for anybody, at an address that can be kept, without JavaScript."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from django.urls import reverse

pytestmark = pytest.mark.django_db
ASKED = {"product": "cleaner-process", "amount": "250,000", "term_months": "36", "grace_months": "3"}


@pytest.fixture
def open_page(client):
    """The calculator's page for a question, in English."""
    client.cookies["django_language"] = "en"

    def asked(question=None):
        answer = client.get(reverse("loans:calculator"), question or {})
        assert answer.status_code == 200
        return answer.content.decode()

    return asked


def test_the_empty_form_says_what_the_fund_offers(open_page):
    shown = open_page()
    assert "Cleaner process loan" in shown
    assert "Your loan" not in shown


def test_rule_S6_total_vat_cat_effective_rate_and_flows_stand_on_the_quote(open_page):
    shown = open_page(ASKED)
    for word in ("Total to pay", "VAT", "CAT without VAT", "interest alone", "How the CAT is computed"):
        assert word in shown
    assert "15.7" in shown
    assert "247,500.00" in shown  # in hand: the loan less its opening fee of 1 %
    flows = shown.split("Flows of the CAT")[1].split("</table>")[0]
    assert flows.count("<tr>") == 1 + 37


def test_rule_R5_a_chart_with_the_schedule_beside_it(open_page):
    shown = open_page(ASKED)
    assert (
        shown.count('<rect class="bar-principal"') == 33 + 1
    )  # three months of grace, one sample in the key
    assert 'role="img"' in shown
    assert "style=" not in shown.split("<svg")[1]


def test_the_address_to_share_shows_the_same_on_a_later_day(open_page, client):
    first = open_page(ASKED)
    address = unescape(re.search(r'class="quote-address"><a href="([^"]+)"', first)[1])
    assert "start=2026-03-02" in address
    with time_machine.travel("2026-09-01T18:00:00Z", tick=False):
        again = client.get(f"{urlsplit(address).path}?{urlsplit(address).query}").content.decode()
    figures = re.compile(r'<span class="amount">([^<]+)</span>')
    assert figures.findall(first.split("Your loan")[1]) == figures.findall(again.split("Your loan")[1])


def test_rule_S2_the_day_the_money_leaves_moves_every_date(open_page):
    shown = open_page(ASKED | {"start": "2026-05-31"})
    assert '<time datetime="2026-06-30">' in shown
    assert '<time datetime="2027-02-26">' in shown  # the 28th is a Sunday, and a pay date stays in its month


def test_a_short_address_takes_the_products_usual_term_and_grace(open_page):
    shown = open_page({"product": "good-housekeeping", "amount": "50000"})
    assert "Your loan" in shown
    assert 'name="term_months" value="12"' in shown


def test_a_day_on_which_the_product_is_not_offered_is_refused(open_page):
    assert "is not offered on that day" in open_page(ASKED | {"start": "1990-01-01"})
    assert "Enter a valid date" in open_page(ASKED | {"start": "tomorrow"})


def test_a_page_takes_few_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:calculator"), ASKED)
