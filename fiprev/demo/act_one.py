"""Act 1: December 1996 to 30 November 2002, and the bridge on which the rest is repaid on schedule."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, groupby

from djmoney.money import Money

from accounts import files
from accounts.models import StoredFile, User
from fiprev.demo import cast as demo_cast
from fiprev.demo.firms import StoryFirm, Trade, firms, trade_of
from fiprev.demo.hurry import count_rows
from fiprev.demo.loans import CAPITAL, END, GRACE, LINE, PLEDGED, TERM, StoryLoan, story
from fiprev.demo.player import FirmPaper, Player, ProjectPaper, upload
from fiprev.demo.results import LoanYear, factor, loan_years, yearly_production
from fund import capital, credit_lines
from fund.models import Institution
from loans import accruals
from loans.models import Instalment, Loan
from projects import applications, measurements
from projects.models import Application, ExpectedBenefit
from reports import donor_report, rollups

Step = Callable[[], object]


class ActOne:
    """Plays the story in the order of its dates; what comes later is put into the calendar as it becomes known."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.firms = firms()
        self.owners: dict[int, User] = {}
        self.applications: dict[int, Application] = {}
        self.loans: dict[int, Loan] = {}
        self._calendar: list[tuple[date, int, Step]] = []
        self._order = count()

    def at(self, day: date, step: Step) -> None:
        heapq.heappush(self._calendar, (day, next(self._order), step))

    def play(self, *, until: date) -> None:
        """Everything up to that day; the report of the year is issued as of 30 November 2002."""
        self._put_in_calendar()
        while self._calendar and self._calendar[0][0] <= until:
            _day, _order, step = heapq.heappop(self._calendar)
            step()
        accruals.fall_due(on=until, by=User.objects.system())

    # The calendar

    def _put_in_calendar(self) -> None:
        for day, code, amount in CAPITAL:
            self.at(day, lambda d=day, c=code, a=amount: self._capital(d, c, a))  # type: ignore[misc]
        self.at(PLEDGED[0], self._pledge)
        for decided_on, group in groupby(story(), key=lambda loan: loan.decided_on):
            self._session(decided_on, list(group))
        for reported_on, reports in groupby(
            sorted(loan_years(), key=lambda item: item.reported_on), key=lambda item: item.reported_on
        ):
            for item in reports:
                self.at(reported_on, lambda i=item: self._report(i))  # type: ignore[misc]
        self.at(END, self._year_end)
        for year in range(1998, END.year + 1):
            self.at(date(year, 1, 1), count_rows)

    def _session(self, decided_on: date, group: list[StoryLoan]) -> None:
        first = group[0]
        for loan in group:
            self.at(loan.submitted_on, lambda i=loan: self._apply(i))  # type: ignore[misc]
            self.at(loan.submitted_on + timedelta(days=8), lambda i=loan: self._evaluate(i))  # type: ignore[misc]
        self.at(
            first.recommended_on - timedelta(days=9), lambda: self._decide("CE", group, first.recommended_on)
        )
        self.at(decided_on - timedelta(days=9), lambda: self._decide("CT", group, decided_on))
        for loan in group:
            drafted = min(decided_on + timedelta(days=20), loan.paid_out_on - timedelta(days=4))
            self.at(drafted, lambda i=loan, d=drafted: self._contract(i, d))  # type: ignore[misc]
            self.at(loan.paid_out_on, lambda i=loan: self._pay_out(i))  # type: ignore[misc]
            self.at(loan.commissioned_on, lambda i=loan: self._commission(i))  # type: ignore[misc]

    # The steps

    def _capital(self, day: date, code: str, amount: int) -> None:
        by = self.player.cast["treasurer"]
        money = Money(Decimal(amount), "USD")
        giver = Institution.objects.get(code=code)
        pledged = capital.pledge(institution=giver, amount=money, by=by, on=day, agreement="CEC 96-12")
        capital.receive(contribution=pledged, amount=money, by=by, on=day)

    def _pledge(self) -> None:
        by = self.player.cast["treasurer"]
        day, code, amount = PLEDGED
        capital.pledge(
            institution=Institution.objects.get(code=code),
            amount=Money(Decimal(amount), "USD"),
            by=by,
            on=day,
        )
        day, code, amount = LINE
        self.at(
            day,
            lambda: credit_lines.record_line(
                institution=Institution.objects.get(code=code), ceiling=Money(Decimal(amount), "USD"),
                annual_cost_pct=Decimal("6"), by=by, on=day,
            ),
        )  # fmt: skip

    def _apply(self, loan: StoryLoan) -> None:
        firm, on = self.firms[loan.number], loan.submitted_on
        trade = trade_of(firm, loan.number)
        owner = demo_cast.owner(firm.owner, firm.email)
        self.owners[loan.number] = owner
        record = self.player.firm(firm_paper(firm, loan.number), owner=owner, on=on)
        draft = self.player.fill(record, project_paper(trade, loan), owner=owner, on=on)
        application = self.player.submit(draft, owner=owner, on=on)
        self.applications[loan.number] = self.player.complete(application, on=on)

    def _evaluate(self, loan: StoryLoan) -> None:
        self.player.evaluated(self._application(loan), on=loan.submitted_on + timedelta(days=8))

    def _decide(self, body: str, group: list[StoryLoan], held_on: date) -> None:
        """Planned and called now; held on its day."""
        matters = [self._application(loan) for loan in group]
        session = self.player.planned(body, matters, held_on=held_on, on=held_on - timedelta(days=9))
        self.at(held_on, lambda: self.player.held(session))
        self.at(held_on + timedelta(days=2), lambda: self.player.minuted(session))

    def _contract(self, loan: StoryLoan, day: date) -> None:
        first_due = due_after(loan.paid_out_on)
        signed = self.player.contract(self._application(loan), first_due=first_due, on=day)
        self.player.account(signed, on=day + timedelta(days=2))
        self.loans[loan.number] = signed

    def _pay_out(self, loan: StoryLoan) -> None:
        paid = self.player.pay_out(self.loans[loan.number], on=loan.paid_out_on)
        self.loans[loan.number] = paid
        for on, rows in transfers(self.player.rows(paid), at_once=AT_ONCE[loan.number % len(AT_ONCE)]):
            self.at(on, lambda i=paid, r=rows, d=on: self.player.pay(i, r, value_on=d))  # type: ignore[misc]

    def _commission(self, loan: StoryLoan) -> None:
        applications.commission(
            application=self._application(loan), commissioned_on=loan.commissioned_on,
            by=self.owners[loan.number], on=loan.commissioned_on,
        )  # fmt: skip

    def _report(self, report: LoanYear) -> None:
        """Water, discharge and savings of one year of one loan, with the year's bills; verified by an officer."""
        application, owner = self._application(report.loan), self.owners[report.loan.number]
        proof = self._proof(application, report, owner)
        officer = self.player.cast["benefits" if report.loan.number % 2 else "benefits2"]
        for promised in ExpectedBenefit.objects.filter(application=application).select_related("indicator"):
            saved = report.saved[promised.indicator.code]
            sent = measurements.report(
                application=application, indicator=promised.indicator,
                period_from=report.period_from, period_to=report.period_to, production=report.production,
                unit=promised.unit, production_unit=promised.production_unit,
                reading=promised.baseline_intensity * report.production - saved,
                evidence=[proof], by=owner, on=report.reported_on,
            )  # fmt: skip
            measurements.verify(
                measurement=sent, grade=report.grade, note=NOTES[report.grade], by=officer,
                on=report.reported_on + timedelta(days=1),
            )  # fmt: skip

    def _proof(self, application: Application, report: LoanYear, owner: User) -> StoredFile:
        title = f"Recibos {report.period_from} - {report.period_to}: {application.firm}"
        name = f"recibos-{report.period_to.year}.pdf"
        return files.store(upload(name, title), about=application.about, by=owner, on=report.reported_on)

    def _year_end(self) -> None:
        """Roll every year up, close those that are over, issue the report on 2002."""
        officer = self.player.cast["benefits"]
        accruals.fall_due(on=END, by=User.objects.system())
        for year in range(1997, END.year):
            rollups.close_year(year=year, by=officer, on=END)
        donor_report.issue(year=END.year, by=officer, on=END)

    def _application(self, loan: StoryLoan) -> Application:
        return self.applications[loan.number]


