"""The steps of an application, each with its own address, saved by its own button (rule A-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import now, today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.permissions import SignedRequest, may, signed_in
from projects import applications, documents
from projects.fields import BY_KEY, STEP_TITLES, Step
from projects.forms.base import StepForm
from projects.forms.benefits import BenefitsStep
from projects.forms.budget import BudgetStep
from projects.forms.documents import PHOTO, DocumentsStep, SubmitForm
from projects.forms.firm import FirmStep
from projects.forms.project import ProjectStep
from projects.gates import application_for, check_may_edit, check_may_submit
from projects.lifecycle import State
from projects.models import Application, DocumentKind
from projects.preview import cover, preview_of
from projects.progress import (
    Progress,
    against,
    appraisal_of,
    doubts_of,
    link_confirmed,
    progress_of,
    unfunded,
)
from projects.reasons import size_words
from projects.returns import open_returns
from projects.sizes import sizing_of
from projects.snapshots import snapshot
from projects.views.documents import add_papers
from projects.views.filling import can_be_kept, opened, reread, take
from projects.views.pages import file_sections
from projects.views.people import hand_over_form
from projects.views.signed_out import keeps_the_page, waiting

FORMS: dict[Step, type[StepForm]] = {
    Step.FIRM: FirmStep,
    Step.PROJECT: ProjectStep,
    Step.BENEFITS: BenefitsStep,
    Step.BUDGET: BudgetStep,
    Step.DOCUMENTS: DocumentsStep,
}
#: Lines that "more lines" adds at a time.
SPARE = 3


@keeps_the_page
@signed_in
def step(request: SignedRequest, uid: UUID, step: str) -> HttpResponse:
    """One step: shown, or saved and left for the next one."""
    application = _editable(request, uid, step)
    if not application.is_editable:
        return redirect("projects:application", application.uid)
    if step == Step.REVIEW:
        return _review(request, application, SubmitForm())
    if request.method == "POST":
        return _sent(request, application, Step(step))
    if (page := waiting(request, request.path)) is not None and can_be_kept(Step(step)):
        return _back_from_sign_in(request, application, Step(step), page)
    options = _options(request, application, Step(step))
    form = FORMS[Step(step)](**options)
    if can_be_kept(Step(step)):
        form = opened(request, form, options)
    return _page(request, form)


def _editable(request: SignedRequest, uid: UUID, step: str) -> Application:
    application = application_for(request.user, uid, whole=True)
    check_may_edit(request.user, application)
    if step not in set(Step):
        raise Http404
    return application


def _options(request: SignedRequest, application: Application, step: Step) -> dict[str, Any]:
    options: dict[str, Any] = {"application": application, "on": today()}
    if step in (Step.BENEFITS, Step.BUDGET):
        options["spare"] = SPARE if "more" in request.GET else 0
    return options


def _sent(request: SignedRequest, application: Application, step: Step) -> HttpResponse:
    """The step's button: what can be taken is saved, also where another field needs a change."""
    form = FORMS[step](request.POST, request.FILES, **_options(request, application, step))
    if isinstance(form, DocumentsStep):
        add_papers(request, form)
        if _by_htmx(request) and not form.errors:
            form = DocumentsStep(**_options(request, application, step))
    else:
        take(request, form)
    whole = application_for(request.user, application.uid, whole=True)
    if step is Step.DOCUMENTS and _by_htmx(request):
        sent = {form.key_of(name) for name in request.FILES}
        return render(request, "projects/_papers_sent.html", _context(reread(form, whole)) | {"sent": sent})
    if not form.errors:
        return redirect(_where_next(request, application, step))
    return _page(request, reread(form, whole))


