"""Firms and applications built through the real verbs, for every test that needs one.

funded()                          capital and dollar rates, without which nothing may be submitted (A-4)
firm = registered_firm("lupe")    the tannery Curtidos La Paloma, on record, lupe its confirmed owner
firm = registered_firm("memo")    the foundry Fundidora del Norte
application = draft(firm)         everything filled in, papers uploaded
application = submitted("lupe")   all of it, with its number
application = completed("lupe")   after the staff's completeness check
"""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from fund.models import AdminUnit, Contribution, ExchangeRate, Product, Sector
from projects import applications, documents, firms
from projects.documents import required_kinds
from projects.models import Application, Firm, Indicator
from tests.stories import fund
from tests.world import DAY, person

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)

# name of the owner -> the firm and its project
FIRMS = {
    "lupe": {
        "tax_id": "CPA950612QX1",
        "legal_name": "Curtidos La Paloma, S.A. de C.V.",
        "sector": "tanning",
        "municipality": "León",
        "address": "Calle del Curtidor 45, Barrio Arriba, 37270",
        "phone": "477 123 4567",
        "email": "taller@lapaloma.example",
        "workers": 40,
        "women_workers": 12,
        "yearly_sales": Decimal("24000000.00"),
    },
    "memo": {
        "tax_id": "FUN880314AB4",
        "legal_name": "Fundidora del Norte, S.A. de C.V.",
        "sector": "foundry-iron",
        "municipality": "Celaya",
        "address": "Av. Tecnológico 900, 38010",
        "phone": "461 555 0101",
        "email": "contacto@fundidora.example",
        "workers": 60,
        "women_workers": 9,
        "yearly_sales": Decimal("80000000.00"),
    },
}
PROJECTS = {
    "lupe": {
        "title": "Recuperar y reusar los licores de cromo",
        "technique": "Precipitación y reúso del cromo",
        "summary": "Un tercio del cromo se va al drenaje y gastamos 30 m³ de agua por tonelada.",
        "change": "Dos tanques y un filtro prensa devuelven el cromo al baño.",
        "rows": [("W1", "m3", "30", "18"), ("D4", "kg", "5.5", "1.5")],
        "production": Decimal("600"),
        "costs": ("1250000.00", "890000.00"),
    },
    "memo": {
        "title": "Regenerar la arena de moldeo",
        "technique": "Regeneración de arena",
        "summary": "Tiramos 1.2 toneladas de arena por tonelada de pieza.",
        "change": "Una regeneradora mecánica devuelve la arena al molino.",
        "rows": [("R2", "t", "1.2", "0.4")],
        "production": Decimal("900"),
        "costs": ("1400000.00", "900000.00"),
    },
}
LINES = (
    ("equipment", "Tanques y filtro prensa", "440000.00"),
    ("works", "Instalación y tubería", "60000.00"),
)


def paper(name="papel.pdf", content=PDF):
    """An upload as a browser sends it."""
    return SimpleUploadedFile(name, content)


def funded(on=DAY):
    """Twenty million pesos received, and a dollar rate for the day: room for a loan of US$50,000 (A-4)."""
    if not Contribution.objects.exists():
        fund.contributed(on=on - timedelta(days=30))
    if not ExchangeRate.objects.filter(on__gte=on - timedelta(days=5), on__lte=on).exists():
        fund.dollar(since=on - timedelta(days=1))


def registered_firm(owner="lupe", *, on=DAY, confirmed=True, **changes):
    """The owner's firm, named by its tax id and confirmed by the loan officer."""
    known = Firm.objects.of_record().filter(tax_id=FIRMS[owner]["tax_id"]).first()
    if known is not None and confirmed and not changes:
        return known
    details = {**FIRMS[owner], **changes}
    tax_id = details.pop("tax_id")
    details["sector"] = Sector.objects.get(code=details["sector"])
    firm = firms.register_firm(
        country="MX",
        tax_id=tax_id,
        by=person(owner),
        on=on,
        state=AdminUnit.objects.get(country="MX", code="11"),
        **details,
    )
    if confirmed:
        firms.confirm_member(member=firm.members.get(), by=person("rosa"), on=on)
        firm.refresh_from_db()
    return firm


def draft(firm, *, owner="lupe", on=DAY, amount="400000.00", papers=True, **budget):
    """A draft with nothing missing; what is named of the budget is as it is said."""
    by, project = person(owner), PROJECTS[owner]
    application = applications.start(firm=firm, by=by, on=on)
    texts = {name: project[name] for name in ("title", "technique", "summary", "change")}
    save(application, "project", {**texts, "purpose": "reuse", "audit_plan": ""}, by, on)
    save(application, "benefits", benefits_of(project), by, on)
    save(application, "budget", budget_of(amount) | budget, by, on)
    if papers:
        with_papers(application, by=by, on=on)
    application.refresh_from_db()
    return application


def with_papers(application, *, by, on=DAY):
    """Every paper that its product asks for."""
    for kind in required_kinds(application):
        content = PDF + kind.value.encode()
        documents.add_document(
            application=application, kind=kind.value, upload=paper(f"{kind.value}.pdf", content), by=by, on=on
        )


def save(application, step, data, by, on=DAY):
    return applications.save_step(application=application, step=step, data=data, by=by, on=on)


def benefits_of(project):
    before, after = project["costs"]
    return {
        "production": project["production"],
        "production_unit": "t",
        "cost_before": Decimal(before),
        "cost_after": Decimal(after),
        "useful_life_years": 5,
        "benefit_note": "",
        "rows": [
            {
                "indicator": Indicator.objects.get(code=code),
                "unit": unit,
                "baseline_intensity": Decimal(today),
                "after_intensity": Decimal(after_),
                "basis": "Recibos de los últimos 12 meses",
            }
            for code, unit, today, after_ in project["rows"]
        ],
    }


def budget_of(amount="400000.00", own="100000.00", lines=LINES):
    return {
        "product": Product.objects.filter(code="cleaner-process").latest("in_force_from"),
        "amount": Decimal(amount),
        "own_funds": Decimal(own),
        "other_funds": None,
        "other_source": "",
        "term_months": 36,
        "grace_months": 6,
        "lines": [{"kind": kind, "concept": text, "amount": Decimal(cost)} for kind, text, cost in lines],
    }


def submitted(owner="lupe", *, on=DAY, **options) -> Application:
    """The owner's application, with its number and its first frozen version."""
    funded(on)
    application = draft(registered_firm(owner, on=on), owner=owner, on=on, **options)
    return applications.submit(application=application, by=person(owner), on=on)


def returned(owner="lupe", *, fields=("project.summary",), on=DAY) -> Application:
    """Submitted, and sent back by the loan officer with these fields flagged."""
    return applications.return_to_firm(
        application=submitted(owner, on=on),
        returns=[(field, "Falta el dato del año pasado") for field in fields],
        by=person("rosa"),
        on=on,
    )


def completed(owner="lupe", *, on: date = DAY, **options) -> Application:
    """Submitted and called complete: ready for evaluators."""
    return applications.confirm_complete(
        application=submitted(owner, on=on, **options), by=person("rosa"), on=on
    )
