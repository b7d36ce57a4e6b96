"""Service times: for everybody, and with the cases behind them for the staff (rule R-3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.clock import today
from accounts.permissions import Perm, SignedRequest, allow, public
from fund.policy import policy_on
from projects.lifecycle import State
from projects.service_times import CASES_LEAST, DECISIONS, service_times, until
from projects.waiting import queues


def _context() -> dict[str, object]:
    day = today()
    return {
        "day": day,
        "stages": service_times(day),
        "decided": until(DECISIONS, day),
        "contracted": until((State.CONTRACTED,), day),
        "least": CASES_LEAST,
        "completeness_days": policy_on(day).completeness_days,
    }


@public
def service_times_page(request: HttpRequest) -> HttpResponse:
    """The usual days of each step and the oldest open case, without a name."""
    return render(request, "projects/service_times.html", _context())


@allow(Perm.APPLICATION_READ)
def waiting(request: SignedRequest) -> HttpResponse:
    """The same with the oldest case by name, and for whom everything waits."""
    context = _context()
    context["queues"] = queues(today())
    return render(request, "projects/waiting.html", context)
