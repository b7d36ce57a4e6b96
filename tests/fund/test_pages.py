"""The pages of books, capital, policy and rates: who opens them, what they cost, what they say when refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.clock import today
from accounts.models import User
from fund import capital
from fund.models import Contribution, Entry, ExchangeRate, PolicyVersion, Receipt
from fund.policy import policy_on
from tests.stories import fund as story
from tests.world import DAY, person

D = Decimal
TODAY = today().isoformat()


@pytest.fixture
def at(client: Client, db):
    """A browser of one of the cast who reads English."""

    def sign_in(name: str) -> Client:
        User.objects.filter(pk=person(name).pk).update(language="en")
        client.force_login(User.objects.get(pk=person(name).pk))
        return client

    return sign_in


def text_of(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def confirm(browser: Client, url: str, data: dict, *, key: str = "form-1"):
    """Send the form, then the confirmation page's copy of it; returns both answers."""
    first = browser.post(url, data | {"key": key})
    return first, browser.post(url, data | {"key": key, "confirmed": "yes"})


READERS = {
    "/ledger/": {"carmen", "teresa", "aldo"},
    "/ledger/balances/": {"carmen", "teresa", "aldo"},
    "/ledger/checks/": {"carmen", "teresa", "aldo"},
    "/ledger/export/csv/": {"carmen", "teresa", "aldo"},
    "/capital/": {"rosa", "carmen", "teresa", "aldo", "carlos", "nora", "ines", "sofia", "dario", "bruno"},
    "/capital/pledge/": {"teresa"},
    "/policy/": {"rosa", "carmen", "teresa", "aldo", "carlos", "nora", "ines", "sofia", "dario", "bruno", "ada",
                 "tomas"},
    "/policy/change/": {"ada"},
    "/policy/products/cleaner-process/change/": {"teresa"},
    "/policy/rates/add/": {"teresa"},
    "/policy/rates/import/": {"teresa"},
}  # fmt: skip
CAST = (
    "rosa",
    "tomas",
    "sofia",
    "carlos",
    "nora",
    "ines",
    "dario",
    "carmen",
    "teresa",
    "bruno",
    "aldo",
    "ada",
    "lupe",
)


class TestAccess:
    @pytest.mark.parametrize("url", READERS)
    def test_rule_X1_each_page_opens_for_its_roles_only(self, at, url):
        opened = {name for name in CAST if at(name).get(url).status_code == 200}
        assert opened == READERS[url]

    @pytest.mark.parametrize("url", READERS)
    def test_rule_X2_who_is_not_signed_in_signs_in_first(self, client, db, url):
        answer = client.get(url)
        assert answer.status_code == 302
        assert "login" in answer["Location"]

    @pytest.mark.parametrize("url", ["/ledger/999999/", "/capital/K-1900-01/", "/policy/products/none/",
                                     "/ledger/export/pdf/"])  # fmt: skip
    def test_what_is_not_there_is_404(self, at, url):
        assert at("teresa").get(url).status_code == 404


def fill(number: int, *, since: int = 0) -> None:
    """So many entries, contributions and rates."""
    for n in range(since, number):
        story.entry(f"e{n}", "10.00", debit="1010", credit="4010", tranche="OWN", loan=f"L-{n}")
        story.contributed("100.00", on=DAY, by=("cec", "funtec", "semarnat")[n % 3])
        story.dollar("18.0000", since=story.MONEY_DAY - timedelta(days=n))


