"""The catalogue of indicators (Rule B-1) and the fund's targets (Rule B-9)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.labels import label


class CountingRule(models.TextChoices):
    """How an indicator adds up over time (Rule B-3)."""

    ANNUAL = "A", _("every year the measure is confirmed in operation")
    ONE_OFF = "O", _("once, at its date")
    STOCK = "S", _("as it stands at the end of the period")
    LIFETIME = "L", _("over the useful life, for appraisal only")


class IndicatorSource(models.TextChoices):
    """Where the figure of an indicator comes from."""

    MEASURED = "measured", _("measured at the firm")
    LEDGER = "ledger", _("computed from the fund's books")
    COMPUTED = "computed", _("computed from other indicators")
    DECLARED = "declared", _("declared by the firm")


class Indicator(models.Model):
    """One line of the catalogue: what is counted, in which unit, by which rule, on which evidence.

    Two indicators are never relabelled into each other: the waste that a plan promised (R1) and the
    chemical discharge that was avoided (Q4) are different figures.
    """

    code = models.CharField(max_length=4, unique=True)
    names = models.JSONField()
    definitions = models.JSONField(default=dict)
    group = models.CharField(max_length=12)
    unit = models.CharField(max_length=8)
    rule = models.CharField(max_length=1, choices=CountingRule)
    source = models.CharField(max_length=8, choices=IndicatorSource, default=IndicatorSource.MEASURED)
    more_is_better = models.BooleanField(default=True)
    headline = models.BooleanField(default=False)
    sdg = models.CharField(max_length=16, blank=True)
    iris = models.CharField(max_length=40, blank=True)
    gri = models.CharField(max_length=16, blank=True)
    evidence = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="indicator_rule_known", condition=models.Q(rule__in=CountingRule.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {label(self.names)}"

    @property
    def audit_ref(self) -> str:
        return f"indicator:{self.code}"

    @property
    def reportable(self) -> bool:
        """Whether a firm measures it: figures of the books and computed ones are not asked for."""
        return self.source in (IndicatorSource.MEASURED, IndicatorSource.DECLARED)


class Target(models.Model):
    """What the fund set out to reach in a year, with its counting rule (Rule B-9)."""

    year = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    value = models.DecimalField(max_digits=18, decimal_places=2)
    rule = models.CharField(max_length=1, choices=CountingRule)
    source = models.CharField(max_length=200, blank=True)
    notes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["year", "indicator__order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="target_once_a_year", fields=["year", "indicator"]),
            models.CheckConstraint(name="target_is_positive", condition=models.Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.indicator.code}: {self.value}"

    @property
    def audit_ref(self) -> str:
        return f"target:{self.year}:{self.indicator.code}"
