"""The messages between firm and fund about one application."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import SignedRequest, may, signed_in
from projects import messages as verbs
from projects.fields import STEP_TITLES, Step
from projects.forms.messages import MessageForm
from projects.gates import application_for, link_of
from projects.models import Application, Message

#: Shown on one page, the newest of them; a longer talk than this has become a file of its own.
SHOWN = 100


@signed_in
def messages(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Read and write. To open the page is to have read it."""
    found = application_for(request.user, uid)
    if found.ref is None:
        return redirect(found)
    mine = link_of(request.user, found.firm) is not None
    talk = _talk(found)
    asked = request.GET.get("section") or _answered_section(talk, mine)
    form = MessageForm(request.POST or None, request.FILES or None, initial={"section": asked})
    if request.method == "POST" and form.is_valid() and _written(request, found, form):
        flash.success(request, _("Sent. The other side gets it by mail as well."))
        return redirect("projects:application-messages", found.uid)
    new = set(verbs.unread(request.user).filter(application=found).values_list("pk", flat=True))
    context = {
        "application": found,
        "mine": mine,
        "talk": [_shown(message, mine=mine, new=message.pk in new) for message in talk],
        "form": form,
        "may_write": may(verbs.check_may_write, request.user, found),
    }
    response = render(request, "projects/messages.html", context)
    if request.method == "GET":
        verbs.mark_read(application=found, by=request.user)
    return response


def _answered_section(talk: list[Message], mine: bool) -> str:
    """An answer stays with the section of the question: that of the last message, if the other side wrote it."""
    return talk[-1].section if talk and talk[-1].from_firm != mine else ""


def _written(request: SignedRequest, found: Application, form: MessageForm) -> Message | None:
    said = form.cleaned_data
    return attempt(
        form,
        lambda: verbs.write(
            application=found, section=said["section"], text=said["text"], uploads=said["files"],
            key=said["key"], by=request.user, on=today(),
        ),
    )  # fmt: skip


def _talk(found: Application) -> list[Message]:
    rows = found.messages.select_related("by").prefetch_related("attachments__file").order_by("-pk")[:SHOWN]
    return list(reversed(rows))


def _shown(message: Message, *, mine: bool, new: bool) -> dict[str, Any]:
    """The firm reads that the fund wrote, not who of it; each side sees its own by name."""
    named = message.from_firm or not mine
    return {
        "message": message,
        "who": str(message.by) if named else _("The fund"),
        "side": "here" if message.from_firm == mine else "there",
        "section": STEP_TITLES[Step(message.section)] if message.section else "",
        "new": new,
    }
