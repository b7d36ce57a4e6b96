"""Rule G-4: a firm of Chile, Colombia or Peru registers, is sized by its rule and applies in its currency."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from djmoney.money import Money

from committee.money import Purse
from fund import products, rates
from fund.lending import position
from fund.models import AdminUnit, CountryProfile, Sector
from projects import applications, documents, firms
from projects.documents import required_kinds
from projects.forms.benefits import BenefitsStep
from projects.forms.budget import BudgetStep
from projects.models import Application
from projects.sizes import currency_of, size_rule_on, sizing
from tests.projects.reading import read
from tests.stories import fund
from tests.stories import projects as story
from tests.world import DAY, bad_input, person, refused

pytestmark = pytest.mark.django_db

D = Decimal


@dataclass(frozen=True)
class Country:
    tax_id: str
    kept: str
    wrong: str
    currency: str
    state: str
    sales: str
    size: str
    unit: str
    per_dollar: str
    per_peso: str
    loan: str
    lines: tuple[str, str]
    shown: str


COUNTRIES = {
    "CL": Country("76.086.428-5", "760864285", "76.086.428-6", "CLP", "13", "900000000", "small", "UF",
                  "950", "52.44", "8000000", ("9000000", "1000000"), "76.086.428-5"),
    "CO": Country("213.123.432-1", "2131234321", "213.123.432-9", "COP", "05", "5000000000", "small", "UVT",
                  "4100", "226.33", "40000000", ("45000000", "5000000"), "213.123.432-1"),
    "PE": Country("20512333797", "20512333797", "20512333798", "PEN", "15", "900000", "small", "UIT",
                  "3.75", "0.207", "80000.00", ("90000.00", "10000.00"), "20512333797"),
}  # fmt: skip


@pytest.fixture(params=sorted(COUNTRIES))
def code(request):
    return request.param


@pytest.fixture
def country(code):
    return COUNTRIES[code]


def firm_of(code, **changes):
    known = COUNTRIES[code]
    details = {
        "legal_name": "Curtiembre Ñandú", "sector": Sector.objects.get(code="tanning"),
        "state": AdminUnit.objects.get(country=code, code=known.state), "municipality": "Centro",
        "address": "Calle 1", "phone": "+56 2 2345 6789", "email": "hola@nandu.example", "workers": 30,
        "women_workers": 9, "yearly_sales": D(known.sales),
    }  # fmt: skip
    firm = firms.register_firm(
        country=code, tax_id=known.tax_id, by=person("memo"), on=DAY, **(details | changes)
    )
    firms.confirm_member(member=firm.members.get(), by=person("rosa"), on=DAY)
    firm.refresh_from_db()
    return firm


def offered(code):
    """A loan in the country's currency, as the treasurer would offer it, and the day's rates."""
    known = COUNTRIES[code]
    values = {
        "names": {"es": "Crédito local", "en": "Local loan", "fr": "Prêt local"},
        "amount_min": D(known.loan) / 4, "amount_max": D(known.loan) * 2, "annual_rate_pct": D("14"),
        "amortization": "level", "day_count": "1/12", "holiday_rule": "following", "term_min": 6,
        "term_default": 24, "term_max": 36, "grace_default": 0, "grace_max": 3,
    }  # fmt: skip
    story.funded()
    for base, rate in (("USD", known.per_dollar), ("MXN", known.per_peso)):
        rates.record_rate(
            base=base, quote=known.currency, day=DAY, rate=D(rate), source="test", by=person("teresa"), on=DAY
        )
    return products.offer_product(
        code=f"local-{code.lower()}", purpose="prevention", currency=known.currency, values=values,
        in_force_from=DAY, by=person("teresa"), on=DAY,
    )  # fmt: skip


def drafted(code):
    """Everything filled in, in the country's currency."""
    known, by = COUNTRIES[code], person("memo")
    product = offered(code)
    application = applications.start(firm=firm_of(code), by=by, on=DAY)
    project = {**story.PROJECTS["lupe"], "costs": ("2000000", "1000000")}
    texts = {name: project[name] for name in ("title", "technique", "summary", "change")}
    story.save(application, "project", {**texts, "purpose": "reuse", "audit_plan": ""}, by)
    benefits = {**story.benefits_of(project), "benefit_note": "Precios del país; hay recibos."}
    story.save(application, "benefits", benefits, by)
    lines = tuple(("equipment", f"Línea {n}", cost) for n, cost in enumerate(known.lines))
    own = str(sum(D(cost) for cost in known.lines) - D(known.loan))
    budget = {
        **story.budget_of(known.loan, own, lines),
        "product": product,
        "term_months": 24,
        "grace_months": 0,
    }
    story.save(application, "budget", budget, by)
    for kind in required_kinds(application):
        documents.add_document(
            application=application, kind=kind.value, upload=story.paper(f"{kind.value}.pdf"), by=by, on=DAY
        )
    application.refresh_from_db()
    return application


def test_rule_G4_the_tax_id_is_checked_by_the_countrys_algorithm(code, country):
    firm = firm_of(code)
    assert (firm.tax_id, firm.tax_id_doubtful) == (country.kept, False)


def test_rule_G4_a_wrong_check_digit_is_refused(code, country):
    with bad_input("tax_id"):
        firms.register_firm(country=code, tax_id=country.wrong, by=person("memo"), on=DAY)


@pytest.mark.parametrize("text", ["", "1", "letters", "0" * 30, "CPA950612QX1"])
def test_rule_G4_what_is_no_tax_id_of_the_country_is_refused(code, text):
    with bad_input("tax_id"):
        firms.register_firm(country=code, tax_id=text, by=person("memo"), on=DAY)


