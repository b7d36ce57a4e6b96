"""Design's chain by its verbs: application to donor report, late payment and back again, books and trail clean."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts import audit, files, registries
from accounts.models import Notice, User
from fund import documents, lending
from loans import accruals, reminders
from loans.models import Loan
from projects import applications, measurements
from projects.models import Measurement
from reports import donor_report, rollups
from tests.stories import committee, fund, loans, projects
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=400)


@pytest.fixture
def loan() -> Loan:
    """A real application of the tannery, read, recommended, approved, contracted and paid out."""
    fund.dollar(since=DAY - timedelta(days=1), until=DAY + timedelta(days=40))
    application = projects.completed("lupe")
    committee.seated()
    committee.evaluated(application)
    committee.recommended(application)
    committee.decided(application)
    return loans.paid_out(application, on=DAY + timedelta(days=20))


def findings(on: date) -> list[str]:
    return [f"{finding.check} {finding.subject}: {finding.message}" for finding in registries.run_checks(on)]


def report_water(application, *, commissioned: date, until: date) -> Measurement:
    lupe = person("lupe")
    applications.commission(application=application, commissioned_on=commissioned, by=lupe, on=until)
    expected = application.expected_benefits.get(indicator__code="W1")
    bill = files.store(
        projects.paper("recibo.pdf"), about=f"projects.application:{application.pk}", by=lupe, on=until
    )
    return measurements.report(
        application=application, indicator=expected.indicator, period_from=commissioned, period_to=until,
        actual_intensity=Decimal(20), production=Decimal(500), unit=expected.unit, evidence=[bill],
        by=lupe, on=until,
    )  # fmt: skip


def test_the_chain_from_application_to_donor_report(loan):
    lendable_before = lending.lendable(DAY, currency="MXN").total
    assert loan.application.state == "contracted"
    assert lending.lendable(DAY + timedelta(days=20), currency="MXN").total < lendable_before

    first = loans.rows(loan)[0]
    late_on = first.pay_on + timedelta(days=10)
    for day in (first.due_on, late_on):
        accruals.fall_due(on=day, by=User.objects.system())
        reminders.remind(on=day, by=User.objects.system())
    assert findings(late_on) == []
    loans.pay_row(loan, 1, days=10)
    assert findings(late_on) == []
    assert Notice.objects.filter(about=loan.audit_ref).exists()

    year_end = date(2026, 12, 31)
    measured = report_water(loan.application, commissioned=date(2026, 6, 1), until=year_end)
    assert measured.saving == (Decimal(30) - Decimal(20)) * 500
    measurements.verify(measurement=measured, grade="V2", by=person("bruno"), on=LATER)
    rollups.rollup_year(year=2026, by=person("bruno"), on=LATER)
    assert rollups.check_benefits(LATER) == []

    facts = donor_report.facts(year=2026, on=LATER)
    text = str(donor_report.as_data(facts))
    assert "5000" in text
    issued = donor_report.issue(year=2026, by=person("bruno"), on=LATER)
    assert {document.language for document in issued} == {"es", "en", "fr"}
    for document in issued:
        assert documents.document_for(document.number).facts_sha256
    assert findings(LATER) == []
    while audit.seal():
        pass
    assert audit.verify().broken is None


def test_the_firms_people_hear_of_each_step_in_their_language(loan):
    kinds = set(Notice.objects.filter(recipient=person("lupe")).values_list("kind", "language"))
    assert {language for _, language in kinds} == {"es"}
    assert len(kinds) >= 3
