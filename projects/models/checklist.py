"""What the completeness check goes through, and what was seen of one frozen version (A-8)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.labels import label
from projects.models.history import ApplicationVersion


class ChecklistItem(models.Model):
    """A point of the check, in force between two days; for some products, or for every one if none is named."""

    code = models.SlugField(max_length=30)
    names = models.JSONField()
    products = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="checklist_item_once_a_day", fields=["code", "in_force_from"]),
        ]

    def __str__(self) -> str:
        return label(self.names)


class CheckedPoint(models.Model):
    """A point that a person of the fund saw to be in order, in one version of the file."""

    version = models.ForeignKey(ApplicationVersion, models.PROTECT, related_name="checked_points")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="point_checked_once_a_version", fields=["version", "item"]),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.item.code}"
