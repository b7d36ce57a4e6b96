"""What happened to a person's account, as the page of the person tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.formats import NOTHING, day_text
from accounts.models import AuditEvent, Role, User


@dataclass(frozen=True, slots=True)
class Told:
    """One event: when, by whom, what, and what changed, each a label and a value."""

    at: datetime
    person: str
    title: str
    facts: list[tuple[str, str]]


def told(events: Iterable[AuditEvent]) -> list[Told]:
    """The events in the reader's language; a verb or a value that has no words stays as the trail keeps it."""
    found = list(events)
    roles = {role.code: str(role) for role in Role.objects.all()}
    names = dict(
        User.objects.filter(email__in={event.person for event in found}).values_list("email", "full_name")
    )
    return [
        Told(
            event.at,
            names.get(event.person, event.person),
            _verbs().get(event.verb, event.verb),
            [(_labels().get(name, name), _said(name, value, roles)) for name, value in event.after.items()],
        )
        for event in found
    ]


def _verbs() -> dict[str, str]:
    return {
        "user.added": _("Added"),
        "user.changed": _("Changed"),
        "role.granted": _("Role granted"),
        "role.confirmed": _("Role confirmed by a second person"),
        "role.ended": _("Role ended"),
    }


def _labels() -> dict[str, str]:
    return {
        "email": _("E-mail"), "name": _("Name"), "full_name": _("Name"), "language": _("Language"),
        "role": _("Role"), "from": _("From"), "to": _("Last day"),
    }  # fmt: skip


def _said(name: str, value: Any, roles: dict[str, str]) -> str:
    if value is None or value == "":
        return NOTHING
    if name == "role":
        return roles.get(str(value), str(value))
    if name in ("from", "to"):
        return day_text(date.fromisoformat(str(value)))
    return str(value)
