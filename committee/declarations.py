"""Interests: a declaration a year, one per case before its papers open (rules E-1, C-5)."""

from datetime import date
from typing import NoReturn

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.writing import insert
from committee.models import AgendaItem, Ballot, Declaration
from committee.models.body import ReasonClass
from committee.models.session import ItemState


def recused_from(matter: str) -> set[int]:
    """The persons who declared a conflict in this case: keys of users."""
    found = Declaration.objects.filter(matter=matter, conflict=True)
    return set(found.values_list("person_id", flat=True))


def conflicts_of(user: User, matter: str) -> QuerySet[Declaration]:
    return Declaration.objects.filter(person=user, matter=matter, conflict=True)


def is_recused(user: User, matter: str) -> bool:
    return conflicts_of(user, matter).exists()


def has_declared(user: User, matter: str) -> bool:
    return Declaration.objects.filter(person=user, matter=matter).exists()


def has_declared_year(user: User, year: int) -> bool:
    return Declaration.objects.filter(person=user, matter="", year=year).exists()


def check_not_recused(user: User, matter: str) -> None:
    """Rule C-5: a recused person has no papers, no discussion note and no vote."""
    if is_recused(user, matter):
        refuse_recused()


def refuse_recused() -> NoReturn:
    raise Denied(_("You declared an interest in this case, so its file is closed to you (rule C-5)."))


@transaction.atomic
def declare_year(*, interests: str, by: User, on: date) -> Declaration:
    """The yearly declaration (rule C-5): firms, suppliers and institutions in which the person has a part.

    Saying it again in the same year adds a declaration; the older one stays readable (rule G-5).
    """
    declaration = Declaration.objects.create(
        person=by, year=on.year, statement=interests.strip(), made_on=on, conflict=bool(interests.strip())
    )
    audit.record("declaration.yearly", declaration, by=by, on=on, after={"year": on.year})
    return declaration


@transaction.atomic
def declare_case(
    *,
    matter: str,
    conflict: bool,
    by: User,
    on: date,
    reason_class: str = "",
    statement: str = "",
    recorded_by: User | None = None,
) -> Declaration:
    """What a person says about own interests in one case; a conflict, once declared, stands.

    `recorded_by` is the secretary when the person said it aloud in the session.
    """
    User.objects.select_for_update().get(pk=by.pk)
    said = {row.conflict: row for row in Declaration.objects.filter(person=by, matter=matter).order_by()}
    require(
        conflict or True not in said,
        "C-5",
        _("A declared conflict stands: the case stays closed to whoever declared it."),
    )
    if conflict and reason_class not in ReasonClass.values:
        raise BadInput("reason_class", reason_class, _("Say of which class the interest is."))
    if conflict in said:
        return said[conflict]
    declaration = Declaration(
        person=by,
        matter=matter,
        conflict=conflict,
        year=on.year,
        reason_class=reason_class if conflict else "",
        statement=statement.strip(),
        made_on=on,
    )
    insert([declaration])
    audit.record(
        "declaration.conflict" if conflict else "declaration.no_conflict",
        declaration,
        by=recorded_by or by,
        on=on,
        after={"person": by.email, "matter": matter, "class": declaration.reason_class},
    )
    return declaration


def withdraw_ballots(*, person: User, item: AgendaItem, by: User, on: date) -> None:
    """A vote given before the interest was declared does not count: it goes, and the trail keeps it."""
    if item.state != ItemState.VOTING:
        return
    for ballot in Ballot.objects.filter(item=item, person=person):
        audit.record("ballot.withdrawn", ballot, by=by, on=on, before={"vote": ballot.vote})
        ballot.delete()
