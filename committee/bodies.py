"""Who sits where: appointing persons to the seats of a body, and ending an appointment (rule C-1)."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit, notices
from accounts.errors import BadInput, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from committee.models import Appointment, Seat


@transaction.atomic
def appoint(
    *,
    seat: Seat,
    person: User,
    by: User,
    on: date,
    since: date | None = None,
    until: date | None = None,
    alternate: bool = False,
) -> Appointment:
    """Put a person into a seat as its holder or as a named alternate, from a day to a day (rule C-1).

    The secretary or whoever manages people does it, never for himself. One holder at a time; one person
    sits in one seat of a body, so that nobody votes twice. Alternates are named before a session.
    """
    seat = Seat.objects.select_for_update(of=("self",)).select_related("body").get(pk=seat.pk)
    if not by.may(Perm.PEOPLE_MANAGE):
        check_may(by, Perm.SESSION_RUN)
    since = since or on
    require(person != by, "C-1", _("Nobody appoints himself to a seat."), field="person")
    if until and until < since:
        raise BadInput("until", until, _("The last day is before the first one."))
    require(
        seat.since <= since and (seat.until is None or since <= seat.until),
        "C-1",
        _("The seat does not exist on that day."),
        field="since",
    )
    _check_free(seat, person, since, until, alternate)
    appointment = Appointment.objects.create(
        seat=seat, person=person, alternate=alternate, since=since, until=until
    )
    after = {"person": person.email, "alternate": alternate, "since": since, "until": until}
    audit.record("seat.appointed", seat, by=by, on=on, after=after)
    notices.tell(
        "seat-appointed",
        to=person,
        about=f"committee.appointment:{appointment.pk}",
        body=seat.body.names,
        seat=seat.names,
        alternate=alternate,
        since=since,
        until=until,
    )
    return appointment


def _check_free(seat: Seat, person: User, since: date, until: date | None, alternate: bool) -> None:
    same_time = Q(until=None) | Q(until__gte=since)
    if until:
        same_time &= Q(since__lte=until)
    others = Appointment.objects.filter(same_time, seat__body=seat.body)
    held = others.filter(person=person).select_related("seat__body").first()
    require(
        held is None,
        "C-1",
        _("%(person)s already sits in this body at that time: %(seat)s.")
        % {"person": person, "seat": held and held.seat},
        field="person",
    )
    holder = others.filter(seat=seat, alternate=False).select_related("person").first()
    require(
        alternate or holder is None,
        "C-1",
        _("The seat is held by %(person)s. End that appointment first.")
        % {"person": holder and holder.person},
        field="since",
    )


@transaction.atomic
def end_appointment(*, appointment: Appointment, last_day: date, by: User, on: date) -> Appointment:
    """End an appointment; it stays on record (rule G-5)."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if not by.may(Perm.PEOPLE_MANAGE):
        check_may(by, Perm.SESSION_RUN)
    require(appointment.until is None, "C-1", _("This appointment has an end already."))
    if last_day < appointment.since:
        raise BadInput("last_day", last_day, _("The last day is before the first one."))
    appointment.until = last_day
    appointment.save(update_fields=["until"])
    audit.record(
        "seat.appointment_ended",
        appointment.seat,
        by=by,
        on=on,
        before={"person": appointment.person.email, "until": None},
        after={"until": last_day},
    )
    return appointment
