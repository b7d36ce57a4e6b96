"""The frozen paper of an application: what a body reads before it votes (rules C-2, E-3)."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from djmoney.money import Money

from committee import figures, readings
from committee.models import Resolution
from committee.models.decision import OutcomeChoice
from projects.models import Application


def digest(facts: Any) -> str:
    """SHA-256 of the facts in one canonical form."""
    text = json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(facts: Any) -> Any:
    """The facts as JSON keeps them: dates and decimals become text."""
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder))


def money(amount: Money | None) -> dict[str, str] | None:
    return {"amount": str(amount.amount), "currency": amount.currency.code} if amount is not None else None


def version_text(application: Application) -> tuple[str, str]:
    """The file's latest frozen version and its hash, as a resolution stores them (rule C-8)."""
    latest = application.versions.order_by("-number").values_list("number", "sha256").first()
    return (f"{application.ref} v{latest[0]}", latest[1]) if latest else (application.ref or "", "")


def resolutions_on(kind: str, reference: str) -> list[Resolution]:
    """What the bodies resolved on a matter and still stands, the latest first."""
    found = Resolution.objects.standing().filter(item__kind=kind, item__reference=reference)
    return list(found.select_related("body").order_by("-decided_on", "-pk"))


def application_paper(
    application: Application, resolved: Sequence[Resolution], *, on: date
) -> dict[str, Any]:
    """Everything a member needs to decide, and nothing that changes later: rule C-2's frozen facts."""
    version, sha256 = version_text(application)
    return plain(
        application_facts(application, on=on)
        | {
            "version": version,
            "version_sha256": sha256,
            "readings": readings.summary(application),
            "agreement": _agreement(resolved),
        }
    )


def application_facts(application: Application, *, on: date) -> dict[str, Any]:
    """The application itself with the figures of rule E-3: what an evaluator reads before scoring."""
    firm = application.firm
    benefits = list(application.expected_benefits.select_related("indicator"))
    return plain(
        {
            "kind": "application",
            "made_on": on,
            "reference": application.ref,
            "firm": {
                "name": firm.legal_name,
                "sector": firm.sector.names if firm.sector else {},
                "sector_code": firm.sector.code if firm.sector else "",
                "state": firm.state.name if firm.state else "",
                "state_ref": firm.state.ref if firm.state else "",
                "municipality": firm.municipality,
                "size": firm.size_class,
                "workers": firm.workers,
            },
            "title": application.title,
            "technique": application.technique,
            "summary": application.summary,
            "amount": money(application.amount),
            "investment": money(application.investment),
            "product": application.product.names if application.product else {},
            "rate_pct": application.product.annual_rate_pct if application.product else None,
            "term_months": application.term_months,
            "grace_months": application.grace_months,
            "benefits": [_benefit(row) for row in benefits],
            "figures": figures.of(application, benefits=benefits, on=on),
        }
    )


def _benefit(row: Any) -> dict[str, Any]:
    return {
        "code": row.indicator.code,
        "names": row.indicator.names,
        "yearly": row.yearly_saving.quantize(Decimal("0.01")),
        "unit": row.saving_unit,
        "years": row.useful_life_years,
    }


def _agreement(resolved: Sequence[Resolution]) -> dict[str, Any] | None:
    """What the commission recommended (rule E-4), if it has spoken."""
    spoken = (row for row in resolved if not row.body.decides and row.outcome != OutcomeChoice.DEFERRED)
    found = next(spoken, None)
    if found is None:
        return None
    return {
        "number": found.number,
        "outcome": found.outcome,
        "decided_on": found.decided_on,
        "amount": money(found.amount),
        "terms": found.terms,
        "tally": found.tally,
    }
