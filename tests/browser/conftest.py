"""Chromium for the browser tests, and people who use it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from accounts.models import User
from fiprev.local import system
from tests.browser.hands import Trip
from tests.browser.visitor import Visitor
from tests.world import person

# Playwright runs its own event loop in this thread; the live server's queries are in another one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _in_their_own_language(catalogues: None) -> None:
    """People read the pages in their language."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; pytest-playwright would look for one of its own."""
    return {"executable_path": system.browser(), "args": FLAGS}


@pytest.fixture(autouse=True, scope="session")
def _static_files_asked_for_once() -> Iterator[None]:
    """A browser keeps them, as it does those of the real server, whose names hold their hash."""
    read = StaticFilesHandler.serve
    known: dict[str, tuple[bytes, str]] = {}

    def serve(self: StaticFilesHandler, request: HttpRequest) -> HttpResponse:
        if request.path not in known:
            found = read(self, request)
            known[request.path] = found.getvalue(), found.headers["Content-Type"]
        body, kind = known[request.path]
        kept = {"Cache-Control": "max-age=315360000, public, immutable"}
        return HttpResponse(body, content_type=kind, headers=kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve)
        yield


def sign_in(context: BrowserContext, url: str, name: str, language: str) -> None:
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if name:
        user = User.objects.by_email(name) if "@" in name else person(name)
        type(user).objects.filter(pk=user.pk).update(language=language)
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": k, "value": v, "url": url} for k, v in cookies.items()])


@pytest.fixture
def visitors(browser: Browser, live_server: Any) -> Iterator[Any]:
    """`visitors("rosa", language="es")`: a browser of her own, signed in; without a name, a stranger's."""
    opened: list[Visitor] = []
    cache.clear()  # what other browsers of this process asked for does not count against these

    def visitor(name: str = "", *, language: str = "en", theme: str = "light", width: int = 1280) -> Visitor:
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=theme,
            viewport={"width": width, "height": 900},
            locale=language,
        )
        sign_in(context, live_server.url, name, language)
        opened.append(Visitor(context.new_page()))
        return opened[-1]

    yield visitor
    for one in opened:
        one.page.context.close()


@pytest.fixture
def regulars(visitors: Any, live_server: Any) -> Any:
    """Visitors who come back to the browser they had, signed in anew: the clock may have gone on.

    Those of one `seat` share a browser, one after the other, as at the computer of the meeting room.
    """
    known: dict[Any, Visitor] = {}

    def visitor(
        name: str = "", *, language: str = "en", theme: str = "light", width: int = 1280, seat: str = ""
    ) -> Visitor:
        key = (seat or name, language, theme, width)
        if (seat or name) and key in known:
            sign_in(known[key].page.context, live_server.url, name, language)
        else:
            known[key] = visitors(name, language=language, theme=theme, width=width)
        return known[key]

    return visitor


@pytest.fixture
def trip() -> Iterator[Trip]:
    """A clock that starts on the first day of the story and goes where it is told."""
    one = Trip()
    yield one
    one.traveller.stop()
