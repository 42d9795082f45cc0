"""Custom fields and what customers say in them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from regulars.lib import clock

from .customer import Customer
from .history import kept


class FieldKind(models.TextChoices):
    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    CHOICE = "choice", "Choice"
    YES_NO = "yes_no", "Yes or no"
    LINK = "link", "Link"


@kept(customer="", label="Custom field", named=("label",))
class CustomField(models.Model):
    """Something a company asks of every customer; `key` and `kind` never change."""

    key = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=60)
    help = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=FieldKind)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("label"), name="custom_field_label_once")
        ]

    def __str__(self) -> str:
        return self.label


@kept(label="Detail", named=("field",), hidden=("folded",))
class CustomValue(models.Model):
    """What one customer says in one field: in `number` or `day`, or in `text`.

    `folded` is the text as it is compared. Each way of asking has its own index, led by the field,
    so that whoever is sought by a value is found without looking at anybody else.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="custom_values", db_index=False
    )
    field = models.ForeignKey(
        CustomField, on_delete=models.CASCADE, related_name="values", db_index=False
    )
    text = models.CharField(max_length=500, blank=True)
    folded = models.CharField(max_length=200, blank=True, db_collation="C")
    number = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    day = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "field"], name="custom_value_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["field", "folded", "customer"],
                name="custom_by_text",
                condition=~Q(folded=""),
            ),
            models.Index(
                fields=["field", "number", "customer"],
                name="custom_by_number",
                condition=Q(number__isnull=False),
            ),
            models.Index(
                fields=["field", "day", "customer"],
                name="custom_by_day",
                condition=Q(day__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id}: {self.text or self.number or self.day}"
