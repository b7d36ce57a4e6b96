"""Rules G-1, S-1, S-6, M-4: dated policy, products, VAT and rates."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.errors import RuleBroken
from accounts.models import AuditEvent
from fund import policy, products, rates, reference
from fund.models import (
    AdminUnit,
    CountryProfile,
    ExchangeRate,
    Fund,
    Institution,
    PolicyVersion,
    Product,
    Sector,
)
from fund.policy import DEFAULT, Policy, policy_on
from fund.settings_of import GROUPS
from loans.arithmetic.schedule import schedule
from tests.stories import fund as story
from tests.world import DAY, START, bad_input, denied, person, refused

D = Decimal


def change(
    by: str = "ada", since: date = DAY, note: str = "Decided CT-2026-01-R01", **changes: object
) -> PolicyVersion:
    return policy.change_policy(changes=changes, in_force_from=since, note=note, by=person(by), on=DAY)


@pytest.mark.django_db
class TestPolicy:
    def test_rule_G1_the_first_policy_is_the_regulation(self):
        found = policy_on(START)
        assert found == DEFAULT
        assert (found.loan_share_max, found.exposure_max_usd, found.exposure_share_max) == (
            D("0.80"), D("50000.00"), D("0.05"),
        )  # fmt: skip
        assert (found.completeness_days, found.lapse_days, found.review_days) == (5, 90, 15)
        assert (found.late_rate_multiple, found.late_grace_days) == (D("1.5"), 3)
        assert found.provision_rates == (0, D("0.05"), D("0.20"), D("0.50"), 1)
        assert found.reminder_offsets == (-14, -7, -1, 0, 3, 15, 30, 60)

    def test_rule_G1_every_value_survives_being_stored(self):
        for name, value in vars_of(DEFAULT).items():
            stored = vars_of(policy.from_values(DEFAULT.values()))[name]
            assert stored == value
            assert type(stored) is type(value)

    def test_rule_G1_a_change_holds_from_its_day_and_not_before(self):
        version = change(loan_share_max=D("0.70"), since=date(2026, 4, 1))
        assert policy_on(date(2026, 3, 31)).loan_share_max == D("0.80")
        assert policy_on(date(2026, 4, 1)).loan_share_max == D("0.70")
        assert policy_on(date(2026, 4, 1)).lapse_days == 90
        trail = AuditEvent.objects.get(verb="policy.changed", object=version.audit_ref)
        assert (trail.before, trail.after) == ({"loan_share_max": "0.80"}, {"loan_share_max": "0.70"})

    def test_rule_G5_a_policy_changes_no_day_that_is_past(self):
        with refused("G-5", "in force from today or a later day"):
            change(loan_share_max=D("0.70"), since=DAY - timedelta(days=1))

    def test_rule_G5_a_change_says_why_and_changes_something(self):
        with refused("G-5", "Say why"):
            change(note="  ", lapse_days=60)
        with refused("G-5", "Nothing was changed"):
            change(lapse_days=90)

    def test_rule_G5_a_second_version_of_a_day_stands_for_the_first(self):
        change(lapse_days=60)
        change(lapse_days=45)
        assert policy_on(DAY).lapse_days == 45
        assert PolicyVersion.objects.filter(in_force_from=DAY).count() == 2

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [("loan_share_max", D("1.2"), "A share is between 0 and 1, not 1.2"), ("lapse_days", -1, "“-1” is below zero"),
         ("lapse_days", "soon", "“soon” does not fit here"), ("colour", 1, "“colour” is no setting of the policy")],
    )  # fmt: skip
    def test_rule_G1_a_value_that_makes_no_sense_is_named(self, name, value, sentence):
        with bad_input(name, sentence):
            change(**{name: value})

    @pytest.mark.parametrize("name", ["teresa", "carlos", "aldo", "lupe"])
    def test_rule_X1_only_the_administrator_changes_policy(self, name):
        with denied():
            change(name, lapse_days=60)

    def test_every_setting_that_a_person_can_change_is_one_of_the_policy(self):
        shown = [setting.name for group in GROUPS for setting in group.settings]
        assert len(shown) == len(set(shown))
        assert set(shown) <= {field.name for field in fields(Policy)}


def vars_of(found: Policy) -> dict:
    return {field.name: getattr(found, field.name) for field in fields(Policy)}


@pytest.mark.django_db
class TestProducts:
    def test_rule_S1_products_are_dated(self):
        assert [p.code for p in policy.products_on(date(1996, 12, 1))] == ["prevention-usd"]
        assert [p.code for p in policy.products_on(DAY)] == [
            "audit-upgrade",
            "cleaner-process",
            "good-housekeeping",
        ]
        assert [p.code for p in policy.products_on(date(2005, 1, 1))] == []
        with refused("S-1", "“prevention-usd” is not offered on that day"):
            products.product_on("prevention-usd", DAY)

    def test_rule_S1_the_first_years_terms_are_those_of_the_calibration(self):
        product = products.product_on("prevention-usd", date(1997, 1, 15))
        terms = products.terms_for(product, principal=D("23958.33"), disbursed_on=date(1997, 1, 15))
        assert (terms.n, terms.grace_principal, terms.annual_rate_pct) == (36, 6, D("12"))
        assert (terms.vat_pct, terms.late_rate_pct, terms.late_grace_days) == (D("15"), D("18"), 3)
        rows = schedule(terms)
        assert [row.principal for row in rows[:6]] == [0] * 6
        assert rows[0].interest == D("239.58")
        assert sum(row.principal for row in rows) == D("23958.33")

    def test_rule_S6_a_schedule_knows_the_coming_rate_of_vat(self):
        product = products.product_on("cleaner-process", DAY)
        terms = products.terms_for(product, principal=D("100000"), disbursed_on=date(2009, 6, 1), n=12)
        assert (terms.vat_pct, terms.vat_changes) == (D("15"), ((date(2010, 1, 1), D("16")),))

    @pytest.mark.parametrize(
        ("values", "rule", "field", "sentence"),
        [({"principal": D("49999.99")}, "A-4", "amount", "lends from 50,000.00\xa0MXN to 900,000.00\xa0MXN"),
         ({"principal": D("900000.01")}, "A-4", "amount", "lends from"),
         ({"n": 11}, "S-1", "term_months", "runs from 12 to 48 months"),
         ({"n": 49}, "S-1", "term_months", "runs from 12 to 48 months"),
         ({"grace": 7}, "S-1", "grace_months", "lets principal wait for at most 6 months"),
         ({"grace": -1}, "S-1", "grace_months", "at most 6 months")],
    )  # fmt: skip
    def test_rule_A4_what_a_product_does_not_offer_is_refused_with_its_limits(
        self, values, rule, field, sentence
    ):
        product = products.product_on("cleaner-process", DAY)
        with pytest.raises(RuleBroken, match=sentence) as caught:
            products.terms_for(product, **{"principal": D("100000"), "disbursed_on": DAY} | values)
        assert (caught.value.rule, caught.value.field) == (rule, field)


@pytest.mark.django_db
class TestVatAndRates:
    def test_rule_S6_vat_is_15_percent_to_the_end_of_2009_and_16_after(self):
        assert rates.vat_on(date(1996, 12, 1)) == 15
        assert rates.vat_on(date(2009, 12, 31)) == 15
        assert rates.vat_on(date(2010, 1, 1)) == 16
        assert rates.vat_on(DAY, "CL") == 0
        assert rates.vat_on(DAY, "PE") == 18

    def test_rule_S6_a_policy_can_exempt(self):
        change(vat_on_interest=False)
        assert rates.vat_on(DAY) == 0
        assert rates.vat_changes_after(DAY) == ()
        assert rates.vat_on(DAY - timedelta(days=1)) == 16

    @pytest.mark.parametrize(
        ("day", "rate"),
        [(date(2012, 11, 7), "13.0432"), (date(2017, 6, 15), "18.1154"), (date(2021, 6, 23), "20.2505")],
    )
    def test_rule_M4_known_days_of_the_fix(self, day, rate):
        found = rates.rate_on("USD", "MXN", day)
        assert (found.rate, found.on, found.source) == (D(rate), day, "Banxico FIX")

    def test_rule_M4_the_last_rate_within_five_days_stands_else_a_clear_error(self):
        known = date(2021, 6, 23)
        found = rates.rate_on("USD", "MXN", known + timedelta(days=5))
        assert (found.rate, found.on) == (D("20.2505"), known)
        with refused("M-4", "no exchange rate USD to MXN for 29\xa0Jun\xa02021 or the 5 days before it"):
            rates.rate_on("USD", "MXN", known + timedelta(days=6))
        with refused("M-4", "no exchange rate"):
            rates.rate_on("USD", "MXN", known - timedelta(days=1))

    def test_rule_M4_a_pair_is_turned_and_a_currency_is_worth_itself(self):
        assert rates.converted(D("20250.50"), "MXN", "USD", date(2021, 6, 23)) == D("1000.00")
        assert rates.rate_on("MXN", "MXN", START).rate == 1
        with refused("M-4", "CAD to USD"):
            rates.rate_on("CAD", "USD", date(2021, 6, 23))

    def test_rule_M4_a_day_has_one_rate(self):
        story.dollar("18.5000")
        story.dollar("18.5000")
        assert ExchangeRate.objects.filter(on=story.MONEY_DAY).count() == 1
        with refused("M-4", "USD to MXN of 15\xa0Jan\xa02026 is kept as 18.5 already; 18.6 differs"):
            story.dollar("18.6000")
        with denied():
            rates.record_rate(
                base="USD", quote="MXN", day=DAY, rate=D("1"), source="", by=person("rosa"), on=DAY
            )

    def test_rule_M4_a_file_is_read_line_by_line(self):
        lines, errors = rates.read_rates(
            b"date,base,quote,rate,source\n2026-02-27,USD,MXN,18.1234,Banxico FIX\n26/02/2026,usd,mxn,18.2,x\n",
            on=DAY,
        )
        assert errors == []
        assert [(line.line, line.day.isoformat(), line.rate) for line in lines] == [
            (2, "2026-02-27", D("18.1234")), (3, "2026-02-26", D("18.2")),
        ]  # fmt: skip
        assert rates.import_rates(lines=lines, by=person("teresa"), on=DAY) == 2
        assert rates.import_rates(lines=lines, by=person("teresa"), on=DAY) == 0

    @pytest.mark.parametrize("text", [b"date;base;quote;rate;source\n27/02/2026;USD;MXN;18,1234;Banxico FIX\n",
                                      b"\xef\xbb\xbfdate,base,quote,rate,source\r\n2026-02-27,USD,MXN,18.1234,B\r\n"])  # fmt: skip  # noqa: E501
    def test_rule_M4_files_of_spreadsheets_are_read(self, text):
        lines, errors = rates.read_rates(text, on=DAY)
        assert errors == []
        assert [line.rate for line in lines] == [D("18.1234")]

    def test_rule_M4_every_wrong_line_is_named_and_nothing_is_taken(self):
        story.dollar("18.5000", since=date(2026, 2, 20))
        text = """date,base,quote,rate,source
