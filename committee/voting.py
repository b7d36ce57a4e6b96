"""The committee's arithmetic, without Django: who makes a quorum and what a count of votes decides.

Rules C-3 and C-4. Persons and seats are plain text here, so that a stored record can be counted again
by anybody, years later, and must give the same outcome (rule C-8).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Vote(StrEnum):
    """What one seat says on one item. An abstention makes quorum but is no vote cast (rule C-4)."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Majority(StrEnum):
    """How many of the votes cast carry an item (rule C-4)."""

    SIMPLE = "simple"
    TWO_THIRDS = "two_thirds"


class Outcome(StrEnum):
    """What a count decides. UNDECIDED: no vote was cast, so nothing was decided."""

    APPROVED = "approved"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Chair:
    """One seat as the count of one item sees it.

    `people` are the holder and the alternates named for the seat, the holder first; `present` those of
    them who are in the session. A seat without people is vacant.
    """

    code: str
    people: tuple[str, ...]
    present: tuple[str, ...] = ()
    votes: bool = True
    presides: bool = False

    def acting(self, recused: Collection[str]) -> str | None:
        """Who speaks for the seat on this item: the first of its people who is present and not recused."""
        for person in self.people:
            if person in self.present and person not in recused:
                return person
        return None

    def is_recused(self, recused: Collection[str]) -> bool:
        """Rule C-3: a seat is recused only if neither its holder nor any alternate may act."""
        return bool(self.people) and all(person in recused for person in self.people)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Rule C-3, figure by figure: what is needed, who is there, and whether a vote may be taken."""

    counted: int
    needed: int
    present: int
    presiding_needed: int
    presiding: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed and self.presiding >= self.presiding_needed

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.is_met}


def quorum(chairs: Iterable[Chair], *, recused: Collection[str], presiding_needed: int) -> Quorum:
    """Rule C-3: floor(n/2) + 1 of the n filled voting seats that are not recused, and the co-chairs.

    A recused co-chair seat does not block the chair condition; a vacant or absent one does.
    """
    able = [chair for chair in chairs if not chair.is_recused(recused)]
    counted = [chair for chair in able if chair.votes and chair.people]
    heads = [chair for chair in able if chair.presides]
    return Quorum(
        counted=len(counted),
        needed=len(counted) // 2 + 1,
        present=sum(chair.acting(recused) is not None for chair in counted),
        presiding_needed=min(presiding_needed, len(heads)),
        presiding=sum(chair.acting(recused) is not None for chair in heads),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """A finished count (rule C-4) with everything that is needed to understand and repeat it."""

    in_favour: int
    against: int
    abstained: int
    majority: Majority
    chairs_opposed: bool
    deferred_before: bool
    outcome: Outcome

    @property
    def cast(self) -> int:
        """Votes cast: abstentions are none."""
        return self.in_favour + self.against

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "cast": self.cast}


def tally(
    votes: Mapping[str, Vote],
    *,
    presiding: Collection[str] = (),
    majority: Majority = Majority.SIMPLE,
    deferred_before: bool = False,
) -> Tally:
    """Rule C-4: count the votes of the seats (code -> vote); `presiding` are the co-chairs' seats.

    A tie, or the co-chairs opposed, defers the item once; after that it needs two thirds of the votes
    cast (3 x for >= 2 x cast), and without them it is rejected. No vote cast decides nothing.
    """
    values = list(votes.values())
    in_favour, against = values.count(Vote.FOR), values.count(Vote.AGAINST)
    opposed = {votes[seat] for seat in presiding if seat in votes} >= {
        Vote.FOR,
        Vote.AGAINST,
    }
    needed = Majority.TWO_THIRDS if deferred_before else majority
    return Tally(
        in_favour=in_favour,
        against=against,
        abstained=values.count(Vote.ABSTAIN),
        majority=needed,
        chairs_opposed=opposed,
        deferred_before=deferred_before,
        outcome=_outcome(in_favour, against, opposed, needed, deferred_before),
    )


def _outcome(
    in_favour: int,
    against: int,
    opposed: bool,
    majority: Majority,
    deferred_before: bool,
) -> Outcome:
    if in_favour + against == 0:
        return Outcome.UNDECIDED
    if (in_favour == against or opposed) and not deferred_before:
        return Outcome.DEFERRED
    return Outcome.APPROVED if carries(in_favour, against, majority) else Outcome.REJECTED


def carries(in_favour: int, against: int, majority: Majority) -> bool:
    """Rule C-4: more for than against, or 3 x for >= 2 x cast; in whole numbers, so nothing is rounded."""
    cast = in_favour + against
    if majority is Majority.TWO_THIRDS:
        return cast > 0 and 3 * in_favour >= 2 * cast
    return in_favour > against