def _by_htmx(request: SignedRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@keeps_the_page
@signed_in
@require_POST
def save(request: SignedRequest, uid: UUID, step: str) -> HttpResponse:
    """A field was left: save the page as far as it goes, and answer with what changes on it (htmx)."""
    application = _editable(request, uid, step)
    if not application.is_editable or not can_be_kept(Step(step)):
        raise Http404
    form = FORMS[Step(step)](request.POST, **_options(request, application, Step(step)))
    gave_up = form.chosen("theirs")
    saved = take(request, form)
    waits = bool(form.unsaved(frozenset()))
    form.hush()
    for row in form.rows or ():
        row.hush()
    form = reread(form, application_for(request.user, uid, whole=True))
    answer = render(
        request, "projects/_saved.html", _context(form) | {"saved": saved, "waits": waits, "now": now()}
    )
    if gave_up:
        answer["HX-Refresh"] = "true"  # the page shows the other's value in its field
    return answer


def _back_from_sign_in(
    request: SignedRequest, application: Application, step: Step, page: QueryDict
) -> HttpResponse:
    """The session had ended while the person typed: what the page held is saved now."""
    form = FORMS[step](page, **_options(request, application, step))
    take(request, form)
    if not form.errors:
        messages.success(request, _("You had been signed out. What you typed is here, and it is saved."))
        return redirect("projects:application-step", application.uid, step)
    messages.warning(request, _("You had been signed out. What you typed is here; see what needs a change."))
    return _page(request, reread(form, application_for(request.user, application.uid, whole=True)))


def _page(request: SignedRequest, form: StepForm) -> HttpResponse:
    return render(request, _template(form.application, form.step), _context(form))


def _context(form: StepForm) -> dict[str, Any]:
    application, step = form.application, form.step
    progress = progress_of(application)
    return {
        "application": application,
        "form": form,
        "step": step,
        "step_number": list(Step).index(step) + 1,
        "title": STEP_TITLES[step],
        "steps": step_links(application, progress, step),
        "missing": progress.gaps[step],
        "flags": _flags_of(application, step),
        "example": form.example,
        **_CONTEXTS.get(step, lambda form: {})(form),
    }


def _template(application: Application, step: Step) -> str:
    """A returned file shows only what the firm may change."""
    returned = application.state == State.RETURNED and step != Step.DOCUMENTS
    return "projects/step_returned.html" if returned else f"projects/step_{step}.html"


def _where_next(request: SignedRequest, application: Application, step: Step) -> str:
    """The button says: on to the next step, more lines here, or back to my applications."""
    wish = request.POST.get("go", "next")
    here = reverse("projects:application-step", args=[application.uid, step])
    if wish == "more":
        return f"{here}?more=1#more"
    if wish == "stay":
        return here
    if wish == "leave":
        messages.success(request, _("Saved. You can go on at any time, on any device."))
        return reverse("projects:my")
    later = list(Step)[list(Step).index(step) + 1 :]
    flagged = {BY_KEY[key].step for key in open_returns(application)}
    following = next((one for one in later if one in flagged), Step.REVIEW) if flagged else later[0]
    return reverse("projects:application-step", args=[application.uid, following])


def step_links(application: Application, progress: Progress, current: Step | None) -> list[dict[str, Any]]:
    """The steps as the page shows them: done, current, or still to do with how much is missing."""
    flagged = {BY_KEY[key].step for key in open_returns(application)}
    found = []
    for step, title in STEP_TITLES.items():
        gaps = len(progress.gaps.get(step, ()))
        state = "current" if step is current else "problem" if step in flagged else "todo" if gaps else "done"
        if step is Step.REVIEW and state == "done":
            state = "todo"
        note = _("%(n)d missing") % {"n": gaps} if gaps and state == "todo" else ""
        url = reverse("projects:application-step", args=[application.uid, step])
        found.append({"label": title, "url": url, "state": state, "note": note})
    return found


def _flags_of(application: Application, step: Step) -> list[dict[str, Any]]:
    """What the staff returned on this step, with the reason."""
    flags = open_returns(application)
    return [
        {"label": BY_KEY[key].label, "reason": flag.reason, "field": BY_KEY[key].attribute}
        for key, flag in flags.items()
        if BY_KEY[key].step is step
    ]


def _firm_context(form: StepForm) -> dict[str, Any]:
    found = sizing_of(form.application.firm, form.on)
    return {"sizing": found, "size_words": size_words(found) if found else "", "firm": form.application.firm}


def _benefits_context(form: BenefitsStep) -> dict[str, Any]:
    return {
        "doubts": doubts_of(form.application),
        "appraisal": _appraisal(form.application),
        "currency": form.application.currency,
        "example_benefits": form.examples,
    }


def _budget_context(form: StepForm) -> dict[str, Any]:
    application = form.application
    return {
        **_worth(application, form.on),
        "unfunded": unfunded(application) if application.investment and application.amount else None,
        "currency": application.currency,
    }


def _documents_context(form: StepForm) -> dict[str, Any]:
    given: dict[str, list[Any]] = {}
    for document in form.application.papers:
        given.setdefault(document.kind, []).append(document)
    required = set(documents.required_kinds(form.application))
    return {
        "file_most": settings.FILE_MAX_BYTES,
        "kinds": [
            _kind_entry(form, kind, given, required) for kind in documents.kinds_shown(form.application)
        ],
    }


def _kind_entry(
    form: StepForm, kind: DocumentKind, given: dict[str, list[Any]], required: set[DocumentKind]
) -> dict[str, Any]:
    """One kind of paper: what is there, and a place for another one where the file is open."""
    return {
        "field": form[kind.value] if kind.value in form.fields else None,
        "photo": form[kind.value + PHOTO] if kind.value in form.fields else None,
        "given": given.get(kind.value, []),
        "kind": kind.value,
        "required": kind in required,
        "open": f"documents.{kind}" in form.open,
        "label": kind.label,
    }


_CONTEXTS: dict[Step, Callable[[Any], dict[str, Any]]] = {
    Step.FIRM: _firm_context,
    Step.BENEFITS: _benefits_context,
    Step.BUDGET: _budget_context,
    Step.DOCUMENTS: _documents_context,
}


def _worth(application: Application, on: date) -> dict[str, Any]:
    """Whether the measure pays, what the loan costs, and whether the one pays the other (rule A-6)."""
    appraisal, preview = _appraisal(application), preview_of(application, on)
    return {
        "appraisal": appraisal,
        "preview": preview,
        "cover": cover(appraisal.net_saving, preview) if appraisal and preview else None,
    }


def _appraisal(application: Application) -> Any:
    """Discounted at the rate of the loan asked for: less than that the measure cannot bring."""
    return appraisal_of(application, application.product.annual_rate_pct) if application.product else None


def _refusals(application: Application) -> list[Any]:
    """The rules that refuse today; a missing exchange rate is the fund's trouble, not the applicant's."""
    try:
        return list(against(application, today(), size_known=True))
    except Refusal:
        return []


def _review(request: SignedRequest, application: Application, form: SubmitForm) -> HttpResponse:
    """Everything as the evaluators will see it, what is missing, what stands against it."""
    progress = progress_of(application)
    returns = open_returns(application)
    submits = may(check_may_submit, request.user, application)
    return render(
        request,
        "projects/review.html",
        {
            "application": application,
            "form": form,
            "title": STEP_TITLES[Step.REVIEW],
            "steps": step_links(application, progress, Step.REVIEW),
            "step_number": len(Step),
            "gaps": [
                {"step": STEP_TITLES[step], "items": gaps,
                 "url": reverse("projects:application-step", args=[application.uid, step])}
                for step, gaps in progress.gaps.items() if gaps
            ],
            "refusals": _refusals(application),
            "doubts": doubts_of(application),
            **_worth(application, today()),
            "currency": application.currency,
            "sections": file_sections(snapshot(application), application, editable=True),
            "confirmed": link_confirmed(application) or application.from_paper,
            "may_submit": submits,
            "hand_over": None if submits else hand_over_form(request, application),
            "handed": None if submits else application.handovers.last(),
            "returned": application.state == State.RETURNED,
            "returns": [
                {"key": key, "label": BY_KEY[key].label, "reason": flag.reason} for key, flag in returns.items()
            ],
        },
    )  # fmt: skip


@signed_in
@require_POST
def submit(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Submit, or send a returned file again; the second click finds it done."""
    application = application_for(request.user, uid, whole=True)
    form = SubmitForm(request.POST)
    if form.is_valid():
        answers = {
            key.removeprefix("answer-"): text
            for key, text in request.POST.items()
            if key.startswith("answer-")
        }
        sent = attempt(form, lambda: _send(request, application, answers))
        if sent:
            received = _(
                "We received your application. Its number is %(number)s. "
                "The receipt is on this page and in your mail."
            )
            messages.success(request, received % {"number": sent.ref})
            return redirect("projects:application", application.uid)
    if not application.is_editable:
        return redirect("projects:application", application.uid)
    return _review(request, application, form)


def _send(request: SignedRequest, application: Application, answers: dict[str, Any]) -> Application:
    if application.state == State.RETURNED:
        return applications.resubmit(application=application, by=request.user, on=today(), answers=answers)
    return applications.submit(application=application, by=request.user, on=today())