def test_rule_G4_the_firm_is_sized_by_its_countrys_rule(code, country):
    assert firm_of(code).size_class == country.size
    assert size_rule_on(code, DAY).index_name == country.unit


def test_rule_G4_the_unit_of_account_is_that_of_the_year():
    assert size_rule_on("CO", date(2025, 6, 1)).index_value == D("49799")
    assert size_rule_on("CO", date(2026, 6, 1)).index_value == D("52374")
    assert size_rule_on("CO", date(2030, 6, 1)).index_year == 2026
    assert size_rule_on("PE", date(2025, 6, 1)).index_value == D("5350")


@pytest.mark.parametrize(
    ("code", "units", "size"),
    [("CL", "2400", "micro"), ("CL", "2400.01", "small"), ("CL", "100000.01", "large"),
     ("PE", "150", "micro"), ("PE", "1700", "small"), ("PE", "2300.01", "large"),
     ("CO", "23563", "micro"), ("CO", "204995", "small"), ("CO", "1736565.01", "large")],
)  # fmt: skip
def test_rule_G4_the_limits_are_in_the_unit_and_belong_to_the_smaller_class(code, units, size):
    sales = D(units) * size_rule_on(code, DAY).index_value
    found = sizing(country=code, sector=Sector.objects.get(code="tanning"), workers=10, sales=sales, on=DAY)
    assert found.size.value == size


def test_rule_G4_the_country_has_its_regions_its_names_and_its_currency(code, country):
    profile = CountryProfile.objects.in_force(DAY).get(country=code)
    for names in (profile.names, profile.tax_id_names, profile.unit_names):
        assert {language for language, text in names.items() if text} == {"es", "en", "fr"}
    assert currency_of(code, DAY) == country.currency
    assert AdminUnit.objects.filter(country=code).count() >= 16


def test_rule_G4_the_firm_applies_in_its_currency_and_gets_its_number(code, country):
    application = applications.submit(application=drafted(code), by=person("memo"), on=DAY)
    assert application.ref == "F-2026-0001"
    assert str(application.amount.currency) == str(application.investment.currency) == country.currency
    assert application.amount.amount == D(country.loan)
    assert application.versions.get().snapshot["currency"] == country.currency


def test_rule_G4_the_budget_offers_the_loans_of_the_country(code, country):
    application = drafted(code)
    form = BudgetStep(application=application, on=DAY, initial={})
    assert {product.currency for product in form.fields["product"].queryset} == {country.currency}
    places = 0 if country.currency == "CLP" else 2
    assert form.fields["amount"].decimals == form.rows.forms[0].fields["amount"].decimals == places


def test_rule_G4_a_mexican_firm_is_not_offered_a_loan_in_another_currency(code):
    offered(code)
    application = story.draft(story.registered_firm())
    form = BudgetStep(application=application, on=DAY, initial={})
    assert {product.currency for product in form.fields["product"].queryset} == {"MXN"}


def test_rule_G4_without_a_loan_in_its_currency_the_firm_sees_all_of_them():
    application = applications.start(firm=firm_of("CL"), by=person("memo"), on=DAY)
    assert application.currency == "CLP"
    form = BudgetStep(application=application, on=DAY, initial={})
    assert form.fields["product"].queryset.count() == 3


def test_rule_G4_the_staff_read_the_file_in_the_countrys_words(code, country, as_):
    application = applications.submit(application=drafted(code), by=person("memo"), on=DAY)
    page = read(as_("rosa"), reverse("projects:application-file", args=[application.uid]))
    assert country.shown in page
    assert country.currency in page
    assert "Curtiembre Ñandú" in read(as_("rosa"), reverse("projects:search") + "?q=nandu")


def test_rule_A5_the_examples_say_that_their_money_is_mexican(code):
    application = drafted(code)
    form = BenefitsStep(application=application, on=DAY, initial={})
    for name in ("cost_before", "cost_after"):
        assert " MXN" in form.fields[name].help_text
        assert COUNTRIES[code].currency not in form.fields[name].help_text


def test_rule_K3_the_capital_page_names_the_currencies_without_money(as_, code, country):
    offered(code)
    page = read(as_("teresa"), reverse("fund:capital"))
    assert f"Nothing may be lent in {country.currency}" in page
    assert f'id="money-{country.currency}"' not in page
    assert "Nothing may be lent" not in read(as_("teresa"), reverse("fund:capital") + "?on=2000-01-01")


def test_rule_K3_the_page_says_nothing_where_every_currency_offered_has_money(as_):
    story.funded()
    assert "Nothing may be lent" not in read(as_("teresa"), reverse("fund:capital"))


def test_rule_K3_a_purse_without_money_is_known_as_such(code, country):
    """What the committee reads before a vote: nothing of this currency at a bank, nothing to be drawn."""
    offered(code)
    asked = Money(D(country.loan), country.currency)
    empty = Purse(position(DAY).lendable(country.currency), asked)
    assert (empty.known, empty.covers, empty.currency) == (False, False, country.currency)
    full = Purse(position(DAY).lendable("MXN"), Money(D(1), "MXN"))
    assert (full.known, full.covers) == (True, True)


def test_rule_M4_a_loan_without_a_rate_to_the_dollar_says_so():
    application = drafted("CL")
    later = DAY + timedelta(days=20)
    fund.dollar(since=later - timedelta(days=1))
    with refused("M-4", "CLP"):
        applications.submit(application=application, by=person("memo"), on=later)
    assert Application.objects.get().ref is None
