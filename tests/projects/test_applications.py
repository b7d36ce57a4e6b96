"""Rules A-3, A-4, A-7, A-8, A-10: submission, frozen versions, returns, withdrawal, review, lapse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError
from djmoney.money import Money

from accounts.models import AuditEvent, Notice, ReadEvent, User
from fund import capital
from fund.calendar import add_bank_days
from projects import applications, documents
from projects.models import Application, ApplicationVersion, FieldReturn
from projects.snapshots import canonical, differences, digest, snapshot
from tests.stories.projects import (
    PDF,
    budget_of,
    completed,
    draft,
    funded,
    paper,
    registered_firm,
    returned,
    save,
    submitted,
)
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


def submit(application, by="lupe", on=DAY):
    return applications.submit(application=application, by=person(by), on=on)


# Submitting --------------------------------------------------------------------------------------


def test_rule_A7_a_submission_has_a_number_a_frozen_version_and_a_receipt(whole):
    application = submit(whole)
    version = application.versions.get()
    assert (application.ref, application.state, application.submitted_on) == ("F-2026-0001", "submitted", DAY)
    assert version.sha256 == digest(version.snapshot)
    assert version.snapshot["budget.amount"] == "400000"
    receipt = Notice.objects.get(kind="application-submitted")
    assert (receipt.email, receipt.facts["number"]) == ("lupe@fiprev.example", "F-2026-0001")
    assert receipt.facts["sha256"] == version.sha256


def test_rule_A7_a_doubled_click_gives_the_same_number(whole):
    first, second = submit(whole), submit(whole)
    assert first.ref == second.ref
    assert ApplicationVersion.objects.count() == 1
    assert Notice.objects.filter(kind="application-submitted").count() == 1


def test_rule_A7_numbers_have_no_gaps(whole):
    with refused("A-7"):
        submit(applications.start(firm=whole.firm, by=person("lupe"), on=DAY))
    assert submit(whole).ref == "F-2026-0001"
    assert submitted("memo").ref == "F-2026-0002"


def test_rule_A7_what_is_missing_is_named(whole):
    whole.documents.filter(kind="quotes").delete()
    save(whole, "project", {"summary": ""}, person("lupe"))
    with refused("A-7", "What happens today, Quotes for the investment"):
        submit(whole)


def test_rule_A3_treatment_at_the_end_of_the_pipe_is_refused(whole):
    save(whole, "project", {"purpose": "end_of_pipe"}, person("lupe"))
    with refused("A-3", "end of the pipe alone"):
        submit(whole)


def test_rule_A2_a_large_firm_is_refused_with_the_figure(whole):
    save(whole, "firm", {"workers": 250, "yearly_sales": Decimal("251000000")}, person("lupe"))
    with refused("A-2", "250.90, where the limit is 250"):
        submit(whole)


def test_rule_A4_more_than_the_share_of_the_investment_is_refused(whole):
    save(whole, "budget", budget_of("410000.00", "90000.00"), person("lupe"))
    with refused("A-4", "at most 80 %"):
        submit(whole)


def test_rule_A4_exposure_counts_at_the_rate_of_the_day_of_submission():
    funded()
    dear = [("equipment", "Todo", "1200000.00")]
    application = draft(registered_firm(), papers=True)
    save(application, "budget", budget_of("900000.00", "300000.00", lines=dear), person("lupe"))
    assert submit(application).ref  # US$50,000 at 18.1154 are 905,770 pesos


def test_rule_A4_a_small_capital_base_lowers_what_one_firm_may_owe():
    from tests.stories import fund

    fund.contributed("5000000.00", on=DAY - timedelta(days=30))
    fund.dollar(since=DAY)
    application = draft(registered_firm())
    with refused("A-4", "its share of the fund's capital"):
        submit(application)


def test_rule_M4_without_a_rate_of_the_day_nothing_is_submitted():
    from tests.stories import fund

    fund.contributed(on=DAY - timedelta(days=30))
    with refused("M-4", "no exchange rate"):
        submit(draft(registered_firm()))


def test_rule_A7_a_frozen_version_cannot_be_changed_by_anybody(whole):
    version = submit(whole).versions.get()
    for change in (
        lambda: ApplicationVersion.objects.filter(pk=version.pk).update(sha256="x"),
        lambda: version.delete(),
        lambda: connection.cursor().execute("TRUNCATE projects_applicationversion CASCADE"),
    ):
        with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
            change()


def test_rule_A7_the_version_says_what_was_submitted_whatever_changes_later(whole):
    application = submit(whole)
    frozen = application.versions.get().snapshot
    application.firm.legal_name = "Otro nombre"
    application.firm.save()
    assert application.versions.get().snapshot == frozen
    assert frozen["firm.legal_name"] == "Curtidos La Paloma, S.A. de C.V."


def test_rule_A7_canonical_text_is_one_for_one_content():
    assert canonical({"b": "ñ", "a": [1, {"d": 1, "c": 2}]}) == '{"a":[1,{"c":2,"d":1}],"b":"ñ"}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_rule_A7_after_submission_nothing_is_changed_by_the_firm():
    application = submitted()
    with refused("A-7", "can no longer be changed"):
        save(application, "project", {"title": "x"}, person("lupe"))
    with refused("A-7", "was not returned"):
        documents.add_document(
            application=application, kind="quotes", upload=paper(), by=person("lupe"), on=DAY
        )


# Returns -----------------------------------------------------------------------------------------


def test_rule_A7_a_returned_file_opens_the_flagged_fields_only():
    application = returned(fields=("project.summary", "documents.baseline"))
    lupe = person("lupe")
    save(application, "project", {"summary": "Con el dato del año pasado"}, lupe)
    documents.add_document(
        application=application, kind="baseline", upload=paper("b.pdf", PDF + b"2"), by=lupe, on=DAY
    )
    with refused("A-7", "“Name of the project” was not returned"):
        save(application, "project", {"title": "Otro"}, lupe)
    with refused("A-7", "“Budget” was not returned"):
        save(application, "budget", {"lines": []}, lupe)
    with refused("A-7", "was not returned"):
        documents.add_document(application=application, kind="quotes", upload=paper(), by=lupe, on=DAY)


def test_rule_A7_unflagged_fields_may_come_along_unchanged():
    application = returned()
    save(application, "project", {"summary": "Nuevo", "title": application.title}, person("lupe"))
    application.refresh_from_db()
    assert application.summary == "Nuevo"


def test_rule_A7_the_resubmission_is_a_new_version_that_shows_the_difference():
    application = returned()
    save(application, "project", {"summary": "Con el dato"}, person("lupe"))
    sent = applications.resubmit(application=application, by=person("lupe"), on=DAY)
    first, second = sent.versions.all()
    (change,) = differences(first.snapshot, second.snapshot)
    assert (sent.state, sent.ref, second.number) == ("submitted", "F-2026-0001", 2)
    assert (change.field.key, change.after) == ("project.summary", "Con el dato")
    assert FieldReturn.objects.get().answered_on == DAY


def test_rule_A7_a_flag_is_answered_by_a_change_or_by_a_reason():
    application = returned()
    with refused("A-7", "is as it was"):
        applications.resubmit(application=application, by=person("lupe"), on=DAY)
    answers = {"project.summary": "El dato ya está en el recibo de marzo"}
    applications.resubmit(application=application, by=person("lupe"), on=DAY, answers=answers)
    assert FieldReturn.objects.get().answer == answers["project.summary"]


def test_rule_A7_a_doubled_resubmission_is_one():
    application = returned()
    answers = {"project.summary": "Así está bien"}
    for _click in range(2):
        applications.resubmit(application=application, by=person("lupe"), on=DAY, answers=answers)
    assert application.versions.count() == 2


def test_rule_A8_the_evaluators_ask_and_the_answer_goes_back_to_them():
    application = completed()
    applications.begin_evaluation(application=application, by=person("sofia"), on=DAY)
    applications.return_to_firm(
        application=application, returns=[("benefits.rows", "¿De qué año?")], by=person("tomas"), on=DAY
    )
    sent = applications.resubmit(
        application=application, by=person("lupe"), on=DAY, answers={"benefits.rows": "De 2025"}
    )
    assert sent.state == "evaluating"


@pytest.mark.parametrize(
    ("returns", "sentence"),
    [
        ([], "at least one field"),
        ([("project.summary", " ")], "what the firm should change"),
    ],
)
def test_rule_A7_a_return_needs_a_field_and_a_reason(returns, sentence):
    with refused("A-7", sentence):
        applications.return_to_firm(application=submitted(), returns=returns, by=person("rosa"), on=DAY)


@pytest.mark.parametrize("key", ["project.nothing", "firm.tax_id"])
def test_rule_A7_only_fields_of_the_form_are_returned(key):
    with bad_input("field", "no field of the application"):
        applications.return_to_firm(application=submitted(), returns=[(key, "x")], by=person("rosa"), on=DAY)


def test_rule_A7_the_firm_reads_what_was_flagged_in_its_own_language():
    returned()
    notice = Notice.objects.get(kind="application-returned")
    assert notice.language == "es"
    assert notice.facts["fields"][0]["reason"] == "Falta el dato del año pasado"


# The staff's check, withdrawal, review, lapse ----------------------------------------------------


def test_rule_A8_completeness_is_the_staffs():
    application = submitted()
    for name in ("lupe", "tomas", "sofia"):
        with denied():
            applications.confirm_complete(application=application, by=person(name), on=DAY)
    assert (
        applications.confirm_complete(application=application, by=person("rosa"), on=DAY).state == "complete"
    )


def test_rule_G6_a_loan_officer_does_not_check_her_own_firms_file():
    application = submitted()
    application.firm.members.create(
        user=person("rosa"), role="owner", asked_on=DAY, confirmed_by=person("ada"), confirmed_on=DAY
    )
    with denied("You act for this firm"):
        applications.confirm_complete(application=application, by=person("rosa"), on=DAY)
    with denied("You act for this firm"):
        applications.return_to_firm(
            application=application, returns=[("project.title", "x")], by=person("rosa"), on=DAY
        )


def decided(outcome, **options):
    application = completed(**options)
    sofia = person("sofia")
    applications.begin_evaluation(application=application, by=sofia, on=DAY)
    applications.record_recommendation(
        application=application, recommended=True, agreement="CE-2026-03-A01", by=sofia, on=DAY
    )
    applications.put_on_agenda(application=application, session="CT-2026-02", by=sofia, on=DAY)
    return applications.record_decision(
        application=application, outcome=outcome, resolution="CT-2026-02-R01", by=sofia, on=DAY
    )


def test_rule_D1_the_committee_grants_no_more_than_was_asked():
    application = decided("deferred")
    sofia = person("sofia")
    applications.put_on_agenda(application=application, session="CT-2026-03", by=sofia, on=DAY)
    with refused("D-1", "more than was asked"):
        applications.record_decision(
            application=application, outcome="approved", resolution="R2", by=sofia, on=DAY,
            amount=Money("400000.01", "MXN"),
        )  # fmt: skip
    granted = applications.record_decision(
        application=application, outcome="approved", resolution="R2", by=sofia, on=DAY,
        amount=Money("300000.00", "MXN"),
    )  # fmt: skip
    granted.refresh_from_db()
    assert granted.approved_amount == Money("300000.00", "MXN")


def test_rule_A8_the_firm_withdraws_and_its_capital_is_free_again():
    application = decided("approved")
    capital.reserve(project=application.ref, amount=Money("400000.00", "MXN"), by=person("sofia"), on=DAY)
    taken = applications.withdraw(application=application, reason="Otro crédito", by=person("lupe"), on=DAY)
    assert (taken.state, capital.reserved(application.ref)) == ("withdrawn", [])
    again = applications.withdraw(application=application, by=person("lupe"), on=DAY)
    assert again.changes.filter(after="withdrawn").count() == 1


def test_rule_A8_others_do_not_withdraw_it():
    application = submitted()
    for name in ("memo", "rosa"):
        with denied():
            applications.withdraw(application=application, by=person(name), on=DAY)


def test_rule_A10_a_review_is_asked_for_once_in_time_with_new_facts():
    application = decided("rejected")
    lupe, last = person("lupe"), add_bank_days(DAY, 15)
    with refused("A-10", "what is new"):
        applications.request_review(application=application, facts=" ", by=lupe, on=DAY)
    with refused("A-10", "until"):
        applications.request_review(
            application=application, facts="Nuevo medidor", by=lupe, on=last + timedelta(days=1)
        )
    asked = applications.request_review(application=application, facts="Nuevo medidor", by=lupe, on=last)
    assert asked.state == "review_requested"
    Application.objects.filter(pk=asked.pk).update(state="rejected")
    with refused("A-10", "once"):
        applications.request_review(application=application, facts="Otra vez", by=lupe, on=last)


def test_rule_A8_an_approval_lapses_after_ninety_days_and_frees_its_capital():
    application = decided("approved")
    capital.reserve(project=application.ref, amount=Money("400000.00", "MXN"), by=person("sofia"), on=DAY)
    with refused("A-8", "lapses after 90"):
        applications.lapse(application=application, by=person("rosa"), on=DAY + timedelta(days=90))
    lapsed = applications.lapse(application=application, by=person("rosa"), on=DAY + timedelta(days=91))
    assert (lapsed.state, capital.reserved(application.ref)) == ("lapsed", [])


def test_rule_A8_the_daily_task_lapses_what_is_due_and_may_run_twice():
    application = decided("approved")
    system = User.objects.system()
    assert applications.lapse_due(by=system, on=DAY + timedelta(days=90)) == 0
    assert applications.lapse_due(by=system, on=DAY + timedelta(days=91)) == 1
    assert applications.lapse_due(by=system, on=DAY + timedelta(days=91)) == 0
    application.refresh_from_db()
    assert application.state == "lapsed"


def test_rule_A8_only_approvals_lapse():
    with refused("A-8", "cannot become"):
        applications.lapse(application=submitted(), by=person("rosa"), on=DAY + timedelta(days=200))


def test_rule_B3_a_measure_goes_into_operation_after_its_contract_and_not_tomorrow():
    application = decided("approved")
    with refused("B-3"):
        applications.commission(application=application, commissioned_on=DAY, by=person("bruno"), on=DAY)
    applications.mark_contracted(application=application, loan="L-2026-0001", by=person("dario"), on=DAY)
    later = DAY + timedelta(days=60)
    for day, sentence in ((later + timedelta(days=1), "has not come"), (DAY - timedelta(days=1), "before")):
        with bad_input("commissioned_on", sentence):
            applications.commission(application=application, commissioned_on=day, by=person("lupe"), on=later)
    found = applications.commission(
        application=application, commissioned_on=later, by=person("lupe"), on=later
    )
    assert found.commissioned_on == later
    with denied():
        applications.commission(application=application, commissioned_on=later, by=person("memo"), on=later)


def test_rule_X4_every_step_leaves_its_trail():
    application = returned()
    verbs = list(
        AuditEvent.objects.filter(object=application.audit_ref).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs[0] == "application.started"
    assert verbs[-2:] == ["application.submitted", "application.returned"]
    assert "application.document_added" in verbs
    assert ReadEvent.objects.count() == 0


def test_rule_A7_a_snapshot_has_every_field(whole):
    from projects.fields import FIELDS

    assert {field.key for field in FIELDS} <= set(snapshot(whole))