NOTES = {
    "V2": "Recibos y bitácora coinciden con lo declarado.",
    "V3": "Visto en la planta: medidores leídos y bitácora revisada.",
    "V4": "Confirmado por laboratorio acreditado.",
}


#: How many instalments a firm sends at once: every twelfth month by month, the others by quarter or half-year.
AT_ONCE = (1, 6, 6, 3, 6, 6, 3, 6, 6, 3, 6, 6)


def transfers(rows: list[Instalment], *, at_once: int) -> list[tuple[date, list[Instalment]]]:
    """When the firm pays what: nothing late, nothing twice. From the year after act 1 on all of the rest.

    What is sent ahead stays the firm's credit until it falls due (Rule P-4), so the schedule holds.
    """
    found: list[tuple[date, list[Instalment]]] = []
    for row in rows:
        act, begun = _act_of(row.pay_on), found and _act_of(found[-1][0])
        size = {1: at_once, 2: 1, 3: len(rows)}[act]
        if act == begun and len(found[-1][1]) < size:
            found[-1][1].append(row)
        else:
            found.append((row.pay_on, [row]))
    return found


def _act_of(day: date) -> int:
    """1: as published; 2: the rest of that year, as agreed; 3: the bridge."""
    return 1 if day <= END else 2 if day.year == END.year else 3


def due_after(paid_out_on: date) -> date:
    """The 15th of the month that follows."""
    year, month = divmod(paid_out_on.year * 12 + paid_out_on.month, 12)
    return date(year, month + 1, 15)


def firm_paper(firm: StoryFirm, number: int) -> FirmPaper:
    return FirmPaper(
        name=firm.name, tax_id=firm.tax_id, sector=firm.sector, state=firm.state, municipality=firm.municipality,
        workers=firm.workers, women=firm.women, sales=firm.sales, named=firm.named,
        address=f"Calle Industria {100 + number}", phone=f"477555{1000 + number}",
    )  # fmt: skip


def project_paper(trade: Trade, loan: StoryLoan) -> ProjectPaper:
    """The application of a story loan: the trade's measure at the size of the loan, a quarter of it own money."""
    production = yearly_production(trade, loan)
    own = int(Decimal(9_000) * factor(loan)) // 100 * 100
    return ProjectPaper(
        title=trade.title, technique=trade.technique, summary=trade.summary, change=trade.change,
        purpose=trade.purpose, production=production, production_unit=trade.unit,
        rows=(("W1", "m3", *trade.water), ("Q4", "t", *trade.discharge)),
        cost_before=trade.cost[0] * production, cost_after=trade.cost[1] * production,
        investment=(
            ("equipment", "Equipo principal", loan.amount * 3 // 4),
            ("works", "Instalación y obra", loan.amount - loan.amount * 3 // 4 + own - 1_000),
            ("training", "Capacitación", 1_000),
        ),
        product="prevention-usd", amount=loan.amount, term=TERM, grace=GRACE,
        note="Las cifras vienen de recibos y bitácoras de un año.",
    )  # fmt: skip
