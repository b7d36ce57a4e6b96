"""What waits for a firm: a letter to read, conditions to meet, fields to change, a question to answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from accounts import notices
from accounts.clock import FUND_ZONE
from accounts.models import Notice, User
from committee import proofs
from committee.conditions import NewCondition
from committee.models import Condition
from fiprev.demo.player import Player, Verdict, upload
from projects import applications, messages
from projects.assignment import assign_officer
from projects.models import Application

NOON = time(12)
REJECTED = Verdict(
    votes="against",
    grounds="La línea base se apoya en tres meses de recibos y no en doce, y con esas cifras el ahorro apenas cubre "
    "la mensualidad. Con un año de lecturas de medidor el Comité puede verla de nuevo.",
)
RETURNS = (
    ("firm.phone", "Falta la clave lada, y el número no contesta."),
    ("project.summary", "¿Cuántos metros cúbicos gasta hoy al mes, y de qué medidor lo lee?"),
    ("budget.lines", "La instalación no trae cotización: agregue el concepto con el precio del proveedor."),
)
ANSWERED = (
    ("firm.address", "El domicilio no es el de la constancia de situación fiscal."),
    ("project.change", "Explique qué se hace con los lodos."),
)


def conditional(held: date) -> Verdict:
    """Two conditions before the money, one during the work."""
    return Verdict(
        conditions=(
            NewCondition(
                text="Permiso de descarga vigente del organismo de agua.",
                due_on=held + timedelta(days=40),
                proof="Copia del permiso o del acuse de renovación",
            ),
            NewCondition(
                text="Cotización en firme del equipo principal, con garantía de un año.",
                due_on=held + timedelta(days=25),
                proof="Cotización firmada por el proveedor",
            ),
            NewCondition(
                text="Medidor de agua en la línea de proceso, con bitácora semanal.",
                due_on=held + timedelta(days=120),
                proof="Fotografía del medidor y primera hoja de la bitácora",
                kind="during",
            ),
        )
    )


def letters_released(matters: Iterable[Application], *, by: User, on: date) -> None:
    """The secretary lets the letters of these decisions go (rule N-1), on that day of the story."""
    about = [f"committee.resolution:{matter.resolution}" for matter in matters]
    letters = Notice.objects.filter(state=Notice.State.WAITING, about__in=about).order_by("pk")
    released = [notices.release(notice=letter, by=by, on=on).pk for letter in letters]
    Notice.objects.filter(pk__in=released).update(released_at=datetime.combine(on, NOON, FUND_ZONE))


def proof_sent(application: Application, *, owner: User, on: date) -> None:
    """The firm sent the proof of one condition; somebody of the fund has to look at it."""
    condition = Condition.objects.get(resolution__number=application.resolution, number=2)
    proofs.hand_in(
        condition=condition,
        note="La garantía está en la segunda página.",
        upload=upload("cotizacion.pdf", "Cotización en firme con garantía de un año"),
        by=owner,
        on=on,
    )


def returned(application: Application, player: Player, *, on: date) -> None:
    """Three fields go back, and the officer asks something beside them."""
    by = player.cast["loan.officer"]
    application = assign_officer(application=application, officer=by, by=by, on=on)
    application = applications.return_to_firm(application=application, returns=RETURNS, by=by, on=on)
    messages.write(
        application=application,
        section="budget",
        text="Si el proveedor tarda con la cotización, escríbanos por aquí: podemos esperarla unos días.",
        key=uuid5(NAMESPACE_URL, f"returned:{application.ref}"),
        by=by,
        on=on,
    )


def answered(application: Application, player: Player, *, owner: User, on: date) -> None:
    """Two fields went back; the firm changed one and said why the other stays."""
    by = player.cast["loan.officer"]
    application = assign_officer(application=application, officer=by, by=by, on=on)
    application = applications.return_to_firm(application=application, returns=ANSWERED, by=by, on=on)
    change = f"{application.change} Los lodos van a un gestor autorizado, con manifiesto."
    application = applications.save_step(
        application=application, step="project", data={"change": change}, by=owner, on=on
    )
    applications.resubmit(
        application=application,
        answers={"firm.address": "La planta está en este domicilio; la constancia trae el de la oficina."},
        by=owner,
        on=on + timedelta(days=1),
    )
