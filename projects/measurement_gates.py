"""Who reports a result and who verifies it (Rules A-1, B-4, G-6)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.errors import Denied, RuleBroken
from accounts.models import User
from accounts.permissions import Perm, check_may
from projects.gates import link_of
from projects.models import Application, FirmMember, Measurement

REPORTING_ROLES = (FirmMember.Role.OWNER, FirmMember.Role.EDITOR, FirmMember.Role.ADVISER)
SENDING_ROLES = (FirmMember.Role.OWNER, FirmMember.Role.EDITOR)


def check_may_report(user: User, application: Application, *, send: bool = False) -> None:
    """People of the firm write; an adviser may fill in, not send (A-1). Staff may enter it for a firm."""
    if user.may(Perm.MEASUREMENT_VERIFY):
        return
    roles = SENDING_ROLES if send else REPORTING_ROLES
    link = link_of(user, application.firm)
    if link is None or link.confirmed_on is None or link.role not in roles:
        raise Denied(_("Only people of the firm report its results."))


def check_may_verify(user: User, measurement: Measurement, *, edited: bool | None = None) -> None:
    """Rule G-6: a second person, who neither reported nor edited the figures nor belongs to the firm.

    Whether they edited them is asked here unless the caller has asked.
    """
    check_may(user, Perm.MEASUREMENT_VERIFY)
    if edited is None:
        edited = measurement.edits.filter(edited_by=user).exists()
    if measurement.reported_by_id == user.pk or edited:
        raise RuleBroken("G-6", _("Whoever reported a measurement cannot verify it."))
    links = measurement.application.firm.members.all()
    if any(link.user_id == user.pk and link.left_on is None for link in links):
        raise RuleBroken("G-6", _("You belong to this firm: another officer must verify it."))
