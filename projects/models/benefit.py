"""What a project promised and what it was measured to give (Rules B-2 to B-5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge, Tone
from accounts.constraints import both_or_neither, two_people
from projects import benefits
from projects.models.indicator import Indicator


def intensity_field(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """A quantity per unit of production, kept with more decimals than any meter shows."""
    return models.DecimalField(max_digits=24, decimal_places=9, **kwargs)


def quantity_field(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """A quantity in a unit: water, waste, production."""
    return models.DecimalField(max_digits=20, decimal_places=6, **kwargs)


class Grade(models.TextChoices):
    """How far a figure is proven (Rule B-4). The headline takes V2 and above."""

    V0 = "V0", _("projected")
    V1 = "V1", _("declared by the firm")
    V2 = "V2", _("supported by documents")
    V3 = "V3", _("checked by staff or on a visit")
    V4 = "V4", _("confirmed by an accredited third party")

    @property
    def badge(self) -> Badge:
        tones: dict[str, Tone] = {"V0": "neutral", "V1": "warn"}
        icon = {"V0": "pencil", "V1": "message-circle", "V2": "file-check", "V3": "user-check", "V4": "award"}
        return Badge(tones.get(self.value, "good"), icon[self.value], f"{self.value} · {self.label}")


class ExpectedBenefit(models.Model):
    """Baseline and promise of one indicator at one meter or process point (Rules A-6, B-2).

    Before and after are stated in `unit` per one `production_unit`, so that a fall in output can never
    look like a saving.
    """

    application = models.ForeignKey(
        "projects.Application", on_delete=models.CASCADE, related_name="expected_benefits"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="expected_benefits")
    point = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=8)
    baseline_intensity = intensity_field()
    after_intensity = intensity_field()
    production = quantity_field()
    production_unit = models.CharField(max_length=8)
    useful_life_years = models.PositiveSmallIntegerField(default=5)
    basis = models.TextField(blank=True)
    explanation = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["indicator__order", "point", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="expected_once_per_point", fields=["application", "indicator", "point"]
            ),
            models.CheckConstraint(
                name="expected_intensities_not_negative",
                condition=Q(baseline_intensity__gte=0, after_intensity__gte=0),
            ),
            models.CheckConstraint(name="expected_production_positive", condition=Q(production__gt=0)),
            models.CheckConstraint(
                name="expected_life_plausible",
                condition=Q(useful_life_years__gte=1, useful_life_years__lte=30),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.indicator.code} {self.point}".strip()

    @property
    def audit_ref(self) -> str:
        return f"expected-benefit:{self.pk}"

    @property
    def yearly_saving_in_unit(self) -> Decimal:
        """The promised saving of one year in the unit in which it was entered."""
        return benefits.saving(
            baseline=self.baseline_intensity, actual=self.after_intensity, production=self.production
        )

    @property
    def yearly_saving(self) -> Decimal:
        """The promised saving of one year in the indicator's own unit: grade V0, never a result.

        Money stays in the currency in which it was entered (Rule M-1): see `saving_unit`.
        """
        saved = self.yearly_saving_in_unit
        if benefits.is_money(self.unit):
            return saved
        return benefits.convert(saved, self.unit, self.indicator.unit)

    @property
    def saving_unit(self) -> str:
        return self.unit if benefits.is_money(self.unit) else self.indicator.unit


class MeasurementState(models.TextChoices):
    """Life of a measurement; the moves are in `projects.measurements.MOVES`."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Replaced")

    @property
    def badge(self) -> Badge:
        badges: dict[str, tuple[Tone, str]] = {
            "draft": ("neutral", "pencil"),
            "submitted": ("info", "send"),
            "returned": ("warn", "undo-2"),
            "verified": ("good", "badge-check"),
            "rejected": ("bad", "circle-x"),
            "superseded": ("neutral", "history"),
        }
        return Badge(*badges[self.value], str(self.label))


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Measurements in the fund's words."""

    def counted(self) -> MeasurementQuerySet:
        """What may enter a rollup: verified records, and declared ones that replace nothing.

        A submitted correction waits: until it is verified the record that it names keeps counting (G-5).
        """
        declared = Q(state=MeasurementState.SUBMITTED, corrects=None)
        return self.filter(Q(state=MeasurementState.VERIFIED) | declared)

    def waiting(self) -> MeasurementQuerySet:
        """Sent and not yet looked at: implausible ones first, then the oldest (Rule B-4)."""
        return self.filter(state=MeasurementState.SUBMITTED).order_by("-implausible", "submitted_on", "pk")

    def waiting_first(self) -> MeasurementQuerySet:
        """What waits for the staff, then the rest, newest first."""
        rank = models.Case(models.When(state=MeasurementState.SUBMITTED, then=0), default=1)
        doubtful = models.Case(
            models.When(state=MeasurementState.SUBMITTED, implausible=True, then=0), default=1
        )
        return self.alias(rank=rank, doubtful=doubtful).order_by("rank", "doubtful", "-submitted_on")


