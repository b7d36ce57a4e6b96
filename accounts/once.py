"""Read once per request what many parts of a page ask for: settings that are rows, such as the policy of a day.

Outside a request (tasks, commands, tests of verbs) nothing is remembered, unless the command says so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
T = TypeVar("T")

_remembered: ContextVar[dict[Any, Any] | None] = ContextVar("once_per_request", default=None)


class OncePerRequest:
    """Opens the memory of a request and closes it again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembering():
            return self.get_response(request)


@contextmanager
def remembering() -> Iterator[None]:
    """What is read in this block is read once, as in a request; for a command whose every write is a verb's."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def once_per_request(read: Callable[P, T]) -> Callable[P, T]:
    """Mark a reading that gives the same answer throughout a request; its arguments must be hashable."""

    @wraps(read)
    def reader(*args: P.args, **options: P.kwargs) -> T:
        memory = _remembered.get()
        if memory is None:
            return read(*args, **options)
        key = (read.__module__, read.__qualname__, args, tuple(sorted(options.items())))
        if key not in memory:
            memory[key] = read(*args, **options)
        answer: T = memory[key]
        return answer

    return reader


def forget() -> None:
    """After writing something that is read once per request."""
    memory = _remembered.get()
    if memory is not None:
        memory.clear()
