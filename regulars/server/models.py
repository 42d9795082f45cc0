"""Whether this database holds the demo."""

from django.db import models


class DemoMark(models.Model):
    """At most one row; without `finished_at` loading was interrupted and starts over."""

    scale = models.PositiveIntegerField()
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), name="server_one_demo"),
        ]

    def __str__(self) -> str:
        return f"{self.scale} customers on {self.day}"
