"""Taking a paper out of the file again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.permissions import SignedRequest, signed_in
from projects import documents
from projects.fields import Step
from projects.forms.documents import DocumentsStep
from projects.gates import application_for
from projects.models import ApplicationDocument


def add_papers(request: SignedRequest, form: DocumentsStep) -> list[ApplicationDocument]:
    """Keep every paper of the page that can be kept; one that cannot says why and costs no other its place."""
    form.is_valid()
    added = [attempt(form, partial(_add, request, form, kind, upload)) for kind, upload in form.uploads()]
    return [document for document in added if document is not None]


def _add(request: SignedRequest, form: DocumentsStep, kind: str, upload: UploadedFile) -> ApplicationDocument:
    return documents.add_document(
        application=form.application, kind=kind, upload=upload, by=request.user, on=today()
    )


@signed_in
@require_POST
def remove(request: SignedRequest, uid: UUID, pk: int) -> HttpResponse:
    application = application_for(request.user, uid)
    document = get_object_or_404(application.documents.select_related("file"), pk=pk)
    try:
        documents.remove_document(document=document, by=request.user, on=today())
        messages.success(request, _("“%(name)s” was taken out.") % {"name": document.file.name})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("projects:application-step", application.uid, Step.DOCUMENTS)
