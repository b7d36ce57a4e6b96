"""Counters of numbered papers."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given in a series such as "F-2026"; see `fund.numbers`."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
