"""Sessions: the calendar, one session's agenda, and what the secretary does with it (rule C-2)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.errors import Denied, Refusal
from accounts.forms import attempt
from accounts.labels import label
from accounts.models import User
from accounts.permissions import Perm, SignedRequest, allow, signed_in
from committee import gates, minutes, money, queues, sessions
from committee.forms import (
    AddApplicationForm,
    AddItemForm,
    AttendanceForm,
    EmptyForm,
    NoteForm,
    PlanForm,
    ReasonForm,
)
from committee.models import Session
from committee.models.session import SessionState
from committee.seating import Table

STEPS = (
    SessionState.PLANNED,
    SessionState.CALLED,
    SessionState.OPEN,
    SessionState.CLOSED,
    SessionState.MINUTED,
    SessionState.SEALED,
)


@signed_in
def index(request: SignedRequest) -> HttpResponse:
    """The sessions a person may open, coming ones first; for the secretary what waits for an agenda."""
    user = request.user
    oversees = gates.oversees(user)
    if not oversees and not user.may(Perm.SESSION_READ):
        raise Denied(_("Your roles do not include this."))
    seen = Session.objects.select_related("body") if oversees else queues.sessions_of(user)
    coming = seen.filter(state__in=[SessionState.PLANNED, SessionState.CALLED, SessionState.OPEN])
    if not oversees:
        coming = coming.exclude(state=SessionState.PLANNED)
    past = seen.filter(state__in=[SessionState.CLOSED, SessionState.MINUTED, SessionState.SEALED])
    runs = user.may(Perm.SESSION_RUN)
    context = {
        "coming": list(queues.with_counts(coming).order_by("held_on", "pk")[:50]),
        "page": Paginator(queues.with_counts(past).order_by("-held_on", "-pk"), 20).get_page(
            request.GET.get("page")
        ),
        "runs": runs,
        "ready": list(queues.to_place(user)[:50]) if runs else [],
    }
    return render(request, "committee/sessions.html", context)


@allow(Perm.SESSION_RUN)
def plan(request: SignedRequest) -> HttpResponse:
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = attempt(form, lambda: sessions.plan(by=request.user, on=today(), **form.cleaned_data))
        if session:
            return redirect(session)
    return render(request, "committee/plan.html", {"form": form})


@signed_in
def session(request: SignedRequest, code: str) -> HttpResponse:
    """A session as a good agenda: what is decided, quorum now, money available, results."""
    return _page(request, gates.table_for(request.user, code))


def _page(request: SignedRequest, table: Table, **forms: Any) -> HttpResponse:
    return render(request, "committee/session.html", context_of(request.user, table) | forms)


def context_of(user: User, table: Table) -> dict[str, Any]:
    found = table.session
    runs = user.may(Perm.SESSION_RUN)
    items = list(found.items.select_related("resolution").order_by("position"))
    for item in items:
        item.session = found
    held = found.state in (SessionState.CLOSED, SessionState.MINUTED, SessionState.SEALED)
    context = {
        "session": found,
        "items": items,
        "table": table,
        "places": table.places,
        "quorum": table.quorum(),
        "runs": runs,
        "steps": steps_of(found),
        "taking_presence": found.state in (SessionState.CALLED, SessionState.OPEN)
        and found.held_on <= today(),
        "before_call": found.state in sessions.BEFORE_THE_CALL,
        "held": held,
        "money": money.of_session(items, today()) if found.body.decides and not held else [],
    }
    if found.state in (SessionState.MINUTED, SessionState.SEALED):
        signers, open_ones = minutes.signers(found), minutes.unsigned(found)
        context |= {
            "signers": [(row, row not in open_ones) for row in signers],
            "may_sign": user.pk in {row.person_id for row in open_ones},
            "may_comment": runs or table.is_here(user.pk),
            "comments": found.comments.select_related("written_by"),
            "documents": minutes.issued(found),
        }
    return context


def steps_of(found: Session) -> list[dict[str, str]]:
    """The life of the session for the steps component."""
    now = STEPS.index(SessionState(found.state))
    state = ["done" if n < now else "current" if n == now else "todo" for n in range(len(STEPS))]
    if found.state == SessionState.SEALED:
        state[-1] = "done"
    return [{"label": step.label, "url": "", "state": state[n]} for n, step in enumerate(STEPS)]  # type: ignore[dict-item]


@signed_in
def live(request: SignedRequest, code: str) -> HttpResponse:
    """Quorum and presence now, asked for again every few seconds by an open page."""
    return render(
        request, "committee/_live.html", context_of(request.user, gates.table_for(request.user, code))
    )


@allow(Perm.SESSION_RUN)
def add_application(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    form = AddApplicationForm(request.POST or None, ready=queues.ready_for(found.body))
    if request.method == "POST" and form.is_valid():
        application = form.cleaned_data["application"]
        item = attempt(
            form,
            lambda: sessions.add_item(
                session=found,
                kind="application",
                reference=application.ref,
                title=f"{application.firm}: {application.title}",
                by=request.user,
                on=today(),
            ),
        )
        if item:
            messages.success(request, _("%(ref)s is on the agenda.") % {"ref": application.ref})
            return redirect(found)
    context = {"form": form, "session": found, "title": _("Put an application on the agenda")}
    return render(request, "committee/add_item.html", context)


@allow(Perm.SESSION_RUN)
def add_item(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    form = AddItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        item = attempt(
            form,
            lambda: sessions.add_item(
                session=found,
                kind=data["kind"],
                reference=data["reference"],
                title=data["title"],
                paper={"text": data["summary"]},
                by=request.user,
                on=today(),
            ),
        )
        if item:
            return redirect(found)
    context = {"form": form, "session": found, "title": _("Put another matter on the agenda")}
    return render(request, "committee/add_item.html", context)


def _confirm(
    request: SignedRequest,
    found: Session,
    verb: Callable[[], Any],
    *,
    title: str,
    submit: str,
    facts: list[tuple[str, Any]],
    warning: str = "",
) -> HttpResponse:
    """Show what will happen, then do it; a refusal appears on the same page."""
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and attempt(form, verb) is not None:
        return redirect(found)
    context = {
        "title": title,
        "form": form,
        "facts": facts,
        "warning": warning,
        "submit": submit,
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


@allow(Perm.SESSION_RUN)
def call(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    people = sessions.invited(found)
    return _confirm(
        request,
        found,
        lambda: sessions.call(session=found, by=request.user, on=today()),
        title=_("Call %(code)s") % {"code": found.code},
        submit=_("Send the call"),
        facts=[
            (_("Body"), label(found.body.names)),
            (_("Day"), found.held_on),
            (_("Items"), found.items.filter(state="listed").count()),
            (_("Goes to"), ", ".join(str(person) for person in people) or _("nobody: no seat is filled")),
        ],
        warning=_("Each of them gets the call with the agenda by mail."),
    )


@allow(Perm.SESSION_RUN)
@require_POST
def open_session(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    try:
        sessions.open_session(session=found, by=request.user, on=today())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@allow(Perm.SESSION_RUN)
def close(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    decided = found.resolutions.order_by("pk")
    return _confirm(
        request,
        found,
        lambda: sessions.close_session(session=found, by=request.user, on=today()),
        title=_("Close %(code)s") % {"code": found.code},
        submit=_("Close the session"),
        facts=[(row.number, row.badge) for row in decided],
        warning=_("After this nobody votes in this session any more."),
    )


@allow(Perm.SESSION_RUN)
def draft(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    return _confirm(
        request,
        found,
        lambda: minutes.draft(session=found, by=request.user, on=today()),
        title=_("Draft the minutes of %(code)s") % {"code": found.code},
        submit=_("Draft the minutes"),
        facts=[(_("To sign"), ", ".join(str(row.person) for row in minutes.signers(found)))],
    )


@signed_in
def sign(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    return _confirm(
        request,
        found,
        lambda: minutes.sign(session=found, by=request.user, on=today()),
        title=_("Sign the minutes of %(code)s") % {"code": found.code},
        submit=_("Sign"),
        facts=[(_("Text signed (SHA-256)"), found.minutes_hash)],
        warning=_("With the last signature the minutes are sealed and never change."),
    )


@signed_in
def send_back(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    form = ReasonForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            lambda: minutes.send_back(
                session=found, reason=form.cleaned_data["reason"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        return redirect(found)
    context = {
        "title": _("Send the minutes back"),
        "form": form,
        "submit": _("Send back"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


@signed_in
@require_POST
def comment(request: SignedRequest, code: str) -> HttpResponse:
    found = gates.session_for(request.user, code)
    form = NoteForm(request.POST)
    if (
        form.is_valid()
        and attempt(
            form,
            lambda: minutes.comment(
                session=found, text=form.cleaned_data["text"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        return redirect(found)
    return _page(request, Table(found), comment_form=form)


@signed_in
@require_POST
def attend(request: SignedRequest, code: str) -> HttpResponse:
    """Note presence; answers with the live part of the page when htmx asks, else returns to the session."""
    found = gates.session_for(request.user, code)
    form = AttendanceForm(request.POST)
    done = (
        form.is_valid()
        and attempt(
            form,
            lambda: sessions.mark_present(session=found, by=request.user, on=today(), **form.cleaned_data),
        )
        is not None
    )
    if request.htmx:  # type: ignore[attr-defined]
        return render(
            request,
            "committee/_live.html",
            context_of(request.user, Table(found)) | {"problem": _first(form, done)},
        )
    if not done:
        messages.error(request, _first(form, done))
    return redirect(f"{reverse('committee:session', args=[code])}#presence")


def _first(form: Any, done: Any) -> str:
    if done:
        return ""
    return str(next(iter(form.errors.values()))[0]) if form.errors else ""
