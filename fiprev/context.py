"""What every template gets: navigation, the fund's name, languages, theme."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from fiprev.navigation import navigation, public_links

THEMES = ("auto", "light", "dark")
# Each language under its own name: whoever looks for it may not read the present one.
LANGUAGES = (("es", "Español"), ("en", "English"), ("fr", "Français"))


@dataclass(frozen=True, slots=True)
class FundName:
    """What the fund is called in the header, in mails and on documents."""

    name: str = "Fiprev"


def everywhere(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None) or AnonymousUser()
    theme = request.COOKIES.get("theme", "auto")
    return {
        "nav": SimpleLazyObject(lambda: navigation(user)),
        "footer": SimpleLazyObject(public_links),
        "fund": FundName(),
        "languages": LANGUAGES,
        "language": (get_language() or settings.LANGUAGE_CODE).split("-")[0],
        "theme": theme if theme in THEMES else "auto",
        "demo": settings.DEMO,
    }
