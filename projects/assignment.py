"""Which loan officer looks after an application: the firm's messages go to that person (rules A-8, N-1)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.notices import tell
from accounts.permissions import Perm, holders
from projects.gates import link_of
from projects.models import Application


def officers(on: date) -> QuerySet[User]:
    """Whoever may look after an application on that day."""
    return holders(Perm.APPLICATION_CHECK, on).order_by("full_name", "pk")


@transaction.atomic
def assign_officer(*, application: Application, officer: User | None, by: User, on: date) -> Application:
    """Give the file to a loan officer, or to nobody. Officers take files themselves; the secretary may give them."""
    if not (by.may(Perm.APPLICATION_CHECK) or by.may(Perm.EVALUATION_ASSIGN)):
        raise Denied(_("Your roles do not include this."))
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("firm", "officer")
        .get(pk=application.pk)
    )
    require(application.ref is not None, "A-8", _("A draft is the firm's own until it is submitted."))
    if officer is not None and not officers(on).filter(pk=officer.pk).exists():
        raise BadInput("officer", str(officer), _("Choose somebody who checks applications."))
    if officer is not None and link_of(officer, application.firm) is not None:
        raise BadInput(
            "officer", str(officer), _("%(name)s acts for this firm.") % {"name": officer.full_name}
        )
    before = application.officer
    if before == officer:
        return application
    application.officer = officer
    application.save(update_fields=["officer"])
    audit.record(
        "application.assigned", application, by=by, on=on,
        before={"officer": before.email if before else ""}, after={"officer": officer.email if officer else ""},
    )  # fmt: skip
    if officer is not None and officer != by:
        tell(
            "application-assigned", to=officer, about=application.about, offset=f"{on}-{officer.pk}",
            number=application.ref, title=application.title, firm=str(application.firm),
            by=by.full_name, url=application.get_absolute_url(),
        )  # fmt: skip
    return application
