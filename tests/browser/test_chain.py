"""The whole chain in one go, in browsers, as the people who do it: a new firm in Spanish to a sealed donor report.

The clock is moved, never the records: every step happens through its own page.
"""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts import audit, registries
from committee.models import Evaluation, Session
from fund.models import IssuedDocument
from loans.models import Disbursement, Instalment, Loan
from projects.models import Application, FirmMember, Measurement
from tests.browser.hands import START, Trip, fill, press, upload
from tests.browser.visitor import Visitor
from tests.stories import committee, fund, projects
from tests.stories.loans import CLABE
from tests.world import everybody, person

NOTICE = timedelta(days=7)
FIRM = "Curtidos Santa Clara, S.A. de C.V."
Open = Callable[..., Visitor]

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up(visitors: Open) -> Visitor:
    """A stranger opens an account in Spanish, with the code from the mail."""
    visitor = visitors("", language="es", width=360)
    page = visitor.open("/account/signup/")
    fill(page, full_name="Clara Montes", email="clara@santaclara.example", password1="taller-sin-cromo-7")
    press(page)
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    fill(page, code=code[1])
    press(page)
    assert page.locator("html").get_attribute("lang") == "es"
    return visitor


def apply(visitor: Visitor, folder: Path) -> Application:
    """The six steps on a phone; every page is sound."""
    page = visitor.page
    page.goto("/apply/start/")
    fill(page, country="MX", tax_id="CSC960314RA8", role="owner")
    press(page)
    visitor.check()
    fill(
        page, legal_name=FIRM, sector="tanning", workers="24", yearly_sales="18,500,000", municipality="León",
        address="Calle del Curtidor 12, Barrio Arriba", phone="4777160000",
    )  # fmt: skip
    page.locator("main [name=state]").select_option(label="Guanajuato")
    press(page, "main button[value=next]")
    visitor.check()
    fill(
        page, title="Reúso del baño de cromo", purpose="reuse", technique="Reciclado directo del baño",
        summary="El baño agotado va al drenaje.", change="Un tanque y un filtro lo devuelven al tambor.",
    )  # fmt: skip
    press(page, "main button[value=next]")
    visitor.check()
    more = page.locator("main [name='rows-0-indicator']")
    if more.count() == 0:
        press(page, "main button[value=more]")
    fill(page, production="480", production_unit="t", cost_before="1,100,000", cost_after="820,000")
    fill(page, useful_life_years="5")
    fill(page, **{"rows-0-indicator": "W1", "rows-0-unit": "m3", "rows-0-baseline_intensity": "30"})
    fill(page, **{"rows-0-after_intensity": "18", "rows-0-basis": "Recibos de doce meses"})
    press(page, "main button[value=next]")
    visitor.check()
    fill(
        page,
        **{"lines-0-concept": "Tanque y filtro", "lines-0-kind": "equipment", "lines-0-amount": "520,000"},
    )
    fill(page, amount="400,000", own_funds="120,000", term_months="24", grace_months="0")
    cleaner = page.locator("main [name=product]").nth(1)
    cleaner.check()
    press(page, "main button[value=next]")
    visitor.check()
    for kind in ("tax_certificate", "quotes", "baseline", "financials"):
        upload(page, kind, folder)
    press(page, "main button[value=next]")
    return Application.objects.get(title="Reúso del baño de cromo")


def submit(visitor: Visitor, application: Application) -> None:
    page = visitor.open(f"/applications/{application.uid}/step/review/")
    visitor.check()
    page.locator("main [name=declared]").check()
    press(page)
    application.refresh_from_db()
    assert application.ref == "F-2026-0001"
    assert application.ref in page.locator("main").inner_text()


def check_complete(visitors: Open, application: Application) -> None:
    page = visitors("rosa", language="es").open(f"/applications/{application.uid}/check/")
    for name in ("readable", "same_firm", "quotes", "baseline", "prevention", "cash_flow"):
        page.locator(f"main [name={name}]").check()
    press(page, "main button[value=complete]")


