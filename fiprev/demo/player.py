"""The steps of the chain as the demonstration plays them, each by whoever holds the role for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from djmoney.money import Money

from accounts.models import User
from committee import decisions, evaluations, minutes, readings, sessions
from committee.conditions import NewCondition
from committee.models import AgendaItem, Body, Resolution, Seat, Session
from fiprev.demo.cast import PLAYERS
from fund.models import AdminUnit, Product, Sector
from loans import contracts, disbursements, identity, payments, payout_accounts, proofs
from loans.models import IdentityPaper, Instalment, Loan, ProofOfUse
from loans.payout_plan import Planned
from projects import applications, documents, firms
from projects.models import Application, DocumentKind, Firm, Indicator

PAPERS = (
    DocumentKind.TAX_CERTIFICATE,
    DocumentKind.QUOTES,
    DocumentKind.BASELINE,
    DocumentKind.FINANCIALS,
)
#: Four of a body's six vote: a quorum with both who preside.
VOTERS = {
    "CT": ("co-chair", "co-chair2", "member3", "member4"),
    "CE": ("commission.head", "commission.head2", "commission", "commission3"),
}
SEATS = {seat: player.key for player in PLAYERS for seat in player.seats}
PLACE = "León, Guanajuato"
SOUND = "Medida sólida, con línea base comprobada."
WEAK = "Sin doce meses de recibos la línea base no se sostiene, y el ahorro apenas cubre la mensualidad."
NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FirmPaper:
    """What a firm says about itself."""

    name: str
    tax_id: str
    sector: str
    state: str
    municipality: str
    workers: int
    women: int
    sales: int
    named: bool
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class ProjectPaper:
    """What an application says: words, production, intensities per indicator, costs, money."""

    title: str
    technique: str
    summary: str
    change: str
    purpose: str
    production: int
    production_unit: str
    rows: tuple[tuple[str, str, Decimal, Decimal], ...]
    cost_before: int
    cost_after: int
    investment: tuple[tuple[str, str, int], ...]
    product: str
    amount: int
    term: int
    grace: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a body says of a matter, where it is not a plain yes."""

    votes: str = "for"
    conditions: tuple[NewCondition, ...] = ()
    grounds: str = ""


def pdf(title: str) -> bytes:
    """A one-page PDF that says what it stands for; made by hand so that the demonstration needs no library."""
    text = title.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 10 Tf 60 760 Td (" + text + b") Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return out + tail % (table, start)


def upload(name: str, title: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(title), content_type="application/pdf")


@cache
def clabe(number: int) -> str:
    """An invented account number of a Mexican bank with a right check digit."""
    digits = f"030225{number:011d}"
    weighed = sum(int(digit) * weight % 10 for digit, weight in zip(digits, (3, 7, 1) * 6, strict=False))
    return f"{digits}{(10 - weighed % 10) % 10}"


