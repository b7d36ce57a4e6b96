"""Reference data of this app: the catalogue of indicators (rule B-1), the points of the check (rule A-8)."""

from projects import reference_checklist, reference_indicators


def load() -> None:
    """Put it in place; may run again."""
    reference_indicators.load()
    reference_checklist.load()
