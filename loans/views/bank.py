"""Bank statements: the list, a new one with its columns, what is proposed, the order to post (Rule P-2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter
from djmoney.money import Money

from accounts.clock import today
from accounts.formats import money_text
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow
from fund import bank as banking
from fund.banking import columns as reading
from fund.banking.content import kind_of, text_of
from fund.banking.lines import OF_THE_MAP, Kind, Unreadable
from fund.banking.reading import read
from fund.models import BankAccount, BankStatement
from loans import bank_lines, bank_posting
from loans.forms_bank import ColumnsForm, NothingForm, StatementForm
from loans.models import BankMatch
from loans.presenting_bank import proposed
from loans.tasks import post_soon

READERS = (Perm.PAYMENT_RECORD, Perm.PAYMENT_REVERSE, Perm.LEDGER_READ)


class StatementFilter(FilterSet):
    account = ModelChoiceFilter(
        label=gettext_lazy("Account"), queryset=BankAccount.objects.all(), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = BankStatement
        fields = ["account"]


STATEMENTS = [
    Column(gettext_lazy("Statement"), "name", sort="name", link=lambda row: _url(row)),
    Column(gettext_lazy("Account"), "account.name", sort="account__name"),
    Column(gettext_lazy("Imported"), "imported_on", sort="imported_on"),
    Column(gettext_lazy("By"), "imported_by"),
    Column(gettext_lazy("New lines"), "lines_new", numeric=True),
    Column(gettext_lazy("To decide"), "to_decide", sort="to_decide", numeric=True),
    Column(gettext_lazy("To post"), "to_post", sort="to_post", numeric=True),
]  # fmt: skip


def _url(found: BankStatement) -> str:
    return reverse("loans:bank_statement", args=[found.pk])


@allow(*READERS)
def index(request: SignedRequest) -> HttpResponseBase:
    """Every statement, with what still waits in it."""
    waits = Q(lines__live=True, lines__match__payment=None, lines__match__held=None)
    statements = BankStatement.objects.filter(set_aside_on=None).defer("content")
    statements = statements.select_related("account", "imported_by").annotate(
        to_decide=Count("lines", filter=waits & Q(lines__match__decision="")),
        to_post=Count("lines", filter=waits & Q(lines__match__decision__in=["pay", "hold"])),
    )
    page = listing(
        request, statements.order_by("-pk"), columns=STATEMENTS, filterset=StatementFilter, filename="statements",
        search=("name", "account__name"),
    )  # fmt: skip
    if isinstance(page, HttpResponseBase):
        return page
    held = BankMatch.objects.unmatched().order_by().values_list("line__currency")
    context = page | {
        "records": request.user.may(Perm.PAYMENT_RECORD),
        "unmatched": [Money(total, code) for code, total in held.annotate(total=Sum("line__amount"))],
    }  # fmt: skip
    return render(request, "loans/bank/statements.html", context)


@allow(Perm.PAYMENT_RECORD)
def take_in(request: SignedRequest) -> HttpResponse:
    """A new statement: its file, and for a CSV that is not known yet, which column means what."""
    posted = request.method == "POST"
    form = StatementForm(request.POST or None, request.FILES or None)
    asks = posted and "columns" in request.POST
    columns = ColumnsForm(request.POST) if asks else None
    if posted and form.is_valid() and (columns is None or columns.is_valid()):
        account, file = form.cleaned_data["account"], form.cleaned_data["file"]
        content = file.read()
        unknown = columns is None and banking.columns_of(account) is None
        if not unknown or not _columns_may_help(account, content):
            if statement := _taken_in(request, form, account, file, content, columns):
                return redirect("loans:bank_statement", statement.pk)
        if columns is None and _columns_may_help(account, content):
            columns = ColumnsForm(initial=_guess(account, content).as_dict())
    headings = _headings(form, columns)
    context = {"form": form, "columns": columns, "headings": headings}
    return render(request, "loans/bank/take_in.html", context)


def _taken_in(
    request: SignedRequest, form: StatementForm, account: BankAccount, file: UploadedFile, content: bytes,
    columns: ColumnsForm | None,
) -> BankStatement | None:  # fmt: skip
    """The statement, or None with the refusal on the form. New columns are kept only if they read the file."""
    wanted = columns.columns() if columns is not None else None
    taken = attempt(
        form,
        lambda: bank_lines.take_in(
            account=account,
            content=content,
            name=file.name or "",
            columns=wanted,
            by=request.user,
            on=today(),
        ),
    )
    if taken is None:
        return None
    if wanted is not None:
        banking.keep_columns(account=account, columns=wanted, by=request.user, on=today())
    if taken.again:
        messages.info(request, _("This file was imported before: nothing was added."))
    else:
        known = taken.statement.lines_known
        text = ngettext("%(new)s new line.", "%(new)s new lines.", len(taken.lines)) % {
            "new": len(taken.lines)
        }
        more = ngettext("%(known)s was known.", "%(known)s were known.", known) % {"known": known}
        messages.success(request, f"{text} {more}" if known else text)
    return taken.statement


def _columns_may_help(account: BankAccount, content: bytes) -> bool:
    """Whether the file is a CSV in which only the columns stand otherwise than the account's map says, if any."""
    try:
        if kind_of(content) is Kind.CSV:
            read(content, banking.columns_of(account))
    except Unreadable as problem:
        return problem.trouble in OF_THE_MAP
    return False


