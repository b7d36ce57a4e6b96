"""Names that are data (products, sectors, indicators, roles): one text per language (G-2)."""

from collections.abc import Mapping

from django.utils.translation import get_language

LANGUAGES = ("es", "en", "fr")


def label(names: Mapping[str, str] | None, language: str | None = None) -> str:
    """The name in the reader's language, else English, else whichever there is."""
    if not names:
        return ""
    wanted = (language or get_language() or "en").split("-")[0]
    return names.get(wanted) or names.get("en") or next(iter(names.values()), "")
