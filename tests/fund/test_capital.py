"""Rules K-1 to K-3, A-4 and D-4: new money, its tranches, what may be lent."""

from datetime import date
from decimal import Decimal

import pytest
from djmoney.money import Money

from accounts.models import AuditEvent
from fund import capital, chart, credit_lines, ledger
from fund.lending import position
from fund.models import Contribution, Receipt, Reservation
from fund.tranches import Share
from tests.stories import fund as story
from tests.world import DAY, bad_input, denied, person, refused

D = Decimal


def mxn(amount: str) -> Money:
    return Money(amount, "MXN")


def receive(
    contribution: Contribution, amount: str, *, on: date = DAY, key: str = "", by: str = "teresa"
) -> Receipt:
    return capital.receive(
        contribution=contribution, amount=Money(amount, contribution.currency), by=person(by), on=on, key=key
    )


def parts(found) -> dict[str, Decimal]:
    return {part.label: part.amount for part in found.parts}


@pytest.mark.django_db
class TestContributions:
    def test_rule_K1_a_pledge_has_a_number_that_names_its_tranche(self):
        first = story.pledged("500000.00", "USD", on=date(1996, 12, 2))
        second = story.pledged("100.00", "USD", on=date(1996, 12, 3), by="funtec")
        assert [first.ref, second.ref] == ["K-1996-01", "K-1996-02"]
        assert first.received() == Money(0, "USD")
        assert AuditEvent.objects.filter(verb="contribution.pledged", object=first.audit_ref).count() == 1

    def test_rule_K1_receipts_post_cash_and_capital_in_their_tranche(self):
        pledge = story.pledged("100.00")
        receive(pledge, "60.00")
        receive(pledge, "40.00")
        assert pledge.received() == mxn("100.00")
        assert ledger.balance(chart.CASH, currency="MXN", tranche=pledge.ref) == D("100.00")
        assert ledger.balance(chart.CAPITAL, currency="MXN", tranche=pledge.ref) == D("-100.00")
        assert AuditEvent.objects.filter(verb="contribution.received", object=pledge.audit_ref).count() == 2

    def test_rule_K1_no_more_is_received_than_is_still_to_come(self):
        pledge = story.pledged("100.00")
        receive(pledge, "60.00")
        with refused("K-1", "Only 40.00\xa0MXN of K-2026-01 is still to come"):
            receive(pledge, "40.01")
        assert receive(pledge, "40.00").money == mxn("40.00")

    def test_rule_K1_money_comes_in_the_currency_and_after_the_day_of_the_pledge(self):
        pledge = story.pledged("100.00")
        with refused("K-1", "was pledged in MXN"):
            capital.receive(contribution=pledge, amount=Money("5", "USD"), by=person("teresa"), on=DAY)
        with refused("K-1", "cannot have arrived before"):
            receive(pledge, "1.00", on=date(2026, 1, 14))

    @pytest.mark.parametrize(("amount", "sentence"), [("0", "must be above zero"), ("-5", "must be above zero"),
                                                      ("0.001", "more decimals than MXN")])  # fmt: skip
    def test_rule_M1_absurd_amounts_are_refused_beside_the_field(self, amount, sentence):
        with bad_input("amount", sentence):
            story.pledged(amount)
        pledge = story.pledged("100.00")
        with bad_input("amount", sentence):
            receive(pledge, amount)

    def test_rule_K1_a_form_sent_twice_makes_one_receipt(self):
        pledge = story.pledged("100.00")
        assert receive(pledge, "60.00", key="form-1") == receive(pledge, "60.00", key="form-1")
        assert Receipt.objects.count() == 1
        with refused("K-1", "used already, for another receipt"):
            receive(pledge, "10.00", key="form-1")

    @pytest.mark.parametrize("name", ["carmen", "rosa", "aldo", "ada", "lupe"])
    def test_rule_X1_only_who_records_capital_may(self, name):
        pledge = story.pledged("100.00")
        with denied():
            receive(pledge, "1.00", by=name)
        with denied():
            capital.pledge(institution=story.institution(), amount=mxn("1"), by=person(name), on=DAY)


