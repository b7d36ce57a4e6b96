"""What the loans need from upstream, written down as upstream would leave it.

The decision of the committee is a row here and not a played session: tests of loans would otherwise spend
most of their time voting. The whole chain through the real verbs is tested in tests/flows.
"""

from datetime import date, time
from decimal import Decimal
from itertools import count

from django.utils.module_loading import import_string
from djmoney.money import Money

from accounts import registries
from committee.models import AgendaItem, Body, Condition, Resolution, Session
from fund import capital
from fund.models import AdminUnit, ExchangeRate, Institution, Sector
from fund.products import product_on
from projects.models import Application, Firm, FirmMember
from tests.world import DAY, person

RATE_DAY = date(2026, 1, 1)
_serial = count(1)


def mxn(amount):
    return Money(Decimal(str(amount)), "MXN")


def usd(amount):
    return Money(Decimal(str(amount)), "USD")


def money_to_lend(amount="6000000.00", *, currency="MXN", on=date(2025, 6, 2), parts=1):
    """Capital received, in so many contributions, and rates for every day that tests use."""
    teresa = person("teresa")
    rates(on)
    refs = []
    for _ in range(parts):
        share = Money(Decimal(amount) / parts, currency)
        given = capital.pledge(
            institution=Institution.objects.get(code="cec"), amount=share, by=teresa, on=on
        )
        capital.receive(contribution=given, amount=share, by=teresa, on=on)
        refs.append(given.ref)
    return refs


def rates(*days):
    """A rate of 20 pesos to the dollar on every fifth day of the years that tests use."""
    first, last = date(2025, 1, 1).toordinal(), date(2027, 12, 31).toordinal()
    ExchangeRate.objects.bulk_create(
        (
            ExchangeRate(base="USD", quote="MXN", on=date.fromordinal(day), rate=Decimal(20), source="FIX")
            for day in range(first, last, 4)
        ),
        ignore_conflicts=True,
    )


def firm(owner="lupe", *, name="Curtidos La Paloma", consents=False, state="GUA"):
    """A confirmed tannery of León with its owner."""
    user = person(owner)
    serial = next(_serial)
    made = Firm.objects.create(
        country="MX", tax_id=f"CPA{serial:06d}AB1", legal_name=name if serial == 1 else f"{name} {serial}",
        sector=Sector.objects.get(code="tanning"), state=AdminUnit.objects.filter(country="MX").first(),
        municipality="León", address="Calle Río 12", workers=24, yearly_sales=Decimal("18000000"),
        size_class="small", consents_to_name=consents, created_by=user, created_on=DAY,
        confirmed_by=user, confirmed_on=DAY,
    )  # fmt: skip
    FirmMember.objects.create(
        firm=made,
        user=user,
        role=FirmMember.Role.OWNER,
        asked_on=DAY,
        confirmed_by=person("rosa"),
        confirmed_on=DAY,
    )
    return made


def approved(
    amount="120000.00", *, of=None, term=12, grace=0, conditions=(), on=DAY, product="good-housekeeping", terms=None,
):  # fmt: skip
    """An application that the Technical Committee approved, its capital reserved."""
    owner_firm = of or firm()
    serial = next(_serial)
    offered = product_on(product, on)
    asked = Money(Decimal(str(amount)), offered.currency)
    member = owner_firm.members.first().user
    application = Application.objects.create(
        ref=f"F-{on.year}-{serial:04d}", firm=owner_firm, product=offered, state="approved", state_since=on,
        purpose="process", title="Recovery of chromium from tanning baths", technique="Chromium recovery",
        currency=offered.currency, amount=asked, investment=asked * 2, term_months=term, grace_months=grace,
        started_by=member, started_on=on, submitted_by=member, submitted_on=on, decided_on=on,
        approved_amount=asked,
    )  # fmt: skip
    resolution(application, asked, conditions=conditions, on=on, terms=terms)
    capital.reserve(project=application.ref, amount=asked, by=person("sofia"), on=on)
    return application


def resolution(application, amount, *, conditions=(), on=DAY, terms=None):
    body = Body.objects.get(code="CT")
    sofia = person("sofia")
    session, _ = Session.objects.get_or_create(
        code=f"CT-{on:%Y-%m}",
        defaults={
            "body": body, "held_on": on, "begins_at": time(10), "place": "Funtec", "state": "closed",
            "planned_by": sofia, "planned_on": on,
        },
    )  # fmt: skip
    position = session.items.count() + 1
    item = AgendaItem.objects.create(
        session=session, position=position, kind="application", reference=application.ref,
        title=application.title, paper={}, paper_hash="0" * 64, state="decided",
    )  # fmt: skip
    made = Resolution.objects.create(
        number=f"CT-{on:%Y-%m}-R{position:02d}", body=body, session=session, item=item, outcome="approved",
        decided_on=on, amount=amount, terms=terms or {}, tally={}, quorum={}, presence=[], recusals=[],
        paper_hash="0" * 64, rules={}, closed_by=sofia,
    )  # fmt: skip
    for number, text in enumerate(conditions, 1):
        Condition.objects.create(
            resolution=made,
            number=number,
            kind="precedent",
            text=text,
            owner="firm",
            due_on=on,
            proof="A paper",
        )
    Application.objects.filter(pk=application.pk).update(resolution=made.number)
    application.resolution = made.number
    return made


def findings(on):
    """What the checks of the books find; the votes behind these resolutions were not cast, so not `recount`."""
    checks = [dotted for name, dotted in registries._registry.checks.items() if name != "recount"]
    return [finding for dotted in checks for finding in import_string(dotted)(on)]
