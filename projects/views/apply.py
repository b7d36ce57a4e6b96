"""Before an application: may I apply, the size class as one types, and the start (rules A-1 to A-4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import SignedRequest, public, signed_in
from fund.policy import policy_on
from projects import applications, firms
from projects.eligibility import Asked, Purpose, refusals
from projects.examples import example_for
from projects.fields import Step
from projects.forms.apply import CarriedForm, MayApplyForm, StartForm
from projects.forms.documents import hints
from projects.models import Application, BudgetLine, Firm
from projects.offers import because, fitting, offers
from projects.reasons import size_words, told
from projects.sizes import profile_on
from projects.sizes import sizing as size_on
from projects.sizing import Sizing


@public
@require_safe
def may_apply(request: HttpRequest) -> HttpResponse:
    """One minute, no sign-up: size class with its arithmetic, refusals by rule, the products that fit."""
    asked = "country" in request.GET
    form = MayApplyForm(request.GET if asked else None, on=today(), initial={"country": "MX"})
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked and form.is_valid():
        context |= _answer(form.cleaned_data) | {"query": request.GET.urlencode()}
    return render(request, "projects/may_apply.html", context)


def _answer(said: dict[str, Any]) -> dict[str, Any]:
    found = size_on(
        country=said["country"], sector=said["sector"], workers=said["workers"], sales=said["yearly_sales"],
        on=today(),
    )  # fmt: skip
    reasons = [told(reason) for reason in refusals(Asked(purpose=Purpose(said["purpose"])), sizing=found)]
    profile = profile_on(said["country"], today())
    currency = profile.currency if profile else ""
    found_offers = [] if reasons else offers(
        purpose=said["purpose"], currency=currency, cost=said.get("cost"), on=today()
    )  # fmt: skip
    return {
        "sizing": found,
        "size_words": size_words(found) if found else "",
        "refusals": reasons,
        "because": because(found, said["purpose"]) if found and not reasons else [],
        "offers": found_offers,
        "cost": said.get("cost"),
        "share": policy_on(today()).loan_share_max * 100,
        "example": example_for(said["sector"]),
        "hints": hints(said["country"]),
    }


@public
@require_safe
def sizing(request: HttpRequest) -> HttpResponse:
    """The size class for figures as typed, as a fragment: shown while the form is filled in."""
    form = CarriedForm(request.GET)
    said = form.answers()
    found = size_on(
        country=request.GET.get("country", "MX"), sector=said.get("sector"),
        workers=said.get("workers"), sales=said.get("yearly_sales"), on=today(),
    )  # fmt: skip
    return render(request, "projects/_sizing.html", sizing_context(found))


def sizing_context(found: Sizing | None) -> dict[str, Any]:
    return {"sizing": found, "size_words": size_words(found) if found else ""}


@signed_in
def start(request: SignedRequest) -> HttpResponse:
    """For which firm: the same page whether or not the fund knows the tax id (rules A-1, X-2)."""
    carried = CarriedForm(request.GET).answers()
    form = StartForm(
        request.POST or None, user=request.user, on=today(),
        initial={"country": request.GET.get("country", "MX")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        application = attempt(form, lambda: _start(request, form.cleaned_data, carried))
        if application:
            return redirect("projects:application-step", application.uid, Step.FIRM)
    return render(request, "projects/start.html", {"form": form, "carried": carried})


def _start(request: SignedRequest, said: dict[str, Any], carried: dict[str, Any]) -> Application:
    details = {name: value for name, value in carried.items() if name not in ("purpose", "cost")}
    firm: Firm = said.get("firm") or firms.register_firm(
        country=said["country"],
        tax_id=said["tax_id"],
        role=said["role"],
        by=request.user,
        on=today(),
        **details,
    )
    waiting = firm.applications.filter(started_by=request.user, state="draft", title="", amount=None).first()
    application = waiting or applications.start(firm=firm, by=request.user, on=today())
    _carry_over(request, application, carried)
    return application


def _carry_over(request: SignedRequest, application: Application, carried: dict[str, Any]) -> None:
    """Purpose and cost as they were said before; what stands already is never touched."""
    steps: dict[Step, dict[str, Any]] = {}
    if "purpose" in carried and not application.purpose:
        steps[Step.PROJECT] = {"purpose": carried["purpose"]}
    if "cost" in carried and not application.investment:
        whole = {"kind": BudgetLine.Kind.OTHER, "concept": _("The whole project, estimated")}
        steps[Step.BUDGET] = {"lines": [{**whole, "amount": carried["cost"]}]}
        products = fitting(carried.get("purpose", ""), application.currency, today())
        if len(products) == 1 and products[0].currency == application.currency:
            steps[Step.BUDGET]["product"] = products[0]
    for step, data in steps.items():
        applications.save_step(application=application, step=step, data=data, by=request.user, on=today())