class TestCost:
    PAGES = (
        "/ledger/", "/ledger/?q=e1&account=1010", "/ledger/balances/", "/capital/", "/capital/?sector=tanning&state=11",
        "/policy/rates/", "/policy/", "/capital/K-2026-01/", "/policy/products/cleaner-process/",
    )  # fmt: skip

    def test_a_page_asks_at_most_12_queries_whatever_the_length(self, at):
        fill(3)
        browser = at("teresa")
        pages = (*self.PAGES, f"/ledger/{Entry.objects.first().pk}/")
        for url in pages:
            browser.get(url)
        few = {url: self.count(browser, url) for url in pages}
        fill(30, since=3)
        assert {url: self.count(browser, url) for url in pages} == few
        assert {url: asked for url, asked in few.items() if asked > 12} == {}

    def count(self, browser: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(url)
        assert answer.status_code == 200, url
        assert len(answer.content) < 150_000, url
        return len(asked)


class TestLedgerPages:
    def test_rule_L1_the_journal_is_searched_and_filtered(self, at):
        story.entry("due:L-1", "10.00")
        story.entry("paid:L-2", "20.00", debit="1010", credit="1200", tranche="OWN")
        browser = at("carmen")
        assert "due:L-1" in text_of(browser.get("/ledger/"))
        assert "paid:L-2" not in text_of(browser.get("/ledger/?q=due"))
        assert "due:L-1" not in text_of(browser.get("/ledger/?account=1010"))
        assert "due:L-1" not in text_of(browser.get("/ledger/?since=2026-03-03"))
        assert "due:L-1" not in text_of(browser.get("/ledger/?currency=USD"))

    def test_rule_L1_an_entry_shows_its_lines_and_its_reversal(self, at):
        entry = story.entry("due:L-1", "1234.50", loan="L-2026-0001", project="F-2026-0001")
        from fund import ledger

        undone = ledger.reverse(entry, source="u", reason="Typed twice", by=person("teresa"), on=DAY)
        page = text_of(at("aldo").get(f"/ledger/{entry.pk}/"))
        assert "1200 Loans, principal" in page
        assert "L-2026-0001" in page
        assert f"Entry {undone.pk} has reversed this one." in page
        page = text_of(at("aldo").get(f"/ledger/{undone.pk}/"))
        assert f"This entry reverses entry {entry.pk}." in page
        assert "Typed twice" in page

    def test_rule_L4_balances_are_of_a_day_and_a_basis(self, at):
        story.entry("a", "77.00", on=DAY - timedelta(days=40), booked=DAY)
        browser = at("teresa")
        early = (DAY - timedelta(days=1)).isoformat()
        assert "77.00" in text_of(browser.get(f"/ledger/balances/?on={early}&basis=value"))
        assert "77.00" not in text_of(browser.get(f"/ledger/balances/?on={early}&basis=booking"))
        assert "Enter a valid date." in text_of(browser.get("/ledger/balances/?on=soon"))

    def test_rule_L3_the_checks_page_says_that_the_books_agree(self, at):
        page = text_of(at("aldo").get("/ledger/checks/"))
        assert "The books agree" in page
        assert "the trial balance is zero" in page
        assert "trial_balance_is_zero" not in page

    def test_rule_L3_the_checks_page_shows_a_finding(self, at, monkeypatch):
        from accounts.registries import Finding
        from fund.views import ledger as page

        found = Finding("x", "entry:7", "0.00", "0.01 MXN", "Entry 7 does not balance in MXN.")
        monkeypatch.setattr(page, "run_checks", lambda _on: [found])
        shown = text_of(at("aldo").get("/ledger/checks/"))
        assert "1 finding" in shown
        assert "Entry 7 does not balance in MXN." in shown

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "beancount"])
    def test_rule_L5_the_journal_downloads(self, at, kind):
        story.entry("due:L-1", "10.00")
        answer = at("aldo").get(f"/ledger/export/{kind}/")
        assert f'attachment; filename="journal-{TODAY}.{kind}"' in answer["Content-Disposition"]
        assert len(b"".join(answer.streaming_content)) > 100


PLEDGE = {"amount": "265,000.00", "currency": "USD", "agreement": "CT-2026-02-R05", "sector": "", "state": "",
          "purpose": ""}  # fmt: skip


