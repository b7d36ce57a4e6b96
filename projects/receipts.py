"""The receipt of a submission (rule A-7): what was sent, when, by whom, with the hash of every paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string

from accounts.models import User
from fund import documents
from fund.models import IssuedDocument
from projects.gates import link_of, may_read
from projects.models import Application, ApplicationVersion, DocumentKind
from projects.taxids import shown as shown_tax_id

KIND = "application-receipt"
TEMPLATE = "projects/documents/receipt.html"


def number_of(version: ApplicationVersion) -> str:
    """F-2026-0001-V1: the application's number and the version."""
    return f"{version.application.ref}-V{version.number}"


def issue_receipt(*, version: ApplicationVersion, by: User, on: date) -> IssuedDocument:
    """Seal the receipt of a frozen version in the language of whoever sent it."""
    return documents.issue(
        kind=KIND, number=number_of(version), language=by.language, template=TEMPLATE, facts=_facts(version),
        about=version.application.about, by=by, on=on,
    )  # fmt: skip


def _facts(version: ApplicationVersion) -> dict[str, Any]:
    application, said = version.application, version.snapshot
    papers = [
        {"kind": kind.value, "name": paper["name"], "sha256": paper["sha256"]}
        for kind in DocumentKind
        for paper in said.get(f"documents.{kind}", [])
    ]
    return {
        "number": application.ref,
        "version": version.number,
        "sha256": version.sha256,
        "title": application.title,
        "firm": application.firm.legal_name,
        "tax_id": shown_tax_id(application.firm.country, application.firm.tax_id),
        "amount": application.amount,
        "investment": application.investment,
        "submitted_by": version.submitted_by.full_name,
        "submitted_on": version.submitted_on,
        "papers": papers,
    }


def read_receipt(user: User, document: IssuedDocument) -> None:
    """Gate of the receipts: whoever may read the application."""
    pk = document.about.rpartition(":")[2]
    application = Application.objects.select_related("firm").filter(pk=pk).first() if pk.isdigit() else None
    if application is None or not may_read(user, application):
        raise Http404


def card(request: HttpRequest, application: Application) -> str | None:
    """On the application's page, for the firm: its receipts, the newest first."""
    user = request.user
    if not isinstance(user, User) or application.ref is None or not link_of(user, application.firm):
        return None
    found = IssuedDocument.objects.filter(about=application.about, kind=KIND).order_by("-pk")
    papers = list(found.values_list("number", "issued_on"))
    return (
        render_to_string("projects/_receipts.html", {"receipts": papers}, request=request) if papers else None
    )
