"""The pages of the staff, who is let in where, and how many queries a page takes."""

import pytest
from django.urls import reverse

from projects import firms
from projects.models import Application, Firm, FirmMember
from tests.projects.reading import post, read, step_url, text_of
from tests.stories.projects import (
    draft,
    funded,
    registered_firm,
    submitted,
)
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


# The staff ---------------------------------------------------------------------------------------

CHECKED = dict.fromkeys(("readable", "same_firm", "quotes", "baseline", "prevention", "cash_flow"), "on")


def test_rule_A8_the_check_wants_the_whole_list(as_):
    application = submitted()
    rosa, url = as_("rosa"), reverse("projects:application-check", args=[application.uid])
    assert "Tick it once you have seen it" in post(rosa, url, {"go": "complete", "readable": "on"})
    both = {**CHECKED, "go": "complete", "return-project.title": "¿Cuál?"}
    assert "return the file, or clear it" in post(rosa, url, both)
    post(rosa, url, {**CHECKED, "go": "complete"}, status=302)
    application.refresh_from_db()
    assert application.state == "complete"
    read(rosa, url, status=403)


def test_rule_A7_the_check_returns_fields_with_reasons(as_):
    application = submitted()
    rosa, url = as_("rosa"), reverse("projects:application-check", args=[application.uid])
    assert "Flag at least one field, with the reason." in post(rosa, url, {"go": "return"})
    post(rosa, url, {"go": "return", "return-project.title": "¿Cuál línea?"}, status=302)
    assert application.field_returns.get().reason == "¿Cuál línea?"


def test_rule_A8_what_waits_is_on_the_loan_officers_home(as_):
    submitted()
    firms.register_firm(country="MX", tax_id="CPA950612QX1", by=person("ana"), on=DAY)
    page = read(as_("rosa"), reverse("accounts:work"))
    assert "Applications to check" in page
    assert "People who say to act for a firm" in page


def test_rule_A1_a_request_is_confirmed_or_turned_down_on_its_page(as_):
    registered_firm()
    claim = firms.register_firm(country="MX", tax_id="CPA950612QX1", role="adviser", by=person("ana"), on=DAY)
    link = claim.members.get()
    url = reverse("projects:firm-request", args=[link.pk])
    rosa = as_("rosa")
    assert "This firm is on record" in read(rosa, url)
    read(as_("memo"), url, status=404)
    assert "Say why, in a sentence" in post(
        rosa, reverse("projects:firm-request-refuse", args=[link.pk]), {"reason": ""}
    )
    post(as_("lupe"), url, {"role": "adviser"}, status=302)
    assert FirmMember.objects.filter(
        user=person("ana"), firm__legal_name__contains="Paloma", confirmed_on=DAY
    ).exists()
    read(rosa, url, status=404)


OWN_PAGES = ("application", "application-file", "application-withdraw", "application-review-request")


@pytest.mark.parametrize("name", ["memo", "diana", "tomas"])
def test_rule_X2_another_firms_application_is_404_on_every_address(as_, name):
    application = submitted()
    stranger = as_(name)
    urls = [reverse(f"projects:{page}", args=[application.uid]) for page in OWN_PAGES]
    urls += [
        step_url(application, step)
        for step in ("firm", "project", "benefits", "budget", "documents", "review")
    ]
    urls += [reverse("projects:application-version", args=[application.uid, 1])]
    for url in urls:
        assert stranger.get(url).status_code == 404, url
    document = application.documents.first()
    assert stranger.post(reverse("projects:application-submit", args=[application.uid])).status_code == 404
    assert (
        stranger.post(reverse("projects:document-remove", args=[application.uid, document.pk])).status_code
        == 404
    )
    assert stranger.get(reverse("accounts:file", args=[document.file.uid])).status_code == 404


@pytest.mark.parametrize("url", ["applications", "firms", "firm-requests"])
def test_rule_X1_the_staffs_lists_are_403_to_a_firm(as_, url):
    assert as_("lupe").get(reverse(f"projects:{url}")).status_code == 403


def test_rule_X2_the_check_is_403_to_readers_and_404_to_strangers(as_):
    url = reverse("projects:application-check", args=[submitted().uid])
    for name in ("teresa", "lupe", "memo"):
        assert as_(name).get(url).status_code == 403


def test_a_step_that_does_not_exist_is_404(as_, begun):
    assert as_("lupe").get(step_url(begun, "nothing")).status_code == 404


# Queries -----------------------------------------------------------------------------------------


