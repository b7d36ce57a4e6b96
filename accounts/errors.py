"""One family of errors. A rule that says no names itself; `fiprev.middleware` turns them into pages."""

from typing import Any

from django.utils.translation import gettext as _


class Refusal(Exception):
    """Something a person asked for and may not have; `field` names the form field it belongs beside."""

    field: str | None = None
    message: str = ""


class RuleBroken(Refusal):
    """A rule of the fund said no: the rule's number and a sentence for the person who asked."""

    def __init__(self, rule: str, message: str, *, field: str | None = None) -> None:
        self.rule, self.message, self.field = rule, message, field
        super().__init__(rule, message)

    def __str__(self) -> str:
        return _("%(message)s (rule %(rule)s)") % {"message": self.message, "rule": self.rule}


class BadInput(Refusal):
    """A value that cannot be taken as it was typed: which field, which value, what would be right."""

    def __init__(self, field: str, value: Any, message: str) -> None:
        self.field, self.value, self.message = field, value, message
        super().__init__(field, value, message)

    def __str__(self) -> str:
        return self.message


class Stale(Refusal):
    """Somebody else changed the record between our read and our write."""

    def __init__(self, obj: object) -> None:
        self.message = _("Somebody changed %(what)s in the meantime. Open it again to see how it stands.") % {
            "what": obj
        }
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class Denied(Exception):
    """The person is known and may see that this exists, but may not do this (403)."""


def require(condition: object, rule: str, message: str, *, field: str | None = None) -> None:
    """Raise `RuleBroken` unless the condition holds."""
    if not condition:
        raise RuleBroken(rule, message, field=field)
