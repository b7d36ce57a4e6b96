"""What the books keep as plain text, in the reader's language: memos of events and names of parties.

The ledger knows no loan and no firm. The apps above say how their texts read; what nobody knows stays as it is kept.
"""

from collections.abc import Callable

from django.utils.module_loading import import_string

Reader = Callable[[str], str | None]
_memos: list[str] = []
_parties: list[str] = []


def register_memos(dotted: str) -> None:
    """Add a reader of memos: a callable (memo) -> what it says, or None if it is not of its kind."""
    if dotted not in _memos:
        _memos.append(dotted)


def register_parties(dotted: str) -> None:
    """Add a reader of parties: a callable (party) -> a name, or None if it is not of its kind."""
    if dotted not in _parties:
        _parties.append(dotted)


def memo_words(memo: str) -> str:
    return _read(_memos, memo)


def party_name(party: str) -> str:
    return _read(_parties, party)


def _read(readers: list[str], text: str) -> str:
    for dotted in readers:
        reader: Reader = import_string(dotted)
        if (said := reader(text)) is not None:
            return said
    return text
