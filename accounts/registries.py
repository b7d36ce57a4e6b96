"""Where apps further down the chain put what pages further up must show: slots, queues, dates, checks.

Nothing upstream imports what is downstream: each app fills these in its `ready()` with dotted names, and the
pages render them on the server.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Queue:
    """Work that waits for whoever holds `perm`; its items are a queryset, so nothing is stored twice."""

    code: str
    title: str | Promise
    perm: str
    items: str
    row: str
    url: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    text: str
    url: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class DateItem:
    """A date the system asks of a person (N-3)."""

    on: date
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check of the books or of the results found wrong (L-3)."""

    check: str
    subject: str
    expected: str
    found: str
    message: str


@dataclass(slots=True)
class Registry:
    slots: dict[str, list[str]] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    checks: dict[str, str] = field(default_factory=dict)


_registry = Registry()


@cache
def _load(dotted: str) -> Any:
    return import_string(dotted)


def fill_slot(name: str, dotted: str) -> None:
    """Add a card to a page's slot: a callable (request, obj) -> HTML or None."""
    cards = _registry.slots.setdefault(name, [])
    if dotted not in cards:
        cards.append(dotted)


def cards_in(name: str, request: HttpRequest, obj: object) -> list[SafeString]:
    rendered = (_load(dotted)(request, obj) for dotted in _registry.slots.get(name, []))
    return [SafeString(html) for html in rendered if html]


def register_queue(code: str, *, title: str | Promise, perm: str, items: str, row: str, url: str) -> None:
    """Add a queue: `items` names a callable (user) -> QuerySet, `row` a callable (obj) -> QueueRow."""
    _registry.queues[code] = Queue(code, title, perm, items, row, url)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue as one person sees it now; `more` says that there are rows beyond those shown."""

    queue: Queue
    rows: list[QueueRow]
    more: bool


def work_of(user: User, *, shown: int = 5) -> list[Waiting]:
    """What waits for this person, queue by queue; empty queues are left out."""
    found = []
    for queue in _registry.queues.values():
        if not user.may(queue.perm):
            continue
        first = list(_load(queue.items)(user)[: shown + 1])
        if first:
            make = _load(queue.row)
            found.append(Waiting(queue, [make(obj) for obj in first[:shown]], len(first) > shown))
    return found


def register_dates(dotted: str) -> None:
    """Add a source of dates: a callable (user) -> list of DateItem."""
    if dotted not in _registry.dates:
        _registry.dates.append(dotted)


def dates_of(user: User) -> list[DateItem]:
    items: Iterable[DateItem] = (item for dotted in _registry.dates for item in _load(dotted)(user))
    return sorted(items, key=lambda item: (item.on, item.title))


def register_check(name: str, dotted: str) -> None:
    """Add a check: a callable (on: date) -> list of Finding; none means all is well."""
    _registry.checks[name] = dotted


def run_checks(on: date) -> list[Finding]:
    return [finding for dotted in _registry.checks.values() for finding in _load(dotted)(on)]


def check_names() -> list[str]:
    return list(_registry.checks)
