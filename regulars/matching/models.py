"""What is kept for finding one person twice: features, keys, pairs, and what people decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regulars.customers.models import Customer, HouseholdChange, Merge
from regulars.lib import clock, ids

from .relations import Relation


class Likeness(models.Model):
    """What of a customer is compared, in one spelling: follows from the record."""

    follows_from_the_record = True

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="likeness"
    )
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="likeness_changed")]

    def __str__(self) -> str:
        return f"likeness of {self.customer_id}"


class Key(models.Model):
    """A value by which alike customers find each other, as a number: follows from the record."""

    follows_from_the_record = True

    pk = models.CompositePrimaryKey("key", "customer_id")
    key = models.BigIntegerField()
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer"], name="matching_key_customer")]

    def __str__(self) -> str:
        return str(self.key)


class Learned(models.Model):
    """The weights as learned here; the latest counts."""

    made_at = models.DateTimeField(default=clock.now)
    customers = models.PositiveIntegerField()
    verdicts = models.PositiveIntegerField(default=0)
    weights = models.JSONField()

    def __str__(self) -> str:
        return f"weights {self.pk}"


class Pair(models.Model):
    """Two customers who may be one, or one household; `score` is in bits, 0 means one in two.

    `levels` is the vector of levels in the order of the comparisons, −1 where nobody said.
    """

    follows_from_the_record = True

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    probability = models.FloatField()
    relation = models.CharField(
        max_length=10, choices=[(one.value, one.value.capitalize()) for one in Relation]
    )
    certain = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    model = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(default=clock.now)
    # Somebody wants to be asked later.
    later_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "other"], name="pair_once"),
            models.CheckConstraint(condition=Q(customer__lt=F("other")), name="pair_in_one_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["relation", "-score", "-id"], name="pair_by_certainty"),
            models.Index(fields=["-score", "-id"], name="pair_by_score"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.other_id} {self.relation}"


class Verdict(models.Model):
    """What somebody decided about two records; the pair is not asked again, whatever is merged."""

    never_given = True

    class Says(models.TextChoices):
        SAME = "same", "Same"
        DIFFERENT = "different", "Different"
        FAMILY = "family", "Family"

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=Says)
    said_at = models.DateTimeField(default=clock.now)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    # What it did about their household: taken back with it.
    change = models.ForeignKey(
        HouseholdChange, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    # Said with others in one deed, and taken back with them.
    together = models.UUIDField(null=True)
    # What spoke for it then: weights learn from it.
    score = models.FloatField(null=True)
    levels = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "other"], name="verdict_once"),
            models.CheckConstraint(
                condition=Q(customer__lt=F("other")), name="verdict_in_one_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-said_at", "-id"], name="verdict_recent"),
            models.Index(
                fields=["together", "id"],
                condition=Q(together__isnull=False),
                name="verdict_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.other_id} {self.verdict}"


class Lesson(models.Model):
    """What two records looked like beside each other when somebody made them one.

    Weights learn from it as from a verdict, which says it of two that are still apart.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="+")
    levels = models.JSONField()

    def __str__(self) -> str:
        return f"{self.merge_id} {self.levels}"


class Batch(models.Model):
    """Merges that were made together: one receipt, and one undo for all of them."""

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    merges = models.ManyToManyField(Merge, related_name="batches")
    # Pairs that were left alone, because they were no longer beyond doubt.
    left = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    def __str__(self) -> str:
        return f"batch {self.public_id}"


class Run(models.Model):
    """One search of everything or of what changed, and how far it came."""

    engine = models.CharField(max_length=10)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=40, blank=True)
    whole = models.BooleanField(default=True)
    customers = models.PositiveIntegerField(default=0)
    candidates = models.PositiveIntegerField(default=0)
    pairs = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"run {self.pk}"
