"""Play the demonstration on an empty installation: act 1, the bridge, and a day of today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import RuleBroken
from accounts.gathering import gathered
from accounts.models import AuditEvent, Notice, User
from accounts.once import remembering
from fiprev.demo import cast, targets
from fiprev.demo.act_one import ActOne
from fiprev.demo.hurry import count_rows, hurry
from fiprev.demo.loans import END
from fiprev.demo.player import Player
from fiprev.demo.today import Today
from loans.models import Loan
from projects.models import Application, Measurement

Tell = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Played:
    """What was played, and how to sign in."""

    sign_ins: list[str]
    applications: int
    loans: int
    measurements: int
    seconds: float
    """What act 1 with its bridge took; the rest is the part of today."""


def nobody_here() -> bool:
    """Whether the installation has no person but the system itself."""
    return not User.objects.exclude(pk=User.objects.system().pk).exists()


def play(*, on: date, tell: Tell = lambda line: None, today: bool = True) -> Played:
    """Play everything, deterministic for its day, or nothing at all: any refusal takes the whole play back.

    Refuses a database with any person in it.
    """
    with transaction.atomic(), hurry(), remembering(), translation.override("es"):
        if not nobody_here():
            message = _("There are people here already: the demonstration needs an empty installation.")
            raise RuleBroken("G-1", message)
        players = cast.staff()
        audit.record("demo.played", "fund", by=User.objects.system(), on=on, after={"story": "act 1"})
        targets.set_targets(by=players["benefits"], on=END)
        player = Player(players)
        firms: dict[str, str] = {}
        started = monotonic()
        with gathered(AuditEvent):
            tell("1996-2002 ...")
            with gathered(Notice):
                ActOne(player).play(until=date(2005, 12, 31))
            _deliver()
            count_rows()
            seconds = monotonic() - started
            if today:
                tell("today ...")
                firms = Today(player, on, deliver=_deliver_due).play()
        return _played(firms, seconds)


def _deliver() -> None:
    """The letters of those years arrived long ago: none of them leaves today."""
    _delivered(Notice.State.DUE, Notice.State.WAITING)


def _deliver_due() -> None:
    """What was said in the months before today has arrived; letters of decision still wait for a person."""
    _delivered(Notice.State.DUE)


def _delivered(*states: str) -> None:
    Notice.objects.filter(state__in=states).update(state=Notice.State.SENT, sent_at=timezone.now())


def _played(firms: dict[str, str], seconds: float) -> Played:
    return Played(
        sign_ins=cast.sign_ins(firms),
        applications=Application.objects.count(),
        loans=Loan.objects.paid_out().count(),
        measurements=Measurement.objects.count(),
        seconds=seconds,
    )
