"""Suits: what the tailor makes for customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from regulars.customers.models import Customer, kept
from regulars.timeline.kinds import Shelf

if TYPE_CHECKING:
    from regulars.staff.models import User


class Colour(models.TextChoices):
    NAVY = "navy", "Navy"
    GRAY = "gray", "Gray"
    GREEN = "green", "Green"


class Suits(models.Manager["Suit"]):
    def visible_to(self, user: User) -> models.QuerySet[Suit]:
        """Suits of the customers this user may view."""
        return self.filter(customer__in=Customer.objects.visible_to(user))


@kept(label="Suit", named=("cloth",), shelf=Shelf.APPOINTMENTS)
class Suit(models.Model):
    """One suit, measured for a customer; `ready_on` is empty until it hangs on the rail."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="suits", db_index=False
    )
    cloth = models.CharField(max_length=80)
    colour = models.CharField(max_length=10, choices=Colour.choices)
    price = models.DecimalField(max_digits=9, decimal_places=2)
    ready_on = models.DateField(null=True)

    objects: ClassVar[Suits] = Suits()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "ready_on"], name="suit_customer")]

    def __str__(self) -> str:
        return f"{Colour(self.colour).label} {self.cloth}"
