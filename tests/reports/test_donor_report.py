"""The donor report: facts, sealing, languages, verification (Rules R-1, R-3, B-8, B-9)."""

import hashlib
import re
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.models import Notice
from fund import documents
from fund.models import IssuedDocument
from projects import goals
from reports import charts, donor_report, figures, public, tasks
from reports.donor_report import GroupRow
from reports.models import Chart
from reports.report_charts import CHARTS
from tests.kept import kept
from tests.stories import committee, fund
from tests.stories import loans as loan_story
from tests.stories.benefits import operating, verified
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


def one_paid_out():
    """One loan of 400,000 pesos paid out on the second of March."""
    fund.contributed(on=DAY.replace(month=1))
    fund.dollar(since=DAY.replace(month=1), until=DAY)
    application, _resolution = committee.approved_application(on=DAY.replace(day=1, month=2))
    return loan_story.paid_out(application, on=DAY)


told, loan = kept(one_paid_out)


def issued(year=2026):
    return donor_report.issue(year=year, by=person("bruno"), on=DAY)


def test_rule_R1_the_facts_show_money_loans_and_repayment(loan):
    report = donor_report.facts(year=2026, on=DAY)
    (total,) = report.totals
    assert (total.currency, total.loans, total.amount) == ("MXN", 1, D("400000.00"))
    flows = {flow.code: flow.amount for flow in report.cash[0].flows}
    assert flows["contributions"] == 20_000_000
    assert flows["disbursed"] == -400_000
    assert report.cash[0].closing == sum(flows.values())
    assert report.repayment[0].outstanding == 400_000
    assert report.repayment[0].repaid_pct is None
    assert report.revolutions == {"MXN": D("0.02")}


def test_rule_P7_what_fell_due_and_was_not_paid_lowers_the_ratio(loan):
    first = loan_story.rows(loan)[0]
    (row,) = figures.repayment(first.pay_on)
    assert row.repaid_pct == 0
    loan_story.pay_row(loan, 1)
    (row,) = figures.repayment(first.pay_on)
    assert row.repaid_pct == 100
    assert row.interest_paid == row.interest_due == first.interest


def test_rule_B9_targets_stand_beside_results_and_keep_their_counting_rule(loan):
    goals.set_target(year=2026, indicator="F1", value=D(4), by=person("bruno"), on=DAY)
    goals.set_target(year=2027, indicator="W1", value=D(1000), by=person("bruno"), on=DAY)
    now, later = donor_report.facts(year=2026, on=DAY).targets
    assert (now.code, now.rule, now.result, now.share_pct) == ("F1", "O", 1, 25)
    assert (later.code, later.rule, later.result) == ("W1", "A", None)


def test_a_target_is_above_zero_and_of_a_known_indicator():
    with bad_input("value", "above zero"):
        goals.set_target(year=2026, indicator="F1", value=D(0), by=person("bruno"), on=DAY)
    with bad_input("indicator", "no indicator"):
        goals.set_target(year=2026, indicator="Z9", value=D(1), by=person("bruno"), on=DAY)
    with denied():
        goals.set_target(year=2026, indicator="F1", value=D(1), by=person("lupe"), on=DAY)


def test_rule_R1_a_report_is_sealed_under_one_number_in_three_languages(loan):
    made = issued()
    assert [document.number for document in made] == ["DR-2026-01-ES", "DR-2026-01-EN", "DR-2026-01-FR"]
    assert len({document.facts_sha256 for document in made}) == 1
    assert made[0].facts["totals"][0]["amount"] == "400000.00"
    assert issued()[0].number == "DR-2026-02-ES"


def test_a_report_is_announced_to_the_donors(loan):
    diana = person("diana")
    issued()
    assert Notice.objects.filter(kind="report-issued", recipient=diana).exists()


def test_nothing_to_report_is_said_plainly():
    with refused("R-1", "nothing to report"):
        issued(DAY.year - 1)


