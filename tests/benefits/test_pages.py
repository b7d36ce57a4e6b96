"""Pages of results: the firm reports on a phone, the staff verifies with evidence beside (Rules B-2 to B-5, X-2)."""

import re
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core import mail
from django.urls import reverse

from accounts import outbox
from projects.benefit_pages import MeasureCard, history, measure_cards
from projects.models import ExpectedBenefit, Indicator, Measurement
from projects.results_due import ask_for_results
from tests.kept import kept
from tests.stories.benefits import STARTED, YEAR_END, drafted, operating, reported, verified
from tests.stories.fund import dollar
from tests.stories.loans import PDF, scan
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _story_day(monkeypatch):
    """The pages ask the clock; here it is the day of the cast."""
    for module in ("views_benefits", "views_measurements"):
        monkeypatch.setattr(f"projects.{module}.today", lambda: DAY)


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


told, project = kept(operating)


def as_person(client, name):
    user = person(name)
    type(user).objects.filter(pk=user.pk).update(language="en")
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def measure_url(project, code="W1"):
    promised = ExpectedBenefit.objects.get(application=project, indicator__code=code)
    return reverse("projects:measure", args=[project.uid, promised.pk])


def filled(**changes):
    return {
        "period_from": str(STARTED), "period_to": str(YEAR_END), "production": "500", "production_unit": "t",
        "reading": "9000", "unit": "m3", "kind": "bill", "note": "",
    } | changes  # fmt: skip


def text_of(answer):
    return " ".join(answer.content.decode().split())


# The firm


def test_rule_B5_a_firm_reports_sees_the_arithmetic_and_sends(client, project):
    as_person(client, "lupe")
    made = client.post(measure_url(project), filled(files=scan("recibo.pdf")))
    draft = Measurement.objects.get()
    assert made["Location"] == reverse("projects:measurement_review", args=[draft.pk])
    page = text_of(client.get(made["Location"]))
    for part in ("15,000", "9,000", "6,000", "recibo.pdf", "Send to the fund"):
        assert part in page, part
    client.post(made["Location"], {"note": ""})
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert draft.evidence.get().file.name == "recibo.pdf"


def test_rule_B5_the_reminders_link_opens_the_form_with_the_period_to_report(client, project, settings):
    settings.NOTICE_DIGEST_SECONDS = 0
    lupe = person("lupe")
    type(lupe).objects.filter(pk=lupe.pk).update(language="en")
    ask_for_results(on=YEAR_END + timedelta(days=1), by=type(lupe).objects.system())
    outbox.send_due()
    found = [
        re.search(r"https?://[^/]+(/applications/\S+/results/\S*)", letter.body) for letter in mail.outbox
    ]
    (link,) = filter(None, found)
    as_person(client, "lupe")
    answer = client.get(link[1])
    assert link[1] == measure_url(project)
    assert answer.context["form"].initial["period_from"] == STARTED
    assert answer.context["form"].initial["period_to"] == YEAR_END


def test_the_next_report_starts_where_the_last_one_ended(client, project):
    reported(project)
    as_person(client, "lupe")
    form = client.get(measure_url(project)).context["form"]
    assert form.initial["period_from"] == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reading": "nine"}, "is not a number we can read"),
        ({"production": "0"}, "must be above zero"),
        ({"reading": "-3"}, "is below zero"),
        ({"period_to": "2026-12-31"}, "its last day is still to come"),
        ({"period_to": str(STARTED), "period_from": str(YEAR_END)}, "ends before it begins"),
        ({"period_from": "01/13/2025"}, "Enter a valid date"),
        ({"reading": "999999999999"}, "too large to be true"),
        ({"unit": "kg"}, "is not one of the available choices"),
        ({"files": scan("virus.pdf", b"MZ\x90\x00 not a pdf")}, "is not one of the kinds we can keep"),
        ({"files": scan("empty.pdf", b"")}, "empty"),
    ],
)
def test_bad_input_keeps_what_was_typed_and_says_what_is_wrong(client, project, changes, sentence):
    as_person(client, "lupe")
    page = text_of(client.post(measure_url(project), filled(**changes)))
    assert sentence in page
    assert "500" in page
    assert not Measurement.objects.exists()


