"""Rule S-1: products in dated versions, with every term of a loan, refused where no loan could be made of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import IntegrityError

from accounts.errors import RuleBroken
from accounts.models import AuditEvent
from fund import policy, products
from fund.models import Product
from loans.arithmetic.schedule import schedule
from loans.arithmetic.terms import Terms
from tests.world import DAY, START, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


def cleaner() -> Product:
    return products.product_on("cleaner-process", DAY)


def changed(by: str = "teresa", since: date = DAY, **changes) -> Product:
    return products.change_product(
        product=cleaner(), changes=changes, in_force_from=since, by=person(by), on=DAY
    )


NEW = {
    "names": {"es": "Crédito de agua", "en": "Water loan", "fr": "Prêt pour l’eau"},
    "amount_min": D("10000"), "amount_max": D("200000"), "annual_rate_pct": D("11"), "amortization": "level",
    "day_count": "ACT/360", "holiday_rule": "following", "term_min": 6, "term_default": 12, "term_max": 24,
    "grace_default": 0, "grace_max": 3,
}  # fmt: skip


def offered(by: str = "teresa", code: str = "water", since: date = APRIL, **changes) -> Product:
    return products.offer_product(
        code=code, purpose="prevention", currency="MXN", values=NEW | changes, in_force_from=since,
        by=person(by), on=DAY,
    )  # fmt: skip


class TestVersions:
    def test_rule_S1_new_terms_are_a_new_version_and_the_old_one_stays(self):
        old = cleaner()
        new = changed(since=APRIL, annual_rate_pct=D("13"))
        assert cleaner() == old
        assert products.product_on("cleaner-process", APRIL) == new
        assert (new.annual_rate_pct, new.amount_max, new.names) == (D("13"), old.amount_max, old.names)
        assert AuditEvent.objects.filter(verb="product.changed", object=new.audit_ref).exists()

    def test_rule_S1_a_version_never_changes_a_loan_that_was_made(self):
        kept = products.terms_for(cleaner(), principal=D("100000"), disbursed_on=DAY, n=12).to_dict()
        changed(annual_rate_pct=D("20"), amortization="bullet", grace_kind="grace_free", every=3)
        assert Terms.from_dict(kept).annual_rate_pct == 14
        assert Terms.from_dict(kept).amortization == "level"

    def test_rule_S1_a_product_can_be_withdrawn_from_a_day(self):
        changed(in_force_until=date(2026, 6, 30))
        assert products.product_on("cleaner-process", date(2026, 6, 30))
        with refused("S-1", "is not offered on that day"):
            products.product_on("cleaner-process", date(2026, 7, 1))

    def test_rule_G5_new_terms_are_neither_backdated_nor_empty(self):
        with refused("G-5", "today or a later day"):
            changed(since=START, annual_rate_pct=D("13"))
        with refused("G-5", "Nothing was changed"):
            changed()

    @pytest.mark.parametrize("name", ["rosa", "carmen", "ada", "aldo", "lupe"])
    def test_rule_X1_products_are_the_treasurers(self, name):
        with denied():
            changed(by=name, annual_rate_pct=D("13"))
        with denied():
            offered(by=name)


class TestNewProducts:
    def test_rule_S1_a_new_product_is_offered_from_its_day(self):
        made = offered()
        assert "water" not in [product.code for product in policy.products_on(DAY)]
        assert made in policy.products_on(APRIL)
        assert AuditEvent.objects.filter(verb="product.offered", object=made.audit_ref).exists()

    def test_rule_S1_a_code_is_used_once(self):
        offered()
        with bad_input("code", "is taken"):
            offered(since=date(2026, 5, 1))

    @pytest.mark.parametrize("language", ["es", "en", "fr"])
    def test_rule_G2_a_product_has_a_name_in_each_language(self, language):
        with pytest.raises(RuleBroken, match="in Spanish, English and French") as caught:
            offered(names=NEW["names"] | {language: "  "})
        assert caught.value.field == f"name_{language}"

    def test_rule_G5_a_product_does_not_begin_in_the_past(self):
        with refused("G-5", "today or a later day"):
            offered(since=START)


IMPOSSIBLE = [
    ({"amount_max": D("1")}, "amount_max", "The largest amount is at least the smallest"),
    ({"amount_min": D("0")}, "amount_max", "above zero"),
    ({"term_default": 60}, "term_default", "The usual term lies between"),
    ({"term_min": 0}, "term_default", "The usual term lies between"),
    ({"grace_max": 48}, "grace_max", "The usual grace is at most the longest"),
    ({"grace_default": 6, "term_min": 6, "term_default": 6}, "grace_default", "nothing would be left to repay in"),
    ({"annual_rate_pct": D("-0.01")}, "annual_rate_pct", "at least 0 and at most 60"),
    ({"annual_rate_pct": D("60.01")}, "annual_rate_pct", "the policy's ceiling"),
    ({"multiple": D("60000")}, "multiple", "is larger than the instalment"),
    ({"multiple": D("10"), "amortization": "bullet"}, "multiple", "Only level instalments"),
    ({"grace_kind": "grace_capitalised", "amortization": "flat"}, "grace_max", "no such grace"),
    ({"fee_per_instalment": D("-1")}, "fee_per_instalment", "cannot be below zero"),
    ({"opening_fee_pct": D("100")}, "opening_fee_pct", "from 0 to 99"),
    ({"unit": "QUARTERS", "term_default": 35}, "term_max", "a multiple of 3"),
    ({"unit": "QUARTERS", "grace_max": 5, "grace_default": 0, "term_default": 36}, "grace_max", "a multiple of 3"),
    ({"in_force_until": START}, "in_force_until", "lies before the first"),
]  # fmt: skip


class TestImpossibleTerms:
    @pytest.mark.parametrize(("changes", "field", "sentence"), IMPOSSIBLE)
    def test_rule_S1_terms_that_cannot_be_are_refused_beside_their_field(self, changes, field, sentence):
        with pytest.raises(RuleBroken, match=sentence) as caught:
            changed(**changes)
        assert (caught.value.rule, caught.value.field) == ("S-1", field)
        assert Product.objects.filter(code="cleaner-process").count() == 1

    def test_rule_G2_the_figures_of_a_refusal_are_written_as_on_every_page(self):
        with refused("S-1", "A multiple of 60,000 is larger than the instalment of "):
            changed(multiple=D("60000"))

    def test_rule_S1_the_ceiling_is_the_policys_of_the_first_day(self):
        policy.change_policy(
            changes={"yearly_rate_max": D("0.12")}, in_force_from=APRIL, note="Lower ceiling", by=person("ada"), on=DAY
        )  # fmt: skip
        assert changed(annual_rate_pct=D("13"))
        with refused("S-1", "at most 12"):
            changed(since=APRIL, annual_rate_pct=D("12.5"))

    @pytest.mark.parametrize("values", [{"annual_rate_pct": D("-1")}, {"every": 0}])
    def test_rule_S1_the_database_refuses_them_too(self, values):
        with pytest.raises(IntegrityError):
            Product.objects.filter(pk=cleaner().pk).update(**values)


class TestTerms:
    """What a version says becomes the terms of its loans."""

    @pytest.mark.parametrize(
        ("changes", "months", "instalments"),
        [({}, 24, 24), ({"every": 2}, 24, 12), ({"unit": "QUARTERS"}, 24, 8), ({"unit": "HALF_YEARS"}, 24, 4),
         ({"unit": "WEEKS"}, 12, 52), ({"unit": "WEEKS", "every": 2}, 24, 52), ({"unit": "DAYS", "every": 10}, 12, 36)],
    )  # fmt: skip
    def test_rule_S1_a_term_in_months_is_so_many_instalments(self, changes, months, instalments):
        terms = (
            products.terms_for(changed(**changes), principal=D("100000"), disbursed_on=DAY, n=months, grace=0)
            if changes
            else products.terms_for(cleaner(), principal=D("100000"), disbursed_on=DAY, n=months, grace=0)
        )
        assert terms.n == instalments
        rows = schedule(terms)
        assert len(rows) == instalments
        assert sum(row.principal for row in rows) == D("100000")

    def test_rule_S1_a_quarterly_loan_does_not_run_for_seven_months(self):
        product = changed(unit="QUARTERS")
        with refused("S-1", "a multiple of 3"):
            products.terms_for(product, principal=D("100000"), disbursed_on=DAY, n=13)

    @pytest.mark.parametrize(("kind", "field"), [(kind, kind) for kind in Product.Graces.values])
    def test_rule_S1_grace_is_of_the_products_kind(self, kind, field):
        product = cleaner() if kind == "grace_principal" else changed(grace_kind=kind)
        terms = products.terms_for(product, principal=D("100000"), disbursed_on=DAY, n=12, grace=2)
        assert getattr(terms, field) == 2
        assert schedule(terms)[0].principal == 0 or kind in ("grace_interest", "grace_free")

    def test_rule_S1_every_other_term_is_copied(self):
        product = changed(
            reference_rate="TIIE 28", margin_pct=D("4.5"), broken_period="add_to_first", fee_per_instalment=D("25"),
            multiple=D("10"), rounding="half_even", allocation_order="principal_first", prepayment="shorter_term",
            late_rate_multiple=D("2"),
        )  # fmt: skip
        terms = products.terms_for(product, principal=D("100000"), disbursed_on=DAY, n=12, grace=0)
        assert (terms.reference_rate, terms.margin_pct, terms.broken_period) == (
            "TIIE 28",
            D("4.5"),
            "add_to_first",
        )
        assert (terms.fee_per_instalment, terms.multiple, terms.rounding) == (25, 10, "half_even")
        assert (terms.allocation_order, terms.prepayment) == ("principal_first", "shorter_term")
        assert terms.late_rate_pct == 28
        assert replace(terms).to_dict() == Terms.from_dict(terms.to_dict()).to_dict()
