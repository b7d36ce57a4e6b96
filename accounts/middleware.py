"""The person behind a request: their language, and the staff's idle limit and second factor (X-3)."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User

SEEN = "seen_at"
# Pages that somebody without a second factor must reach to set one up.
FREE_PREFIXES = ("/account/", "/language/", "/static/", "/healthz", "/readyz", "/metrics")


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        return self._turned_away(request) or self.get_response(request)

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or not user.is_staff_member or request.path.startswith(FREE_PREFIXES):
            return None
        now = int(time.time())
        if now - request.session.get(SEEN, now) > settings.STAFF_IDLE_MINUTES * 60:
            logout(request)
            messages.info(request, _("You were signed out after a while without activity. Sign in to go on."))
            return redirect(settings.LOGIN_URL)
        if now - request.session.get(SEEN, 0) > 60:
            request.session[SEEN] = now
        if settings.STAFF_SECOND_FACTOR and not is_mfa_enabled(request.user):
            messages.warning(request, _("Staff sign in with a second factor. Set one up to go on."))
            return redirect("mfa_index")
        return None
