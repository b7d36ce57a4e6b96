"""A body, its dated rules, its seats held by institutions, and the persons who sit in them (rule C-1)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.labels import label
from committee import rules


class Body(models.Model):
    """A committee or commission. `decides`: its resolution settles the matter; else it recommends (E-4)."""

    code = models.CharField(max_length=4, unique=True)
    names = models.JSONField()
    duties = models.JSONField(default=dict)
    letter = models.CharField(max_length=1)
    decides = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "code"]

    def __str__(self) -> str:
        return label(self.names)

    @property
    def audit_ref(self) -> str:
        return f"body:{self.code}"

    def rules_on(self, day: date) -> rules.RuleSet:
        """The rule set in force that day (rule C-8); the first one for days before it."""
        sets = [row.rule_set for row in self.rule_sets.all()]
        return rules.in_force(sets, day) or min(sets, key=lambda one: one.since)


class BodyRules(models.Model):
    """One version of a body's rules, in force from a day; kept for good."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="rule_sets")
    version = models.PositiveSmallIntegerField()
    since = models.DateField()
    content = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["body", "since", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="body_rules_version_once", fields=["body", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.body.code} {self.version}"

    @property
    def rule_set(self) -> rules.RuleSet:
        return rules.RuleSet.from_dict(
            {**self.content, "version": self.version, "since": self.since.isoformat()}
        )


class Constituency(models.TextChoices):
    """Whom a seat speaks for."""

    INDUSTRY = "industry", _("Industry")
    COOPERATION = "cooperation", _("Environmental cooperation")
    FUND = "fund", _("Administration of the fund")
    ACADEMIA = "academia", _("Academia")
    CIVIL = "civil", _("Civil society")
    GOVERNMENT = "government", _("Government")
    BANKING = "banking", _("Development banking")
    DONOR = "donor", _("Donors")


Dated = TypeVar("Dated", bound=models.Model, covariant=True)


class DatedQuerySet(models.QuerySet[Dated]):
    """Rows that hold from a day to a day, the last one included."""

    def on(self, day: date) -> Self:
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))


class SeatQuerySet(DatedQuerySet["Seat"]):
    """Seats by their days."""


class AppointmentQuerySet(DatedQuerySet["Appointment"]):
    """Appointments by their days."""


class Seat(models.Model):
    """A place in a body that belongs to an institution (rule C-1), with vote or with voice only.

    A transfer to another institution ends this seat and begins another one, so that the history stays.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    code = models.CharField(max_length=12)
    institution = models.ForeignKey("fund.Institution", models.PROTECT, related_name="seats")
    names = models.JSONField()
    constituency = models.CharField(max_length=12, choices=Constituency)
    votes = models.BooleanField(default=True)
    presides = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["body", "position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="seat_once_in_a_body", fields=["body", "code", "since"]),
            models.CheckConstraint(
                name="seat_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body.code} {label(self.names)}"

    @property
    def audit_ref(self) -> str:
        return f"seat:{self.body.code}:{self.code}"


class Appointment(models.Model):
    """A person in a seat, as its holder or as a named alternate, from a day to a day (rule C-1)."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    alternate = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seat", "alternate", "since", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="seat_has_one_holder", fields=["seat"], condition=Q(alternate=False, until=None)
            ),
            models.UniqueConstraint(
                name="seat_names_a_person_once", fields=["seat", "person"], condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(until=None) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.seat})"

    @property
    def audit_ref(self) -> str:
        return f"appointment:{self.pk}"


class ReasonClass(models.TextChoices):
    """The class of an interest: all that the minute says about it (rule C-5)."""

    OWNERSHIP = "ownership", _("Owner or shareholder")
    FAMILY = "family", _("Family or close friendship")
    EMPLOYMENT = "employment", _("Works or has worked for the firm")
    BUSINESS = "business", _("Supplier, customer, creditor or competitor")
    AFFILIATION = "affiliation", _("The institution's own affiliate")
    OTHER = "other", _("Another reason")


class Declaration(models.Model):
    """What a person says about own interests (rules E-1, C-5): once a year, and once per case.

    `matter` is empty for the yearly one, else "application:F-2026-0001". A conflict once declared stands;
    the statement is for the fund's files, the minute only names the class.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="declarations")
    year = models.PositiveSmallIntegerField()
    matter = models.CharField(max_length=60, blank=True, db_index=True)
    conflict = models.BooleanField(default=False)
    reason_class = models.CharField(max_length=12, choices=ReasonClass, blank=True)
    statement = models.TextField(blank=True)
    made_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="declaration_once_per_case",
                fields=["person", "matter", "conflict"],
                condition=~Q(matter=""),
            ),
            models.CheckConstraint(
                name="declared_conflict_has_its_class",
                condition=Q(conflict=False) | Q(matter="") | ~Q(reason_class=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.matter or self.year}"

    @property
    def audit_ref(self) -> str:
        return f"declaration:{self.pk}"
