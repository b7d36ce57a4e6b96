"""A body's rule set, dated, without Django: how it presides and which majority each kind of item needs.

A resolution stores the version it was taken under (rule C-8), so that it can be counted again under the
rules of its own day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from committee.voting import Majority


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What one body goes by from a day on.

    `presiding_needed`: how many of the co-chairs' seats a quorum needs (rule C-3: both of the Technical
    Committee, one of the Executive Commission). `two_thirds`: the kinds of item that need two thirds of
    the votes cast; every other kind needs a simple majority (rule C-4).
    """

    version: int
    since: date
    presiding_needed: int
    two_thirds: frozenset[str] = field(default_factory=frozenset)

    def majority(self, kind: str) -> Majority:
        return Majority.TWO_THIRDS if kind in self.two_thirds else Majority.SIMPLE

    def to_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "since": self.since.isoformat(),
            "presiding_needed": self.presiding_needed,
            "two_thirds": sorted(self.two_thirds),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "RuleSet":
        return cls(
            version=int(data["version"]),
            since=date.fromisoformat(data["since"]),
            presiding_needed=int(data["presiding_needed"]),
            two_thirds=frozenset(data["two_thirds"]),
        )


def in_force(rule_sets: Iterable[RuleSet], day: date) -> RuleSet | None:
    """The rule set of that day: the youngest that had begun; None before the first one."""
    begun = [rules for rules in rule_sets if rules.since <= day]
    return max(begun, key=lambda rules: (rules.since, rules.version), default=None)
