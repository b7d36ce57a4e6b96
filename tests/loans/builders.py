"""What the loans need from upstream, written down as upstream would leave it.

The session of the committee is rows here and not played: tests of loans would otherwise spend most of their time
voting. The whole chain through the real verbs is tested in tests/flows.
"""

from datetime import date, time, timedelta
from decimal import Decimal
from itertools import count

from django.db import connection, transaction
from django.utils.module_loading import import_string
from djmoney.money import Money

from accounts import registries
from committee import outcomes
from committee.conditions import NewCondition, attach
from committee.models import AgendaItem, Body, Resolution, Session
from committee.papers import plain
from fund import capital
from fund.models import AdminUnit, ExchangeRate, Institution, Sector
from fund.numbers import next_number
from fund.products import product_on
from projects import firms
from projects.models import Application
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
    rates()
    refs = []
    for _ in range(parts):
        share = Money(Decimal(amount) / parts, currency)
        given = capital.pledge(
            institution=Institution.objects.get(code="cec"), amount=share, by=teresa, on=on
        )
        capital.receive(contribution=given, amount=share, by=teresa, on=on)
        refs.append(given.ref)
    return refs


def rates():
    """A rate of 20 pesos to the dollar on every fifth day of the years that tests use."""
    with connection.cursor() as cursor:  # by the database itself: most tests of loans begin with it
        cursor.execute(
            f"""INSERT INTO {ExchangeRate._meta.db_table} (base, quote, "on", rate, source, recorded_at)
            SELECT 'USD', 'MXN', day, 20, 'FIX', now()
            FROM generate_series(date '2025-01-01', date '2027-12-30', interval '4 days') day ON CONFLICT DO NOTHING"""
        )


def firm(owner="lupe", *, name="Curtidos La Paloma", consents=False):
    """A confirmed tannery of León with its owner, by the real verbs; each time another firm."""
    serial = next(_serial)
    born = date(1960, 1, 1) + timedelta(serial // 1000)
    made = firms.register_firm(
        country="MX", tax_id=f"CPA{born:%y%m%d}{serial % 1000:03d}", by=person(owner), on=DAY,
        legal_name=name if serial == 1 else f"{name} {serial}", sector=Sector.objects.get(code="tanning"),
        state=AdminUnit.objects.filter(country="MX").first(), municipality="León", address="Calle Río 12",
        phone="477 123 4567", email=person(owner).email, workers=24, yearly_sales=Decimal("18000000.00"),
        consents_to_name=consents,
    )  # fmt: skip
    firms.confirm_member(member=made.members.get(), by=person("rosa"), on=DAY)
    made.refresh_from_db()
    return made


@transaction.atomic
def approved(
    amount="120000.00", *, of=None, term=12, grace=0, conditions=(), on=DAY, product="good-housekeeping", terms=None,
):  # fmt: skip
    """An application that the Technical Committee approved, its capital reserved.

    The short way: file, evaluation and vote are not played, for they would take longer than all that the tests of
    loans are about. Their rows are written here as the verbs leave them; what the decision sets in motion is the
    real verb. test_builders.py plays the long way and holds the two equal.
    """
    asked = Money(Decimal(str(amount)), product_on(product, on).currency)
    application = _on_agenda(asked, of=of or firm(), term=term, grace=grace, on=on, product=product)
    drafts = [NewCondition(text=text, due_on=on, proof="A paper") for text in conditions]
    made = _resolution(application, asked, drafts=drafts, on=on, terms=terms)
    attached = attach(made, drafts)
    outcomes.apply(made, conditions=attached, by=person("sofia"), on=on)
    return Application.objects.get(pk=application.pk)


def _on_agenda(asked, *, of, term, grace, on, product):
    """A file that was read, recommended and put before the committee."""
    member = of.members.first().user
    return Application.objects.create(
        ref=next_number(f"F-{on.year}"), firm=of, product=product_on(product, on), state="on_agenda", state_since=on,
        purpose="process", title="Recovery of chromium from tanning baths", technique="Chromium recovery",
        summary="Spent chromium is filtered and used again.", change="A filter press brings it back.",
        currency=asked.currency.code, amount=asked, investment=asked * 2, own_funds=asked.amount,
        term_months=term, grace_months=grace, production=Decimal(1200), production_unit="t",
        cost_before=asked.amount, cost_after=asked.amount / 2, useful_life_years=5, benefit_note="By the bills.",
        started_by=member, started_on=on, submitted_by=member, submitted_on=on,
        completed_on=on, agreement=f"CE-{on:%Y-%m}-A01", session=f"CT-{on:%Y-%m}",
    )  # fmt: skip


def _resolution(application, amount, *, drafts, on, terms):
    body, sofia = Body.objects.get(code="CT"), person("sofia")
    version = f"{application.ref} v1"
    proposed = {"conditions": [draft.to_dict() for draft in drafts]} if drafts else {}
    session, _ = Session.objects.get_or_create(
        code=f"CT-{on:%Y-%m}",
        defaults={
            "body": body, "held_on": on, "begins_at": time(10), "place": "Funtec", "state": "closed",
            "planned_by": sofia, "planned_on": on, "called_on": on, "opened_on": on, "closed_on": on,
        },
    )  # fmt: skip
    position = session.items.count() + 1
    item = AgendaItem.objects.create(
        session=session, position=position, kind="application", reference=application.ref,
        title=application.title, paper={}, paper_hash="0" * 64, state="decided", amount=amount,
        version=version,
    )  # fmt: skip
    return Resolution.objects.create(
        number=f"CT-{on:%Y-%m}-R{position:02d}", body=body, session=session, item=item, outcome="approved",
        decided_on=on, amount=amount, terms=plain((terms or {}) | proposed), tally={}, quorum={},
        presence=[], recusals=[], paper_hash="0" * 64, rules={}, closed_by=sofia, file_version=version,
    )  # fmt: skip


def findings(on):
    """What the checks of the books find; the votes behind these resolutions were not cast, so not `recount`."""
    every = registries._registry.checks.values()
    checks = [dotted for dotted in every if dotted != "committee.recount.findings"]
    return [finding for dotted in checks for finding in import_string(dotted)(on)]