2026-02-31,USD,MXN,18,x
2026-03-03,USD,MXN,18,x
2026-02-02,XAU,MXN,18,x
2026-02-02,USD,USD,18,x
2026-02-02,USD,MXN,-18,x
2026-02-02,USD,MXN,dear,x
2026-02-20,USD,MXN,18.6,x
2026-02-21,USD,MXN,18.1,x
2026-02-21,USD,MXN,18.2,x
2026-02-22
"""
        lines, errors = rates.read_rates(text.encode(), on=DAY)
        assert [(error.line, error.message) for error in errors if "is kept as" not in error.message] == [
            (2, "“2026-02-31” is not a day. Write it like 2026-03-02 or 02/03/2026."),
            (3, "2026-03-03 is in the future."),
            (4, "“XAU” is no currency of the fund (MXN, USD, CAD, COP, PEN, EUR, CLP)."),
            (5, "A rate joins two currencies, not USD with itself."),
            (6, "“-18” is no rate above zero."),
            (7, "“dear” is not a number we can read. Write it like 1,234.56 or 1234.56."),
            (11, "“” is no currency of the fund (MXN, USD, CAD, COP, PEN, EUR, CLP)."),
        ]
        assert [(error.line) for error in errors if "is kept as" in error.message] == [8, 10]
        assert len(lines) == 3

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [(b"", "The first line must name the columns date, base, quote, rate, source; missing: date,"),
         (b"date,base,quote,rate,source\n", "no line below the column names"),
         ("día,base\n".encode("latin-1"), "not UTF-8 text"), (b"\x00\x01PNG", "The first line must name"),
         (b"date,rate\n2026-01-01,3\n", "missing: base, quote, source")],
    )  # fmt: skip
    def test_rule_M4_a_file_that_is_no_table_says_so(self, content, sentence):
        lines, (error,) = rates.read_rates(content, on=DAY)
        assert sentence in error.message
        assert lines == []


@pytest.mark.django_db
class TestReference:
    def test_rule_G1_the_fund_is_fiprev(self):
        fund = Fund.objects.get()
        assert (fund.name, fund.country, fund.administrator.short_name) == ("Fiprev", "MX", "Funtec")
        assert {founder.short_name for founder in fund.founders.all()} == {"CEC", "Funtec", "Concamin"}
        assert fund.legal_basis["en"] == "CEC Council Resolution 96-12"

    def test_reference_data_may_be_loaded_again_and_changes_nothing(self):
        models = (AdminUnit, CountryProfile, Institution, Sector, Product, PolicyVersion, ExchangeRate)
        before = [list(model.objects.order_by("pk").values()) for model in models]
        reference.load()
        assert [list(model.objects.order_by("pk").values()) for model in models] == before

    @pytest.mark.parametrize(("country", "count"), [("MX", 32), ("CL", 16), ("CO", 33), ("PE", 25)])
    def test_rule_G4_every_country_has_its_units(self, country, count):
        assert AdminUnit.objects.filter(country=country).count() == count

    def test_rule_G4_states_bear_the_numbers_of_the_statistics_office(self):
        assert AdminUnit.objects.get(country="MX", code="11").name == "Guanajuato"
        assert AdminUnit.objects.get(country="MX", code="09").ref == "MX-09"
        names = [unit.name for unit in AdminUnit.objects.filter(country="MX")]
        assert names.index("México") < names.index("Michoacán") < names.index("Morelos")

    def test_rule_G4_profiles_are_dated(self):
        now = {profile.country: profile for profile in CountryProfile.objects.in_force(DAY)}
        assert set(now) == {"MX", "CL", "CO", "PE"}
        assert now["MX"].size_rule["kind"] == "score"
        assert now["CL"].currency == "CLP"
        (then,) = CountryProfile.objects.in_force(date(2002, 11, 30))
        assert (then.country, then.size_rule["source"]) == ("MX", "DOF 30/03/1999")

    def test_names_are_there_in_three_languages(self):
        for model in (Sector, Institution, Product, CountryProfile):
            for row in model.objects.all():
                assert set(row.names) == {"es", "en", "fr"}
                assert all(row.names.values())

    def test_sectors_of_the_sheet_are_there_with_their_codes(self):
        assert Sector.objects.get(code="tanning").scian == "316110"
        assert Sector.objects.get(code="dry-cleaning").kind == "services"
        assert Sector.objects.count() == 15
