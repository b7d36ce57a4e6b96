"""Who works here and as what: add a person, grant a role, confirm it, end it (X-1, X-7)."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, Denied, RuleBroken, require
from accounts.models import Grant, Role, User
from accounts.permissions import Perm
from accounts.roles import CONFLICTS


def check_manages(by: User) -> None:
    if not (by.may(Perm.PEOPLE_MANAGE) or by.is_system):
        raise Denied(_("Only an administrator manages people."))


@transaction.atomic
def add_person(
    *, email: str, full_name: str, language: str, by: User, on: date, password: str | None = None
) -> User:
    """A person of the staff, with a verified address and no role yet. Without a password they set one by mail."""
    check_manages(by)
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise BadInput("email", email, _("%(email)s is here already.") % {"email": email})
    user = User.objects.create_user(email, password, full_name=full_name.strip(), language=language)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    audit.record("user.added", user, by=by, on=on, after={"email": email, "name": user.full_name})
    return user


@transaction.atomic
def grant(*, user: User, role: str, from_on: date, by: User, on: date, to_on: date | None = None) -> Grant:
    """Give a role from a date (inclusive) to a date (inclusive, or open).

    Raises RuleBroken X-1 for one's own roles, for a pair that conflicts and for a role held already. A role that
    handles money starts to count when a second person confirms it.
    """
    check_manages(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    row = Role.objects.get(code=role)
    require(user != by, "X-1", _("Nobody changes his own roles."), field="role")
    if to_on and to_on < from_on:
        raise BadInput("to_on", to_on, _("The last day is before the first one."))
    held = user.grants.in_force(max(from_on, on)).select_related("role")
    pending = user.grants.awaiting_confirmation().select_related("role")
    for other in {grant.role for grant in (*held, *pending)}:
        require(other != row, "X-1", _("%(who)s holds this role already.") % {"who": user}, field="role")
        require(
            frozenset({other.code, row.code}) not in CONFLICTS,
            "X-1",
            _("One person cannot be both %(one)s and %(other)s.") % {"one": other, "other": row},
            field="role",
        )
    made = Grant.objects.create(user=user, role=row, from_on=from_on, to_on=to_on, granted_by=by)
    audit.record("role.granted", user, by=by, on=on, after={"role": role, "from": from_on, "to": to_on})
    return made


@transaction.atomic
def confirm(*, grant: Grant, by: User, on: date) -> Grant:
    """The second pair of eyes on a role that handles money: another administrator or a co-chair (X-1)."""
    grant = Grant.objects.select_for_update().select_related("role", "user").get(pk=grant.pk)
    if not (by.may(Perm.PEOPLE_MANAGE) or by.may(Perm.MINUTES_SIGN)):
        raise Denied(_("A second administrator or a co-chair confirms roles that handle money."))
    require(by not in (grant.user, grant.granted_by), "X-1", _("Somebody else has to confirm this role."))
    if grant.confirmed_by_id or not grant.role.handles_money:
        raise RuleBroken("X-1", _("This role does not wait for confirmation."))
    grant.confirmed_by = by
    grant.save(update_fields=["confirmed_by"])
    audit.record("role.confirmed", grant.user, by=by, on=on, after={"role": grant.role.code})
    return grant


@transaction.atomic
def end_grant(*, grant: Grant, to_on: date, by: User, on: date) -> Grant:
    """Set a role's last day (inclusive). Raises RuleBroken X-7 if no administrator would be left."""
    check_manages(by)
    grant = Grant.objects.select_for_update().select_related("role", "user").get(pk=grant.pk)
    require(grant.user != by, "X-1", _("Nobody changes his own roles."))
    if to_on < grant.from_on:
        raise BadInput("to_on", to_on, _("The last day is before the first one."))
    if Perm.PEOPLE_MANAGE in grant.role.permissions:
        others = Grant.objects.in_force(to_on + timedelta(days=1)).exclude(pk=grant.pk)
        left = others.filter(role__permissions__contains=[Perm.PEOPLE_MANAGE], user__is_active=True)
        require(left.exists(), "X-7", _("The last administrator cannot leave."))
    before, grant.to_on = grant.to_on, to_on
    grant.save(update_fields=["to_on"])
    audit.record(
        "role.ended", grant.user, by=by, on=on,
        before={"role": grant.role.code, "to": before}, after={"to": to_on},
    )  # fmt: skip
    return grant
