"""Who plays: invented people with the roles of the regulation, and how to sign in as each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts import people
from accounts.models import User
from committee import bodies
from committee.models import Seat

START = date(1996, 12, 1)
PASSWORD = "agua-limpia-2026"  # noqa: S105 - a demonstration's, printed at its start
DOMAIN = "fiprev.example"


@dataclass(frozen=True, slots=True)
class Player:
    """A person of the fund: the name of the address, full name, language, role, seats ("CT:CEC")."""

    key: str
    full_name: str
    language: str
    role: str
    seats: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


PLAYERS: tuple[Player, ...] = (
    Player("administrator", "Andrea Solís", "es", "administrator"),
    Player("loan.officer", "Marta Aguilar", "es", "loan_officer"),
    Player("evaluator", "Óscar Beltrán", "es", "evaluator"),
    Player("evaluator2", "Patricia Luna", "es", "evaluator"),
    Player("secretary", "Silvia Ponce", "es", "secretary"),
    Player("co-chair", "Ernesto Ávila", "es", "co_chair", ("CT:CONCAMIN",)),
    Player("co-chair2", "Hélène Tremblay", "fr", "co_chair", ("CT:CEC",)),
    Player("member", "Norman Clark", "en", "committee_member", ("CT:CCIB",)),
    Player("member2", "Janet Price", "en", "committee_member", ("CT:USCIB",)),
    Player("member3", "Ricardo Nava", "es", "committee_member", ("CT:UNAM",)),
    Player("member4", "Isabel Roldán", "es", "committee_member", ("CT:WEC",)),
    Player("commission.head", "Gabriel Ortega", "es", "commission_head", ("CE:FUNTEC",)),
    Player("commission.head2", "Louise Gagnon", "fr", "commission_head", ("CE:CEC",)),
    Player("commission", "Adriana Mejía", "es", "commission_member", ("CE:IPN",)),
    Player("commission2", "Sergio Campos", "es", "commission_member", ("CE:NAFIN",)),
    Player("commission3", "Lucía Herrera", "es", "commission_member", ("CE:SEMARNAT",)),
    Player("commission4", "Víctor Salas", "es", "commission_member", ("CE:BANCOMEXT",)),
    Player("signatory", "Ignacio Robles", "es", "signatory"),
    Player("cashier", "Leticia Marín", "es", "cashier"),
    Player("treasurer", "Fernando Quezada", "es", "treasurer"),
    Player("benefits", "Daniela Cruz", "es", "benefits_officer"),
    Player("benefits2", "Hugo Estrada", "es", "benefits_officer"),
    Player("donor", "Margaret Hill", "en", "donor_representative"),
    Player("auditor", "Raquel Fuentes", "es", "auditor"),
)

#: Sign-ins printed at the start: the first of each role, and one firm with much to do.
SHOWN = tuple(
    player.key for at, player in enumerate(PLAYERS) if player.role not in {p.role for p in PLAYERS[:at]}
)


def staff() -> dict[str, User]:
    """Add everybody, grant the roles and seats as of the first day. One hash of the one password for all."""
    system = User.objects.system()
    found = {player.key: _add(player, system) for player in PLAYERS}
    for player in PLAYERS:
        _grant(player, found, system)
    # A fresh object reads its permissions anew.
    found = {key: User.objects.get(pk=user.pk) for key, user in found.items()}
    for player in PLAYERS:
        for seat in player.seats:
            body, code = seat.split(":")
            bodies.appoint(
                seat=Seat.objects.get(body__code=body, code=code),
                person=found[player.key], since=START, by=found["secretary"], on=START,
            )  # fmt: skip
    set_password(list(found.values()))
    return found


def _add(player: Player, system: User) -> User:
    return people.add_person(
        email=player.email, full_name=player.full_name, language=player.language, by=system, on=START
    )


def _grant(player: Player, found: dict[str, User], system: User) -> None:
    granted = people.grant(user=found[player.key], role=player.role, from_on=START, by=system, on=START)
    if granted.role.handles_money:
        people.confirm(grant=granted, by=User.objects.get(pk=found["administrator"].pk), on=START)


def owner(name: str, email: str) -> User:
    """A person of a firm, with a verified address and no password."""
    user = User.objects.create_user(email, None, full_name=name, language="es")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def set_password(users: list[User]) -> None:
    """Give these people the demonstration's password."""
    User.objects.filter(pk__in=[user.pk for user in users]).update(password=_hashed())


@cache
def _hashed() -> str:
    """Made once, since that is the slow part: everybody's password is the same and printed."""
    return make_password(PASSWORD)


def sign_ins(firms: dict[str, str]) -> list[str]:
    """One line per role: address and what it may do; then the firms' people."""
    by_key = {player.key: player for player in PLAYERS}
    width = max(len(player.email) for player in PLAYERS) + 2
    lines = [f"Password of everybody: {PASSWORD}", ""]
    lines += [
        f"{by_key[key].email:<{width}}{by_key[key].role.replace('_', ' ')} ({by_key[key].full_name})"
        for key in SHOWN
    ]
    lines += [f"{email:<{width}}{what}" for email, what in firms.items()]
    return lines
