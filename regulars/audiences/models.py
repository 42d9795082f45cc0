"""Audiences, who is in them since when, and saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from regulars.customers.models import Customer, kept
from regulars.lib import clock, ids

if TYPE_CHECKING:
    from regulars.staff.models import User


class Audience(models.Model):
    """A named set of customers: those who fit `criteria`, or, when that is None, people chosen
    by hand.

    `criteria` is the canonical text. `moves_with_time` when the clock alone can change who fits;
    `problem` says why the criteria can no longer be read: its members then stay as they are.
    `size` counts all of them; `settled_at` is when everybody was last looked at, None while the
    first or a changed question is still being asked of everybody.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    criteria = models.TextField(null=True)
    moves_with_time = models.BooleanField(default=False)
    problem = models.CharField(max_length=500, blank=True)
    size = models.PositiveIntegerField(default=0, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="audience_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("audiences:audience", args=[self.public_id])

    @property
    def is_list(self) -> bool:
        """Chosen by hand, one by one."""
        return self.criteria is None


@kept(label="List", named=("audience",), hidden=("added_at", "added_by"))
class Listed(models.Model):
    """Who was put on a list by hand, by whom."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audience", "customer"], name="listed_once")
        ]
        indexes: ClassVar = [models.Index(fields=["customer"], name="listed_customer")]

    def __str__(self) -> str:
        return f"{self.audience_id} {self.customer_id}"


class Member(models.Model):
    """Somebody who is in an audience now, since when.

    It follows from the criteria, or from who is listed. `last_activity_at` is the customer's own,
    so that an audience can be read in the order of the list. Triggers count the rows into
    `Audience.size`.
    """

    never_given = True  # whose it is after an undone merge, it says itself

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    last_activity_at = models.DateTimeField(default=clock.now, editable=False)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "audience"], name="member_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["audience", "-last_activity_at", "-customer"], name="member_recent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience_id} {self.customer_id}"


class Stay(models.Model):
    """Somebody who was in an audience, from when until when.

    Together with the members they are the audience as of any day.
    """

    never_given = True

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["audience", "until"], name="stay_until"),
            models.Index(fields=["customer"], name="stay_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.audience_id} {self.customer_id}"


class Changed(models.Model):
    """A customer who changed since the audiences last looked: a trigger writes it, whoever
    changed them. Never written over, so that nobody waits for it and no change is lost."""

    customer = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.customer)


class Size(models.Model):
    """How many an audience held at the end of a day."""

    audience = models.ForeignKey(
        Audience, on_delete=models.CASCADE, related_name="sizes", db_index=False
    )
    day = models.DateField()
    size = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audience", "day"], name="size_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.audience_id} {self.day} {self.size}"


class Shared(models.TextChoices):
    """Who has a view."""

    PRIVATE = "private", "Only me"
    TEAM = "team", "My team"
    EVERYONE = "everyone", "Everyone"


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, user: User) -> ViewQuerySet:
        """One's own, those of one's team, and everyone's."""
        seen = Q(owner=user.pk) | Q(shared=Shared.EVERYONE)
        if user.team_id:
            seen |= Q(shared=Shared.TEAM, owner__team=user.team_id)
        return self.filter(seen)


class View(models.Model):
    """A list with a name: which customers, in which order.

    `criteria` is the canonical text; `me` in it is whoever looks. `display` is a density and
    columns, with points between them, or "" where each has their own. A pinned one is a tab.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60)
    criteria = models.TextField(blank=True)
    q = models.CharField(max_length=200, blank=True)
    sort = models.CharField(max_length=20, default="recent")
    archived = models.BooleanField(default=False)
    display = models.CharField(max_length=3_000, blank=True)
    shared = models.CharField(max_length=10, choices=Shared, default=Shared.PRIVATE)
    pinned = models.BooleanField(default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = ViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint("owner", Lower("name"), name="view_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list it shows."""
        said = {
            "filter": self.criteria,
            "q": self.q,
            "sort": self.sort if self.sort != "recent" else "",
            "archived": "1" if self.archived else "",
            "show": self.display,
        }
        query = urlencode({key: value for key, value in said.items() if value})
        return f"{reverse('desk:customers')}?{query}"
