"""What falls due for a person: as a page, and as a calendar at a secret address (N-3)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import feeds, registries
from accounts.clock import today
from accounts.permissions import SignedRequest, public, signed_in


@signed_in
def calendar(request: SignedRequest) -> HttpResponse:
    feed = feeds.feed_of(request.user)
    address = settings.SITE_URL + reverse("accounts:calendar-feed", args=[feed.secret]) if feed else ""
    context = {"dates": registries.dates_of(request.user), "today": today(), "address": address, "feed": feed}
    return render(request, "accounts/calendar.html", context)


@signed_in
@require_POST
def renew(request: SignedRequest) -> HttpResponse:
    feeds.renew_feed(by=request.user, on=today())
    messages.success(
        request, _("The calendar has a new address. The one before, if there was one, is closed.")
    )
    return redirect("accounts:calendar")


@public
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Programs read it without signing in: whoever knows the address is let in, nobody else learns anything."""
    found = feeds.by_secret(secret)
    if found is None:
        raise Http404
    response = HttpResponse(feeds.calendar_of(found.user), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="fiprev.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response
