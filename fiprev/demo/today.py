"""A day of today: a few firms in pesos, so that every role signs in to work that waits for it."""
# ruff: noqa: E501 - the table of cases: a row is a line

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from djmoney.money import Money

from accounts import files
from accounts.models import User
from committee.models import Session
from fiprev.demo import abroad, cash_desk, firms_turn
from fiprev.demo import cast as demo_cast
from fiprev.demo.firms import OTHERS, TANNING, Trade, tax_id
from fiprev.demo.player import FirmPaper, Player, ProjectPaper, Verdict, upload
from fund import capital, rates
from fund.models import Institution
from loans import contracts, disbursements, proofs
from loans.accruals import fall_due
from loans.models import Loan
from loans.payout_plan import Planned
from projects import applications, measurements
from projects.models import Application, ExpectedBenefit
from reports.rollups import rollup_year

DAY = timedelta(days=1)
RATE = Decimal("17.2500")
PRODUCT = "cleaner-process"
#: Pesos for a dollar's worth of yearly cost in the trades of the story.
PESOS = 18


@dataclass(frozen=True, slots=True)
class Case:
    """A firm of today: name, sector, state, place, loan in pesos, and who signs in for it."""

    name: str
    sector: str
    state: str
    municipality: str
    amount: int
    owner: str
    email: str


CASES: dict[str, Case] = {
    "current": Case("Curtidos La Paloma", "tanning", "11", "León", 480_000, "Guadalupe Torres", "firm@fiprev.example"),
    "doubtful": Case("Tenería Hermanos Vega", "tanning", "11", "León", 360_000, "Rubén Vega", "vega@fiprev.example"),
    "late": Case("Galvanoplastia Celaya", "electroplating", "11", "Celaya", 420_000, "Nadia Soto", "celaya@fiprev.example"),
    "approved": Case("Química Verde", "chemicals", "22", "Querétaro", 610_000, "Tomás Rea", "verde@fiprev.example"),
    "drafted": Case("Tenería El Porvenir", "tanning", "11", "León", 390_000, "Elsa Mota", "porvenir@fiprev.example"),
    "prepared": Case("Recubrimientos Omega", "electroplating", "19", "Monterrey", 520_000, "Iván Cano", "omega@fiprev.example"),
    "agenda": Case("Tintorería Modelo", "dry-cleaning", "09", "Coyoacán", 280_000, "Rosa Gil", "modelo@fiprev.example"),
    "evaluated": Case("Cerámica Santa Fe", "ceramics", "14", "Tonalá", 240_000, "Luis Mata", "santafe@fiprev.example"),
    "evaluating": Case("Maquinados del Centro", "metalwork", "22", "Querétaro", 450_000, "Alma Ríos", "centro@fiprev.example"),
    "complete": Case("Fundición Santa Rosa", "foundry-iron", "14", "Zapopan", 700_000, "Joel Paz", "santarosa@fiprev.example"),
    "submitted": Case("Tenería Nueva Imagen", "tanning", "11", "León", 330_000, "Sara León", "imagen@fiprev.example"),
    "draft": Case("Molino La Espiga", "food-corn", "15", "Toluca", 150_000, "Pedro Lara", "applicant@fiprev.example"),
    "parts": Case("Aceites del Bajío", "food-oil", "11", "Irapuato", 540_000, "Inés Robledo", "aceites@fiprev.example"),
    "conditioned": Case("Tintorería del Parque", "dry-cleaning", "14", "Guadalajara", 310_000, "Irma Solano", "conditions@fiprev.example"),
    "rejected": Case("Cromadora Industrial Silao", "electroplating", "11", "Silao", 540_000, "Raúl Medina", "rejected@fiprev.example"),
    "returned": Case("Alfarería San Marcos", "ceramics", "14", "Tonalá", 190_000, "Teresa Nuño", "returned@fiprev.example"),
}  # fmt: skip
#: Whose firms sign in, and to what.
SIGN_INS = {
    "current": "firm with a loan, a draft and reports to make",
    "parts": "firm whose loan is paid out in parts",
    "draft": "firm in the middle of its first application",
    "returned": "firm that is asked to change three fields",
    "conditioned": "firm with an approval, its letter and three conditions",
    "rejected": "firm that was turned down and may ask for a review",
    "drafted": "firm with a contract to sign",
}
#: Two firms of one telephone, which the staff are warned of (rule A-9).
SAME_PHONE = {"submitted": "doubtful"}


