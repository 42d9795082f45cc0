"""What was done about who lives with whom, so that it can be taken back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from regulars.lib import clock, ids

from .customer import Customer


class HouseholdDeed(models.TextChoices):
    JOINED = "joined", "Joined"
    LEFT = "left", "Taken out"
    COMBINED = "combined", "Households joined"
    SPLIT = "split", "Split"
    REFUSED = "refused", "No family"


class HouseholdChange(models.Model):
    """One act. `household` is the one it was about, `other` the one that came of it or ended with
    it, both by number, since either may be gone; its past keeps what it was called.

    `named` says that the name of the other one came along.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    deed = models.CharField(max_length=10, choices=HouseholdDeed)
    household = models.BigIntegerField(null=True)
    other = models.BigIntegerField(null=True)
    named = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    # The lines whose customers a reader sees, where `homes.changes_seen` read it.
    seen: list[HouseholdMove]

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.deed} {self.public_id}"


class HouseholdMove(models.Model):
    """One customer whom an act was about: where they lived, and where from then on.

    Who stayed where they were has the same number twice.
    """

    never_given = True

    change = models.ForeignKey(HouseholdChange, on_delete=models.CASCADE, related_name="moves")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField(null=True)
    relation_before = models.CharField(max_length=40, blank=True)
    relation_after = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["customer", "-id"], name="household_move_whose")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.before} to {self.after}"