def evaluate(visitors: Open, application: Application) -> None:
    page = visitors("sofia").open(f"/evaluations/assign/{application.ref}/")
    fill(page, technical=str(person("tomas").pk), financial=str(person("elena").pk))
    press(page)
    for name, value in (("tomas", "4"), ("elena", "3")):
        evaluation = Evaluation.objects.get(application=application, evaluator=person(name))
        page = visitors(name, seat="office").open(f"/evaluations/{evaluation.pk}/")
        fill(page, conflict="no")
        press(page, f"form[action='/evaluations/{evaluation.pk}/declare/'] button")
        for criterion in evaluation.rubric.criteria.all():
            fill(page, **{f"value_{criterion.code}": value})
            fill(page, **{f"reason_{criterion.code}": "Se ve en los recibos del expediente."})
        fill(page, proposal="approve", opinion="Una medida probada con ahorro claro.")
        press(page, "main button[name=finish]")


def hold_session(
    visitors: Open, trip: Trip, body: str, application: Application, vote: str = "for"
) -> Session:
    """Planned, called with its notice, opened, voted by its members and closed."""
    secretary = visitors("sofia")
    page = secretary.open("/sessions/plan/")
    fill(page, held_on=(trip.day + NOTICE).isoformat(), place="León, Guanajuato")
    page.locator("main [name=body]").select_option(
        label={"CE": "Executive Commission", "CT": "Technical Committee"}[body]
    )
    press(page)
    session = Session.objects.get(body__code=body)
    address = f"/sessions/{session.code}/"
    page = secretary.open(f"{address}add-application/")
    press(page)
    secretary.open(f"{address}call/")
    press(page)
    trip.go(trip.day + NOTICE)
    secretary = visitors("sofia")
    page = secretary.open(address)
    press(page, f"form[action='{address}open/'] button")
    absent = page.locator(f"form[action='{address}presence/']:has([name=present][value=yes])")
    for left in range(absent.count(), 0, -1):
        absent.first.locator("button").first.click()
        expect(absent).to_have_count(left - 1)
    page = secretary.open(f"{address}1/")
    secretary.check()
    press(page, f"form[action='{address}1/open-vote/'] button")
    for name in committee.members(body):
        ballot = visitors(name, seat="ballot").open(f"{address}1/")
        fill(ballot, conflict="no")
        press(ballot, f"form[action='{address}1/declare/'] button")
        choice = ballot.locator(f"form[action='{address}1/vote/'] button[value={vote}]")
        with ballot.expect_response(f"**{address}1/vote/") as answer:
            choice.click()
        assert answer.value.ok
    page = secretary.open(f"{address}1/")
    press(page, f"form[action='{address}1/close/'] button")
    secretary.open(f"{address}close/")
    press(page)
    return session


def identify(visitors: Open, loan: Loan, folder: Path) -> None:
    """The firm's identity file: facts, papers, the lists looked at (A-11)."""
    page = visitors("rosa", seat="office").open(f"/identity/{loan.firm_id}/write/")
    fill(
        page, representative="Guadalupe Torres", position="Administradora única", identification="INE 1234567890123",
        powers="Escritura 4,512, notaría 7 de León", owners="Guadalupe Torres; 60", consents_on=f"{loan.prepared_on}",
    )  # fmt: skip
    press(page)
    for kind in ("powers", "identity", "address"):
        page = visitors("rosa", seat="office").open(f"/identity/{loan.firm_id}/paper/")
        fill(page, kind=kind)
        upload(page, "file", folder)
        press(page)
    page = visitors("dario", seat="office").open(f"/identity/{loan.firm_id}/check/")
    fill(page, lists="69-B, ONU")
    page.locator("main [name='found'][value='no']").check()
    press(page)


def lend(visitors: Open, firm: Visitor, application: Application, folder: Path) -> Loan:
    """Contract by one, signature by another, the firm's copy, the account seen, the money out."""
    page = visitors("rosa", seat="office").open(f"/contracts/new/{application.uid}/")
    press(page, "main button[name=draft]")
    loan = Loan.objects.get(application=application)
    page = visitors("dario", seat="office").open(f"/contracts/{loan.ref}/sign/")
    press(page)
    page = firm.open(f"/loans/{loan.ref}/signed-copy/")
    upload(page, "file", folder)
    press(page)
    firm.check()
    identify(visitors, loan, folder)
    page = visitors("rosa", seat="office").open(f"/loans/{loan.ref}/account/")
    fill(page, number=CLABE, bank="Banco del Bajío", holder=FIRM)
    press(page)
    page = visitors("carmen", seat="office").open(f"/loans/{loan.ref}/account/seen/")
    press(page)
    page = visitors("carmen", seat="office").open(f"/disbursements/new/{loan.ref}/")
    press(page)
    done = Disbursement.objects.get(loan=loan)
    page = visitors("teresa", seat="office").open(f"/disbursements/{done.pk}/")
    press(page)
    loan.refresh_from_db()
    assert loan.state == Loan.State.ACTIVE
    return loan


