"""Rules P-8 and S-5: a running loan gets another schedule, by a resolution, and the old one stays readable."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEvent
from fund import documents
from fund.models import Line
from loans import accruals, balances, changes
from loans.arithmetic.allocation import Bucket
from loans.change_queues import for_the_committee, restructurings
from loans.models import Loan, LoanChange
from tests.kept import kept
from tests.loans.builders import approved, findings
from tests.stories import loans as story
from tests.stories import servicing
from tests.world import bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)
"""Nothing has fallen due yet."""


told, loan = kept(lambda: story.one_paid_out(parts=2))


def ledger_of(loan):
    table = Counter()
    for line in Line.objects.filter(loan=loan.ref):
        table[line.account_id, line.tranche, line.value_on] += line.debit - line.credit
    return {key: net for key, net in table.items() if net}


def test_rule_P8_without_a_resolution_nothing_changes(loan):
    change = servicing.proposed(loan, "extra_terms", DAY, count=6)
    with refused("P-8", "No resolution"):
        changes.approve(change=change, by=person("dario"), on=DAY)
    assert loan.versions.count() == 1


@pytest.mark.parametrize(("outcome", "kind"), [("rejected", ""), ("deferred", ""), ("approved", "free")])
def test_rule_P8_only_an_approval_of_this_very_matter_counts(loan, outcome, kind):
    change = servicing.proposed(loan, "extra_terms", DAY, count=6)
    servicing.resolved(change, DAY, outcome=outcome, kind=kind)
    with refused("P-8"):
        changes.approve(change=change, by=person("dario"), on=DAY)


def test_rule_P8_the_resolution_of_one_change_does_not_serve_another(loan):
    change = servicing.proposed(loan, "extra_terms", DAY, count=6)
    servicing.resolved(change, DAY)
    changes.withdraw(change=change, reason="Too long", by=person("rosa"), on=DAY)
    other = servicing.proposed(loan, "extra_terms", DAY, count=3)
    with refused("P-8"):
        changes.approve(change=other, by=person("dario"), on=DAY)


def test_rule_G6_proposed_by_the_loan_officer_booked_by_the_signatory(loan):
    with denied():
        changes.propose(
            loan=loan, kind="pause", value_on=DAY, reason="x", data={"last": DAY}, by=person("carmen"), on=DAY
        )
    change = servicing.proposed(loan, "pause", DAY, last=date(2026, 5, 20))
    servicing.resolved(change, DAY)
    for name in ("rosa", "teresa", "carmen", "lupe"):
        with denied():
            changes.approve(change=change, by=person(name), on=DAY)
    changes.approve(change=change, by=person("dario"), on=DAY)
    assert LoanChange.objects.get(pk=change.pk).resolution == "CT-2026-03-R02"


def test_rule_P8_the_database_refuses_a_restructuring_without_a_resolution(loan):
    change = servicing.proposed(loan, "extra_terms", DAY, count=6)
    with pytest.raises(IntegrityError, match="by_resolution"), transaction.atomic():
        LoanChange.objects.filter(pk=change.pk).update(
            state="approved", approved_by=person("dario"), approved_on=DAY
        )


CHANGES = [
    ("pause", {"last": "2026-05-20"}),
    ("new_date", {"due": "2026-04-02", "new_due": "2026-04-20"}),
    ("rate", {"annual_rate_pct": "9.5"}),
    ("extra_terms", {"count": 6}),
    ("new_terms", {"count": 24, "annual_rate_pct": "10", "new_due": "2026-05-02"}),
]


@pytest.mark.parametrize(("kind", "data"), CHANGES)
def test_rule_S5_each_kind_makes_a_new_version_and_keeps_the_old_one(loan, kind, data):
    old = [row.row for row in story.rows(loan)]
    shown = changes.preview(loan, kind=kind, value_on=DAY, data=data, amount=None, on=DAY)
    servicing.done(loan, kind, DAY, **data)
    first, second = loan.versions.order_by("number")
    assert (first.superseded_on, second.superseded_on, second.reason) == (DAY, None, kind)
    assert [row.row for row in first.instalments.all()] == old
    new = [row.row for row in story.rows(loan)]
    assert new != old
    assert tuple(row for row in new if row.due > DAY) == shown.new.rows
    assert shown.old.rows == tuple(old)
    assert sum(row.principal for row in new) == D("120000.00")
    assert findings(DAY) == []


@pytest.mark.parametrize(("kind", "data"), CHANGES)
def test_rule_S5_the_changed_loan_is_paid_off_by_its_new_schedule(loan, kind, data):
    servicing.done(loan, kind, DAY, **data)
    for row in story.rows(loan):
        if row.total:
            story.pay(loan, row.total, max(row.pay_on, DAY), key=f"row {row.n}")
    loan = story.fresh(loan)
    assert (loan.state, loan.balance) == (Loan.State.PAID_OFF, 0)
    assert findings(story.rows(loan)[-1].pay_on) == []


def test_rule_S5_the_difference_of_interest(loan):
    longer = changes.preview(loan, kind="extra_terms", value_on=DAY, data={"count": 6}, amount=None, on=DAY)
    cheaper = changes.preview(
        loan, kind="rate", value_on=DAY, data={"annual_rate_pct": "9"}, amount=None, on=DAY
    )
    assert longer.added > 0 > cheaper.added
    assert longer.saved == -longer.added
    assert (longer.old.count, longer.new.count) == (12, 18)
    assert any(pair.old is None for pair in longer.pairs)


def test_rule_S5_a_pause_bears_no_interest(loan):
    servicing.done(loan, "pause", DAY, last=date(2026, 4, 1))
    first = story.rows(loan)[0]
    full = D(120000) * D("0.13") / 12
    assert first.interest < full
    accruals.fall_due(on=first.due_on, by=person("carmen"))
    assert findings(first.due_on) == []


def test_rule_P8_an_overdue_loan_gets_one_schedule_for_all_its_principal(loan):
    day = story.rows(loan)[1].pay_on + timedelta(40)
    accruals.fall_due(on=day, by=person("carmen"))
    before = balances.position(loan, day)
    assert before.days_past_due > 60
    servicing.done(loan, "new_terms", day, count=24, annual_rate_pct="12")
    after = balances.position(story.fresh(loan), day)
    assert after.principal == before.principal
    assert after.state.open(Bucket.PRINCIPAL) == 0
    assert after.state.open(Bucket.INTEREST) >= before.state.open(Bucket.INTEREST)
    assert findings(day) == []


def test_rule_P7_a_restructured_loan_is_shown_apart(loan):
    other = story.paid_out(approved("60000.00", term=12))
    day = story.rows(loan)[0].pay_on + timedelta(45)
    servicing.done(loan, "extra_terms", DAY, booked=day, count=6)
    accruals.fall_due(on=day, by=person("carmen"))
    for today in (day, day + timedelta(1)):
        (book,) = balances.portfolio(day, today=today)
        assert book.restructured == story.fresh(loan).balance
        assert book.risks[0].at_risk == story.fresh(other).balance
        assert book.principal == story.fresh(loan).balance + story.fresh(other).balance


def test_rule_P3_a_change_agreed_later_with_an_earlier_day_replays(loan):
    end = date(2026, 7, 10)
    facts = [
        lambda one: story.pay(one, "12000.00", date(2026, 4, 6), on=end),
        lambda one: servicing.done(one, "extra_terms", date(2026, 4, 20), booked=end, count=4),
        lambda one: story.pay(one, "30000.00", date(2026, 5, 4), on=end, prepayment="lower_instalment"),
    ]
    loans = [loan, *(story.paid_out(approved("120000.00", term=12)) for _ in range(5))]
    seen = []
    for one, order in zip(loans, permutations(facts), strict=True):
        for happen in order:
            happen(story.fresh(one))
        now = story.fresh(one)
        seen.append((ledger_of(one), [row.row for row in story.rows(one)], now.balance, now.unpaid_since))
    assert all(found == seen[0] for found in seen[1:])
    assert findings(end) == []


def test_rule_S5_a_change_of_next_month_counts_from_its_day(loan):
    start = date(2026, 5, 10)
    servicing.done(loan, "rate", start, booked=DAY, annual_rate_pct="6")
    assert loan.versions.count() == 1
    accruals.fall_due(on=start - timedelta(1), by=person("carmen"))
    assert loan.versions.count() == 1
    accruals.fall_due(on=start, by=person("carmen"))
    assert loan.versions.get(superseded_on=None).reason == "rate"
    assert findings(start) == []


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("pause", {}, "last"),
        ("pause", {"last": "2026-03-01"}, "last"),
        ("new_date", {"due": "2026-04-03", "new_due": "2026-05-01"}, "due"),
        ("new_date", {"due": "2026-04-02", "new_due": "2026-03-01"}, "new_due"),
        ("rate", {"annual_rate_pct": "-1"}, "annual_rate_pct"),
        ("rate", {"annual_rate_pct": "101"}, "annual_rate_pct"),
        ("extra_terms", {"count": "0"}, "count"),
        ("extra_terms", {"count": "601"}, "count"),
        ("new_terms", {"count": "12"}, "annual_rate_pct"),
        ("new_terms", {"count": "12", "annual_rate_pct": "9", "new_due": "2026-03-01"}, "new_due"),
        ("gift", {}, "kind"),
    ],
)
def test_rule_P8_figures_that_cannot_be_name_their_field(loan, kind, data, field):
    with bad_input(field):
        servicing.proposed(loan, kind, DAY, **data)
    assert not LoanChange.objects.exists()


def test_rule_P8_days_that_cannot_be(loan):
    for day in (date(2026, 3, 1), date(2028, 1, 1)):
        with bad_input("value_on"):
            servicing.proposed(loan, "extra_terms", day, booked=DAY, count=6)
    with bad_input("reason"):
        changes.propose(
            loan=loan,
            kind="extra_terms",
            value_on=DAY,
            reason=" ",
            data={"count": 3},
            by=person("rosa"),
            on=DAY,
        )


def test_rule_P8_a_loan_that_is_paid_off_is_not_restructured(loan):
    story.pay(loan, "130000.00", DAY, prepayment="shorter_term")
    with refused("P-8"):
        servicing.proposed(story.fresh(loan), "extra_terms", DAY, count=6)


def test_rule_D1_an_addendum_with_both_schedules_is_issued(loan):
    change = servicing.done(loan, "extra_terms", DAY, count=6)
    paper = change.addendum
    assert (paper.number, paper.kind, paper.about) == (change.ref, "addendum", loan.audit_ref)
    assert (len(paper.facts["old_rows"]), len(paper.facts["rows"])) == (12, 18)
    page = documents.html(paper)
    assert change.resolution in page
    assert "6 more instalments" in page
    assert AuditEvent.objects.filter(verb="loan.rescheduled").exists()


def test_rule_P8_it_waits_for_the_secretary_then_for_the_signatory(loan):
    change = servicing.proposed(loan, "extra_terms", DAY, count=6)
    sofia, dario = person("sofia"), person("dario")
    assert (list(for_the_committee(sofia)), list(restructurings(dario))) == ([change], [])
    servicing.resolved(change, DAY)
    assert (list(for_the_committee(sofia)), list(restructurings(dario))) == ([], [change])
    changes.approve(change=change, by=dario, on=DAY)
    assert list(restructurings(dario)) == []


class TestPages:
    @pytest.fixture(autouse=True)
    def _day(self, monkeypatch):
        for module in ("loans", "changes"):
            monkeypatch.setattr(f"loans.views.{module}.today", lambda: DAY)

    def test_old_and_new_side_by_side_then_proposed_then_booked(self, client, loan):
        client.force_login(person("rosa"))
        address = reverse("loans:change_new", args=[loan.ref, "extra_terms"])
        typed = {"value_on": DAY.isoformat(), "count": "6", "reason": "Sales fell"}
        page = client.post(address, typed | {"show": "1"}).content.decode()
        for words in ("12 → 18", "To pay, before", "Interest and VAT more"):
            assert words in page
        assert not LoanChange.objects.exists()
        client.post(address, typed | {"propose": "1"})
        change = LoanChange.objects.get()
        page = client.get(change.get_absolute_url()).content.decode()
        assert "The committee has not decided yet" in page and "12 → 18" in page
        resolution = servicing.resolved(change, DAY)
        client.force_login(person("dario"))
        assert (
            f"Resolution {resolution.number} approves it"
            in client.get(change.get_absolute_url()).content.decode()
        )
        client.post(reverse("loans:change_approve", args=[change.ref]), {})
        page = client.get(loan.get_absolute_url()).content.decode()
        assert "6 more instalments." in page and "Schedules this loan has had" in page
        assert "Addendum as PDF" in client.get(change.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("kind", ["pause", "new_date", "rate", "extra_terms", "new_terms", "write_off"])
    def test_every_form_opens_and_says_what_is_missing(self, client, loan, kind):
        client.force_login(person("rosa"))
        address = reverse("loans:change_new", args=[loan.ref, kind])
        assert client.get(address).status_code == 200
        assert "error" in client.post(address, {"show": "1"}).content.decode()
        assert not LoanChange.objects.exists()

    def test_approving_without_a_resolution_is_refused_on_the_page(self, client, loan):
        change = servicing.proposed(loan, "extra_terms", DAY, count=6)
        client.force_login(person("dario"))
        answer = client.post(reverse("loans:change_approve", args=[change.ref]), {})
        assert "No resolution of the committee approves" in answer.content.decode()

    def test_a_proposal_is_withdrawn_on_its_page(self, client, loan):
        change = servicing.proposed(loan, "extra_terms", DAY, count=6)
        client.force_login(person("rosa"))
        client.post(
            reverse("loans:change_withdraw", args=[change.ref]), {"reason": "The firm pays after all"}
        )
        assert LoanChange.objects.get().state == "withdrawn"
