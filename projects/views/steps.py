"""The steps of an application, each with its own address, saved by its own button (rule A-5)."""

from __future__ import annotations

from collections.abc import Callable
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
from accounts.errors import RuleBroken
from accounts.permissions import SignedRequest, signed_in
from projects import documents
from projects.fields import BY_KEY, STEP_TITLES, Step
from projects.forms.base import StepForm
from projects.forms.benefits import BenefitsStep
from projects.forms.budget import BudgetStep
from projects.forms.documents import PHOTO, DocumentsStep
from projects.forms.firm import FirmStep
from projects.forms.project import ProjectStep
from projects.forms.submit import SubmitForm
from projects.gates import application_for, check_may_edit
from projects.lifecycle import State
from projects.models import Application, DocumentKind
from projects.progress import (
    doubts_of,
    progress_of,
    unfunded,
)
from projects.reasons import size_words
from projects.returns import open_returns
from projects.sizes import sizing_of
from projects.views.documents import add_papers
from projects.views.filling import can_be_kept, opened, reread, take
from projects.views.pages import at_loan_rate, step_links, worth
from projects.views.review import review
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
        if request.method == "POST":
            _say_too_late(request)
        return redirect("projects:application", application.uid)
    if step == Step.REVIEW:
        return review(request, application, SubmitForm(application=application))
    if request.method == "POST":
        return _sent(request, application, Step(step))
    if (page := waiting(request, request.path)) is not None and can_be_kept(Step(step)):
        return _back_from_sign_in(request, application, Step(step), page)
    options = _options(request, application, Step(step))
    form = FORMS[Step(step)](**options)
    if can_be_kept(Step(step)):
        form = opened(request, form, options)
    return _page(request, form)


def _say_too_late(request: SignedRequest) -> None:
    """Somebody submitted the file while this page was open: what it sends is not saved any more."""
    text = _("The application was submitted; it can no longer be changed.")
    messages.error(request, str(RuleBroken("A-7", text)))


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
    if not can_be_kept(Step(step)):
        raise Http404
    if not application.is_editable:
        _say_too_late(request)
        return HttpResponse(headers={"HX-Redirect": application.get_absolute_url()})
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
        "along": _along_with(form),
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


def _flags_of(application: Application, step: Step) -> list[dict[str, Any]]:
    """What the staff returned on this step, with the reason."""
    flags = open_returns(application)
    return [
        {"label": BY_KEY[key].label, "reason": flag.reason, "field": BY_KEY[key].attribute}
        for key, flag in flags.items()
        if BY_KEY[key].step is step
    ]


def _along_with(form: StepForm) -> list[str]:
    """The fields of a returned step that may change with the returned ones."""
    if not form.flags:
        return []
    keys = sorted(form.open - set(form.flags), key=list(BY_KEY).index)
    return [str(BY_KEY[key].label) for key in keys if BY_KEY[key].step is form.step]


def _firm_context(form: StepForm) -> dict[str, Any]:
    found = sizing_of(form.application.firm, form.on)
    return {"sizing": found, "size_words": size_words(found) if found else "", "firm": form.application.firm}


def _benefits_context(form: BenefitsStep) -> dict[str, Any]:
    return {
        "doubts": doubts_of(form.application),
        "appraisal": at_loan_rate(form.application),
        "currency": form.application.currency,
        "example_benefits": form.examples,
    }


def _budget_context(form: StepForm) -> dict[str, Any]:
    application = form.application
    return {
        **worth(application, form.on),
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
