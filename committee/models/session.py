"""A session of a body: its agenda with frozen papers, and who was there (rule C-2)."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from committee.models.body import Body, Seat
from fund.fields import money_field


class SessionState(models.TextChoices):
    """Life of a session; the moves are in `committee.lifecycle`."""

    PLANNED = "planned", _("Planned")
    CALLED = "called", _("Called")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    MINUTED = "minuted", _("Minutes drafted")
    SEALED = "sealed", _("Minutes sealed")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "planned": ("neutral", "calendar"),
            "called": ("info", "megaphone"),
            "open": ("warn", "door-open"),
            "closed": ("neutral", "door-closed"),
            "minuted": ("info", "pen-line"),
            "sealed": ("good", "stamp"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


class Session(models.Model):  # type: ignore[django-manager-missing]
    """One meeting of one body, numbered within its year: CT-2026-02."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="sessions")
    code = models.CharField(max_length=16, unique=True)
    held_on = models.DateField()
    begins_at = models.TimeField(default=time(10, 0))
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=SessionState, default=SessionState.PLANNED)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_on = models.DateField()
    called_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    minuted_on = models.DateField(null=True, blank=True)
    sealed_on = models.DateField(null=True, blank=True)
    minutes = models.JSONField(default=dict, blank=True)
    minutes_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("committee:session", args=[self.code])

    @property
    def audit_ref(self) -> str:
        return f"session:{self.code}"

    @property
    def badge(self) -> Badge:
        return SessionState(self.state).badge

    @property
    def is_open(self) -> bool:
        return self.state == SessionState.OPEN


class ItemKind(models.TextChoices):
    """What an item is about (rule C-2); the majority it needs is in the body's rules (rule C-4)."""

    APPLICATION = "application", _("Loan application")
    DONATION = "donation", _("Earmarked donation")
    CREDIT_LINE = "credit_line", _("Credit line")
    WRITE_OFF = "write_off", _("Write-off")
    RESTRUCTURING = "restructuring", _("Restructuring")
    RULE_CHANGE = "rule_change", _("Rule change")
    WAIVER = "waiver", _("Waiver of a condition")
    FREE = "free", _("Other matter")

    @property
    def is_of_firm(self) -> bool:
        """Whether a firm is concerned, in which a member may have a part (rule C-5)."""
        return self in (ItemKind.APPLICATION, ItemKind.WRITE_OFF, ItemKind.RESTRUCTURING, ItemKind.WAIVER)

    @property
    def icon(self) -> str:
        return {
            "application": "file-text",
            "donation": "hand-coins",
            "credit_line": "landmark",
            "write_off": "eraser",
            "restructuring": "refresh-cw",
            "rule_change": "scale",
            "waiver": "lock-open",
            "free": "message-square",
        }[self.value]


class ItemState(models.TextChoices):
    """Life of an agenda item within its session."""

    LISTED = "listed", _("On the agenda")
    VOTING = "voting", _("Vote open")
    DECIDED = "decided", _("Decided")
    POSTPONED = "postponed", _("Put off")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def badge(self) -> Badge:
        tone, icon = {
            "listed": ("neutral", "list"),
            "voting": ("warn", "vote"),
            "decided": ("info", "gavel"),
            "postponed": ("neutral", "calendar-clock"),
            "withdrawn": ("neutral", "undo-2"),
        }[self.value]
        return Badge(tone, icon, self.label)  # type: ignore[arg-type]


OPEN_ITEMS = (ItemState.LISTED, ItemState.VOTING)


class AgendaItem(models.Model):  # type: ignore[django-manager-missing]
    """One matter of one session: a kind, a reference as text, and a paper that never changes (rule C-2).

    `version` is the version of the file that the paper was made from; `deferred_before` says that this
    body deferred the matter once, so that two thirds are needed now (rule C-4).
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=ItemKind)
    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=240)
    paper = models.JSONField(default=dict)
    paper_hash = models.CharField(max_length=64)
    version = models.CharField(max_length=80, blank=True)
    amount = money_field(null=True, blank=True)
    deferred_before = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.LISTED)
    note = models.TextField(blank=True)
    quorum = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["session", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="item_position_once", fields=["session", "position"]),
            models.UniqueConstraint(
                name="item_matter_once_in_a_session",
                fields=["session", "kind", "reference"],
                condition=~Q(state="withdrawn"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="item_by_reference", fields=["reference", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.session.code} / {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("committee:item", args=[self.session.code, self.position])

    @property
    def audit_ref(self) -> str:
        return f"item:{self.session.code}:{self.position}"

    @property
    def matter(self) -> str:
        """The case as text: what a declaration of interest is about (rule C-5)."""
        return f"{self.kind}:{self.reference}"

    @property
    def badge(self) -> Badge:
        return ItemState(self.state).badge

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ITEMS


class Attendance(models.Model):
    """A person who sits in a seat in this session, in the room or remote (rule C-2)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    alternate = models.BooleanField(default=False)
    remote = models.BooleanField(default=False)
    present = models.BooleanField(default=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["seat__position", "alternate", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="attendance_once_per_person", fields=["session", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.session.code}: {self.person}"

    @property
    def audit_ref(self) -> str:
        return f"attendance:{self.session.code}:{self.seat.code}"