class Today:
    """Plays the last months before a day, the oldest first."""

    def __init__(self, player: Player, on: date, deliver: Callable[[], None]) -> None:
        self.player, self.on, self.deliver = player, on, deliver
        self.owners: dict[str, User] = {}

    def play(self) -> dict[str, str]:
        """Everything up to the day; returns the firms' sign-ins."""
        self._money()
        self._lent(("current", "doubtful"), days=445)
        self._lent(("late", "parts"), days=230)
        self._results()
        self._decided()
        self.deliver()
        self._waiting()
        fall_due(on=self.on, by=User.objects.system())
        cash_desk.play(cashier=self.player.cast["cashier"], on=self.on)
        for year in (self.on.year - 1, self.on.year):
            rollup_year(year=year, by=self.player.cast["benefits"], on=self.on)
        demo_cast.set_password([self.owners[key] for key in SIGN_INS])
        return {CASES[key].email: what for key, what in SIGN_INS.items()}

    def before(self, days: int) -> date:
        return self.on - timedelta(days=days)

    # Money and rates

    def _money(self) -> None:
        """Twelve million pesos from the ministry, a dollar rate for every fifth day, loans for three more countries."""
        by, day = self.player.cast["treasurer"], self.before(520)
        money = Money(Decimal(12_000_000), "MXN")
        pledged = capital.pledge(
            institution=Institution.objects.get(code="economia"), amount=money, by=by, on=day
        )
        capital.receive(contribution=pledged, amount=money, by=by, on=day)
        for back in range(520, -1, -5):
            swing = Decimal((back * 7) % 45) / 100
            rates.record_rate(
                base="USD", quote="MXN", day=self.before(back), rate=RATE + swing,
                source="illustrative", by=by, on=self.before(back),
            )  # fmt: skip
        abroad.offer(by=by, on=day)
        abroad.keep_rates(peso=RATE, by=by, on=self.on)

    # Applications

    def _file(self, key: str, *, on: date, submit: bool = True, files_too: bool = True) -> Application:
        case = CASES[key]
        number = list(CASES).index(key)
        phone = list(CASES).index(SAME_PHONE.get(key, key))
        owner = self.owners[key] = demo_cast.owner(case.owner, case.email)
        paper = FirmPaper(
            name=case.name, tax_id=tax_id(number, "FPV", "051122"), sector=case.sector, state=case.state,
            municipality=case.municipality, workers=12 + number * 3, women=4 + number,
            sales=6_000_000 + number * 800_000, named=number % 2 == 0,
            address=f"Avenida del Agua {20 + number}", phone=f"477600{2000 + phone}",
        )  # fmt: skip
        firm = self.player.firm(paper, owner=owner, on=on)
        draft = self.player.fill(firm, project(case, number), owner=owner, on=on, files=files_too)
        return self.player.submit(draft, owner=owner, on=on) if submit else draft

    def _recommended(self, keys: tuple[str, ...], *, held: date) -> list[Application]:
        """Filed, read and recommended by the commission on that day."""
        matters = []
        for key in keys:
            application = self._file(key, on=held - timedelta(days=25))
            application = self.player.complete(application, on=held - timedelta(days=22))
            read = self.player.found_weak if key == "rejected" else self.player.evaluated
            read(application, on=held - timedelta(days=14))
            matters.append(self._fresh(application))
        session = self.player.planned("CE", matters, held_on=held, on=held - timedelta(days=9))
        self._held(session, self._verdicts(keys, matters, {"rejected": firms_turn.REJECTED}))
        return [self._fresh(application) for application in matters]

    def _approved(self, keys: tuple[str, ...], *, held: date) -> list[Application]:
        matters = self._recommended(keys, held=held - timedelta(days=12))
        session = self.player.planned("CT", matters, held_on=held, on=held - timedelta(days=9))
        said = {"rejected": firms_turn.REJECTED, "conditioned": firms_turn.conditional(held)}
        self._held(session, self._verdicts(keys, matters, said))
        decided = {key: self._fresh(matter) for key, matter in zip(keys, matters, strict=True)}
        released = [matter for key, matter in decided.items() if key != "approved"]
        firms_turn.letters_released(released, by=self.player.cast["secretary"], on=held + DAY)
        return list(decided.values())

    @staticmethod
    def _verdicts(
        keys: tuple[str, ...], matters: list[Application], said: dict[str, Verdict]
    ) -> dict[str, Verdict]:
        return {str(matter.ref): said[key] for key, matter in zip(keys, matters, strict=True) if key in said}

    def _held(self, session: Session, verdicts: dict[str, Verdict]) -> None:
        """The minutes of the last weeks still wait for the secretary or for a signature."""
        self.player.held(session, verdicts)
        if session.held_on < self.before(60):
            self.player.minuted(session)

    @staticmethod
    def _fresh(application: Application) -> Application:
        return Application.objects.select_related("firm").get(pk=application.pk)

    # Loans that run

    def _lent(self, keys: tuple[str, ...], *, days: int) -> None:
        """Approved and paid out so many days ago; instalments paid, but for the late one's last two months."""
        paid_out_on = self.before(days)
        for key, application in zip(
            keys, self._approved(keys, held=paid_out_on - timedelta(days=15)), strict=True
        ):
            plan = three_payouts(CASES[key], paid_out_on) if key == "parts" else ()
            loan = self.player.contract(application, payouts=plan, on=paid_out_on - timedelta(days=8))
            self.player.account(loan, on=paid_out_on - timedelta(days=4))
            loan = self.player.pay_out(loan, on=paid_out_on)
            if plan:
                self._second_payout(loan, plan[1], owner=self.owners[key])
                continue
            self._instalments(loan, until=self.before(45) if key == "late" else self.on)
            applications.commission(
                application=self._fresh(application), commissioned_on=paid_out_on + timedelta(days=20),
                by=self.owners[key], on=paid_out_on + timedelta(days=20),
            )  # fmt: skip

    def _instalments(self, loan: Loan, *, since: date = date.min, until: date) -> None:
        """What falls due in these days, each paid on its day."""
        for row in self.player.rows(loan):
            if since < row.pay_on <= until:
                self.player.pay(loan, [row], value_on=row.pay_on)

    def _second_payout(self, loan: Loan, planned: Planned, *, owner: User) -> None:
        """Left on proof of the first; two days ago the firm showed what this one was used for (Rule D-3)."""
        day = planned.not_before
        assert day is not None
        self._instalments(loan, until=day)
        note = "Factura 2118 del condensador, pagada por transferencia."
        proof = self.player.show_use(loan, note, owner=owner, on=day - DAY * 6)
        proofs.accept(proof=proof, by=self.player.cast["loan.officer"], on=day - DAY * 3)
        loan = self.player.pay_out(loan, on=day)
        self._instalments(loan, since=day, until=self.on)
        note = "Factura 640 del montaje y fotografías del condensador en marcha."
        self.player.show_use(loan, note, owner=owner, on=self.before(2))

    # Results

    def _results(self) -> None:
        """A year of water, discharge and cost: some verified, some waiting, one of them unusual."""
        for key, unusual in (("current", False), ("doubtful", True)):
            application = Application.objects.get(firm__legal_name=CASES[key].name)
            started = application.commissioned_on
            assert started is not None
            last = started + timedelta(days=364)
            proof = files.store(
                upload("recibos.pdf", f"Recibos de un año: {CASES[key].name}"), about=application.about,
                by=self.owners[key], on=last + DAY * 10,
            )  # fmt: skip
            for promised in ExpectedBenefit.objects.filter(application=application).select_related(
                "indicator"
            ):
                self._report(promised, key, unusual, (started, last), proof)

    def _report(
        self,
        promised: ExpectedBenefit,
        key: str,
        unusual: bool,
        period: tuple[date, date],
        proof: files.StoredFile,
    ) -> None:
        water = promised.indicator.code == "W1"
        odd = unusual and water
        actual = promised.baseline_intensity * Decimal("0.07") if odd else promised.after_intensity
        produced = promised.production * Decimal("0.96")
        sent = measurements.report(
            application=promised.application, indicator=promised.indicator, period_from=period[0],
            period_to=period[1], production=produced, unit=promised.unit,
            production_unit=promised.production_unit,
            reading=(actual * produced).quantize(Decimal("0.01")),
            evidence=[] if odd else [proof], by=self.owners[key], on=period[1] + DAY * 10,
        )  # fmt: skip
        if not water:
            measurements.verify(
                measurement=sent, grade="V2", note="Recibos y bitácora coinciden.",
                by=self.player.cast["benefits"], on=period[1] + DAY * 14,
            )  # fmt: skip

    # What waits

    def _decided(self) -> None:
        """Decided twelve days ago: one waits for its letter and contract, one for a signature, one for its money,
        one for its conditions; one was rejected and may ask for a review."""
        _approved, drafted, prepared, conditioned, _rejected = self._approved(
            ("approved", "drafted", "prepared", "conditioned", "rejected"), held=self.before(12)
        )
        firms_turn.proof_sent(conditioned, owner=self.owners["conditioned"], on=self.before(2))
        contracts.draft(application=drafted, by=self.player.cast["loan.officer"], on=self.before(3))
        loan = self.player.contract(prepared, on=self.before(8))
        self.player.account(loan, on=self.before(5))
        disbursements.prepare(
            loan=Loan.objects.get(pk=loan.pk), by=self.player.cast["cashier"], on=self.before(1)
        )

    def _waiting(self) -> None:
        """The last days: a session called, readings open, files to check, a draft."""
        matters = self._recommended(("agenda",), held=self.before(6))
        self.player.planned("CT", matters, held_on=self.on + timedelta(days=9), on=self.before(1))
        read = self.player.complete(self._file("evaluated", on=self.before(16)), on=self.before(13))
        self.player.evaluated(read, on=self.before(4))
        reading = self.player.complete(self._file("evaluating", on=self.before(12)), on=self.before(9))
        technical, _financial = self.player.assign(reading, on=self.before(5))
        self.player.read(technical, values=(4, 4, 4, 3, 4), on=self.before(2))
        self.player.complete(self._file("complete", on=self.before(7)), on=self.before(3))
        filed = self._file("submitted", on=self.before(6))
        firms_turn.answered(filed, self.player, owner=self.owners["submitted"], on=self.before(3))
        firms_turn.returned(self._file("returned", on=self.before(8)), self.player, on=self.before(4))
        self._file("draft", on=self.before(1), submit=False, files_too=False)
        second = project(CASES["current"], 1)
        firm = Application.objects.get(firm__legal_name=CASES["current"].name).firm
        self.player.fill(firm, second, owner=self.owners["current"], on=self.before(1), files=False)