@pytest.mark.django_db
class TestDrawOrder:
    def shares(self, amount: str, **case: str) -> list[tuple[str, Decimal]]:
        return [(s.tranche, s.amount) for s in position(DAY).draw_plan(mxn(amount), **case)]

    @pytest.fixture
    def purse(self) -> dict[str, str]:
        """Old and new free money, money for tanneries in Guanajuato, own earnings, a drawn line."""
        old = story.contributed("100.00", on=date(2025, 1, 1)).ref
        new = story.contributed("100.00", on=date(2025, 6, 1), by="funtec").ref
        bound = story.contributed("100.00", on=date(2025, 9, 1), sector=story.sector("tanning")).ref
        story.entry("own", "50.00", debit="1010", credit="4010", tranche=chart.OWN)
        story.entry("held", "999.00", debit="1010", credit="2120", tranche=chart.HELD)
        teresa = person("teresa")
        line = credit_lines.record_line(
            institution=story.institution("nafin"),
            ceiling=mxn("500"),
            annual_cost_pct=D("9"),
            by=teresa,
            on=DAY,
        )
        credit_lines.sign_line(line=line, by=teresa, on=DAY)
        service = [(date(2027, 1, 1), D("80.00"), D("7.20"))]
        credit_lines.draw_down(line=line, amount=mxn("80.00"), service=service, by=teresa, on=DAY)
        return {"old": old, "new": new, "bound": bound, "line": line.ref}

    def test_rule_K2_earmarked_then_oldest_then_own_then_lines(self, purse):
        assert self.shares("430.00", sector="tanning") == [
            (purse["bound"], D("100.00")), (purse["old"], D("100.00")), (purse["new"], D("100.00")),
            ("OWN", D("50.00")), (purse["line"], D("80.00")),
        ]  # fmt: skip
        assert self.shares("150.00", sector="tanning") == [
            (purse["bound"], D("100.00")), (purse["old"], D("50.00")),
        ]  # fmt: skip

    def test_rule_K2_money_bound_to_another_sector_is_not_touched(self, purse):
        assert self.shares("150.00", sector="ceramics") == [
            (purse["old"], D("100.00")),
            (purse["new"], D("50.00")),
        ]

    def test_rule_K2_money_held_for_others_is_never_lent(self, purse):
        with refused("K-2", "hold 330.00\xa0MXN, not 330.01\xa0MXN"):
            self.shares("330.01", sector="ceramics")
        assert sum(amount for _t, amount in self.shares("330.00", sector="ceramics")) == D("330.00")

    def test_rule_K2_an_earlier_value_date_cannot_take_what_was_used_later(self, purse):
        story.entry("used", "90.00", debit="1200", credit="1010", tranche=purse["old"], on=date(2026, 3, 2))
        plan = position(date(2026, 1, 1)).draw_plan(mxn("50.00"), sector="ceramics")
        assert plan == (Share(purse["old"], D("10.00")), Share(purse["new"], D("40.00")))

    def test_rule_K1_an_earmark_by_state_fits_by_code_or_by_country_and_code(self):
        bound = story.contributed("100.00", state=story.state("11"))
        assert bound.fits("tanning", "MX-11")
        assert bound.fits("", "11")
        assert not bound.fits("tanning", "MX-01")
        assert not bound.fits("tanning", "")
        assert bound.earmark_text == "Guanajuato"