def many(number):
    """So many submitted files of as many firms, by the short way: only the lists' queries matter here."""
    lupe, base = person("lupe"), registered_firm()
    for at in range(number):
        firm = Firm.objects.create(
            country="MX", tax_id=f"T{at:04d}", legal_name=f"Taller {at}", sector=base.sector, state=base.state,
            created_by=lupe, created_on=DAY, confirmed_by=person("rosa"), confirmed_on=DAY,
        )  # fmt: skip
        FirmMember.objects.create(
            firm=firm, user=lupe, asked_on=DAY, confirmed_by=person("rosa"), confirmed_on=DAY
        )
        Application.objects.create(
            firm=firm, ref=f"F-2026-{at:04d}", title="x", state="submitted", state_since=DAY, started_by=lupe,
            started_on=DAY, submitted_by=lupe, submitted_on=DAY,
        )  # fmt: skip


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("name", "url"), [("rosa", "applications"), ("rosa", "firms"), ("rosa", "firm-requests"), ("lupe", "my")]
)
def test_lists_take_the_same_few_queries(as_, django_assert_max_num_queries, rows, name, url):
    many(rows)
    client = as_(name)
    with django_assert_max_num_queries(12):
        read(client, reverse(f"projects:{url}"))


@pytest.mark.parametrize("step", ["firm", "project", "benefits", "budget", "documents", "review"])
def test_steps_take_few_queries(as_, django_assert_max_num_queries, step):
    funded()
    application = draft(registered_firm())
    client = as_("lupe")
    client.get(step_url(application, step))
    with django_assert_max_num_queries(12):
        read(client, step_url(application, step))


@pytest.mark.parametrize("name", ["application", "application-file", "application-check"])
def test_pages_of_the_staff_take_few_queries(as_, django_assert_max_num_queries, name):
    application = submitted()
    client = as_("rosa")
    client.get(reverse(f"projects:{name}", args=[application.uid]))
    with django_assert_max_num_queries(12):
        read(client, reverse(f"projects:{name}", args=[application.uid]))


@pytest.fixture
def asker(db):
    """Ana, who says to act for a firm on record."""
    registered_firm()
    claim = firms.register_firm(country="MX", tax_id="CPA950612QX1", by=person("ana"), on=DAY)
    return claim.members.get()


def test_rule_A1_a_request_is_turned_down_with_words_that_the_person_reads(as_, asker):
    url = reverse("projects:firm-request-refuse", args=[asker.pk])
    answer = as_("rosa").post(url, {"reason": "No la conocemos en la firma"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("projects:firm-requests")
    assert "The request was turned down." in text_of(answer)
    asker.refresh_from_db()
    assert asker.left_on == DAY
    read(as_("rosa"), reverse("projects:firm-request", args=[asker.pk]), status=404)


def test_rule_A1_an_owner_who_turned_a_request_down_is_back_at_the_firm(as_, asker):
    url = reverse("projects:firm-request-refuse", args=[asker.pk])
    answer = as_("lupe").post(url, {"reason": "No trabaja aquí"}, follow=True)
    record = registered_firm()
    assert answer.redirect_chain[-1][0] == reverse("projects:firm", args=[record.pk])


def test_rule_A1_nobody_else_turns_a_request_down_or_learns_of_it(as_, asker):
    for name in ("firm-request", "firm-request-refuse"):
        for stranger in ("memo", "ana", "tomas"):
            answer = as_(stranger).post(reverse(f"projects:{name}", args=[asker.pk]), {"reason": "x"})
            assert answer.status_code == 404
    assert as_("rosa").get(reverse("projects:firm-request", args=[0])).status_code == 404


def test_rule_A1_a_role_that_does_not_exist_is_refused_and_confirms_nobody(as_, asker):
    page = post(as_("rosa"), reverse("projects:firm-request", args=[asker.pk]), {"role": "king"})
    assert "Select a valid choice" in page
    asker.refresh_from_db()
    assert asker.confirmed_on is None


def test_rule_G6_nobody_confirms_himself_on_the_page(as_):
    """Staff, too, wait for a second person."""
    claim = firms.register_firm(
        country="MX", tax_id="CPA950612QX1", by=person("rosa"), on=DAY, legal_name="Curtidos"
    )
    url = reverse("projects:firm-request", args=[claim.members.get().pk])
    assert as_("rosa").post(url, {"role": "owner"}).status_code == 403
    assert not claim.members.filter(confirmed_on__isnull=False).exists()
