"""The parameters and events of a case: what is null counts as missing, and what nobody knows is named afterwards.

A word or value that nobody knows does not fail a case by itself: the figures decide, and the remark stands beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")

SAYS_NOTHING = frozenset(
    {
        "product",
        "description",
        "note",
        "currency",
        "unit_period",
        "first_payment",
        "last_instalment",
        "accounting",
        "recorded_on",
        "posted",
    }
)
"""Words that change no figure: names, what other words say in figures too, the rule that all our last rows follow,
and days of typing, as only value dates count (rule S-7)."""

WITHOUT_PAYMENTS = frozenset(
    {
        "due_order",
        "future_instalments",
        "interest_on_past_due_principal",
        "interest_recalculation",
        "payment_strategy",
        "preclosure_interest",
        "recalculation_rest",
    }
)
"""How payments are treated changes nothing where there are none."""


class Words(Mapping[str, Any]):
    """A JSON object that remembers which of its words were read."""

    def __init__(self, given: Mapping[str, Any], silent: frozenset[str] = SAYS_NOTHING) -> None:
        self.given = {word: value for word, value in given.items() if value is not None}
        self.silent = silent
        self.seen: set[str] = set()
        self.strange: list[str] = []

    def __getitem__(self, word: str) -> Any:
        self.seen.add(word)
        return self.given[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)

    @property
    def remarks(self) -> list[str]:
        """Values that nobody knows, and words that may mean something and that nobody asked for."""
        unread = sorted(self.given.keys() - self.seen - self.silent)
        return [*self.strange, *(f"{word}: nobody reads it" for word in unread)]

    def not_asked(self, *words: str) -> None:
        """Words on which the figures that are asked for do not depend."""
        self.seen.update(words)

    def day(self, word: str) -> date:
        return date.fromisoformat(str(self[word])[:10])

    def number(self, word: str, default: Any = 0) -> Decimal:
        return Decimal(str(self.get(word, default)))

    def whole(self, word: str, default: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        number = Decimal(str(self[word] if default is None else self.get(word, default)))
        if number != int(number):
            raise ValueError(f"{word}: {number} is no whole number")
        return int(number)

    def choice(self, word: str, known: Mapping[str, T], default: T) -> T:
        """The meaning of a word's value, in whatever case it is written; the default of one that has none."""
        if word not in self:
            return default
        value = str(self[word]).strip().lower()
        if value not in known:
            self.strange.append(f"{word}: {self[word]} is none of {', '.join(known)}")
        return known.get(value, default)


def reading(case: Mapping[str, Any]) -> dict[str, Any]:
    """The case with parameters and events that remember what was read of them."""
    events = [Words(event) for event in case.get("events") or ()]
    silent = SAYS_NOTHING if any("amount" in event for event in events) else SAYS_NOTHING | WITHOUT_PAYMENTS
    return {**case, "params": Words(case.get("params") or {}, silent), "events": events}


def remarks(params: Words, events: Sequence[Words]) -> list[str]:
    """What nobody knows or asked for in a case, each once."""
    return list(dict.fromkeys((*params.remarks, *(remark for event in events for remark in event.remarks))))