def test_a_file_of_twenty_megabytes_is_refused_with_its_size(client, project):
    as_person(client, "lupe")
    page = text_of(
        client.post(measure_url(project), filled(files=scan("big.pdf", PDF + b"0" * 20 * 1024 * 1024)))
    )
    assert "a file may have at most" in page
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("typed", "saving"), [("9000,5", "5999.5"), ("9,000.50", "5999.5"), ("9 000", "6000")]
)
def test_numbers_are_read_as_people_write_them(client, project, typed, saving):
    as_person(client, "lupe")
    client.post(measure_url(project), filled(reading=typed))
    assert f"{Measurement.objects.get().saving.normalize():f}" == saving


def test_a_doubled_click_sends_one_report(client, project):
    as_person(client, "lupe")
    mine = drafted(project)
    url = reverse("projects:measurement_review", args=[mine.pk])
    client.post(url, {"note": ""})
    again = client.post(url, {"note": ""})
    assert again.status_code == 200
    assert Measurement.objects.filter(state="submitted").count() == 1


def test_unusual_figures_ask_for_a_sentence_and_never_block(client, project):
    as_person(client, "lupe")
    made = client.post(measure_url(project), filled(reading="100"))
    assert "is exceptional" in text_of(client.get(made["Location"]))
    client.post(made["Location"], {"note": "We now reuse every bath."})
    sent = Measurement.objects.get()
    assert (sent.state, sent.note, sent.implausible) == ("submitted", "We now reuse every bath.", True)


def test_a_returned_report_shows_why_and_is_changed_with_a_reason(client, project):
    from projects import measurements

    sent = reported(project)
    measurements.return_(measurement=sent, reason="Is this one meter or two?", by=person("bruno"), on=DAY)
    as_person(client, "lupe")
    url = reverse("projects:measurement_edit", args=[sent.pk])
    assert "Is this one meter or two?" in text_of(client.get(url))
    client.post(url, filled(reading="9100", reason="One meter; December added"))
    assert sent.edits.get().reason == "One meter; December added"
    (told,) = [event["text"] for event in history(sent) if event["title"] == "Changed"]
    assert told.splitlines() == [
        "One meter; December added", "Used in the period: 9,000 → 9,100", "Saved: 6,000 → 5,900",
    ], "in the words of the form"  # fmt: skip


def test_a_verified_result_is_corrected_by_a_new_record(client, project):
    done = verified(project)
    as_person(client, "lupe")
    client.post(
        reverse("projects:measurement_correct", args=[done.pk]),
        filled(reading="9600", reason="One bill was counted twice", files=scan()),
    )
    new = Measurement.objects.get(corrects=done)
    assert (new.state, new.saving) == ("submitted", 5400)


def test_a_draft_is_discarded_by_its_firm(client, project):
    mine = drafted(project)
    as_person(client, "lupe")
    client.post(reverse("projects:measurement_discard", args=[mine.pk]))
    assert not Measurement.objects.exists()


def test_the_day_of_operation_is_asked_for_before_anything_else(client, project):
    type(project).objects.filter(pk=project.pk).update(commissioned_on=None)
    as_person(client, "lupe")
    url = reverse("projects:results", args=[project.uid])
    assert "Is it running yet?" in text_of(client.get(url))
    assert "This day has not come yet." in text_of(client.post(url, {"commissioned_on": "2026-12-01"}))
    client.post(url, {"commissioned_on": "2025-02-01"})
    project.refresh_from_db()
    assert project.commissioned_on == date(2025, 2, 1)


# Who sees what


