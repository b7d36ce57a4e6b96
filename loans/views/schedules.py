"""The schedules that a loan has had: what changed, when and why (Rule S-5)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.permissions import SignedRequest, signed_in
from loans import gates, versions
from loans.comparing import side_by_side


@signed_in
def version(request: SignedRequest, ref: str, number: int) -> HttpResponse:
    """One version whole, beside the one before it."""
    found = gates.loan_for(request.user, ref)
    known = found.versions.select_related("made_by")
    shown = get_object_or_404(known, number=number)
    earlier = known.filter(number=number - 1).first()
    rows = versions.rows_of_version(shown)
    before = versions.rows_of_version(earlier) if earlier else ()
    context = {
        "loan": found,
        "version": shown,
        "earlier": earlier,
        "pairs": side_by_side(before, rows) if earlier else side_by_side(rows, rows),
        "total": sum(row.total for row in rows),
        "total_before": sum(row.total for row in before),
    }
    return render(request, "loans/schedule_version.html", context)
