"""Papers of an application: which a submission needs, adding one, taking one out (rules A-7, X-5)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, files
from accounts.errors import require
from accounts.models import User
from accounts.writing import insert
from fund.models import Product
from projects.gates import check_may_edit
from projects.models import Application, ApplicationDocument, DocumentKind, Purpose
from projects.returns import check_open_field

SOURCE = Path(__file__).parent / "data" / "product_documents.json"
#: Without these nobody can tell who asks, what it costs and what is measured today.
ALWAYS = (
    DocumentKind.TAX_CERTIFICATE,
    DocumentKind.QUOTES,
    DocumentKind.BASELINE,
    DocumentKind.FINANCIALS,
)


@cache
def _by_product() -> dict[str, tuple[DocumentKind, ...]]:
    rows = json.loads(SOURCE.read_text(encoding="utf-8"))
    return {code: tuple(DocumentKind(kind) for kind in kinds) for code, kinds in rows.items()}


def kinds_for(product: Product | None, purpose: str = "") -> tuple[DocumentKind, ...]:
    """The papers that a kind of loan needs, for what the money is for; the usual ones before it is chosen."""
    kinds = _by_product().get(product.code, ALWAYS) if product else ALWAYS
    if purpose == Purpose.AUDIT_PLAN and DocumentKind.AUDIT_PLAN not in kinds:
        kinds = (*kinds, DocumentKind.AUDIT_PLAN)
    return kinds


def required_kinds(application: Application) -> tuple[DocumentKind, ...]:
    """The papers without which the application cannot be submitted."""
    kinds = kinds_for(application.product, application.purpose)
    return (*kinds, DocumentKind.PAPER_FORM) if application.from_paper else kinds


def kinds_shown(application: Application) -> tuple[DocumentKind, ...]:
    """Required ones first, then what may help; the paper form only where there is one."""
    required = required_kinds(application)
    hidden = {DocumentKind.PAPER_FORM, DocumentKind.AUDIT_PLAN} - set(required)
    return (*required, *(kind for kind in DocumentKind if kind not in required and kind not in hidden))


def _lock(pk: int) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("firm").get(pk=pk)


@transaction.atomic
def add_document(
    *, application: Application, kind: str, upload: UploadedFile, by: User, on: date
) -> ApplicationDocument:
    """Keep a paper of the file; the same bytes twice in one place are one paper (a doubled click)."""
    application = _lock(application.pk)
    check_may_edit(by, application)
    check_open_field(application, f"documents.{kind}")
    stored = files.store(upload, about=application.about, by=by, on=on, field=kind)
    same = application.documents.filter(kind=kind, removed_on=None, file__sha256=stored.sha256).first()
    if same is not None:
        stored.content.delete(save=False)
        stored.delete()
        return same
    document = ApplicationDocument(application=application, kind=kind, file=stored, added_by=by, added_on=on)
    insert([document])
    audit.record(
        "application.document_added", application, by=by, on=on, after={"kind": kind, "file": stored.name}
    )
    return document


@transaction.atomic
def remove_document(*, document: ApplicationDocument, by: User, on: date) -> ApplicationDocument:
    """Take a paper out of the file. It stays stored and marked: an earlier version may cite it (rule G-5)."""
    application = _lock(document.application_id)
    document = ApplicationDocument.objects.select_related("file").get(pk=document.pk)
    check_may_edit(by, application)
    check_open_field(application, f"documents.{document.kind}")
    require(document.removed_on is None, "A-7", _("This document was already taken out."))
    document.removed_on = on
    document.save(update_fields=["removed_on"])
    audit.record(
        "application.document_removed", application, by=by, on=on, before={"file": document.file.name}
    )
    return document
