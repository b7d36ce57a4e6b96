"""Projects in operation and what was measured on them.

    application = operating("lupe")                 a contracted project that runs since a year
    sent = reported(application)                    water of a year, with a bill, sent by the firm
    done = verified(application)                    the same, verified by Bruno with grade V2

The way from an application to a contract has its own tests; here the file is put into that state at once.
"""

from datetime import date, timedelta
from decimal import Decimal

from accounts import files
from projects import applications, measurements
from projects.measurement_figures import Figures
from projects.models import Application, Indicator
from tests.stories import projects
from tests.stories.loans import scan
from tests.world import DAY, person

STARTED = date(2025, 1, 10)
YEAR_END = date(2026, 1, 9)


def operating(owner="lupe", *, since=STARTED, on=DAY, number=None):
    """The firm's project, contracted and in operation. lupe's tannery used 30 m3 of water a tonne before."""
    projects.funded(on)
    application = projects.draft(projects.registered_firm(owner, on=on), owner=owner, on=on, papers=False)
    count = Application.objects.exclude(ref=None).count()
    Application.objects.filter(pk=application.pk).update(
        state="contracted", ref=number or f"F-2024-{count + 1:04d}", submitted_on=since - timedelta(days=90),
        submitted_by=person(owner), approved_amount=application.amount,
        approved_amount_currency=application.currency,
    )  # fmt: skip
    application = Application.objects.select_related("firm__sector").get(pk=application.pk)
    return applications.commission(application=application, commissioned_on=since, by=person(owner), on=on)


def indicator(code="W1"):
    return Indicator.objects.get(code=code)


def figures(**changes):
    """A year of 500 t of hides on 9,000 m3 of water: 18 m3 a tonne where it was 30, so 6,000 m3 saved."""
    values = {
        "period_from": STARTED, "period_to": YEAR_END, "production": Decimal(500), "unit": "m3",
        "production_unit": "t", "reading": Decimal(9000),
    } | changes  # fmt: skip
    return Figures(**values)


def bill(application, *, by="lupe", on=DAY, name="recibo.pdf"):
    return files.store(scan(name), about=application.about, by=person(by), on=on)


def drafted(application, *, code="W1", by="lupe", on=DAY, note="", **changes):
    return measurements.save_draft(
        application=application, indicator=indicator(code), figures=figures(**changes), note=note,
        by=person(by), on=on,
    )  # fmt: skip


def reported(application, *, code="W1", by="lupe", on=DAY, proof=True, **changes):
    measurement = drafted(application, code=code, by=by, on=on, **changes)
    if proof:
        measurements.attach(
            measurement=measurement, files=[bill(application, by=by, on=on)], by=person(by), on=on
        )
    return measurements.submit(measurement=measurement, by=person(by), on=on)


def verified(application, *, grade="V2", officer="bruno", on=DAY, note="Bills seen.", **changes):
    measurement = reported(application, on=on, **changes)
    return measurements.verify(measurement=measurement, grade=grade, note=note, by=person(officer), on=on)
