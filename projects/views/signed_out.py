"""A session that ends while somebody types: the page waits in the new session until they have signed in (A-5).

Only the pages of the steps use this; what waits is one page, small, and for a day.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import View

WAITS = "typed_while_signed_out"
MOST_BYTES = 100_000
SECONDS = 24 * 60 * 60
#: What of a page is not the step's.
NOT_TYPED = {"csrfmiddlewaretoken"}


def keeps_the_page(view: View) -> View:
    """Mark a view of a step: what a signed-out person sends to it is kept for after the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, uid: UUID, step: str, **options: Any) -> HttpResponseBase:
        if request.method != "POST" or request.user.is_authenticated:
            return view(request, uid, step, **options)
        here = reverse("projects:application-step", args=[uid, step])
        keep(request, here)
        if getattr(request, "htmx", False):
            return render(request, "projects/_signed_out.html", {"here": here})
        return view(request, uid, step, **options)

    return guarded


def keep(request: HttpRequest, path: str) -> None:
    body = request.POST.copy()
    for name in NOT_TYPED:
        body.pop(name, None)
    text = body.urlencode()
    if len(text) <= MOST_BYTES:
        request.session[WAITS] = {"path": path, "body": text, "at": int(time.time())}


def waiting(request: HttpRequest, path: str) -> QueryDict | None:
    """The page that was sent to this address while nobody was signed in, once."""
    kept = request.session.get(WAITS)
    if not kept or kept["path"] != path:
        return None
    del request.session[WAITS]
    if time.time() - kept["at"] > SECONDS:
        return None
    return QueryDict(kept["body"], mutable=True)