def _guess(account: BankAccount, content: bytes) -> reading.ColumnMap:
    return reading.guess(text_of(content)) or banking.columns_of(account) or reading.ColumnMap("")


def _headings(form: StatementForm, columns: ColumnsForm | None) -> list[str]:
    """The headings of the file that was sent, to choose from."""
    if columns is None or not form.is_bound or not form.cleaned_data.get("file"):
        return []
    file = form.cleaned_data["file"]
    file.seek(0)
    try:
        text = text_of(file.read())
        guess = reading.guess(text)
        return reading.headings(text, guess.delimiter if guess else ",")
    except Unreadable:
        return []


class LineFilter(FilterSet):
    found = ChoiceFilter(
        label=gettext_lazy("Proposal"), choices=BankMatch.Found.choices, empty_label=gettext_lazy("All")
    )
    stage = ChoiceFilter(
        label=gettext_lazy("Stage"), method="by_stage", empty_label=gettext_lazy("All"),
        choices=[("open", gettext_lazy("To decide")), ("ready", gettext_lazy("Ready")),
                 ("posted", gettext_lazy("Posted")), ("out", gettext_lazy("Left out"))],
    )  # fmt: skip

    class Meta:
        model = BankMatch
        fields = ["found"]

    def by_stage(self, queryset: QuerySet[BankMatch], name: str, value: str) -> QuerySet[BankMatch]:
        open_ = Q(payment=None, held=None)
        return queryset.filter({
            "open": open_ & Q(decision=""), "ready": open_ & Q(decision__in=["pay", "hold"]),
            "posted": ~open_, "out": Q(decision="ignore"),
        }[value])  # fmt: skip


LINES = [
    Column(gettext_lazy("Day"), "line.value_on", sort="line__value_on", link=lambda row: _line_url(row)),
    Column(gettext_lazy("Amount"), "line.money", sort="line__amount", numeric=True),
    Column(gettext_lazy("What the bank says"), "line.words"),
    Column(gettext_lazy("Proposal"), proposed, sort="found", template="loans/bank/_proposal.html"),
    Column(gettext_lazy("Stage"), lambda row: row, template="loans/bank/_stage.html"),
]


def _line_url(match: BankMatch) -> str:
    return reverse("loans:bank_line", args=[match.pk])


@allow(*READERS)
def statement(request: SignedRequest, pk: int) -> HttpResponseBase:
    """One statement: matched, suggested and unmatched lines, before and after they are posted."""
    found = get_object_or_404(
        BankStatement.objects.defer("content").select_related("account", "imported_by"), pk=pk
    )
    matches = BankMatch.objects.filter(line__statement=found).select_related("line", "loan__firm", "payment")
    page = listing(
        request, matches.order_by("line_id"), columns=LINES, filterset=LineFilter, filename=f"statement-{pk}",
        search=("line__text", "line__payer", "line__reference", "loan__ref"),
    )  # fmt: skip
    if isinstance(page, HttpResponseBase):
        return page
    context = page | {
        "statement": found,
        "groups": _groups(found),
        "progress": bank_posting.progress(found),
        "records": request.user.may(Perm.PAYMENT_RECORD) and not found.is_set_aside,
    }
    return render(request, "loans/bank/statement.html", context)


