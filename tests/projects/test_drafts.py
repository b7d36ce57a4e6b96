"""What a draft offers and how it ends: techniques to pick, what the loan costs, its receipt, its deletion."""

from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts import previews
from accounts.models import AuditEvent, Notice, StoredFile
from fund import documents as papers
from fund.models import IssuedDocument
from projects import applications, drafts, invitations
from projects.examples import _effects, _rows, example_for
from projects.models import Application, FirmMember, Indicator, KeptText
from projects.preview import Preview, cover, estimate
from tests.projects.reading import post, read, step_url, text_of
from tests.stories.projects import budget_of, draft, funded, registered_firm, returned, save, submitted
from tests.world import DAY, denied, email_of, person, refused

pytestmark = pytest.mark.django_db


# Techniques --------------------------------------------------------------------------------------


def test_every_technique_of_every_sector_has_its_usual_effect():
    known = set(Indicator.objects.values_list("code", flat=True))
    named = {technique["en"] for row in _rows() for technique in row["techniques"]}
    assert named == set(_effects())
    for name, effects in _effects().items():
        for code, least, most in effects:
            assert code in known, name
            assert 0 < least < most <= 100, name


def test_rule_A5_the_applicant_picks_a_technique_and_reads_what_it_usually_brings(as_, begun):
    save(begun, "firm", {"sector": registered_firm().sector}, person("lupe"))
    lupe = as_("lupe")
    page = read(lupe, step_url(begun, "project"))
    assert "Chrome precipitation and reuse Chromium not discharged 80 to 95 %" in page
    assert example_for(begun.firm.sector).techniques[0].effects
    sent = {"title": "Cromo", "picked": "Chrome precipitation and reuse", "technique": ""}
    assert lupe.post(step_url(begun, "project"), sent).status_code == 302
    begun.refresh_from_db()
    assert begun.technique == "Chrome precipitation and reuse"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Our own idea", "Our own idea"),
        ("", "Enzyme soak"),
        ("Hair-saving unhairing", "Enzyme soak"),
    ],
)
def test_rule_A5_own_words_count_before_what_was_picked(as_, begun, written, kept):
    as_("lupe").post(step_url(begun, "project"), {"picked": "Enzyme soak", "technique": written})
    begun.refresh_from_db()
    assert begun.technique == kept


def test_a_technique_of_another_sector_is_not_picked(as_, begun):
    page = post(as_("lupe"), step_url(begun, "project"), {"picked": "Lead-free glaze", "technique": ""})
    assert "Select a valid choice" in page


# Worth and cost ----------------------------------------------------------------------------------


def test_rule_A6_the_saving_is_held_against_a_year_of_instalments():
    plan = Preview("MXN", 0, None, Decimal("10000.00"), 36, Decimal("360000.00"))
    assert cover(Decimal("120000"), plan) == Decimal("1.00")
    assert cover(Decimal("60000"), plan) == Decimal("0.50")
    assert cover(Decimal("-60000"), plan) == Decimal("-0.50")
    assert cover(Decimal("1"), Preview("MXN", 0, None, Decimal(0), 0, Decimal(0))) is None


def test_rule_A6_the_budget_step_says_whether_the_saving_pays_the_loan(as_):
    application = draft(registered_firm(), papers=False)
    page = read(as_("lupe"), step_url(application, "budget"))
    assert "Yearly saving against a year of instalments" in page
    plan = estimate(application.product, Decimal("400000.00"), months=36, grace=6, on=DAY)
    assert f"{cover(Decimal('360000'), plan)}" in page


def test_an_impossible_loan_has_no_estimate():
    product = budget_of()["product"]
    assert estimate(product, Decimal("1.00"), on=DAY) is None
    assert estimate(product, Decimal("400000.00"), months=600, on=DAY) is None


# The receipt -------------------------------------------------------------------------------------


def test_rule_A7_a_submission_gives_a_receipt_with_every_hash():
    application = submitted()
    receipt = IssuedDocument.objects.get(number="F-2026-0001-V1")
    version = application.versions.get()
    assert receipt.facts["sha256"] == version.sha256
    assert len(receipt.facts["papers"]) == 4
    assert receipt.facts["submitted_by"] == "Guadalupe Torres"
    assert receipt.language == "es"
    letter = Notice.objects.get(kind="application-submitted")
    assert (
        letter.facts["receipt"] == "/documents/F-2026-0001-V1/" or "F-2026-0001-V1" in letter.facts["receipt"]
    )


def test_rule_A7_sending_again_gives_another_receipt():
    application = returned()
    applications.resubmit(
        application=application, by=person("lupe"), on=DAY, answers={"project.summary": "Así es"}
    )
    assert set(IssuedDocument.objects.values_list("number", flat=True)) == {
        "F-2026-0001-V1",
        "F-2026-0001-V2",
    }


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_A7_the_receipt_reads_well(language):
    person("lupe")
    type(person("lupe")).objects.filter(pk=person("lupe").pk).update(language=language)
    submitted()
    page = papers.html(IssuedDocument.objects.get())
    assert "F-2026-0001" in page
    assert "Curtidos La Paloma" in page
    assert "{{" not in page


