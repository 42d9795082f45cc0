"""Profiles that became one, everything that moved with them, and what they were called before."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from regulars.lib import clock, ids

from .customer import Customer
from .history import kept


class Merge(models.Model):
    """One act of merging; `customer` is whoever holds it all now.

    `primary_id` is the row that survived then and `before` what it was; `picked` are the fields
    somebody chose. `marks` are the highest ids of every table at that moment: what is above them
    came since.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="merges", db_index=False
    )
    primary_id = models.BigIntegerField()
    before = models.JSONField()
    picked = models.JSONField(default=list)
    marks = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="merge_customer"),
            models.Index(fields=["-at", "-id"], name="merge_recent"),
        ]

    def __str__(self) -> str:
        return f"merge {self.public_id}"


class MergedProfile(models.Model):
    """A customer who lives on in another one: their old ids lead to `customer` in one hop.

    `row` is the customer as they were; both are empty once they were taken out again.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="profiles")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="merged_profiles", db_index=False
    )
    old_id = models.BigIntegerField()
    public_id = models.UUIDField()
    row = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["customer"], name="merged_profile_customer"),
            models.Index(fields=["old_id"], name="merged_profile_row"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["public_id"], condition=Q(undone_at=None), name="merged_once"
            ),
            models.UniqueConstraint(
                fields=["old_id"], condition=Q(undone_at=None), name="merged_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} in {self.customer_id}"

    @property
    def name(self) -> str:
        return str(self.row.get("name", ""))


class ChangeKind(models.TextChoices):
    MOVE = "move", "Moved"
    CHANGE = "change", "Changed"
    DELETE = "delete", "Absorbed"
    INSERT = "insert", "Written"


class MergeChange(models.Model):
    """What was done to some rows of one table, so that it can be taken back.

    `ids` are the rows' keys. A move set `column` from `before[column]` to `after[column]`; a
    change did so for several columns of one row; `before` of what was deleted is the whole row,
    and `after` the key of its twin, if it went because of one.
    """

    profile = models.ForeignKey(MergedProfile, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=6, choices=ChangeKind)
    model = models.CharField(max_length=100)
    ids = models.JSONField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.model} {self.ids}"


@kept(label="Former name", named=("first_name last_name", "company"))
class FormerName(models.Model):
    """A name they had in another profile, or before: searching finds it."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="former_names", db_index=False
    )
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["customer"], name="former_name_customer")]

    def __str__(self) -> str:
        return " ".join(w for w in (self.first_name, self.last_name) if w) or self.company


@kept(label="Former id in another system", named=("system",))
class FormerExternalId(models.Model):
    """A second id in the same system, from another profile: it goes on leading here."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="former_external_ids", db_index=False
    )
    system = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["customer"], name="former_external_id_customer")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "value"], name="former_external_id_once"),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"
