"""Assigning evaluators, declaring, reading and scoring (rules E-1, E-2)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow
from committee import declarations, evaluations, papers, queues, readings
from committee.forms import AssignForm, DeclareForm, EvaluatorForm, FinishForm, NoteForm, ScoreForm
from committee.gates import evaluation_for
from committee.models import Evaluation
from committee.models.evaluation import EvaluationState
from projects.models import Application

SHOWN = 100


@allow(Perm.EVALUATION_READ, Perm.EVALUATION_WRITE)
def index(request: SignedRequest) -> HttpResponse:
    """One's own readings; for who assigns, also what waits for evaluators and every reading under way."""
    user = request.user
    assigns, audits = user.may(Perm.EVALUATION_ASSIGN), user.may(Perm.AUDIT_READ)
    rows = Evaluation.objects.select_related("application__firm", "evaluator")
    mine = rows.filter(evaluator=user).order_by("finished_on", "-pk")
    every = rows.exclude(evaluator=user).order_by("-pk") if assigns or audits else rows.none()
    context = {
        "mine": mine[:SHOWN],
        "every": every[:SHOWN],
        "to_assign": queues.to_assign(user)[:SHOWN] if assigns else [],
        "to_replace": queues.to_replace(user)[:SHOWN] if assigns else [],
        "oversees": assigns or audits,
    }
    return render(request, "committee/evaluations.html", context)


@allow(Perm.EVALUATION_ASSIGN)
def assign(request: SignedRequest, ref: str) -> HttpResponse:
    application = get_object_or_404(Application.objects.for_page(), ref=ref)
    form = AssignForm(request.POST or None, on=today())
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: evaluations.assign(
                application=application,
                technical=form.cleaned_data["technical"],
                financial=form.cleaned_data["financial"],
                by=request.user,
                on=today(),
            ),
        )
        if made:
            messages.success(
                request, _("Both evaluators were told. The file opens to them once they declare.")
            )
            return redirect("committee:evaluations")
    context = {"form": form, "application": application}
    return render(request, "committee/assign.html", context)


@allow(Perm.EVALUATION_ASSIGN)
def replace(request: SignedRequest, pk: int) -> HttpResponse:
    """Another evaluator for a reading that a conflict closed, or a third one for readings far apart."""
    evaluation = get_object_or_404(Evaluation.objects.select_related("application__firm"), pk=pk)
    third = evaluation.state != EvaluationState.CONFLICT
    form = EvaluatorForm(request.POST or None, on=today())
    if request.method == "POST" and form.is_valid():
        chosen = {"evaluator": form.cleaned_data["evaluator"], "by": request.user, "on": today()}
        made = attempt(
            form,
            lambda: (
                evaluations.assign_third(application=evaluation.application, **chosen)
                if third
                else evaluations.replace(evaluation=evaluation, **chosen)
            ),
        )
        if made:
            messages.success(request, _("%(person)s was told.") % {"person": made.evaluator})
            return redirect("committee:evaluations")
    context = {"form": form, "evaluation": evaluation, "application": evaluation.application, "third": third}
    return render(request, "committee/replace.html", context)


@allow(Perm.EVALUATION_WRITE, Perm.EVALUATION_ASSIGN, Perm.AUDIT_READ)
def evaluation(request: SignedRequest, pk: int) -> HttpResponse:
    """One reading: the declaration first, then the file and the scores, at last both readings side by side."""
    found = evaluation_for(request.user, pk)
    return _page(request, found)