@pytest.mark.parametrize(
    "name", ["results", "measure", "measurement_review", "measurement_edit", "measurement_correct"]
)
def test_rule_X2_another_firm_gets_404(client, project, name):
    sent = reported(project)
    args = {"results": [project.uid], "measure": None}.get(name, [sent.pk])
    url = measure_url(project) if args is None else reverse(f"projects:{name}", args=args)
    as_person(client, "memo")
    assert client.get(url).status_code == 404


def test_rule_X2_firms_people_do_not_open_the_staffs_page(client, project):
    sent = reported(project)
    as_person(client, "lupe")
    for name in ("measurement", "measurement_verify", "measurement_return", "measurement_reject"):
        assert client.get(reverse(f"projects:{name}", args=[sent.pk])).status_code == 403, name
    assert client.get(reverse("projects:measurements")).status_code == 403


def test_a_draft_is_the_firms_own(client, project):
    mine = drafted(project)
    as_person(client, "bruno")
    assert client.get(reverse("projects:measurement", args=[mine.pk])).status_code == 404


def test_rule_X5_evidence_opens_for_those_who_may_see_the_measurement(client, project):
    as_person(client, "lupe")
    client.post(measure_url(project), filled(files=scan("recibo.pdf")))
    stored = Measurement.objects.get().evidence.get().file
    url = reverse("accounts:file", args=[stored.uid])
    assert client.get(url).status_code == 200
    client.post(reverse("projects:measurement_review", args=[Measurement.objects.get().pk]), {"note": ""})
    as_person(client, "bruno")
    assert client.get(url).status_code == 200
    as_person(client, "memo")
    assert client.get(url).status_code == 404


# The staff


def test_rule_B4_the_officer_sees_the_evidence_beside_the_figures_and_verifies(client, project):
    sent = reported(project)
    as_person(client, "bruno")
    page = text_of(client.get(reverse("projects:measurement", args=[sent.pk])))
    for part in ("6,000", "recibo.pdf", "Verify", "Return to the firm"):
        assert part in page, part
    client.post(reverse("projects:measurement_verify", args=[sent.pk]), {"grade": "V2", "note": "Bills seen"})
    sent.refresh_from_db()
    assert (sent.state, sent.grade) == ("verified", "V2")


def test_rule_G6_the_page_says_why_one_cannot_verify_ones_own(client, project):
    sent = reported(project, by="bruno")
    as_person(client, "bruno")
    page = text_of(client.get(reverse("projects:measurement", args=[sent.pk])))
    assert "Another officer verifies this report" in page
    answer = client.post(reverse("projects:measurement_verify", args=[sent.pk]), {"grade": "V2", "note": ""})
    assert "cannot verify it" in text_of(answer)


def test_a_grade_without_proof_is_refused_beside_the_field(client, project):
    sent = reported(project, proof=False)
    as_person(client, "bruno")
    answer = client.post(reverse("projects:measurement_verify", args=[sent.pk]), {"grade": "V2", "note": ""})
    assert "needs at least one document" in text_of(answer)


def test_returning_and_rejecting_need_a_sentence(client, project):
    sent = reported(project)
    as_person(client, "bruno")
    for name in ("measurement_return", "measurement_reject"):
        assert "This field is required" in text_of(
            client.post(reverse(f"projects:{name}", args=[sent.pk]), {})
        )
    client.post(reverse("projects:measurement_return", args=[sent.pk]), {"reason": "Which month?"})
    sent.refresh_from_db()
    assert sent.state == "returned"


def test_the_queue_shows_the_unusual_ones_first(client, project):
    usual = reported(project)
    unusual = reported(project, code="D4", unit="kg", reading=None, actual_intensity=0)
    as_person(client, "bruno")
    rows = client.get(reverse("projects:measurements")).context["listing"].rows
    assert [row[0].value for row in rows] == [unusual.reference, usual.reference]


