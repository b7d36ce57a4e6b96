"""Taking what a page of a step sends: save what can be saved, keep the rest, say what others wrote (rule A-5)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import SignedRequest
from projects.fields import BY_KEY, Step, unit_symbol
from projects.forms.base import StepForm
from projects.models import Application
from projects.saving import Saved, Theirs, keep_texts, kept_for, save_fields
from projects.snapshots import snapshot
from projects.views.pages import in_words


def take(request: SignedRequest, form: StepForm) -> Saved | None:
    """Save the fields of a page that can be saved. None: a rule refused them all; the form says why."""
    form.is_valid()
    saved = attempt(form, lambda: _save(request, form))
    form.marks = saved.marks if saved else form.marks | form.shown_marks()
    if saved:
        _say_what_others_wrote(form, saved)
    keep_texts(
        application=form.application,
        step=form.step,
        texts=form.unsaved(saved.written) if saved else _everything(form),
        shown=form.marks,
        by=request.user,
        on=today(),
    )
    return saved


def _save(request: SignedRequest, form: StepForm) -> Saved:
    return save_fields(
        application=form.application,
        step=form.step,
        data=form.to_save(),
        shown=form.shown_marks(),
        accepted=form.chosen("mine"),
        given_up=frozenset(form.chosen("theirs")),
        by=request.user,
        on=today(),
    )


def _everything(form: StepForm) -> dict[str, str]:
    prefix = f"{form.rows.prefix}-" if form.rows is not None else None
    return {
        key: str(text)
        for key, text in form.data.items()
        if key in form.fields or (prefix and key.startswith(prefix))
    }


def _say_what_others_wrote(form: StepForm, saved: Saved) -> None:
    if not (saved.clashes or saved.newer):
        return
    frozen = snapshot(saved.application)
    form.clashes = {
        name: _clash(form, theirs, frozen, choose=name in saved.clashes)
        for name, theirs in {**saved.newer, **saved.clashes}.items()
    }
    for name in saved.clashes:
        text = _("Somebody else wrote here meanwhile: choose which of the two stays.")
        form.add_error(name if name in form.fields else None, text)


def _clash(form: StepForm, theirs: Theirs, frozen: dict[str, Any], *, choose: bool) -> dict[str, Any]:
    if theirs.name == "production_unit":
        words = unit_symbol(form.application.production_unit)
    else:
        key = f"{form.step}.{theirs.name}"
        words = in_words(BY_KEY[key], frozen.get(key), frozen["currency"])
    return {
        "name": theirs.name,
        "words": words or _("nothing"),
        "by": theirs.by or _("Somebody of your firm"),
        "at": theirs.at,
        "mark": theirs.mark,
        "choose": choose,
    }


def opened(request: SignedRequest, form: StepForm, options: dict[str, Any]) -> StepForm:
    """The form as its page opens, with what this person typed on an earlier visit and could not be saved."""
    typed, marks = kept_for(form.application, form.step, request.user)
    if not typed:
        return form
    again = type(form)(form.as_sent(typed, marks), **options)
    again.is_valid()
    again.marks = again.marks | marks
    return again


def reread(form: StepForm, application: Application) -> StepForm:
    """The same page over the file as it stands after saving."""
    form.application = application
    return form


def can_be_kept(step: Step) -> bool:
    return step not in (Step.DOCUMENTS, Step.REVIEW)
