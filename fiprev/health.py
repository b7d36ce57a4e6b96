"""For operators: /healthz says that the process answers, /readyz that all it needs does, /metrics the figures."""

import hmac
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django_prometheus.exports import ExportToDjangoView

from accounts.permissions import public
from fiprev.celery import app

HEARTBEAT = "fiprev:heartbeat"


def note_heartbeat() -> None:
    cache.set(HEARTBEAT, time.time(), timeout=None)


@public
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@public
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 if database, broker and a worker answer, else 503 with what does not."""
    states = {name: _state(check) for name, check in CHECKS.items()}
    good = all(state == "ok" for state in states.values())
    return JsonResponse({"ready": good, **states}, status=200 if good else 503)


def _state(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        return (
            f"failed ({type(error).__name__})"  # the reason may name hosts: it goes to the log of the server
        )


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    with app.connection_for_write(connect_timeout=2) as queue:
        queue.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return "ok"


def _worker() -> str:
    """A worker ran beat's last heartbeat: three missed ones mean that nothing is worked off."""
    last = cache.get(HEARTBEAT)
    if last is None:
        return "no heartbeat yet"
    age = int(time.time() - last)
    return "ok" if age <= 3 * settings.HEARTBEAT_SECONDS else f"last heartbeat {age} s ago"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker, "worker": _worker}


@public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for whoever sends the token; without a token in the settings there is no such page."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