def many(project, count):
    """More reports of short periods, straight into the table."""
    first = reported(project, period_to=STARTED)
    Measurement.objects.bulk_create(
        Measurement(
            application=project, indicator=first.indicator, period_from=STARTED, period_to=STARTED, unit="m3",
            baseline_intensity=30, actual_intensity=18, production=1, production_unit="t", saving_in_unit=12,
            saving=12, state="submitted", submitted_on=DAY, reported_by=person("lupe"), reported_on=DAY,
            point=f"meter {number}",
        )
        for number in range(count - 1)
    )  # fmt: skip


@pytest.mark.parametrize("count", [3, 30])
def test_the_queue_costs_the_same_however_long_it_is(client, project, count, django_assert_max_num_queries):
    many(project, count)
    as_person(client, "bruno")
    client.get(reverse("projects:measurements"))
    with django_assert_max_num_queries(8):
        answer = client.get(reverse("projects:measurements"))
    assert len(answer.context["listing"].rows) == count


@pytest.mark.parametrize("count", [3, 30])
def test_the_firms_page_costs_the_same_however_much_was_reported(
    client, project, count, django_assert_max_num_queries
):
    many(project, count)
    as_person(client, "lupe")
    client.get(reverse("projects:results", args=[project.uid]))
    with django_assert_max_num_queries(12):
        client.get(reverse("projects:results", args=[project.uid]))


def test_a_list_is_exported(client, project):
    reported(project)
    as_person(client, "bruno")
    answer = client.get(reverse("projects:measurements"), {"export": "csv"})
    assert "Paloma" in b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(
        "utf-8-sig"
    )


# Everybody


def test_rule_B1_the_catalogue_is_open_and_complete(english):
    page = text_of(english.get(reverse("projects:indicators")))
    for code in ("W1", "D4", "R1", "Q4", "G1", "M1", "F3", "J3", "C1"):
        assert f'id="{code}"' in page, code


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_G2_every_indicator_speaks_three_languages(language):
    for indicator in Indicator.objects.all():
        assert indicator.names[language], indicator.code
        assert indicator.definitions[language], indicator.code
        assert indicator.evidence[language], indicator.code


def test_rule_B1_every_indicator_has_a_rule_a_unit_that_is_known_and_its_own_order():
    from projects.benefits import UNITS

    catalogue = list(Indicator.objects.all())
    assert len(catalogue) == 40
    assert {item.rule for item in catalogue} <= set("AOSL")
    assert {item.unit for item in catalogue} <= set(UNITS)
    assert len({item.order for item in catalogue}) == len(catalogue)


def test_rule_M1_a_firm_reads_its_saving_in_its_own_money(project, client):
    """Promised in pesos and reported in pesos: one card does not speak of two currencies."""
    promised = ExpectedBenefit.objects.get(application=project, indicator__code="M1")
    lupe = as_person(client, "lupe")
    assert promised.unit == "MXN"
    dollar(since=YEAR_END)
    data = filled(reading="1000000", unit="MXN")
    assert lupe.post(measure_url(project, "M1"), data).status_code == 302
    measurement = Measurement.objects.get(indicator__code="M1")
    (card,) = [one for one in measure_cards(project) if one.promised == promised]
    assert (card.unit, card.in_own_money) == ("MXN", True)
    assert card.rows == [(measurement, measurement.saving_in_unit)]
    page = text_of(lupe.get(reverse("projects:results", args=[project.uid])))
    assert "US$" not in page


def test_rule_B7_a_report_in_another_currency_shows_the_card_in_the_indicators_own(project):
    promised = ExpectedBenefit.objects.select_related("indicator").get(
        application=project, indicator__code="M1"
    )
    other = Measurement(unit="USD", saving=D(7), saving_in_unit=D(7), state="submitted", grade="V1")
    card = MeasureCard(promised, (other,))
    assert (card.in_own_money, card.unit, card.declared) == (False, "US$", 7)


def test_the_form_writes_the_unit_as_people_do(project, client):
    assert "m³/t" in text_of(as_person(client, "lupe").get(measure_url(project)))