def three_payouts(case: Case, first: date) -> tuple[Planned, ...]:
    """A half at once, a third when the machine is there, the rest when it runs."""
    amount = Decimal(case.amount)
    return (
        Planned(amount / 2),
        Planned(amount / 3, first + timedelta(days=100), "El condensador entregado en la planta"),
        Planned(amount / 6, None, "El circuito de condensados en marcha"),
    )


def project(case: Case, number: int) -> ProjectPaper:
    """The measure of the firm's trade at the size of its loan, in pesos."""
    trade: Trade = OTHERS.get(case.sector) or TANNING[number % len(TANNING)]
    production = max(1, round(trade.production * case.amount / 430_000))
    whole = case.amount * 4 // 3 // 1000 * 1000
    return ProjectPaper(
        title=trade.title, technique=trade.technique, summary=trade.summary, change=trade.change,
        purpose=trade.purpose, production=production, production_unit=trade.unit,
        rows=(("W1", "m3", *trade.water), ("Q4", "t", *trade.discharge)),
        cost_before=trade.cost[0] * production * PESOS, cost_after=trade.cost[1] * production * PESOS,
        investment=(
            ("equipment", "Equipo principal", whole * 3 // 4),
            ("works", "Instalación y obra", whole - whole * 3 // 4 - 12_000),
            ("training", "Capacitación del personal", 12_000),
        ),
        product=PRODUCT, amount=case.amount, term=36, grace=3,
        note="Las cifras vienen de recibos y bitácoras de un año.",
    )  # fmt: skip