class TestCapitalPages:
    def pledge(self, **more: str) -> dict:
        return PLEDGE | {"institution": str(story.institution("economia").pk)} | more

    def test_rule_K1_a_pledge_is_shown_before_it_is_recorded(self, at):
        first, second = confirm(at("teresa"), "/capital/pledge/", self.pledge())
        assert "Record this pledge?" in text_of(first)
        assert "265,000.00 USD" in text_of(first)
        made = Contribution.objects.get()
        assert (made.amount, made.currency, made.agreement) == (D("265000.00"), "USD", "CT-2026-02-R05")
        assert second.status_code == 302
        assert second["Location"] == f"/capital/{made.ref}/"

    def test_rule_G6_the_first_click_writes_nothing(self, at):
        at("teresa").post("/capital/pledge/", self.pledge())
        assert not Contribution.objects.exists()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({"amount": "-5"}, "−5.00 must be above zero."), ({"amount": "0"}, "0.00 must be above zero."),
         ({"amount": "lots"}, "“lots” is not a number we can read. Write it like 1,234.56 or 1234.56."),
         ({"amount": "50.000"}, "“50.000” could mean 50,000 or 50. Write it without a mark for thousands."),
         ({"amount": "99999999999999"}, "is more than the most, 9,999,999,999,999.99."),
         ({"amount": ""}, "This field is required."), ({"institution": "0"}, "Select a valid choice."),
         ({"currency": "XAU"}, "Select a valid choice. XAU is not one of the available choices."),
         ({"currency": "CLP", "amount": "10.50"}, "10.50 has more decimals than CLP.")],
    )  # fmt: skip
    def test_rule_A5_bad_input_is_named_beside_its_field_and_kept(self, at, change, sentence):
        _first, answer = confirm(at("teresa"), "/capital/pledge/", self.pledge(**change))
        page = text_of(answer).replace("&#x27;", "'")
        assert sentence in page
        assert not Contribution.objects.exists()
        if change.get("amount"):
            assert f'value="{change["amount"]}"' in page

    def test_rule_A5_a_decimal_comma_is_understood(self, at):
        confirm(at("teresa"), "/capital/pledge/", self.pledge(amount="265.000,50"))
        assert Contribution.objects.get().amount == D("265000.50")

    def test_rule_K1_a_receipt_shows_its_entry_before_it_is_booked(self, at):
        made = story.pledged("1000.00")
        data = {"amount": "600", "received_on": DAY.isoformat()}
        first, second = confirm(at("teresa"), f"/capital/{made.ref}/receive/", data)
        page = text_of(first)
        assert "Book this receipt?" in page
        assert "1010 Cash at banks · 600.00 MXN" in page
        assert "3010 Contributed capital · 600.00 MXN" in page
        assert second.status_code == 302
        assert made.received().amount == D("600.00")
        assert "Still to come" in text_of(at("teresa").get(f"/capital/{made.ref}/"))

    def test_rule_P5_a_doubled_click_books_once(self, at):
        made = story.pledged("1000.00")
        browser, url = at("teresa"), f"/capital/{made.ref}/receive/"
        data = {"amount": "600", "received_on": DAY.isoformat(), "key": "k", "confirmed": "yes"}
        assert [browser.post(url, data).status_code for _n in range(3)] == [302, 302, 302]
        assert Receipt.objects.count() == 1
        assert Entry.objects.count() == 1

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [({"amount": "1000.01"}, "Only 1,000.00 MXN of K-2026-01 is still to come."),
         ({"received_on": "2026-01-14"}, "money cannot have arrived before"),
         ({"received_on": (today() + timedelta(days=1)).isoformat()}, "is in the future."),
         ({"received_on": "31/02/2026"}, "Enter a valid date."), ({"amount": "-1"}, "must be above zero")],
    )  # fmt: skip
    @pytest.mark.parametrize("confirmed", ["", "yes"])
    def test_rule_K1_a_receipt_that_cannot_be_is_refused_at_either_step(self, at, data, sentence, confirmed):
        made = story.pledged("1000.00")
        sent = {"amount": "10", "received_on": DAY.isoformat(), "key": "k", "confirmed": confirmed} | data
        answer = at("teresa").post(f"/capital/{made.ref}/receive/", sent)
        assert sentence in text_of(answer)
        assert 'name="confirmed" value="yes"' not in text_of(answer)
        assert not Receipt.objects.exists()

    def test_rule_K3_the_page_shows_what_may_be_lent_with_its_parts(self, at):
        story.contributed("1000000.00")
        story.contributed("50000.00", sector=story.sector("tanning"))
        browser = at("carlos")
        page = text_of(browser.get(f"/capital/?on={DAY}"))
        for part in (
            "Cash at banks",
            "Reserve: 5 % of capital",
            "Approved and not paid out",
            "Earmarked money",
        ):
            assert part in page
        assert "Record a pledge" not in page
        assert capital.lendable(DAY, currency="MXN").total.amount == D("947500.00")
        assert "947,500" in page
        assert "997,500" in text_of(browser.get(f"/capital/?on={DAY}&sector=tanning"))
        assert "No capital yet" in text_of(browser.get("/capital/?on=1990-01-01"))
        assert "Select a valid choice" in text_of(browser.get(f"/capital/?on={DAY}&sector=gold")).replace(
            "&#x27;", "'"
        )


