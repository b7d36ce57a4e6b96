"""An application's page after (and before) submission, its whole file and its frozen versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.clock import today
from accounts.formats import money_text, quantity_text
from accounts.permissions import Perm, SignedRequest, may, signed_in
from projects import reviews
from projects.checklist import checked
from projects.duplicates import shared_with
from projects.fields import BY_KEY, Step
from projects.gates import application_for, check_may_submit, link_of
from projects.lifecycle import APPROVALS, MOVES, State
from projects.messages import count_unread
from projects.models import Application
from projects.nextsteps import next_step, timeline
from projects.progress import appraisal_of, doubts_of, progress_of
from projects.reasons import size_words
from projects.returns import open_returns
from projects.sizes import sizing_of
from projects.snapshots import differences, snapshot
from projects.views.pages import answer_rows, difference_rows, file_sections, step_links

#: While somebody looks at what the firm answered; later the whole file shows it.
ANSWERED = (State.SUBMITTED, State.EVALUATING)
#: A warning about shared details comes too late for these; the whole file goes on showing it (rule A-9).
DECIDED = (*APPROVALS, State.REJECTED, State.CONTRACTED, State.WITHDRAWN, State.LAPSED)


@signed_in
def application(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Where the application is, since when, what happens next, who must act, and the usual days (rule A-8)."""
    found = application_for(request.user, uid, rows=count_unread(request.user))
    mine = link_of(request.user, found.firm) is not None
    if found.is_draft and mine:
        return redirect("projects:application-step", found.uid, progress_of(found).first_open)
    context = {
        "application": found,
        "mine": mine,
        "next": next_step(found, today(), firm_reads=mine),
        "events": timeline(found, names=not mine),
        "facts": _facts(found),
        "returns": _returns(found) if found.state == State.RETURNED else [],
        "answers": answer_rows(found) if found.state in ANSWERED else [],
        "unread": found.unread,  # type: ignore[attr-defined]
        "may_withdraw": _may_move(request, found, State.WITHDRAWN),
        "may_ask_review": _may_move(request, found, State.REVIEW_REQUESTED)
        and reviews.open_until(found, today()) is not None,
        "may_check": request.user.may(Perm.APPLICATION_CHECK) and found.state == State.SUBMITTED and not mine,
        "may_assign": not mine
        and (request.user.may(Perm.APPLICATION_CHECK) or request.user.may(Perm.EVALUATION_ASSIGN)),
        "shared": [] if mine or found.state in DECIDED else shared_with(found.firm),
        "may_return": request.user.may(Perm.APPLICATION_CHECK)
        and found.state == State.EVALUATING
        and not mine,
    }
    if found.state == State.RETURNED and mine:
        context["steps"] = step_links(found, progress_of(found), None)
    return render(request, "projects/application.html", context)


def _may_move(request: SignedRequest, found: Application, to: State) -> bool:
    return (found.state, to) in MOVES and may(check_may_submit, request.user, found)


def _facts(found: Application) -> list[tuple[str, Any]]:
    """The application in five lines."""
    facts: list[tuple[str, Any]] = [(_("Firm"), str(found.firm)), (_("Project"), found.title)]
    if found.amount:
        facts.append((_("Loan asked for"), money_text(found.amount.amount, str(found.amount.currency))))
    if found.term_months:
        facts.append((_("Term"), quantity_text(found.term_months, _("months"))))
    if found.approved_amount:
        money = found.approved_amount
        facts.append((_("Amount approved"), money_text(money.amount, str(money.currency))))
    if found.submitted_on:
        facts.append((_("Submitted"), found.submitted_on))
    if found.resolution:
        facts.append((_("Resolution"), found.resolution))
    return facts


def _returns(found: Application) -> list[dict[str, Any]]:
    """What waits for the firm, each with the step where it is changed."""
    return [
        {
            "label": BY_KEY[key].label,
            "reason": flag.reason,
            "on": flag.returned_on,
            "url": reverse("projects:application-step", args=[found.uid, BY_KEY[key].step]),
        }
        for key, flag in open_returns(found).items()
    ]


@signed_in
def whole(request: SignedRequest, uid: UUID) -> HttpResponse:
    """The whole file: the last frozen version, or the draft as it stands. Reads by the staff are logged (X-3)."""
    found = application_for(request.user, uid)
    mine = link_of(request.user, found.firm) is not None
    if not mine:
        audit.record_read("application.file", found, by=request.user)
    return render(request, "projects/file.html", _file_context(found, mine))


def _file_context(found: Application, mine: bool) -> dict[str, Any]:
    found.load_benefits()
    versions = list(found.versions.all())
    version = versions[-1] if versions else None
    data = version.snapshot if version else snapshot(found)
    sizing = sizing_of(found.firm, today())
    discount = found.product.annual_rate_pct if found.product else Decimal(0)
    return {
        "application": found,
        "version": version,
        "versions": versions,
        "sections": _with_ways_to_ask(file_sections(data, found, mine=mine), found),
        "sizing": sizing,
        "size_words": size_words(sizing) if sizing else "",
        "appraisal": appraisal_of(found, discount),
        "doubts": doubts_of(found),
        "currency": found.currency,
        "shared": [] if mine else shared_with(found.firm),
        "mine": mine,
        "checked": [] if mine or version is None else checked(version),
        "pdf_url": reverse("projects:application-pdf", args=[found.uid]),
        "answers": [] if version is None or version.number == 1 else answer_rows(found),
    }


def _with_ways_to_ask(sections: list[dict[str, Any]], found: Application) -> list[dict[str, Any]]:
    """Beside each section the way to write about it."""
    for section in sections:
        address = reverse("projects:application-messages", args=[found.uid])
        section["ask"] = f"{address}?section={section['step']}" if found.ref else ""
    return sections


@signed_in
def version(request: SignedRequest, uid: UUID, number: int) -> HttpResponse:
    """One frozen version with its hash, and what changed since the one before (rule A-7)."""
    found = application_for(request.user, uid)
    frozen = get_object_or_404(found.versions, number=number)
    before = found.versions.filter(number=number - 1).first()
    changes = differences(before.snapshot, frozen.snapshot) if before else ()
    return render(
        request,
        "projects/version.html",
        {
            "application": found,
            "version": frozen,
            "before": before,
            "changes": difference_rows(changes, frozen.snapshot["currency"]),
            "sections": file_sections(
                frozen.snapshot, found, mine=link_of(request.user, found.firm) is not None
            ),
            "first_step": Step.FIRM,
        },
    )
