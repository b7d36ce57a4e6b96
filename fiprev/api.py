"""The programs' side of the site: `/api/v1/` with its OpenAPI description at `openapi.json`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled
from ninja.errors import ValidationError as Unreadable

from accounts.errors import Refusal
from loans import api as quotes
from loans.arithmetic.problems import TermsError

api = NinjaAPI(
    title="Fiprev",
    version="1",
    description="What a loan of the fund costs. Open to everybody; figures are text, errors name their field.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", quotes.router)


def told(field: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"errors": [{"field": field, "value": "", "message": message}]}, status=status)


@api.exception_handler(TermsError)
@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    return quotes.wrong(error, request.GET)


@api.exception_handler(Unreadable)
def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    listed = [
        {"field": ".".join(str(part) for part in item["loc"]), "value": "", "message": item["msg"]}
        for item in error.errors
    ]
    return JsonResponse({"errors": listed}, status=422)


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: Any) -> HttpResponse:
    return told("", str(error), error.status_code)


@api.exception_handler(Throttled)
def throttled(request: HttpRequest, error: Any) -> HttpResponse:
    answer = told("", _("Too many questions from your address. Wait a moment and ask again."), 429)
    if error.wait:
        answer["Retry-After"] = str(int(error.wait))
    return answer


def marked() -> Any:
    """The addresses, each with its mark: what needs no key is public (Rule X-1)."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        pattern.callback.allow = "public"  # type: ignore[union-attr]
    return patterns, app_name, namespace