@pytest.mark.django_db
class TestLendable:
    def test_rule_K3_lendable_is_the_sum_of_its_parts(self):
        story.contributed("1000000.00")
        story.contributed("200000.00", sector=story.sector("tanning"))
        capital.reserve(project="F-2026-0001", amount=mxn("150000.00"), by=person("sofia"), on=DAY)
        story.entry("unmatched", "1000.00", debit="1010", credit="2010", tranche=chart.HELD)
        story.entry("credit", "300.00", debit="1010", credit="2020", tranche=chart.HELD)
        story.entry("vat", "160.00", debit="1010", credit="2120", tranche=chart.HELD)
        story.entry("earned", "40000.00", debit="1010", credit="4010", tranche=chart.OWN)
        found = capital.lendable(DAY, currency="MXN")
        assert parts(found) == {
            "Cash at banks": D("1241460.00"),
            "Undrawn part of signed credit lines": D("0.00"),
            "Reserve: 5\xa0% of capital": D("-62000.00"),  # of 1,200,000 paid in and 40,000 earned
            "Approved and not paid out": D("-150000.00"),
            "Money received and not matched": D("-1000.00"),
            "Credits of firms": D("-300.00"),
            "VAT received, owed to the tax office": D("-160.00"),
            "Service of credit lines due in 90 days": D("0.00"),
            "Earmarked money that the case does not fit": D("-200000.00"),
        }
        assert found.total == mxn("828000.00")
        assert sum(parts(found).values()) == found.total.amount

    def test_rule_K3_earmarked_money_counts_for_a_case_that_fits(self):
        story.contributed("100000.00")
        story.contributed("50000.00", sector=story.sector("tanning"))
        assert capital.lendable(DAY, currency="MXN").total == mxn("92500.00")
        assert capital.lendable(DAY, currency="MXN", sector="tanning").total == mxn("142500.00")
        assert capital.lendable(DAY, currency="MXN", sector="glass").total == mxn("92500.00")

    def test_rule_K3_a_line_counts_once_signed_and_its_service_is_kept_back(self):
        teresa, nafin = person("teresa"), story.institution("nafin")
        line = credit_lines.record_line(
            institution=nafin,
            ceiling=mxn("1000.00"),
            annual_cost_pct=D("9.5"),
            by=teresa,
            on=date(2026, 1, 1),
        )
        assert capital.lendable(DAY, currency="MXN").total == mxn("0.00")
        credit_lines.sign_line(line=line, by=teresa, on=DAY)
        assert capital.lendable(DAY, currency="MXN").total == mxn("1000.00")
        assert capital.lendable(date(2026, 3, 1), currency="MXN").total == mxn("0.00")
        service = [(date(2026, 5, 31), D("100.00"), D("9.50")), (date(2026, 6, 1), D("300.00"), D("28.50"))]
        credit_lines.draw_down(line=line, amount=mxn("400.00"), service=service, by=teresa, on=DAY)
        found = capital.lendable(DAY, currency="MXN")
        assert parts(found)["Undrawn part of signed credit lines"] == D("600.00")
        assert parts(found)["Service of credit lines due in 90 days"] == D("-109.50")
        assert found.total == mxn("890.50")

    def test_rule_K3_a_day_shows_what_was_known_by_value_date_then(self):
        story.contributed("100.00", on=date(2026, 2, 1))
        assert capital.lendable(date(2026, 1, 31), currency="MXN").total == mxn("0.00")
        assert capital.lendable(date(2026, 2, 1), currency="MXN").total == mxn("95.00")

    def test_rule_K3_it_is_shown_in_the_reporting_currency_where_a_rate_is_known(self):
        story.contributed("1000000.00")
        assert capital.lendable(DAY, currency="MXN").reporting is None
        story.dollar("20.0000", since=DAY)
        assert capital.lendable(DAY, currency="MXN").reporting == Money("47500.00", "USD")

    def test_rule_K3_is_asked_in_few_queries_however_much_there_is(self, django_assert_max_num_queries):
        for n in range(6):
            story.contributed("100.00", on=date(2025, 1, 1 + n))
            story.entry(f"e{n}", "10.00", debit="1010", credit="4010", tranche=chart.OWN)
        with django_assert_max_num_queries(8):
            capital.lendable(DAY, currency="MXN", sector="tanning", state="MX-11")

    def test_rule_A4_the_base_is_capital_and_earnings_less_losses_in_one_currency(self):
        story.contributed("100000.00", "USD")
        story.contributed("1000000.00", "MXN")
        story.entry("earned", "50000.00", debit="1310", credit="4010")
        story.entry("lost", "20000.00", debit="5120", credit="1200")
        with refused("M-4", "There is no exchange rate MXN to USD"):
            capital.base(DAY, currency="USD")
        story.dollar("20.0000", since=DAY)
        assert capital.base(DAY, currency="USD") == D("151500.00")
        assert capital.base(DAY, currency="MXN") == D("3030000.00")


