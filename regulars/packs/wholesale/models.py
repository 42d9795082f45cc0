"""Seasons, and the one that is being sold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Season(models.Model):
    """A selling season such as Spring/Summer; a retired one is no longer offered."""

    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="season_name_once")]

    def __str__(self) -> str:
        return self.name


class Selling(models.Model):
    """What is being sold now, which pre-fills whatever has a season: one row for the company.

    Without a `year` it is the year of today.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    season = models.ForeignKey(Season, on_delete=models.SET_NULL, null=True, related_name="+")
    year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="selling_is_one_row"),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__gte=1990, year__lte=2199), name="selling_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season or 'No season'} {self.year or ''}".strip()