def test_rule_X2_the_receipt_is_the_firms(as_):
    application = submitted()
    url = reverse("fund:document", args=["F-2026-0001-V1"])
    assert as_("lupe").get(url).status_code == 200
    assert as_("memo").get(url).status_code == 404
    page = read(as_("lupe"), application.get_absolute_url())
    assert "Receipt of submission F-2026-0001-V1" in page
    assert "Receipt of submission F-2026-0001-V1" not in read(as_("rosa"), application.get_absolute_url())


def test_rule_A5_what_was_kept_unsaved_goes_with_the_submission():
    funded()
    application = draft(registered_firm())
    KeptText.objects.create(application=application, step="firm", by=person("lupe"), texts={"typed": {}})
    applications.submit(application=application, by=person("lupe"), on=DAY)
    assert not KeptText.objects.exists()


# The end of a draft ------------------------------------------------------------------------------


def test_rule_G5_a_draft_is_deleted_with_its_papers(django_capture_on_commit_callbacks):
    application = draft(registered_firm())
    files = list(StoredFile.objects.filter(about=application.about))
    previews.preview(files[0])
    with django_capture_on_commit_callbacks(execute=True):
        drafts.delete_draft(application=application, by=person("lupe"), on=DAY)
    application.refresh_from_db()
    assert (application.state, application.title, application.amount) == ("withdrawn", "", None)
    assert not application.documents.exists()
    assert not application.expected_benefits.exists()
    assert not application.budget_lines.exists()
    assert not StoredFile.objects.exists()
    assert not any(default_storage.exists(file.content.name) for file in files)
    assert not default_storage.exists(previews.path_of(files[0]))
    event = AuditEvent.objects.get(verb="application.draft_deleted")
    assert event.before["files"] == 4


def test_rule_G5_what_was_submitted_is_not_deleted():
    application = submitted()
    with refused("G-5", "Only a draft can be deleted."):
        drafts.delete_draft(application=application, by=person("lupe"), on=DAY)
    with refused("G-5"):
        drafts.delete_draft(application=returned("memo"), by=person("memo"), on=DAY)


@pytest.mark.parametrize(
    ("role", "sentence"), [("viewer", "You may look"), ("adviser", "An adviser deletes only")]
)
def test_rule_A1_who_may_not_delete(role, sentence):
    firm = registered_firm()
    application = draft(firm, papers=False)
    found = invitations.invite(firm=firm, email=email_of("ana"), role=role, by=person("lupe"), on=DAY)
    invitations.accept(invitation=found, by=person("ana"), on=DAY)
    with denied(sentence):
        drafts.delete_draft(application=application, by=person("ana"), on=DAY)


def test_rule_A1_an_adviser_deletes_what_they_began():
    firm = registered_firm()
    FirmMember.objects.create(
        firm=firm,
        user=person("ana"),
        role="adviser",
        asked_on=DAY,
        confirmed_by=person("rosa"),
        confirmed_on=DAY,
    )
    application = applications.start(firm=firm, by=person("ana"), on=DAY)
    assert drafts.delete_draft(application=application, by=person("ana"), on=DAY).state == "withdrawn"


def test_the_page_says_what_goes_before_it_goes(as_):
    application = draft(registered_firm(), papers=False)
    lupe = as_("lupe")
    url = reverse("projects:application-delete", args=[application.uid])
    assert "Delete the draft" in read(lupe, reverse("projects:my"))
    page = read(lupe, url)
    assert "are gone for good, for everybody of the firm" in page
    assert as_("memo").get(url).status_code == 404
    assert "The draft was deleted." in text_of(lupe.post(url, follow=True))
    assert lupe.get(url).url == application.get_absolute_url()
    assert application.title not in read(lupe, reverse("projects:my"))


def test_every_field_that_is_filled_in_is_cleared():
    kept = {
        "id", "uid", "ref", "firm", "state", "state_since", "currency", "started_by", "started_on", "from_paper",
        "submitted_by", "submitted_on", "returned_from", "completed_on", "decided_on", "approved_amount",
        "approved_amount_currency", "agreement", "session", "resolution", "loan", "commissioned_on",
        "amount_currency", "investment_currency", "officer",
    }  # fmt: skip
    named = {field.name for field in Application._meta.concrete_fields}
    assert named - kept == set(drafts.FILLED_IN)


def test_a_submitted_file_leads_back_to_its_page(as_):
    application = submitted()
    url = reverse("projects:application-delete", args=[application.uid])
    assert as_("lupe").post(url).url == application.get_absolute_url()
    assert Application.objects.exists()
