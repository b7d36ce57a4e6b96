"""Reference data of this app: the catalogue of indicators (rule B-1)."""

from projects import reference_indicators


def load() -> None:
    """Put it in place; may run again."""
    reference_indicators.load()
