"""The letter of a decision, and the conditions that the firm meets by its proofs (A-8, C-10, D-2, N-1, N-3)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import emails, notices, registries
from accounts.errors import Denied
from accounts.formats import day_text
from accounts.models import Notice
from committee import conditions, letters, minutes, outcomes, proofs
from committee.conditions import NewCondition
from committee.models import Condition, ConditionProof, Resolution
from fund import documents
from fund.calendar import add_bank_days
from fund.models import IssuedDocument
from projects import applications, reviews
from tests.kept import kept
from tests.projects.reading import post, read, text_of
from tests.stories import committee as story
from tests.stories.projects import PNG, paper
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(days=30)
PERMIT = NewCondition(
    text="Permiso de descarga vigente", due_on=DAY + timedelta(days=60), proof="Copia del permiso"
)
OF_THE_FUND = NewCondition(
    text="Revisar la póliza", due_on=DAY + timedelta(days=60), proof="Nota", owner="officer"
)


@pytest.fixture(autouse=True)
def _the_office_is_in_april(monkeypatch):
    monkeypatch.setattr("committee.views.firm.today", lambda: LATER)


told, application = kept(lambda: story.approved_application(conditions=[PERMIT, OF_THE_FUND])[0])


@pytest.fixture
def condition(application):
    return Condition.objects.get(text=PERMIT.text)


def hand_in(condition, *, note="", upload=None, by="lupe", on=LATER):
    return proofs.hand_in(condition=condition, note=note, upload=upload, by=person(by), on=on)


def released(application):
    for letter in Notice.objects.filter(kind="decision-letter", state=Notice.State.WAITING):
        notices.release(notice=letter, by=person("sofia"), on=LATER)
    application.refresh_from_db()
    return application


# The letter ---------------------------------------------------------------------------------------


def letter_url(application):
    return reverse("committee:decision-letter", args=[application.uid])


def test_rule_N1_the_letter_opens_once_a_person_has_released_it(application, as_):
    lupe = as_("lupe")
    read(lupe, letter_url(application), status=404)
    assert "is being prepared" in read(lupe, application.get_absolute_url())
    released(application)
    assert "The letter of decision (PDF)" in read(lupe, application.get_absolute_url())
    number = f"{application.resolution}-EN"
    assert lupe.get(letter_url(application)).url == reverse("fund:document", args=[number])
    assert IssuedDocument.objects.get(number=number).facts["outcome"] == "approved"


@pytest.mark.parametrize(
    ("language", "word"), [("es", "Permiso de descarga"), ("en", "Due"), ("fr", "Permiso")]
)
def test_rule_R1_the_letter_is_sealed_in_each_language(application, language, word):
    sealed = letters.paper(released(application), language=language)
    assert word in documents.html(sealed)
    assert letters.paper(application, language=language) == sealed
    assert sealed.language == language


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("rosa", 200), ("lupe", 200), ("aldo", 200)])
def test_rule_X2_the_letter_opens_to_the_firm_and_to_readers_of_applications(application, as_, name, status):
    sealed = letters.paper(released(application), language="es")
    if not documents.can_render():
        pytest.skip("no Pango on this machine")
    assert as_(name).get(reverse("fund:document", args=[sealed.number])).status_code == status


@pytest.fixture
def rejected(db):
    application = story.evaluated(story.complete_application())
    story.recommended(application, vote="against")
    story.decided(application, vote="against")
    application.refresh_from_db()
    return application


def test_rule_A10_the_letter_of_a_rejection_says_why_and_until_when_a_review_may_be_asked_for(rejected):
    last = reviews.last_day(rejected.decided_on)
    letter = documents.html(letters.paper(released(rejected), language="en"))
    mail = emails.render(Notice.objects.get(kind="decision-letter", about__endswith=rejected.resolution))
    for text in (letter, mail.text, mail.html):
        assert "ask once for a review" in text
        assert story.GROUNDS in text
    assert day_text(last, long=True, language="en") in letter
    assert last == add_bank_days(rejected.decided_on, 15)


def test_rule_A10_a_second_rejection_offers_no_other_review(rejected):
    applications.request_review(application=rejected, facts="Doce meses de recibos", by=person("lupe"),
                                on=rejected.decided_on)  # fmt: skip
    resolution = rejected_again(rejected)
    letter = person("lupe").notices.get(kind="decision-letter", about__endswith=resolution)
    assert letter.facts["review_until"] == ""
    text = emails.render(letter).text
    assert "review" not in text
    assert "The decision stands" in text


def rejected_again(application):
    """The next letter, as the committee writes it after the review."""
    resolution = Resolution.objects.get(number=application.resolution)
    resolution.number = f"{resolution.number}X"
    outcomes._write_letter(resolution, application, [])
    return resolution.number


def test_rule_N1_the_reasons_stand_on_the_page_with_the_letter_not_before(rejected, as_):
    lupe = as_("lupe")
    assert story.GROUNDS not in read(lupe, rejected.get_absolute_url())
    released(rejected)
    assert story.GROUNDS in read(lupe, rejected.get_absolute_url())


def test_the_reasons_stand_in_the_minutes_and_not_in_the_public_extract(rejected):
    session = Resolution.objects.get(number=rejected.resolution).session
    facts = minutes.facts(session)
    assert facts["items"][0]["resolution"]["grounds"] == story.GROUNDS
    assert story.GROUNDS not in str(minutes.extract(session))


# Handing in ---------------------------------------------------------------------------------------


def test_rule_C10_the_firm_hands_in_and_the_officer_takes_it(condition):
    proof = hand_in(condition, upload=paper("permiso.pdf"))
    assert list(proofs.waiting(person("rosa"))) == [proof]
    met = proofs.take(proof=proof, by=person("rosa"), on=LATER)
    proof.refresh_from_db()
    assert (met.state, met.proof_file, proof.state) == ("met", proof.file, "taken")
    assert not conditions.open_precedents(condition.resolution.reference).filter(pk=condition.pk).exists()
    assert not proofs.waiting(person("rosa")).exists()


def test_rule_C10_a_proof_that_is_not_enough_comes_back_with_the_reason(condition):
    proof = hand_in(condition, note="Está en trámite")
    proofs.refuse(proof=proof, reason="Falta el sello de la autoridad", by=person("rosa"), on=LATER)
    condition.refresh_from_db()
    assert condition.state == "open"
    mail = emails.render(Notice.objects.get(kind="condition-proof-refused"))
    assert "Falta el sello de la autoridad" in mail.text
    hand_in(condition, upload=paper("permiso.png", PNG))
    assert condition.proofs.count() == 2


def test_the_firm_hears_that_a_condition_is_met(condition):
    proofs.take(proof=hand_in(condition, upload=paper()), by=person("rosa"), on=LATER)
    notice = Notice.objects.get(kind="condition-met")
    assert notice.recipient == person("lupe")
    assert PERMIT.text in emails.render(notice).html


def test_the_firm_reads_where_each_condition_stands_and_where_to_send_its_proof(application, condition, as_):
    released(application)
    url, lupe = application.get_absolute_url(), as_("lupe")
    send = f'Send the proof<span class="visually-hidden">: {PERMIT.text}</span>'
    assert send in lupe.get(url).content.decode()
    assert f": {OF_THE_FUND.text}<" not in lupe.get(url).content.decode(), "the fund's own has no button"
    hand_in(condition, note="En ventanilla")
    page = lupe.get(url).content.decode()
    assert send not in page
    assert "Proof sent" in page
    assert "Proof sent" in as_("rosa").get(url).content.decode()


def test_rule_C10_one_proof_waits_at_a_time(condition):
    hand_in(condition, note="Uno")
    with refused("C-10", "is being looked at"):
        hand_in(condition, note="Dos")
    with pytest.raises(IntegrityError), transaction.atomic():
        ConditionProof.objects.create(condition=condition, note="x", sent_by=person("lupe"), sent_on=LATER)


def test_an_empty_proof_is_none(condition):
    with bad_input("note", "Attach the paper"):
        hand_in(condition, note="   ")


def test_rule_X5_a_proof_of_another_kind_is_refused(condition):
    with bad_input("file", "not one of the kinds"), transaction.atomic():
        hand_in(condition, upload=paper("x.exe", b"MZ\x90\x00"))


def test_rule_C10_what_is_met_takes_no_more_proofs(condition):
    proofs.take(proof=hand_in(condition, note="Aquí"), by=person("rosa"), on=LATER)
    with refused("C-10", "not open any more"):
        hand_in(condition, note="Otra vez")


def test_rule_C10_a_proof_is_looked_at_once(condition):
    proof = hand_in(condition, note="Aquí")
    proofs.take(proof=proof, by=person("rosa"), on=LATER)
    with refused("C-10", "looked at already"):
        proofs.refuse(proof=proof, reason="no", by=person("rosa"), on=LATER)


@pytest.mark.parametrize("name", ["rosa", "memo"])
def test_only_the_firm_hands_in(condition, name):
    with denied("Only the firm"):
        hand_in(condition, note="Aquí", by=name)


def test_a_viewer_of_the_firm_does_not_hand_in(condition, application):
    application.firm.members.update(role="viewer")
    with denied("not change it"):
        hand_in(condition, note="Aquí")


def test_a_condition_of_the_fund_is_not_the_firms_to_meet(application):
    with denied("the fund's own"):
        hand_in(Condition.objects.get(text=OF_THE_FUND.text), note="Aquí")


@pytest.mark.parametrize("name", ["lupe", "aldo", "carmen"])
def test_rule_C10_only_those_with_the_duty_take_a_proof(condition, name):
    proof = hand_in(condition, note="Aquí")
    for verb in (proofs.take, lambda **known: proofs.refuse(reason="no", **known)):
        with pytest.raises(Denied):
            verb(proof=proof, by=person(name), on=LATER)


def test_a_refusal_wants_a_reason(condition):
    with bad_input("reason", "the firm reads it"):
        proofs.refuse(proof=hand_in(condition, note="Aquí"), reason=" ", by=person("rosa"), on=LATER)


# Pages --------------------------------------------------------------------------------------------


def page_of(condition):
    return reverse("committee:condition", args=[condition.ref])


def test_the_firm_goes_from_its_application_to_the_condition_and_sends_the_proof(application, condition, as_):
    lupe = as_("lupe")
    assert page_of(condition) in lupe.get(application.get_absolute_url()).content.decode()
    assert "Send the proof" in read(lupe, page_of(condition))
    assert "Attach the paper" in post(lupe, page_of(condition), {"note": ""})
    post(lupe, page_of(condition), {"note": "Va", "file": paper("permiso.pdf")}, status=302)
    page = read(lupe, page_of(condition))
    assert "permiso.pdf" in page
    assert "The fund is looking at it" in page
    assert "Send the proof" not in page


def test_the_officer_finds_the_proof_on_their_home_and_answers(condition, as_):
    proof = hand_in(condition, upload=paper("permiso.pdf"))
    rosa = as_("rosa")
    assert "Proofs of conditions to look at" in read(rosa, reverse("accounts:work"))
    assert "Does it meet the condition?" in read(rosa, page_of(condition))
    assert "This field is required" in post(rosa, reverse("committee:proof-refuse", args=[proof.pk]), {})
    post(rosa, reverse("committee:proof-take", args=[proof.pk]), {}, status=302)
    condition.refresh_from_db()
    assert condition.state == "met"
    assert "Lupe" not in read(as_("lupe"), page_of(condition))


def test_the_firm_reads_what_is_missing(condition, as_):
    proof = hand_in(condition, note="Va")
    url = reverse("committee:proof-refuse", args=[proof.pk])
    post(as_("rosa"), url, {"reason": "Falta el sello"}, status=302)
    page = read(as_("lupe"), page_of(condition))
    assert "What is missing: Falta el sello" in page
    assert "Send the proof" in page


def test_rule_C10_an_answer_from_a_page_left_open_is_refused_with_its_rule(condition, as_):
    """Somebody else has answered the proof meanwhile."""
    proof = hand_in(condition, note="Va")
    proofs.refuse(proof=proof, reason="Falta el sello", by=person("rosa"), on=LATER)
    answer = as_("rosa").post(reverse("committee:proof-take", args=[proof.pk]), follow=True)
    assert "This proof has been looked at already. (rule C-10)" in text_of(answer)
    page = post(as_("rosa"), reverse("committee:proof-refuse", args=[proof.pk]), {"reason": "Otra vez"})
    assert "This proof has been looked at already. (rule C-10)" in page and "Otra vez" in page
    condition.refresh_from_db()
    assert condition.state == "open"


def test_rule_C10_a_second_proof_from_a_page_left_open_is_refused_and_its_words_stay(condition, as_):
    hand_in(condition, note="Va")
    page = post(as_("lupe"), page_of(condition), {"note": "Va de nuevo"})
    assert "(rule C-10)" in page and "Va de nuevo" in page
    assert condition.proofs.count() == 1


@pytest.mark.parametrize(("name", "status"), [("memo", 404), ("lupe", 200), ("rosa", 200), ("ada", 404)])
def test_rule_X2_a_condition_opens_like_its_application(condition, as_, name, status):
    read(as_(name), page_of(condition), status=status)


@pytest.mark.parametrize(
    "ref", ["CT-2026-01-R99-C1", "nothing", "CT-C", "-C1", "CT-2026-01-R01-C\N{SUPERSCRIPT TWO}"]
)
def test_a_condition_that_is_not_there_is_404(application, as_, ref):
    read(as_("lupe"), reverse("committee:condition", args=[ref]), status=404)


def test_rule_N3_open_conditions_are_in_the_firms_calendar(application, condition, monkeypatch):
    monkeypatch.setattr("loans.queues.today", lambda: LATER)
    due = [item for item in registries.dates_of(person("lupe")) if PERMIT.text in item.title]
    assert [item.on for item in due] == [PERMIT.due_on]
    assert not [item for item in registries.dates_of(person("memo")) if PERMIT.text in item.title]
    proofs.take(proof=hand_in(condition, note="Va"), by=person("rosa"), on=LATER)
    assert not [item for item in registries.dates_of(person("lupe")) if PERMIT.text in item.title]