def test_only_those_who_may_issue(loan):
    for name in ("diana", "lupe", "aldo"):
        with denied():
            donor_report.issue(year=2026, by=person(name), on=DAY)


def test_rule_R1_the_bytes_are_made_once_and_stay(loan):
    document = issued()[1]
    data = documents.pdf(document)
    assert data.startswith(b"%PDF")
    kept = IssuedDocument.objects.get(pk=document.pk)
    assert bytes(kept.content) == data
    assert kept.sha256 == hashlib.sha256(data).hexdigest()


# Charts


def test_rule_R5_a_chart_is_drawn_once_and_kept(loan):
    facts = donor_report.as_data(donor_report.facts(year=2026, on=DAY))
    spec = CHARTS["loans"](facts)
    first = charts.svg(spec, language="es")
    assert first.startswith('<svg role="img" aria-label="')
    assert first.count("aria-") == 1, "the drawing library names its parts in English"
    assert "style=" not in first
    assert "<script" not in first
    assert charts.svg(spec, language="es") == first
    assert Chart.objects.count() == 1


def test_rule_R5_declared_results_are_hatched_so_that_grey_print_shows_them():
    facts = {
        "benefit_years": [{"code": "W1", "year": 2025, "verified": "10", "declared": "5"}],
        "names": {"W1": {"en": "Water saved"}}, "units": {"W1": "m³"},
    }  # fmt: skip
    drawn = charts.svg(CHARTS["W1"](facts), language="en")
    assert "<pattern" in drawn
    assert 'fill="url(#h' in drawn


def test_rule_R5_a_chart_is_one_named_picture_and_says_nothing_in_another_language(loan):
    facts = donor_report.as_data(donor_report.facts(year=2026, on=DAY))
    with translation.override("fr"):
        drawn = charts.svg(CHARTS["loans"](facts), language="fr")
    assert re.match(r'<svg role="img" aria-label="[^"]+"', drawn)
    assert drawn.count("aria-label") == 1
    assert not re.search(r"axis for|legend for|category:|graphics-", drawn)


def test_rule_R5_a_chart_with_targets_has_its_name_too():
    point = charts.Point("2002", "loans", D(13))
    spec = charts.bars(
        title="Loans per year", unit="loans", series=[charts.Series("loans", charts.DEEP)], points=[point],
        targets={"2003": D(60)}, target_name="target",
    )  # fmt: skip
    assert charts.svg(spec, language="en").startswith('<svg role="img" aria-label="Loans per year"')


# Pages


def test_the_report_page_opens_for_its_readers_only(client, loan):
    url = reverse("reports:donor", args=[2026])
    for name, status in (("diana", 200), ("bruno", 200), ("lupe", 403)):
        client.force_login(person(name))
        assert client.get(url).status_code == status, name
    assert client.get(reverse("reports:donor", args=[1990])).status_code in (403, 404)


def test_rule_R1_issuing_asks_first_and_then_seals(client, loan):
    client.force_login(person("bruno"))
    url = reverse("reports:issue", args=[2026])
    with_warning = client.get(url)
    assert "never changed" in with_warning.content.decode() or with_warning.status_code == 200
    assert not IssuedDocument.objects.filter(kind="donor-report").exists()
    client.post(url)
    assert IssuedDocument.objects.filter(kind="donor-report").count() == 3


def test_a_sealed_report_is_downloaded_by_its_readers(client, loan):
    number = issued()[0].number
    client.force_login(person("diana"))
    answer = client.get(reverse("reports:document", args=[number]))
    assert answer["Content-Type"] == "application/pdf"
    assert number in answer["Content-Disposition"]
    client.force_login(person("memo"))
    assert client.get(reverse("reports:document", args=[number])).status_code == 403


