"""Promises to pay: kept, broken or still running, told by the payments alone; pure (Rule P-7).

A promise is kept if what came between the day it was given and the day it names reaches the amount.
A newer promise, given before the day of the older one, takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Outcome(StrEnum):
    """What became of a promise."""

    RUNNING = "running"
    KEPT = "kept"
    BROKEN = "broken"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Promise:
    """So much by that day, given on this one."""

    given_on: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """A promise with what came of it so far."""

    promise: Promise
    outcome: Outcome
    paid: Decimal


def told(promises: Sequence[Promise], payments: Iterable[tuple[date, Decimal]], on: date) -> tuple[Told, ...]:
    """The promises of one loan, in the order in which they were given, each with its outcome on a day."""
    came = list(payments)
    found = []
    for place, promise in enumerate(promises):
        paid = sum((amount for day, amount in came if promise.given_on <= day <= promise.due_on), ZERO)
        replaced = any(later.given_on <= promise.due_on for later in promises[place + 1 :])
        found.append(Told(promise, _outcome(promise, paid, on, replaced=replaced), paid))
    return tuple(found)


def _outcome(promise: Promise, paid: Decimal, on: date, *, replaced: bool) -> Outcome:
    if paid >= promise.amount:
        return Outcome.KEPT
    if replaced:
        return Outcome.REPLACED
    return Outcome.BROKEN if promise.due_on < on else Outcome.RUNNING