def _groups(statement: BankStatement) -> list[dict[str, Any]]:
    """How many lines and how much money of each finding, in one query."""
    rows = BankMatch.objects.filter(line__statement=statement).order_by().values_list("found")
    sums = {found: (count, total) for found, count, total in rows.annotate(Count("pk"), Sum("line__amount"))}
    tones = {found: BankMatch.FOUND_BADGES[found][0] for found in BankMatch.Found}
    return [
        {"code": found.value, "label": found.label, "tone": tones[found], "count": sums[found][0],
         "money": Money(sums[found][1], statement.account.currency)}
        for found in BankMatch.Found if found.value in sums
    ]  # fmt: skip


@allow(*READERS)
def progress(request: SignedRequest, pk: int) -> HttpResponse:
    """How far the posting is: a fragment that the page asks for again and again."""
    found = get_object_or_404(BankStatement.objects.defer("content"), pk=pk)
    context = {"statement": found, "progress": bank_posting.progress(found)}
    return render(request, "loans/bank/_progress.html", context)


@allow(Perm.PAYMENT_RECORD)
def post(request: SignedRequest, pk: int) -> HttpResponse:
    """Order the posting of everything decided, after seeing what that is."""
    found = get_object_or_404(BankStatement.objects.defer("content").select_related("account"), pk=pk)
    form = NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        count = attempt(form, lambda: bank_posting.order(statement=found, by=request.user, on=today()))
        if count:
            post_soon()
            text = ngettext("%(count)s line is being posted.", "%(count)s lines are being posted.", count)
            messages.success(request, text % {"count": count})
            return redirect("loans:bank_statement", pk)
    waiting = bank_posting.progress(found).to_decide
    warning = ngettext(
        "%(count)s line is not decided and is not posted.",
        "%(count)s lines are not decided and are not posted.",
        waiting,
    ) % {"count": waiting}
    context = {
        "title": _("Post %(statement)s") % {"statement": found},
        "facts": [(_("Account"), found.account.name), *_to_be_posted(found)],
        "text": _("Each payment is allocated, posted and given its receipt. What nobody has decided stays."),
        "warning": warning if waiting else "",
        "form": form, "submit": _("Post"), "cancel_url": _url(found),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _to_be_posted(found: BankStatement) -> list[tuple[str, str]]:
    """How many lines and how much money would be posted as what."""
    words = {"pay": _("Payments of loans"), "hold": _("Unmatched money")}
    ready = BankMatch.objects.ready().filter(line__statement=found).order_by().values_list("decision")
    sums = {code: (count, total) for code, count, total in ready.annotate(Count("pk"), Sum("line__amount"))}
    currency = found.account.currency
    return [
        (words[code], f"{sums[code][0]} · {money_text(sums[code][1], currency)}")
        for code in words
        if code in sums
    ]


@allow(Perm.PAYMENT_RECORD)
def set_aside(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a wrong file out of the way."""
    found = get_object_or_404(BankStatement.objects.defer("content").select_related("account"), pk=pk)
    form = NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if attempt(form, lambda: bank_lines.set_aside(statement=found, by=request.user, on=today())):
            messages.success(request, _("The statement is set aside; its file is kept."))
            return redirect("loans:bank")
    context = {
        "title": _("Set %(statement)s aside") % {"statement": found},
        "text": _("For a wrong file of which nothing is posted. Its lines may come again in another one."),
        "facts": [(_("Account"), found.account.name), (_("New lines"), found.lines_new)],
        "form": form, "submit": _("Set aside"), "danger": True,
        "cancel_url": _url(found),
    }  # fmt: skip
    return render(request, "confirm.html", context)
