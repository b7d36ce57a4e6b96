"""The whole file of an application as one PDF: what was submitted, asked and answered, written, with its papers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.clock import today
from accounts.permissions import SignedRequest, signed_in
from fund import documents
from projects.gates import application_for, link_of
from projects.printing import printed


@signed_in
def pdf(request: SignedRequest, uid: UUID) -> HttpResponse:
    """For whoever may read the file; the staff's reads are logged (X-3)."""
    found = application_for(request.user, uid, whole=True)
    mine = link_of(request.user, found.firm) is not None
    try:
        content = printed(found, day=today(), named=not mine)
    except documents.NoRenderer as missing:
        context = {"document": found, "sentence": missing}
        return render(request, "fund/no_renderer.html", context, status=503)
    if not mine:
        audit.record_read("application.file", found, by=request.user)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.ref or "application"}.pdf"'
    return response