class Player:
    """Plays verbs with the right person for each; knows the cast, nothing of the story."""

    def __init__(self, cast: Mapping[str, User]) -> None:
        self.cast = cast
        self._seats = {(seat.body.code, seat.code): seat for seat in Seat.objects.select_related("body")}
        self._sectors = {item.code: item for item in Sector.objects.all()}
        self._states = {item.code: item for item in AdminUnit.objects.filter(country="MX")}
        self._indicators = {item.code: item for item in Indicator.objects.all()}

    # The firm

    def firm(self, paper: FirmPaper, *, owner: User, on: date) -> Firm:
        """Registered by its owner, confirmed by the loan officer."""
        firm = firms.register_firm(
            country="MX",
            tax_id=paper.tax_id,
            by=owner,
            on=on,
            legal_name=paper.name,
            sector=self._sectors[paper.sector],
            state=self._states[paper.state],
            municipality=paper.municipality,
            address=paper.address,
            phone=paper.phone,
            email=owner.email,
            founded_year=1984,
            workers=paper.workers,
            women_workers=paper.women,
            yearly_sales=Decimal(paper.sales),
            consents_to_name=paper.named,
        )
        firms.confirm_member(member=firm.members.get(), by=self.cast["loan.officer"], on=on)
        return firm

    def fill(
        self, firm: Firm, paper: ProjectPaper, *, owner: User, on: date, files: bool = True
    ) -> Application:
        """A draft with every step filled in."""
        application = applications.start(firm=firm, by=owner, on=on)
        words = {
            name: getattr(paper, name) for name in ("title", "technique", "summary", "change", "purpose")
        }
        self._step(application, "project", words, owner, on)
        total = sum(amount for _kind, _concept, amount in paper.investment)
        budget = {
            "product": Product.objects.in_force(on).get(code=paper.product),
            "amount": Decimal(paper.amount), "term_months": paper.term, "grace_months": paper.grace,
            "own_funds": Decimal(total - paper.amount),
            "lines": [
                {"kind": kind, "concept": concept, "amount": Decimal(amount)}
                for kind, concept, amount in paper.investment
            ],
        }  # fmt: skip
        self._step(application, "budget", budget, owner, on)
        rows = [
            {
                "indicator": self._indicators[code], "unit": unit,
                "baseline_intensity": before, "after_intensity": after,
                "basis": "Recibos y bitácoras de doce meses",
            }
            for code, unit, before, after in paper.rows
        ]  # fmt: skip
        benefits = {
            "production": Decimal(paper.production), "production_unit": paper.production_unit,
            "cost_before": Decimal(paper.cost_before), "cost_after": Decimal(paper.cost_after),
            "useful_life_years": 8, "benefit_note": paper.note, "rows": rows,
        }  # fmt: skip
        self._step(application, "benefits", benefits, owner, on)
        for kind in PAPERS if files else ():
            documents.add_document(
                application=application, kind=kind, upload=upload(f"{kind}.pdf", f"{kind.label}: {firm}"),
                by=owner, on=on,
            )  # fmt: skip
        return application

    def _step(self, application: Application, step: str, data: dict[str, Any], owner: User, on: date) -> None:
        applications.save_step(application=application, step=step, data=data, by=owner, on=on)

    def submit(self, application: Application, *, owner: User, on: date) -> Application:
        return applications.submit(application=application, by=owner, on=on)

    # The staff and the bodies

    def complete(self, application: Application, *, on: date) -> Application:
        return applications.confirm_complete(application=application, by=self.cast["loan.officer"], on=on)

    def assign(self, application: Application, *, on: date) -> Any:
        return evaluations.assign(
            application=application, technical=self.cast["evaluator"], financial=self.cast["evaluator2"],
            by=self.cast["secretary"], on=on,
        )  # fmt: skip

    def read(
        self,
        evaluation: Any,
        *,
        values: Sequence[int],
        on: date,
        opinion: str = SOUND,
        proposal: str = "approve",
    ) -> None:
        """Declare no conflict, score every criterion, finish."""
        who = {"evaluation": evaluation, "by": evaluation.evaluator, "on": on}
        evaluations.declare(conflict=False, **who)
        codes = [criterion.code for criterion in readings.criteria_of(evaluation.rubric_id)]
        reasons = {
            "benefit": "Ahorro comprobable en recibos, por encima de lo usual en el sector",
            "technique": "Técnica probada en el mismo giro; evita el residuo en su origen",
            "baseline": "Doce meses de recibos y bitácora de producción",
            "repayment": "El ahorro cubre la mensualidad con margen",
            "people": "Responsable designado y personal por capacitar",
        }
        scores = {
            code: (value, reasons.get(code, "Visto en el expediente"))
            for code, value in zip(codes, values, strict=True)
        }
        evaluations.score(scores=scores, **who)
        evaluations.finish(opinion=opinion, proposal=proposal, **who)

    def evaluated(self, application: Application, *, on: date) -> None:
        for at, evaluation in enumerate(self.assign(application, on=on)):
            values = ((4, 4, 4, 4, 3), (4, 4, 3, 4, 4))[at]
            self.read(evaluation, values=values, on=on)

    def found_weak(self, application: Application, *, on: date) -> None:
        """Both evaluators doubt the baseline and that the saving bears the debt."""
        for at, evaluation in enumerate(self.assign(application, on=on)):
            values = ((3, 3, 1, 2, 3), (2, 3, 1, 1, 3))[at]
            self.read(evaluation, values=values, on=on, opinion=WEAK, proposal="reject")

    def planned(self, body: str, matters: Sequence[Application], *, held_on: date, on: date) -> Session:
        """A session with these applications on its agenda, called."""
        by = self.cast["secretary"]
        session = sessions.plan(body=Body.objects.get(code=body), held_on=held_on, place=PLACE, by=by, on=on)
        for matter in matters:
            sessions.add_item(
                session=session, kind="application", reference=str(matter.ref),
                title=f"{matter.firm}: {matter.title}", by=by, on=on,
            )  # fmt: skip
        return sessions.call(session=session, by=by, on=on)

    def held(self, session: Session, verdicts: Mapping[str, Verdict] = NONE) -> list[Resolution]:
        """Open it, vote on every item, close it. Whatever `verdicts` (by reference) leave out is approved."""
        by, on, body = self.cast["secretary"], session.held_on, session.body.code
        session = sessions.open_session(session=session, by=by, on=on)
        for key in VOTERS[body]:
            seat = next(code for code, holder in SEATS.items() if holder == key and code.startswith(body))
            sessions.mark_present(
                session=session, seat=self._seats[body, seat.split(":")[1]], person=self.cast[key],
                remote=key.endswith("2"), by=by, on=on,
            )  # fmt: skip
        passed = [
            self._voted(item, verdicts.get(item.reference, Verdict()), on)
            for item in session.items.order_by("position")
        ]
        sessions.close_session(session=session, by=by, on=on)
        return passed

    def minuted(self, session: Session) -> None:
        """Drafted the day after, signed by those who chaired the day after that, and so sealed."""
        drafted_on = session.held_on + timedelta(days=1)
        session = minutes.draft(session=session, by=self.cast["secretary"], on=drafted_on)
        for attendance in minutes.signers(session):
            minutes.sign(session=session, by=attendance.person, on=drafted_on + timedelta(days=1))

    def _voted(self, item: AgendaItem, verdict: Verdict, on: date) -> Resolution:
        by = self.cast["secretary"]
        decisions.open_vote(item=item, by=by, on=on)
        decisions.record_roll_call(item=item, votes=verdict.votes, by=by, on=on)
        return decisions.close_item(
            item=item, conditions=verdict.conditions, grounds=verdict.grounds, by=by, on=on
        )

    # The loan

    def contract(
        self,
        application: Application,
        *,
        first_due: date | None = None,
        payouts: Sequence[Planned] = (),
        on: date,
    ) -> Loan:
        """Drafted, signed for the fund by another person, the firm's copy kept."""
        loan = contracts.draft(
            application=application, first_due=first_due, payouts=payouts, by=self.cast["loan.officer"], on=on
        )
        loan = contracts.sign(loan=loan, by=self.cast["signatory"], on=on + timedelta(days=1))
        return contracts.upload_signed_copy(
            loan=loan, upload=upload("contrato.pdf", f"Contrato {loan.ref}"), by=self.cast["loan.officer"],
            on=on + timedelta(days=2),
        )  # fmt: skip

    def account(self, loan: Loan, *, on: date) -> None:
        """The firm's account, typed by one and seen by another; its identity file where the law asks for one."""
        if identity.is_asked_for(loan, on):
            self.identity(loan, on=on)
        payout_accounts.type_account(
            loan=loan, number=clabe(loan.pk), bank="Banco del Bajío", holder=str(loan.firm),
            by=self.cast["loan.officer"], on=on,
        )  # fmt: skip
        payout_accounts.see_account(loan=loan, by=self.cast["cashier"], on=on)

    def identity(self, loan: Loan, *, on: date) -> None:
        """Who acts for the firm and owns it, with papers, compared with the lists by a second person (A-11)."""
        firm, officer = loan.firm, self.cast["loan.officer"]
        if not identity.gaps(firm):
            return
        member = firm.members.select_related("user").order_by("pk").first()
        name = str(member.user) if member else str(firm)
        facts = identity.Facts(
            representative=name, position="Administrador único", identification=f"INE {10**12 + firm.pk}",
            powers=f"Escritura {4000 + firm.pk}, notaría 7 de León: poder general, créditos incluidos",
            owners=(identity.Owner(name, Decimal(60)),), consents_on=loan.prepared_on,
        )  # fmt: skip
        identity.write(firm=firm, facts=facts, by=officer, on=on)
        for kind in IdentityPaper.REQUIRED:
            identity.add_paper(
                firm=firm, kind=kind, upload=upload(f"{kind}.pdf", f"{kind} {firm.pk}"), by=officer, on=on
            )
        identity.check_lists(
            firm=firm, lists="69-B, ONU, OFAC", found=False, note="", by=self.cast["signatory"], on=on
        )

    def pay_out(self, loan: Loan, *, on: date) -> Loan:
        prepared = disbursements.prepare(loan=loan, by=self.cast["cashier"], on=on)
        disbursements.approve(disbursement=prepared, by=self.cast["treasurer"], on=on)
        return Loan.objects.select_related("firm__state", "application").get(pk=loan.pk)

    def show_use(self, loan: Loan, note: str, *, owner: User, on: date) -> ProofOfUse:
        """The firm shows what the last payout was used for."""
        paper = upload("comprobante.pdf", f"{loan.ref}: {note}")
        return proofs.hand_in(loan=loan, note=note, by=owner, on=on, upload=paper)

    def pay(self, loan: Loan, rows: Sequence[Instalment], *, value_on: date) -> None:
        """One transfer for these instalments, as they stand in the schedule."""
        amount = sum((row.total for row in rows), Decimal(0))
        payments.record_payment(
            loan=loan, amount=Money(amount, loan.currency), value_on=value_on, key=f"{loan.ref}:{rows[0].n}",
            by=self.cast["cashier"], on=value_on,
        )  # fmt: skip

    @staticmethod
    def rows(loan: Loan) -> list[Instalment]:
        return list(Instalment.objects.filter(version__loan=loan, version__superseded_on=None).order_by("n"))
