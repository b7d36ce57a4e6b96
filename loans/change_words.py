"""Changes of a loan in words: what each kind is for, and what one of them says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.formats import day_text, money_text, percent_text
from loans.models import ChangeKind, LoanChange

KINDS_EXPLAINED: dict[ChangeKind, str | Promise] = {
    ChangeKind.PAUSE: gettext_lazy(
        "No interest for some days, for example after a flood. Instalments stay; the last one shrinks."
    ),
    ChangeKind.NEW_DATE: gettext_lazy("One instalment moves to another day and the later ones follow it."),
    ChangeKind.RATE: gettext_lazy("Another yearly rate; what is still to come is computed anew."),
    ChangeKind.EXTRA_TERMS: gettext_lazy("More and smaller instalments for what has not fallen due."),
    ChangeKind.NEW_TERMS: gettext_lazy(
        "All principal that is owed, overdue too, gets a new schedule. Interest and fees that fell due stay due."
    ),
    ChangeKind.REFUND: gettext_lazy("Money of the firm that no instalment needs goes back to it."),
    ChangeKind.WRITE_OFF: gettext_lazy(
        "What is owed leaves the books. The firm still owes it; what comes later is a recovery."
    ),
}


def change_text(change: LoanChange) -> str:
    """One change as a sentence."""
    return text_of(change.kind, change.value_on, change.data, change.amount, change.loan.currency)


def text_of(kind: str, on: date, data: dict[str, Any], amount: Decimal | None, currency: str) -> str:
    """The same of its figures, as the addendum keeps them."""
    match kind:
        case ChangeKind.PAUSE:
            days = {"first": day_text(on, long=True), "last": _day(data["last"])}
            return _("No interest from %(first)s to %(last)s, both days included.") % days
        case ChangeKind.NEW_DATE:
            days = {"old": _day(data["due"]), "new": _day(data["new_due"])}
            return _("The instalment of %(old)s falls due on %(new)s; the later ones follow.") % days
        case ChangeKind.RATE:
            rate = percent_text(Decimal(data["annual_rate_pct"]))
            return _("From %(day)s the yearly rate is %(rate)s.") % {
                "day": day_text(on, long=True),
                "rate": rate,
            }
        case ChangeKind.EXTRA_TERMS:
            count = int(data["count"])
            return ngettext("%(count)s more instalment.", "%(count)s more instalments.", count) % {
                "count": count
            }
        case ChangeKind.NEW_TERMS:
            count, rate = int(data["count"]), percent_text(Decimal(data["annual_rate_pct"]))
            text = ngettext(
                "All principal owed on %(day)s is repaid in %(count)s instalment at %(rate)s a year.",
                "All principal owed on %(day)s is repaid in %(count)s instalments at %(rate)s a year.",
                count,
            )
            return text % {"day": day_text(on, long=True), "count": count, "rate": rate}
        case ChangeKind.REFUND:
            return _("%(amount)s of the firm's credit goes back to it.") % {
                "amount": money_text(amount or Decimal(0), currency)
            }
    return _("What is owed on %(day)s leaves the books; the firm still owes it.") % {
        "day": day_text(on, long=True)
    }


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text), long=True)
