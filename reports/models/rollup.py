"""Figures of a year, as they stand and as they were published (Rule B-6)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import both_or_neither
from projects.models import Indicator
from reports import rollup


def figure_field(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """A rolled up quantity, to the millionth of its unit."""
    return models.DecimalField(max_digits=24, decimal_places=6, **kwargs)


class Dimension(models.TextChoices):
    FUND = rollup.FUND, _("Fund")
    SECTOR = rollup.SECTOR, _("Sector")
    STATE = rollup.STATE, _("State")
    SIZE = rollup.SIZE, _("Size of firm")
    DONOR = rollup.DONOR, _("Donor")
    PROJECT = rollup.PROJECT, _("Project")
    GRADE = rollup.GRADE, _("Grade of proof")


class Basis(models.TextChoices):
    """Whether a figure may stand in the headline (Rule B-4)."""

    VERIFIED = rollup.VERIFIED, _("verified (V2 and above)")
    DECLARED = rollup.DECLARED, _("declared (V1)")


class RollupYear(models.Model):
    """When a year was last rolled up, from which measurements, and whether its figures are closed.

    `fingerprints` holds a hash of the counted measurements per indicator: an indicator whose hash did not
    change is not computed again.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    fingerprints = models.JSONField(default=dict)
    rolled_up_on = models.DateField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-year"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            both_or_neither("rollup_year_closed_by_and_on", "closed_by", "closed_on"),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def audit_ref(self) -> str:
        return f"rollup:{self.year}"

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class Cell(models.Model):
    """A year, an indicator, a dimension with its key, and the basis: where a figure stands."""

    year = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    dimension = models.CharField(max_length=8, choices=Dimension)
    key = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=8, choices=Basis)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.year} {self.indicator_id} {self.dimension} {self.key} {self.basis}"


class Figures(Cell):
    """The three figures apart, contributed to; and the fund's share of two of them, attributed (Rule B-8)."""

    annualised = figure_field()
    achieved = figure_field()
    cumulative = figure_field()
    attributed = figure_field()
    attributed_cumulative = figure_field()
    records = models.PositiveIntegerField()
    firms = models.PositiveIntegerField()

    class Meta:
        abstract = True


class RollupFigure(Figures):
    """A figure as the measurements stand now. It can always be computed again; nothing else writes here."""

    class Meta:
        ordering: ClassVar[list[str]] = ["year", "indicator__order", "dimension", "key", "basis"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="rollup_figure_once", fields=["year", "indicator", "dimension", "key", "basis"]
            ),
        ]


class ClosedFigure(Figures):
    """A figure as it was when its year was closed. The database refuses to change or remove it."""

    class Meta:
        ordering: ClassVar[list[str]] = ["year", "indicator__order", "dimension", "key", "basis"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="closed_figure_once", fields=["year", "indicator", "dimension", "key", "basis"]
            ),
        ]


class Restatement(Cell):
    """A published figure that a later correction changed: before, after, and why (Rule B-6)."""

    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    restated_on = models.DateField()
    restated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-restated_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="restatement_has_a_reason", condition=~Q(reason="")),
        ]


class Chart(models.Model):
    """A drawn chart, kept under the hash of its specification: a page never draws the same twice."""

    key = models.CharField(max_length=64, primary_key=True)
    svg = models.TextField()
    drawn_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
