"""The one place where refusals become pages: a rule that says no 409, a missing right 403."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.errors import BadInput, Denied, Refusal


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Denied):
            return render(request, "errors/403.html", {"reason": str(error)}, status=403)
        if isinstance(error, BadInput):
            return render(request, "errors/400.html", {"reason": str(error)}, status=400)
        if isinstance(error, Refusal):
            return render(request, "errors/409.html", {"reason": str(error)}, status=409)
        return None
