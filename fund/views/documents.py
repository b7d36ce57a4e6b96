"""An issued document as PDF, for whom its object's gate lets read it (Rules R-1, X-2)."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.permissions import SignedRequest, signed_in
from fund import documents


@signed_in
def document(request: SignedRequest, number: str) -> HttpResponse:
    """The sealed bytes; they are made at the first request."""
    found = documents.document_for(number)
    documents.check_may_read(request.user, found)
    try:
        content = documents.pdf(found)
    except documents.NoRenderer as missing:
        return render(request, "fund/no_renderer.html", {"document": found, "sentence": missing}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return response