class Measurement(models.Model):
    """One period of one indicator at one meter or process point, against its baseline (Rule B-2).

    The value as reported and its unit are kept; `saving` is the same figure in the indicator's unit.
    A verified record is never edited: a correction is a new one that names it (Rule G-5).
    """

    application = models.ForeignKey(
        "projects.Application", on_delete=models.PROTECT, related_name="measurements"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")
    point = models.CharField(max_length=80, blank=True)
    period_from = models.DateField()
    period_to = models.DateField()
    unit = models.CharField(max_length=8)
    baseline_intensity = intensity_field()
    actual_intensity = intensity_field()
    reading = quantity_field(null=True, blank=True)
    production = quantity_field()
    production_unit = models.CharField(max_length=8)
    saving_in_unit = quantity_field()
    saving = quantity_field()
    conversion = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=MeasurementState, default=MeasurementState.DRAFT)
    grade = models.CharField(max_length=2, choices=Grade, default=Grade.V1)
    note = models.TextField(blank=True)
    warnings = models.JSONField(default=list, blank=True)
    implausible = models.BooleanField(default=False)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_on = models.DateField(null=True, blank=True)
    decision_note = models.TextField(blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    correction_reason = models.TextField(blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-period_to", "indicator__order", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="measurement_queue", fields=["state", "-implausible", "submitted_on"]),
            models.Index(name="measurement_period", fields=["indicator", "period_to"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            two_people("measurement_two_pairs_of_eyes", "reported_by", "verified_by"),
            both_or_neither("measurement_verified_by_and_on", "verified_by", "verified_on"),
            models.CheckConstraint(
                name="measurement_period_in_order", condition=Q(period_to__gte=models.F("period_from"))
            ),
            models.CheckConstraint(name="measurement_production_positive", condition=Q(production__gt=0)),
            models.CheckConstraint(
                name="measurement_intensities_not_negative",
                condition=Q(baseline_intensity__gte=0, actual_intensity__gte=0),
            ),
            models.CheckConstraint(
                name="measurement_verified_by_somebody",
                condition=~Q(state="verified") | Q(verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="measurement_proven_only_if_verified",
                condition=Q(grade="V1") | Q(state__in=["verified", "superseded"]),
            ),
            models.CheckConstraint(name="measurement_is_not_a_projection", condition=~Q(grade="V0")),
            models.CheckConstraint(
                name="measurement_correction_has_reason",
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
            ),
            models.UniqueConstraint(
                name="measurement_corrected_once",
                fields=["corrects"],
                condition=~Q(state="rejected"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.indicator.code} {self.period_from}–{self.period_to}"

    @property
    def reference(self) -> str:
        """The number by which people name it; gaps do not matter here."""
        return f"M-{self.pk:05d}" if self.pk else "M"

    @property
    def audit_ref(self) -> str:
        return f"measurement:{self.pk}"

    @property
    def about(self) -> str:
        """The object text of its evidence files and notices."""
        return f"projects.measurement:{self.pk}"

    @property
    def badge(self) -> Badge:
        return MeasurementState(self.state).badge

    @property
    def grade_badge(self) -> Badge:
        return Grade(self.grade).badge

    @property
    def days(self) -> int:
        return (self.period_to - self.period_from).days + 1

    def overlaps(self, other: Measurement) -> bool:
        return self.period_from <= other.period_to and self.period_to >= other.period_from

    @property
    def is_open(self) -> bool:
        """Whether the firm may still change it."""
        return self.state in (MeasurementState.DRAFT, MeasurementState.RETURNED)


class Evidence(models.Model):
    """A file that proves a measurement: bill, meter photo, laboratory sheet, manifest (Rule B-5)."""

    class Kind(models.TextChoices):
        BILL = "bill", _("Bill or receipt")
        METER = "meter", _("Photo of the meter")
        LAB = "lab", _("Laboratory sheet")
        MANIFEST = "manifest", _("Waste manifest")
        VISIT = "visit", _("Visit report")
        OTHER = "other", _("Other document")

    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("accounts.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BILL)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="evidence_file_once", fields=["measurement", "file"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file}"


class MeasurementEdit(models.Model):
    """The values that a measurement bore before an edit, with who and why (Rule B-4)."""

    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="edits")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.measurement.reference}: {self.reason}"
