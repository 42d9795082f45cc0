"""Addresses of people who were erased: a digest, by which they are known when they come again."""

from django.db import models

from regulars.lib import clock


class Suppression(models.Model):
    """Whoever comes with this address again has opted out until they say otherwise themselves."""

    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.digest[:8]