def pay_late(visitors: Open, trip: Trip, loan: Loan) -> None:
    """The first instalment, ten days after its pay date, with what late interest adds."""
    first = Instalment.objects.filter(version__loan=loan).earliest("n")
    for day in (first.due_on, first.pay_on + timedelta(days=3), first.pay_on + timedelta(days=10)):
        call_command("run_day", on=day.isoformat(), verbosity=0)
    trip.go(first.pay_on + timedelta(days=10))
    cashier = visitors("carmen", seat="office")
    page = cashier.open(f"/loans/{loan.ref}/")
    cashier.check()
    page = cashier.open(f"/loans/{loan.ref}/payment/")
    offered = page.locator("main [name=amount]").input_value()
    assert float(offered.replace(",", "")) > float(first.total)
    press(page, "main button[name=show]")
    press(page, "main button[name=record]")
    payment = loan.payments.get()
    assert payment.allocations.filter(part__startswith="late").exists()


def report_water(firm: Visitor, application: Application, folder: Path, trip: Trip) -> Measurement:
    page = firm.open(f"/applications/{application.uid}/results/")
    fill(page, commissioned_on=(START + timedelta(days=60)).isoformat())
    press(page)
    expected = application.expected_benefits.get(indicator__code="W1")
    page = firm.open(f"/applications/{application.uid}/results/{expected.pk}/")
    fill(page, period_from=(START + timedelta(days=60)).isoformat(), period_to=date(2026, 12, 31).isoformat())
    fill(page, production="300", production_unit="t", reading="5700", unit="m3", kind="bill")
    upload(page, "files", folder)
    press(page)
    firm.check()
    measured = Measurement.objects.get()
    assert measured.saving == 300 * 30 - 5700
    press(page)
    measured.refresh_from_db()
    assert measured.state == "submitted"
    return measured


def verify_and_issue(visitors: Open, measured: Measurement) -> None:
    officer = visitors("bruno", seat="office")
    page = officer.open(f"/measurements/{measured.pk}/")
    officer.check()
    fill(page, grade="V2")
    press(page, f"form[action='/measurements/{measured.pk}/verify/'] button")
    page = officer.open("/reports/years/2026/rollup/")
    press(page)
    page = officer.open("/reports/donor/2026/")
    officer.check()
    assert "3,300" in page.locator("main").inner_text()
    officer.open("/reports/donor/2026/issue/")
    press(page)


def test_a_new_firm_goes_the_whole_way_to_the_donor_report(regulars, trip, tmp_path):
    fund.dollar(since=START - timedelta(days=1), until=START + timedelta(days=60))
    projects.funded(START)
    committee.seated(since=START - timedelta(days=30))
    everybody()

    firm = sign_up(regulars)
    application = apply(firm, tmp_path)
    request = FirmMember.objects.get()
    page = regulars("rosa", seat="office").open(f"/firms/requests/{request.pk}/")
    press(page, "main form:not([action]) button")
    submit(firm, application)
    check_complete(regulars, application)
    evaluate(regulars, application)
    hold_session(regulars, trip, "CE", application)
    hold_session(regulars, trip, "CT", application)
    application.refresh_from_db()
    assert application.state == "approved"

    clara = application.started_by.email
    firm = regulars(clara, language="es", width=360)
    loan = lend(regulars, firm, application, tmp_path)
    pay_late(regulars, trip, loan)
    trip.go(date(2027, 1, 15))
    measured = report_water(regulars(clara, language="es", width=360), application, tmp_path, trip)
    verify_and_issue(regulars, measured)

    report = IssuedDocument.objects.get(kind__contains="donor", language="es")
    response = regulars("diana", seat="office").page.request.get(f"/documents/{report.number}/")
    assert response.status == 200
    report.refresh_from_db()
    assert hashlib.sha256(response.body()).hexdigest() == report.sha256
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(response.body())).pages)
    assert "3,300" in text
    page = regulars().open(f"/verify/{report.number}")
    assert report.sha256 in page.content()

    findings = registries.run_checks(trip.day)
    assert findings == []
    while audit.seal():
        pass
    assert audit.verify().broken is None
