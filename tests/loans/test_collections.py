"""Rule P-7: the collections worklist: who is late, what is late, what was said, what was promised."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEvent
from accounts.registries import work_of
from loans import accruals, balances, collections
from loans.models import FollowUp, Loan
from loans.promises import Outcome
from tests.kept import kept
from tests.loans.builders import approved, firm
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db

told, loan = kept(lambda: story.one_paid_out("9000000.00"))


@pytest.fixture
def late(loan):
    """The first instalment is 20 days late."""
    day = story.rows(loan)[0].pay_on + timedelta(20)
    accruals.fall_due(on=day, by=person("teresa"))
    with time_machine.travel(f"{day}T18:00:00Z", tick=False), translation.override("en"):
        yield day


def note(loan, on, *, by="carmen", text="Will pay on Friday", **more):
    return collections.note(loan=loan, kind="call", text=text, by=person(by), on=on, **more)


def promise(loan, on, days=5, amount="1000.00"):
    return note(loan, on, promised_amount=D(amount), promised_on=on + timedelta(days))


def visit(open_as, name, url, **query):
    return open_as(name).get(url, query)


def text(answer):
    return answer.content.decode()


def test_rule_P7_a_note_is_kept_with_its_promise(loan, late):
    made = promise(loan, late)
    assert made.promised.amount == D("1000.00")
    event = AuditEvent.objects.get(verb="collection.noted")
    assert event.after["loan"] == loan.ref
    for change in ({"text": "x"}, {"promised_amount": D(1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FollowUp.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"text": "  "}, "text"),
        ({"promised_amount": D(5)}, "promised_on"),
        ({"promised_on": DAY + timedelta(99)}, "promised_amount"),
        ({"promised_amount": D(0), "promised_on": DAY + timedelta(99)}, "promised_amount"),
        ({"promised_amount": D("0.001"), "promised_on": DAY + timedelta(99)}, "promised_amount"),
        ({"promised_amount": D(5), "promised_on": DAY}, "promised_on"),
        ({"next_action_on": DAY}, "next_action_on"),
    ],
)
def test_a_half_promise_is_refused(loan, late, wish, field):
    with bad_input(field):
        note(loan, late, **wish)
    assert not FollowUp.objects.exists()


def test_only_whoever_speaks_with_firms_notes(loan, late):
    note(loan, late, by="rosa")
    for name in ("teresa", "aldo", "lupe"):
        with denied():
            note(loan, late, by=name)
    with bad_input("kind"):
        collections.note(loan=loan, kind="shout", text="x", by=person("carmen"), on=late)
    with refused("P-7", "nothing is collected"):
        note(story.signed(approved("50000.00", of=firm("memo", name="Otra"))), late)


def test_rule_P7_kept_and_broken_are_told_by_the_payments(loan, late):
    promise(loan, late)
    day = late + timedelta(6)
    assert [item.outcome for _note, item in collections.history(loan, day)] == [Outcome.BROKEN]
    assert FollowUp.objects.broken(day).count() == 1
    assert not FollowUp.objects.broken(late + timedelta(5)).exists(), "its own day is not over"
    story.pay(loan, "1000.00", late + timedelta(5), on=day)
    assert [item.outcome for _note, item in collections.history(loan, day)] == [Outcome.KEPT]
    assert not FollowUp.objects.broken(day).exists()


def test_rule_P7_the_query_and_the_pure_rule_agree(loan, late):
    promise(loan, late, 3, "500.00")
    promise(loan, late + timedelta(1), 4, "700.00")
    promise(loan, late + timedelta(9), 2, "100.00")
    story.pay(loan, "400.00", late + timedelta(2), on=late + timedelta(2))
    story.pay(loan, "100.00", late + timedelta(10), on=late + timedelta(10))
    for days in range(15):
        on = late + timedelta(days)
        pure = {item.pk for item, said in collections.history(loan, on) if said.outcome is Outcome.BROKEN}
        assert set(FollowUp.objects.broken(on).values_list("pk", flat=True)) == pure


def test_a_broken_promise_waits_in_the_queue_until_somebody_speaks_again(loan, late):
    promise(loan, late)
    with time_machine.travel(f"{late + timedelta(6)}T18:00:00Z", tick=False):
        rows = {item.queue.code: item.rows for item in work_of(person("carmen"))}
        assert loan.ref in rows["broken-promises"][0].text
        assert rows["broken-promises"][0].url == reverse("loans:collection", args=[loan.ref])
        note(loan, late + timedelta(6), text="He says next week")
        assert "broken-promises" not in {item.queue.code for item in work_of(person("carmen"))}


def test_the_worklist_shows_what_is_late_and_exports_it(loan, late, open_as):
    other = story.paid_out(approved("60000.00", of=firm("memo", name="Fundición"), term=6), on=late)
    promise(loan, late)
    url = reverse("loans:collections")
    page = text(visit(open_as, "carmen", url))
    amount = balances.position(story.fresh(loan), late).late.amount
    assert f"{amount:,.2f}" in page
    assert "20 days late" in page
    assert "1 to 30 days late" in page
    assert "Promised" in page
    assert other.ref not in page, "nothing of it is late"
    export = b"".join(visit(open_as, "carmen", url, export="csv").streaming_content).decode()
    assert str(amount) in export
    for query, shown in (({"late": "1-30"}, True), ({"late": "61-90"}, False), ({"action": "none"}, True),
                         ({"action": "due"}, False), ({"action": "broken"}, False),
                         ({"q": loan.ref}, True)):  # fmt: skip
        assert (f'/collections/{loan.ref}/"' in text(visit(open_as, "carmen", url, **query))) == shown


def test_an_action_that_is_due_is_found(loan, late, open_as):
    note(loan, late, next_action_on=late)
    assert f"/collections/{loan.ref}/" in text(
        visit(open_as, "rosa", reverse("loans:collections"), action="due")
    )


def test_nothing_late_is_said_so(loan, open_as):
    with time_machine.travel(f"{DAY}T18:00:00Z", tick=False):
        assert "Nothing is late" in text(visit(open_as, "carmen", reverse("loans:collections")))


def test_the_page_of_a_late_loan(loan, late, client, open_as):
    Loan.objects.get(pk=loan.pk).firm.members.exists()
    url = reverse("loans:collection", args=[loan.ref])
    assert "Nothing noted yet" in text(visit(open_as, "carmen", url))
    wrong = client.post(url, {"kind": "call", "text": "Promises", "promised_amount": "1.000,00"})
    assert "A promise has an amount and a day" in text(wrong)
    assert "Promises" in text(wrong)
    good = {"kind": "visit", "text": "He will pay", "promised_amount": "1,000.00", "promised_on": f"{late}"}
    assert client.post(url, good).status_code == 302
    page = text(client.get(url))
    assert "He will pay" in page
    assert "Promised" in page
    assert "lupe@fiprev.example" in page


def test_rule_X2_who_sees_the_worklist(loan, late, open_as):
    for url in (reverse("loans:collections"), reverse("loans:collection", args=[loan.ref])):
        for name, status in (("carmen", 200), ("rosa", 200), ("aldo", 200), ("lupe", 403), ("diana", 403)):
            assert visit(open_as, name, url).status_code == status
    assert 'name="text"' not in text(visit(open_as, "aldo", reverse("loans:collection", args=[loan.ref])))
    assert visit(open_as, "carmen", "/collections/L-1999-0001/").status_code in (403, 404)


def test_a_long_worklist_takes_few_queries(loan, late, client, open_as, django_assert_max_num_queries):
    promise(loan, late)
    visit(open_as, "carmen", "/")
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:collections"))
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:collection", args=[loan.ref]))
