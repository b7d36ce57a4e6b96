"""Rule P-7: the list of loans with its classes of risk in words, filters, and totals per currency."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from loans.presenting import par_badge
from tests.loans.builders import approved, firm, money_to_lend
from tests.stories import loans as story
from tests.world import english

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, None), (30, None), (31, "PAR 30"), (60, "PAR 30"), (61, "PAR 60"), (90, "PAR 60"), (91, "PAR 90")],
)
def test_rule_P7_the_class_of_risk_in_words(days, words):
    badge = par_badge(days)
    assert (badge and str(badge.label)) == words
    assert badge is None or badge.tone == ("warn" if days <= 60 else "bad")


@pytest.fixture
def page(client):
    """The list as Carmen sees it when the first loan is 40 days late, with one that is on time beside it."""
    money_to_lend("9000000.00")
    first = story.paid_out(approved("120000.00", term=12))
    day = story.rows(first)[0].pay_on + timedelta(40)
    second = story.paid_out(approved("60000.00", of=firm("memo", name="Fundición"), term=6), on=day)
    client.force_login(english("carmen"))
    with time_machine.travel(f"{day}T18:00:00Z", tick=False), translation.override("en"):
        yield lambda **query: client.get(reverse("loans:loans"), query), first, second


def test_rule_P7_late_loans_bear_their_class_and_days(page):
    show, first, second = page
    text = show().content.decode()
    assert "40 days late" in text
    assert "PAR 30" in text
    assert "2 loans paid out" in text
    assert "180,000.00" in text, "what was lent, summed"
    export = b"".join(show(export="csv").streaming_content).decode()
    assert f"{first.ref}," in export
    assert "PAR 30" in export
    assert f"{second.ref}," in export


def test_filters_narrow_list_and_totals(page):
    show, first, second = page
    late = show(arrears="30").content.decode()
    assert f"/loans/{first.ref}/" in late
    assert f"/loans/{second.ref}/" not in late
    assert "1 loan paid out" in late
    assert "120,000.00" in late
    assert "1 loan paid out" in show(arrears="current").content.decode()
    assert f"/loans/{first.ref}/" not in show(currency="USD").content.decode()
    sector = show(sector=str(first.firm.sector_id)).content.decode()
    assert f"/loans/{first.ref}/" in sector


def test_few_queries(page, django_assert_max_num_queries):
    show, _first, _second = page
    show()
    with django_assert_max_num_queries(12):
        show()
