"""What goes with a returned field, the answers that stay on the page, and what the firm hears (A-5, A-7, N-1)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.emails import render
from accounts.models import Notice
from projects import applications, documents
from projects.fields import BY_KEY
from projects.models import FieldReturn
from projects.printing import _answer
from projects.progress import progress_of
from projects.returns import GOES_WITH, answered, open_fields
from projects.snapshots import snapshot
from projects.views.pages import in_words
from tests.projects.reading import post, read
from tests.stories.projects import paper, returned, save, submitted
from tests.world import DAY, person, refused

pytestmark = pytest.mark.django_db


def lines_of(application, *, more=0):
    """The budget as it stands, the last line dearer."""
    rows = [
        {"kind": row.kind, "concept": row.concept, "amount": row.amount}
        for row in application.budget_lines.all()
    ]
    rows[-1]["amount"] += Decimal(more)
    return rows


def step_url(application, step):
    return reverse("projects:application-step", args=[application.uid, step])


def submit_url(application):
    return reverse("projects:application-submit", args=[application.uid])


# What goes with it --------------------------------------------------------------------------------


def test_rule_A7_a_returned_budget_opens_the_sources_that_must_cover_it():
    application, lupe = returned(fields=("budget.lines",)), person("lupe")
    save(application, "budget", {"lines": lines_of(application, more=9_000)}, lupe)
    application.refresh_from_db()
    assert not progress_of(application).complete
    own = (application.own_funds or 0) + 9_000
    save(application, "budget", {"own_funds": own}, lupe)
    application.refresh_from_db()
    assert progress_of(application).complete
    assert applications.resubmit(application=application, by=lupe, on=DAY).state == "submitted"


def test_rule_A7_what_does_not_go_with_it_stays_closed():
    application = returned(fields=("budget.own_funds",))
    with refused("A-7", "“Loan asked for” was not returned"):
        save(application, "budget", {"amount": Decimal(1)}, person("lupe"))
    assert open_fields(application) == {"budget.own_funds", "budget.other_funds", "budget.other_source"}


def test_rule_A7_a_returned_purpose_opens_only_the_papers_of_which_there_is_none():
    application, lupe = returned(fields=("project.purpose",)), person("lupe")
    opened = open_fields(application)
    assert "documents.audit_plan" in opened
    assert "documents.quotes" not in opened, "it was handed in, and stays as it is"
    with refused("A-7", "was not returned"):
        documents.add_document(application=application, kind="quotes", upload=paper(), by=lupe, on=DAY)


def test_every_field_that_goes_with_another_is_one_of_the_form():
    for key, others in GOES_WITH.items():
        assert BY_KEY[key].editable
        assert all(BY_KEY[one].editable for one in others)
        assert key.partition(".")[0] not in ("firm", "documents")


def test_the_step_says_what_may_change_along_with_the_returned_field(as_):
    application, lupe = returned(fields=("budget.lines",)), as_("lupe")
    page = read(lupe, step_url(application, "budget"))
    assert "If your change asks for it, these may change too: Loan asked for, Own money, Other money" in page
    assert 'name="own_funds"' in lupe.get(step_url(application, "budget")).content.decode()
    assert 'name="term_months"' not in lupe.get(step_url(application, "budget")).content.decode()


def test_a_returned_text_says_nothing_of_others(as_):
    application = returned()
    assert "these may change too" not in read(as_("lupe"), step_url(application, "project"))


def test_rule_A7_the_staff_see_what_changed_along_with_the_returned_field(as_):
    application, lupe = returned(fields=("budget.lines",)), person("lupe")
    save(application, "budget", {"lines": lines_of(application, more=9_000)}, lupe)
    application.refresh_from_db()
    save(application, "budget", {"own_funds": (application.own_funds or 0) + 9_000}, lupe)
    applications.resubmit(application=application, by=lupe, on=DAY + timedelta(days=1))
    asked, along = answered(application)
    assert (asked.field.key, along.field.key, along.flag) == ("budget.lines", "budget.own_funds", None)
    assert asked.on == along.on == DAY + timedelta(days=1)
    assert _answer(along, application)["reason"] == "Not returned: changed along with it."
    page = read(as_("rosa"), application.get_absolute_url())
    assert "Not returned: changed along with it." in page


def test_rule_A7_a_none_and_a_no_are_answers_that_the_staff_read(as_):
    application, lupe = returned(fields=("firm.women_workers", "firm.consents_to_name")), person("lupe")
    save(application, "firm", {"women_workers": 0}, lupe)
    application.refresh_from_db()
    said = {"firm.consents_to_name": "We wish to stay unnamed"}
    applications.resubmit(application=application, by=lupe, on=DAY + timedelta(days=1), answers=said)
    html = as_("rosa").get(application.get_absolute_url()).content.decode()
    assert "<del>12</del>" in html and "<ins>0</ins>" in html


def test_rule_A7_each_kind_of_value_is_said_in_words():
    frozen = snapshot(submitted("memo"))
    said = {key: in_words(BY_KEY[key], frozen[key], "MXN") for key in BY_KEY if key in frozen}
    assert said["firm.consents_to_name"] == "No"
    assert said["firm.email"] == "contacto@fundidora.example"
    assert "budget.other_funds" in said and said["budget.other_funds"] == ""
    plain = {key: text.replace("\N{NO-BREAK SPACE}", " ") for key, text in said.items()}
    assert "Tanques y filtro prensa: 440,000.00 MXN" in plain["budget.lines"].splitlines()
    assert any(line.endswith("1.2 → 0.4 t/t") for line in plain["benefits.rows"].splitlines())
    assert "quotes.pdf" in plain["documents.quotes"]


# The page that sends it again ---------------------------------------------------------------------


def test_rule_A5_a_refused_sending_loses_no_answer(as_):
    application, lupe = returned(fields=("project.summary", "project.title")), as_("lupe")
    url = submit_url(application)
    said = {"answer-project.summary": "Está en el recibo de marzo"}
    page = post(lupe, url, said)
    assert "Tick this to submit." in page
    assert "Está en el recibo de marzo" in page
    page = post(lupe, url, {**said, "declared": "on"})
    assert "“Name of the project” is as it was: change it, or write why it stays." in page
    assert "Está en el recibo de marzo" in page
    assert FieldReturn.objects.filter(answered_on=None).count() == 2


def test_rule_A7_the_refusal_stands_beside_its_field(as_):
    application = returned(fields=("project.summary",))
    html = as_("lupe").post(submit_url(application), {"declared": "on"}).content.decode()
    assert 'href="#id_answer-project.summary"' in html


def test_the_review_says_of_each_returned_field_whether_it_was_changed(as_):
    application = returned(fields=("project.summary", "project.title"))
    save(application, "project", {"title": "Otro nombre"}, person("lupe"))
    page = read(as_("lupe"), step_url(application, "review"))
    assert page.count("You changed it. Add a word if something needs saying.") == 1
    assert page.count("It is as it was. Change it, or write why it stays.") == 1


def test_rule_A7_before_it_goes_back_the_firm_sees_what_it_changed(as_):
    application = returned(fields=("project.summary", "project.title"))
    before = application.title
    assert "What you changed" not in read(as_("lupe"), step_url(application, "review")), "nothing yet"
    save(application, "project", {"title": "Otro nombre"}, person("lupe"))
    html = as_("lupe").get(step_url(application, "review")).content.decode()
    assert "What you changed" in html
    assert f"<del>{before}</del>" in html
    assert "<ins>Otro nombre</ins>" in html
    assert html.count("<ins>") == 1


def test_the_review_of_a_returned_file_leads_only_to_the_steps_that_are_open(as_):
    application = returned(fields=("project.summary",))
    html = as_("lupe").get(step_url(application, "review")).content.decode()
    change = 'Change<span class="visually-hidden"> '
    assert f"{change}Project and technique" in html
    assert f"{change}Documents" not in html


def test_an_answer_longer_than_the_place_is_refused_with_what_was_typed(as_):
    application = returned(fields=("project.summary",))
    page = post(
        as_("lupe"), submit_url(application), {"declared": "on", "answer-project.summary": "a" * 1001}
    )
    assert "1000" in page
    application.refresh_from_db()
    assert application.state == "returned"


def test_an_answer_to_what_was_not_returned_is_not_kept(as_):
    application = returned(fields=("project.summary",))
    data = {"declared": "on", "answer-project.summary": "Así es", "answer-project.title": "Intruso"}
    as_("lupe").post(submit_url(application), data)
    assert [row.answer for row in FieldReturn.objects.all()] == ["Así es"]


# What the firm hears ------------------------------------------------------------------------------


def test_rule_N1_the_firm_has_a_receipt_of_its_answers_by_mail_too():
    application = returned()
    answers = {"project.summary": "Así está bien"}
    for _click in range(2):
        applications.resubmit(application=application, by=person("lupe"), on=DAY, answers=answers)
    notice = Notice.objects.get(kind="application-resubmitted")
    mail = render(notice)
    assert notice.facts["sha256"] == application.versions.last().sha256
    assert f"{application.ref}-V2" in mail.text
    assert application.title in mail.html


def test_the_page_after_sending_again_speaks_of_answers(as_):
    application, lupe = returned(), as_("lupe")
    lupe.post(submit_url(application), {"declared": "on", "answer-project.summary": "Así es"})
    assert f"We received your answers to {application.ref}." in read(lupe, application.get_absolute_url())
