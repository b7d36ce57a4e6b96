"""The staff's board, who looks after an application, and the search over firms and applications."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import searching
from accounts.clock import today
from accounts.forms import attempt
from accounts.models import User
from accounts.permissions import Perm, SignedRequest, allow
from projects import assignment
from projects import board as boards
from projects.gates import application_for
from projects.models import Application, Firm

#: Found of each kind; a search that finds more is told to say more.
FOUND = 20
FIRM_FIELDS = ("legal_name", "tax_id", "municipality", "email", "phone", "address")
APPLICATION_FIELDS = ("ref", "title", "technique", "summary", "firm__legal_name", "firm__tax_id")


class BoardFilter(forms.Form):
    officer = forms.ChoiceField(
        label=gettext_lazy("Looked after by"),
        required=False,
        choices=[
            ("", gettext_lazy("Everybody")),
            ("mine", gettext_lazy("Me")),
            ("nobody", gettext_lazy("Nobody")),
        ],
    )
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip


@allow(Perm.APPLICATION_READ)
def board(request: SignedRequest) -> HttpResponse:
    """What is under way, by step, with its age and what it waits for."""
    form = BoardFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {"officer": "", "q": ""}
    rows = boards.under_way(officer=said["officer"], query=said["q"], user=request.user)
    columns = boards.board(rows, today())
    context = {
        "columns": columns,
        "form": form,
        "count": sum(column.count for column in columns),
        "filtered": any(said.values()),
    }
    return render(request, "projects/board.html", context)


class OfficerForm(forms.Form):
    use_required_attribute = False

    officer: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=gettext_lazy("Loan officer"), queryset=None, required=False, empty_label=gettext_lazy("Nobody")
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["officer"].queryset = assignment.officers(today())  # type: ignore[attr-defined]


@allow(Perm.APPLICATION_CHECK, Perm.EVALUATION_ASSIGN)
def officer(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Give the application to a loan officer."""
    found = application_for(request.user, uid)
    form = OfficerForm(request.POST or None, initial={"officer": found.officer_id or request.user.pk})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["officer"]
        done = attempt(
            form,
            lambda: assignment.assign_officer(application=found, officer=chosen, by=request.user, on=today()),
        )
        if done:
            words = (
                _("%(name)s looks after it.") % {"name": chosen.full_name}
                if chosen
                else _("Nobody has it now.")
            )
            messages.success(request, words)
            return redirect(found)
    context = {
        "title": _("Who looks after it"),
        "text": _("The firm's messages go to this person, and the board shows the name."),
        "facts": [(_("Application"), str(found)), (_("Firm"), str(found.firm))],
        "form": form,
        "submit": _("Save"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


@allow(Perm.APPLICATION_READ)
def search(request: SignedRequest) -> HttpResponse:
    """Firms and applications in one go; accents and capitals do not matter."""
    query = request.GET.get("q", "").strip()[:100]
    firms: list[Firm] = []
    applications: list[Application] = []
    if query:
        on_record = Firm.objects.of_record().select_related("sector", "state")
        firms = list(searching.found(on_record, query, FIRM_FIELDS).order_by("legal_name", "pk")[: FOUND + 1])
        filed = Application.objects.filed().select_related("firm")
        applications = list(searching.found(filed, query, APPLICATION_FIELDS).order_by("-pk")[: FOUND + 1])
    only = [*firms, *applications]
    if len(applications) == 1 and applications[0].ref == query.upper():
        return redirect(applications[0])
    context = {
        "query": query,
        "firms": firms[:FOUND],
        "applications": applications[:FOUND],
        "more": len(firms) > FOUND or len(applications) > FOUND,
        "nothing": bool(query) and not only,
        "board_url": reverse("projects:board"),
    }
    return render(request, "projects/search.html", context)