@pytest.mark.django_db
class TestReservations:
    def reserve(self, amount: str = "150.00", project: str = "F-2026-0001") -> Reservation:
        return capital.reserve(project=project, amount=mxn(amount), by=person("sofia"), on=DAY)

    def test_rule_D4_an_approval_reserves_and_its_end_frees(self):
        self.reserve()
        assert capital.reserved("F-2026-0001") == [mxn("150.00")]
        moved = capital.release(project="F-2026-0001", reason="Lapsed", by=person("sofia"), on=DAY)
        assert moved.amount == D("-150.00")
        assert capital.reserved("F-2026-0001") == []
        assert position(DAY).reserved == {"MXN": D("0.00")}

    def test_rule_D4_a_project_has_one_reservation(self):
        self.reserve()
        with refused("D-4", "Capital is reserved for F-2026-0001 already"):
            self.reserve("10.00")
        assert self.reserve("10.00", project="F-2026-0002").amount == D("10.00")

    def test_rule_D4_a_tranche_paid_out_frees_its_part_and_no_more_than_there_is(self):
        self.reserve()
        sofia = person("sofia")
        capital.release(project="F-2026-0001", reason="Tranche 1", amount=mxn("100.00"), by=sofia, on=DAY)
        assert capital.reserved("F-2026-0001") == [mxn("50.00")]
        for amount in (mxn("50.01"), mxn("0"), mxn("-1"), Money("10", "USD")):
            with refused("D-4", "cannot be freed: 50.00\xa0MXN is reserved"):
                capital.release(project="F-2026-0001", reason="Tranche 2", amount=amount, by=sofia, on=DAY)

    def test_rule_D4_freeing_what_is_not_reserved_does_nothing(self):
        assert capital.release(project="F-2026-0009", reason="Lapsed", by=person("sofia"), on=DAY) is None
        assert not Reservation.objects.exists()


@pytest.mark.django_db
class TestCreditLines:
    def line(self, *, sign: bool = True, **more: object):
        teresa = person("teresa")
        line = credit_lines.record_line(
            institution=story.institution("nafin"), ceiling=mxn("1000"), annual_cost_pct=D("9"), by=teresa,
            on=date(2026, 1, 1), **more,
        )  # fmt: skip
        return credit_lines.sign_line(line=line, by=teresa, on=date(2026, 2, 1)) if sign else line

    def draw(self, line, amount: str = "400.00", *, principal: str = "", on: date = DAY):
        service = [(date(2027, 1, 1), D(principal or amount), D("1.00"))]
        return credit_lines.draw_down(
            line=line, amount=mxn(amount), service=service, by=person("teresa"), on=on
        )

    def test_rule_K1_a_draw_down_is_cash_and_a_liability(self):
        line = self.draw(self.line())
        assert line.ref == "CL-2026-01"
        assert ledger.balance(chart.CASH, currency="MXN", tranche=line.ref) == D("400.00")
        assert ledger.balance(chart.CREDIT_LINES, currency="MXN", tranche=line.ref) == D("-400.00")
        assert capital.base(DAY, currency="MXN") == 0

    def test_rule_K1_a_line_is_drawn_up_to_its_ceiling(self):
        line = self.line()
        self.draw(line, "700.00")
        with refused("K-1", "300.00\xa0MXN of CL-2026-01 can still be drawn"):
            self.draw(line, "300.01")
        self.draw(line, "300.00")

    def test_rule_K1_a_line_is_signed_once_and_before_it_is_drawn(self):
        line = self.line(sign=False)
        with refused("K-1", "is not signed"):
            self.draw(line)
        with refused("K-1", "on or after the day it was recorded"):
            credit_lines.sign_line(line=line, by=person("teresa"), on=date(2025, 12, 31))
        credit_lines.sign_line(line=line, by=person("teresa"), on=date(2026, 2, 1))
        with refused("K-1", "is signed already"):
            credit_lines.sign_line(line=line, by=person("teresa"), on=DAY)

    def test_rule_K1_a_line_that_ended_is_not_drawn(self):
        line = self.line(ends_on=date(2026, 2, 28))
        with refused("K-1", "can no longer be drawn"):
            self.draw(line)
        self.draw(line, on=date(2026, 2, 28))

    def test_rule_K1_the_lines_schedule_pays_back_what_was_drawn(self):
        with refused("K-1", "must pay back what is drawn"):
            self.draw(self.line(), "400.00", principal="399.99")