class TestPolicyPages:
    def fields(self, **more: str) -> dict:
        """The form as it stands, with changes."""
        from fund.views.policy import PolicyForm

        form = PolicyForm(current=policy_on(today()))
        shown = {name: form[name].value() for name in form.fields if name not in ("key", "confirmed")}
        kept = {name: value for name, value in shown.items() if value not in (None, False)}
        return {"in_force_from": TODAY, "note": "Decided in CT-2026-01-R01"} | {
            name: "on" if value is True else str(value) for name, value in kept.items()
        } | more  # fmt: skip

    def test_rule_G1_a_change_shows_before_and_after_and_then_holds(self, at):
        later = (today() + timedelta(days=30)).isoformat()
        data = self.fields(loan_share_max="70", in_force_from=later)
        first, second = confirm(at("ada"), "/policy/change/", data)
        assert "Loan, at most of the investment" in text_of(first)
        assert "80 %, from then on 70 %" in text_of(first)
        assert second.status_code == 302, text_of(second)
        assert policy_on(today()).loan_share_max == D("0.80")
        assert policy_on(today() + timedelta(days=30)).loan_share_max == D("0.70")
        assert PolicyVersion.objects.latest("pk").values["lapse_days"] == 90

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({}, "Nothing was changed."), ({"loan_share_max": "101"}, "101 % is more than the most, 100 %."),
         ({"lapse_days": "-1"}, "−1 days is below zero."), ({"lapse_days": "12.5"}, "“12.5” must be a whole number."),
         ({"lapse_days": "60", "note": ""}, "This field is required."),
         ({"lapse_days": "60", "in_force_from": "2020-01-01"}, "in force from today or a later day")],
    )  # fmt: skip
    def test_rule_G5_what_cannot_be_a_policy_is_refused(self, at, change, sentence):
        _first, answer = confirm(at("ada"), "/policy/change/", self.fields(**change))
        assert sentence in text_of(answer)
        assert PolicyVersion.objects.count() == 1

    def test_the_policy_page_names_settings_with_their_rule(self, at):
        page = text_of(at("nora").get("/policy/"))
        assert 'Loan, at most of the investment <span class="muted nowrap">(A-4)</span></dt><dd>80 %' in page
        assert "Cleaner process loan" in page
        assert "CEC Council Resolution 96-12" in page


class TestRatePages:
    RATE = {"day": "2026-02-27", "base": "USD", "quote": "MXN", "rate": "18.1234", "source": "Banxico FIX"}

    def test_rule_M4_a_rate_is_typed(self, at):
        assert at("teresa").post("/policy/rates/add/", self.RATE).status_code == 302
        assert ExchangeRate.objects.get(on="2026-02-27").rate == D("18.1234")
        assert "18.1234" in text_of(at("nora").get("/policy/rates/"))

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({"rate": "0"}, "0 must be above zero."), ({"rate": "-1"}, "must be above zero"),
         ({"rate": "18,123"}, "could mean 18,123 or 18.123"), ({"quote": "USD"}, "joins two different currencies"),
         ({"day": "2099-01-01"}, "is in the future."), ({"rate": "18.6"}, "is kept as 18.5 already; 18.6 differs.")],
    )  # fmt: skip
    def test_rule_M4_a_rate_that_cannot_be_is_refused(self, at, change, sentence):
        story.dollar("18.5000", since=DAY - timedelta(days=3))
        answer = at("teresa").post("/policy/rates/add/", self.RATE | change)
        assert sentence in text_of(answer)
        assert not ExchangeRate.objects.filter(rate="18.6").exists()

    def upload(self, browser: Client, content: bytes, name: str = "rates.csv"):
        return browser.post("/policy/rates/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)

    def test_rule_M4_a_file_is_imported_and_again_adds_nothing(self, at):
        content = b"date,base,quote,rate,source\n2026-02-26,USD,MXN,18.1,FIX\n2026-02-27,USD,MXN,18.2,FIX\n"
        assert "2 rates are new." in text_of(self.upload(at("teresa"), content))
        assert "0 rates are new. 2 were known." in text_of(self.upload(at("teresa"), content))

    def test_rule_M4_a_file_with_a_wrong_line_imports_nothing_and_says_where(self, at):
        content = b"date,base,quote,rate,source\n2026-02-26,USD,MXN,18.1,FIX\n2026-02-27,USD,MXN,dear,FIX\n"
        page = text_of(self.upload(at("teresa"), content))
        assert "Nothing was imported: see what is wrong below." in page
        assert "“dear” is not a number we can read." in page
        assert not ExchangeRate.objects.filter(on="2026-02-26").exists()

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "The submitted file is empty."),
            (b"%PDF-1.7 \xff\xfe", "The file is not UTF-8 text."),
            (b"x" * 1_000_001, "“rates.csv” is larger than 1 MB; import it in parts."),
            (b"a,b\n1,2\n", "The first line must name the columns"),
        ],
    )
    def test_rule_X5_a_file_that_is_no_table_is_refused(self, at, content, sentence):
        assert sentence in text_of(self.upload(at("teresa"), content))

    def test_a_long_list_of_errors_is_cut_and_counted(self, at):
        lines = "".join(f"2026-02-31,USD,MXN,{n},x\n" for n in range(1, 71))
        page = text_of(self.upload(at("teresa"), b"date,base,quote,rate,source\n" + lines.encode()))
        assert "and 20 more lines" in page
