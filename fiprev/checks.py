"""System checks of the installation: what is missing is said at start, in one sentence."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Info, register

from fiprev.local import system


def pdf_libraries(**_: Any) -> list[CheckMessage]:
    """WeasyPrint needs libraries of the system; without them only the PDF buttons do not work."""
    if missing := system.missing_libraries():
        return [
            Info(
                f"PDFs cannot be made: {', '.join(missing)} missing.", hint=system.APT_LINE, id="fiprev.I001"
            )
        ]
    return []


def no_demo_in_production(**_: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and settings.DEMO:
        return [Critical("A demonstration cannot run with PRODUCTION=yes.", id="fiprev.C001")]
    return []


def register_all() -> None:
    register(pdf_libraries)
    register(no_demo_in_production)