def test_rule_R1_without_the_means_to_draw_a_pdf_the_page_says_so(client, loan, monkeypatch):
    def none(*_args, **_options):
        raise documents.NoRenderer("PDFs cannot be made on this machine.")

    monkeypatch.setattr(documents, "pdf", none)
    client.force_login(person("diana"))
    answer = client.get(reverse("reports:document", args=[issued()[0].number]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("reports:donor", args=[2026])
    assert "PDFs cannot be made on this machine." in answer.content.decode()


def test_rule_R1_the_worker_makes_the_bytes_that_nobody_has_opened(loan):
    made = issued()
    for document in made[1:]:
        documents.pdf(document)
    assert (tasks.draw_reports(), tasks.draw_reports()) == (1, 0)
    assert IssuedDocument.objects.get(pk=made[0].pk).sha256


def test_rule_R1_verify_shows_number_kind_date_language_and_hash_never_a_name(client, loan):
    document = issued()[1]
    documents.pdf(document)
    page = client.get(reverse("reports:verified", args=[document.number])).content.decode()
    for text in (document.number, document.facts_sha256, IssuedDocument.objects.get(pk=document.pk).sha256):
        assert text in page
    assert person("bruno").full_name not in page


def test_rule_R1_a_file_is_compared_with_the_sealed_one(client, loan):
    client.cookies["django_language"] = "en"
    document = issued()[1]
    data = documents.pdf(document)
    url = reverse("reports:verified", args=[document.number])
    same = client.post(url, {"file": SimpleUploadedFile("report.pdf", data)})
    assert "genuine" in same.content.decode()
    other = client.post(url, {"file": SimpleUploadedFile("report.pdf", data + b" ")})
    assert "differs" in other.content.decode()


def test_an_unknown_number_is_said_plainly(client):
    client.cookies["django_language"] = "en"
    answer = client.get(reverse("reports:verified", args=["DR-1999-09-ES"]))
    assert answer.status_code == 404
    assert "no document with the number DR-1999-09-ES" in answer.content.decode()
    moved = client.get(reverse("reports:verify"), {"number": " dr-2026-01-es "})
    assert moved["Location"] == reverse("reports:verified", args=["DR-2026-01-ES"])


def test_rule_B7_names_are_for_those_allowed(client):
    done = verified(operating())
    donor_report.rollup_year(year=2025, by=person("bruno"), on=DAY)
    url = reverse("reports:trace", args=[2025, "W1"])
    client.force_login(person("berta"))
    assert str(done.application.firm) in client.get(url).content.decode()
    client.force_login(person("diana"))
    page = client.get(url).content.decode()
    assert done.reference in page
    assert str(done.application.firm) not in page


def test_the_public_page_shows_verified_apart_from_declared(client):
    client.cookies["django_language"] = "en"
    verified(operating())
    donor_report.rollup_year(year=2025, by=person("bruno"), on=DAY)
    page = client.get(reverse("reports:results")).content.decode()
    assert "Water saved" in page
    assert "Declared only (V1)" in page
    assert "Paloma" not in page


def test_the_public_page_without_results_says_so(client):
    client.cookies["django_language"] = "en"
    assert "No results yet" in client.get(reverse("reports:results")).content.decode()


# Small groups


def group(key, loans):
    return GroupRow(key, {"en": key}, "MXN", loans, D(100), {"W1": D(10)})


def shown(firms):
    rows = [group(key, count) for key, count in firms.items()]
    return {item.name.split(" ")[0]: item.loans for item in public.public_groups(rows, firms, 3)}


def test_rule_R3_groups_of_fewer_than_three_firms_are_merged():
    assert shown({"tanning": 35, "food": 2, "glass": 1}) == {"tanning": 35, "Others": 3}


def test_rule_R3_a_merged_group_is_never_small_itself():
    assert shown({"tanning": 35, "food": 4, "glass": 1}) == {"tanning": 35, "Others": 5}


def test_rule_R3_large_groups_stand_alone():
    assert shown({"tanning": 35, "food": 4}) == {"tanning": 35, "food": 4}
