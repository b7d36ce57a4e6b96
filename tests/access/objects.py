"""One object for every address that names one, built through the real verbs: lupe's tannery, its loan, its papers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts import feeds, people
from accounts.models import Notice
from committee import conditions, proofs
from committee.models import Body, Condition, Evaluation, Resolution, Seat
from fund.models import Contribution, Entry, IssuedDocument
from loans import guarantees, invoices
from loans.models import Loan, ProofOfUse
from projects import applications, firms, invitations, measurements, privacy
from projects.models import Application, Measurement
from tests.stories import banking, committee, fund, loans, projects, servicing
from tests.world import DAY, person

WEEK = timedelta(days=7)
Arguments = dict[str, dict[str, Any]]
PERMIT = conditions.NewCondition(
    text="Permiso de descarga", due_on=DAY + timedelta(days=90), proof="Copia", kind="during"
)


def arguments() -> Arguments:
    """URL keyword arguments by address; an address with parameters that is missing here fails the test."""
    fund.dollar(since=DAY - timedelta(days=1), until=DAY + timedelta(days=40))
    committee.seated()
    application = projects.completed("lupe")
    committee.evaluated(application)
    committee.recommended(application)
    resolution = committee.decided(application, conditions=[PERMIT])
    loan = loans.paid_out(application, on=DAY + 3 * WEEK)
    loans.pay(loan, "1000.00", DAY + 4 * WEEK)
    return {
        **of_people(application),
        **of_fund(loan),
        **of_projects(application, loan),
        **of_committee(application, resolution),
        **of_loans(loan),
        **of_bank(loan),
        **of_reports(),
    }


def of_people(application: Application) -> Arguments:
    rosa = person("rosa")
    kept = application.documents.earliest("pk").file
    letter = Notice.objects.filter(recipient=person("lupe")).earliest("pk")
    pending = people.grant(user=rosa, role="cashier", from_on=DAY, by=person("ada"), on=DAY)
    feed = feeds.renew_feed(by=person("lupe"), on=DAY)
    return {
        "accounts:calendar-feed": {"secret": feed.secret},
        "accounts:file": {"uid": kept.uid},
        "accounts:file-preview": {"uid": kept.uid},
        "accounts:notice": {"pk": letter.pk},
        "accounts:person": {"pk": rosa.pk},
        "accounts:grant": {"pk": rosa.pk},
        "accounts:grant-confirm": {"pk": pending.pk},
        "accounts:grant-end": {"pk": pending.pk},
    }


def of_fund(loan: Loan) -> Arguments:
    contribution = Contribution.objects.first()
    assert contribution
    return {
        "fund:journal-export": {"kind": "csv"},
        "fund:entry": {"pk": Entry.objects.earliest("pk").pk},
        "fund:contribution": {"ref": contribution.ref},
        "fund:receive": {"ref": contribution.ref},
        "fund:product": {"code": "cleaner-process"},
        "fund:product-change": {"code": "cleaner-process"},
        "fund:document": {"number": IssuedDocument.objects.filter(kind="receipt").earliest("pk").number},
    }


def of_projects(application: Application, loan: Loan) -> Arguments:
    uid, firm = {"uid": application.uid}, application.firm
    asked = firms.register_firm(
        country="MX", tax_id=firm.tax_id, by=person("ana"), on=DAY, legal_name="?", sector=firm.sector,
        state=firm.state, workers=1, yearly_sales=Decimal(1),
    )  # fmt: skip
    measured = _measured(application)
    paper = application.documents.earliest("pk")
    expected = application.expected_benefits.earliest("pk")
    one = {"pk": measured.pk}
    request = {"pk": asked.members.latest("pk").pk}
    own_data = {"number": privacy.ask(kind="copy", by=person("lupe"), on=DAY).number}
    return {
        "projects:firm": {"pk": firm.pk},
        **_of_the_firms_people(application),
        "projects:firm-request": request,
        "projects:firm-request-refuse": request,
        "projects:privacy-request": own_data,
        "projects:privacy-copy": own_data,
        "projects:application": uid,
        "projects:application-file": uid,
        "projects:application-version": uid | {"number": 1},
        "projects:application-withdraw": uid,
        "projects:application-review-request": uid,
        "projects:application-check": uid,
        "projects:application-step": uid | {"step": "project"},
        "projects:application-save": uid | {"step": "project"},
        "projects:application-hand-over": uid,
        "projects:application-delete": uid,
        "projects:application-messages": uid,
        "projects:application-officer": uid,
        "projects:application-pdf": uid,
        "projects:application-submit": uid,
        "projects:document-remove": uid | {"pk": paper.pk},
        "projects:results": uid,
        "projects:measure": uid | {"expected": expected.pk},
        "projects:measurement": one,
        **{
            f"projects:measurement_{verb}": one
            for verb in ("review", "edit", "discard", "correct", "verify", "return", "reject")
        },
    }


def _of_the_firms_people(application: Application) -> Arguments:
    firm = application.firm
    link = firm.members.earliest("pk")
    invited = invitations.invite(
        firm=firm, email="nobody@fiprev.example", role="viewer", by=person("lupe"), on=DAY
    )
    return {
        "projects:firm-people": {"pk": firm.pk},
        "projects:firm-leave": {"pk": firm.pk},
        "projects:firm-person-role": {"pk": firm.pk, "link": link.pk},
        "projects:firm-person-end": {"pk": firm.pk, "link": link.pk},
        "projects:firm-invitation-withdraw": {"pk": firm.pk, "invitation": invited.pk},
        "projects:invitation": {"secret": "nobody-knows-it"},
    }


def _measured(application: Application) -> Measurement:
    lupe, day = person("lupe"), DAY + timedelta(days=300)
    applications.commission(application=application, commissioned_on=DAY + 5 * WEEK, by=lupe, on=day)
    expected = application.expected_benefits.get(indicator__code="W1")
    return measurements.report(
        application=application, indicator=expected.indicator, period_from=DAY + 5 * WEEK, period_to=day,
        actual_intensity=Decimal(20), production=Decimal(400), unit=expected.unit, by=lupe, on=day,
    )  # fmt: skip


def of_committee(application: Application, resolution: Resolution) -> Arguments:
    evaluation = Evaluation.objects.filter(application=application).earliest("pk")
    session = resolution.item.session
    committee.minuted(session)
    code = {"code": session.code}
    item = code | {"position": resolution.item.position}
    verbs = ("session", "session-live", "add-application", "add-item", "call", "open", "attend", "close")
    more = ("draft-minutes", "sign-minutes", "send-back", "comment")
    on_items = (
        "item",
        "item-live",
        "item-declare",
        "step-back",
        "open-vote",
        "vote",
        "roll-call",
        "close-item",
    )
    sealed = IssuedDocument.objects.filter(kind__contains="minutes").earliest("pk")
    appointment = Seat.objects.filter(body=Body.objects.get(code="CT")).first()
    assert appointment
    return {
        **_of_conditions(application, Condition.objects.get(resolution=resolution)),
        "committee:assign": {"ref": application.ref},
        **{
            f"committee:{verb}": {"pk": evaluation.pk}
            for verb in ("evaluation", "replace", "evaluation-declare", "score", "joint-note")
        },
        **{f"committee:{verb}": code for verb in (*verbs, *more)},
        **{f"committee:{verb}": item for verb in (*on_items, "put-off")},
        "committee:document": code | {"number": sealed.number},
        "committee:resolution": {"number": resolution.number},
        "committee:withdraw-resolution": {"number": resolution.number},
        "committee:meet-condition": {"number": resolution.number, "position": 1},
        "committee:seat": {"pk": appointment.pk},
        "committee:end-appointment": {"pk": appointment.appointments.earliest("pk").pk},
    }


def _of_conditions(application: Application, condition: Condition) -> Arguments:
    sent = proofs.hand_in(
        condition=condition, note="Oficio 12/2026", upload=None, by=person("lupe"), on=DAY + 3 * WEEK
    )
    return {
        "committee:decision-letter": {"uid": application.uid},
        "committee:condition": {"ref": condition.ref},
        "committee:proof-take": {"pk": sent.pk},
        "committee:proof-refuse": {"pk": sent.pk},
    }


def of_loans(loan: Loan) -> Arguments:
    ref, payment = {"ref": loan.ref}, loan.payments.earliest("pk")
    done = {"pk": loan.disbursements.earliest("pk").pk}
    contract = IssuedDocument.objects.filter(kind="contract").earliest("pk")
    return {
        **{
            f"loans:{verb}": ref
            for verb in (
                "loan", "signed_copy", "account", "account_seen", "pay", "contract_sign", "contract_cancel",
                "disbursement_new", "proof_hand_in", "rest", "payoff", "change_choose", "statement", "collection",
            )
        },
        **of_changes(loan),
        **of_kept(loan),
        "loans:paper": ref | {"number": contract.number},
        "loans:contract_new": {"uid": loan.application.uid},
        "loans:disbursement": done,
        "loans:proof": proof_of_use(loan),
        "loans:disbursement_cancel": done,
        "loans:payment": {"number": payment.number},
        "loans:payment_reverse": {"number": payment.number},
    }  # fmt: skip


def proof_of_use(loan: Loan) -> Arguments:
    """A row, since this loan was paid out at once and its verb asks for no proof."""
    paid = loan.disbursements.earliest("pk")
    proof = ProofOfUse.objects.create(
        disbursement=paid, note="Invoice 118", handed_in_by=person("lupe"), handed_in_on=DAY
    )
    return {"pk": proof.pk}


def of_kept(loan: Loan) -> Arguments:
    """What is kept beside the money: identity file, guarantee, invoice folio."""
    firm = {"pk": loan.firm_id}
    pledge = guarantees.add(
        loan=loan, kind="pledge", giver="Curtidos", what="Drum no. 4", value=Decimal(1000), by=person("rosa"), on=DAY
    )  # fmt: skip
    return {
        **{
            f"loans:{name}": firm
            for name in ("identity_file", "identity_write", "identity_paper", "identity_check")
        },
        "loans:identity_notices": {"kind": "csv"},
        "loans:guarantees": {"ref": loan.ref},
        "loans:guarantee_new": {"ref": loan.ref},
        "loans:guarantee_release": {"pk": pledge.pk},
        "loans:invoice": {"pk": invoices.to_invoice().earliest("pk").pk},
    }


def of_bank(loan: Loan) -> Arguments:
    statement = banking.taken_in(
        banking.row(DAY + 4 * WEEK, "77.00", loan.firm.legal_name), on=DAY + 4 * WEEK
    )
    line = {"pk": banking.matches(statement)[0].pk}
    return {
        **{
            f"loans:bank_{verb}": {"pk": statement.pk}
            for verb in ("statement", "progress", "post", "set_aside")
        },
        "loans:bank_line": line,
        "loans:bank_accept": line,
    }


def of_changes(loan: Loan) -> Arguments:
    day = loan.disbursed_on
    assert day
    change = {"ref": servicing.proposed(loan, "extra_terms", day, count=6).ref}
    return {
        "loans:schedule": {"ref": loan.ref, "number": 1},
        "loans:change_new": {"ref": loan.ref, "kind": "pause"},
        "loans:change": change,
        "loans:change_approve": change,
        "loans:change_withdraw": change,
    }


def of_reports() -> Arguments:
    from reports import donor_report

    issued = donor_report.issue(year=2026, by=person("bruno"), on=DAY + timedelta(days=400))[0]
    year = {"year": 2026}
    return {
        "reports:verified": {"number": issued.number},
        "reports:document": {"number": issued.number},
        "reports:donor": year,
        "reports:issue": year,
        "reports:trace": year | {"code": "W1"},
        "reports:rollup": year,
        "reports:close": year,
    }