def _page(request: SignedRequest, found: Evaluation, **forms: Any) -> HttpResponse:
    mine = found.evaluator_id == request.user.pk
    declared = found.state in (EvaluationState.OPEN, EvaluationState.FINISHED)
    application = found.application
    may_compare = not mine or found.state == EvaluationState.FINISHED
    context: dict[str, Any] = {
        "evaluation": found,
        "application": application,
        "mine": mine,
        "declared": declared or not mine,
    }
    if mine and found.state == EvaluationState.ASSIGNED:
        context["declare_form"] = forms.get("declare") or DeclareForm(yearly=_owes_year(request))
    if mine and found.state == EvaluationState.OPEN:
        context["score_form"] = forms.get("score") or _score_form(found)
        context["finish_form"] = forms.get("finish") or FinishForm()
    if context["declared"]:
        context["paper"] = papers.application_facts(application, on=today())
    if may_compare:
        summary = readings.summary(application)
        context["summary"] = papers.plain(summary) if summary else None
        context["note_form"] = forms.get("note") or NoteForm()
        context["may_note"] = mine and found.state == EvaluationState.FINISHED
    # What came too late, from a page opened earlier, has no place of its own any more.
    context["too_late"] = next((forms[name] for name in forms if f"{name}_form" not in context), None)
    return render(request, "committee/evaluation.html", context)


def _owes_year(request: SignedRequest) -> bool:
    return not declarations.has_declared_year(request.user, today().year)


def _score_form(found: Evaluation, data: Any = None) -> ScoreForm:
    criteria = list(found.rubric.criteria.all())
    given = {row.criterion.code: row for row in found.scores.select_related("criterion")}
    initial: dict[str, Any] = {}
    for code, row in given.items():
        initial |= {f"value_{code}": row.value, f"reason_{code}": row.reason}
    return ScoreForm(data, criteria=criteria, initial=initial)


def _own(request: SignedRequest, pk: int) -> Evaluation:
    found = evaluation_for(request.user, pk)
    if found.evaluator_id != request.user.pk:
        raise Http404
    return found


@allow(Perm.EVALUATION_WRITE)
@require_POST
def declare(request: SignedRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = DeclareForm(request.POST, yearly=_owes_year(request))
    if form.is_valid():
        data = form.cleaned_data
        if "interests" in data:
            declarations.declare_year(interests=data["interests"], by=request.user, on=today())
        done = attempt(
            form,
            lambda: evaluations.declare(
                evaluation=found,
                conflict=data["conflict"],
                reason=data["reason"],
                reason_class=data["reason_class"],
                by=request.user,
                on=today(),
            ),
        )
        if done and data["conflict"]:
            messages.info(
                request, _("You stepped back. The file is closed to you and somebody else reads it.")
            )
            return redirect("committee:evaluations")
        if done:
            return redirect(found)
    return _page(request, found, declare=form)


@allow(Perm.EVALUATION_WRITE)
@require_POST
def score(request: SignedRequest, pk: int) -> HttpResponse:
    """Save what is filled in; "finish" closes the reading as well."""
    found = _own(request, pk)
    form = _score_form(found, request.POST)
    closing = "finish" in request.POST
    finish_form = FinishForm(request.POST if closing else None)
    if form.is_valid():
        saved = attempt(
            form,
            lambda: evaluations.score(evaluation=found, scores=form.scores(), by=request.user, on=today()),
        )
        if saved and not closing:
            messages.success(request, _("Saved. You may leave and go on later."))
            return redirect(found)
        if saved and finish_form.is_valid():
            done = attempt(
                finish_form,
                lambda: evaluations.finish(
                    evaluation=found, by=request.user, on=today(), **finish_form.cleaned_data
                ),
            )
            if done:
                messages.success(request, _("Your reading is finished. Thank you."))
                return redirect(found)
    return _page(request, found, score=form, finish=finish_form)


@allow(Perm.EVALUATION_WRITE)
@require_POST
def note(request: SignedRequest, pk: int) -> HttpResponse:
    """The joint note on criteria where the readings are far apart (rule E-2)."""
    found = _own(request, pk)
    form = NoteForm(request.POST)
    if (
        form.is_valid()
        and attempt(
            form,
            lambda: evaluations.write_joint_note(
                application=found.application, text=form.cleaned_data["text"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        return redirect(found)
    return _page(request, found, note=form)
