"""The customer row with its standing columns, and what hangs directly on it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from regulars.customers.visibility import Customers
from regulars.lib import clock, ids, names

from .history import kept


class CustomerType(models.TextChoices):
    LEAD = "lead", "Lead"
    PROSPECT = "prospect", "Prospect"
    ACCOUNT = "account", "Account"


class Source(models.TextChoices):
    INTERNET = "internet", "Internet"
    PHONE = "phone", "Phone"
    WALK_IN = "walk_in", "Walk In"
    OTHER = "other", "Other"


@kept(customer="")
class Group(models.Model):
    """One per customer, such as Standard or Business."""

    name = models.CharField(max_length=60)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="group_name_once"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_group"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@kept(customer="")
class Category(models.Model):
    """What kind of business or buyer a customer is, such as Boutique or Fleet; at most one."""

    name = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="category_name_once")]

    def __str__(self) -> str:
        return self.name


class Colour(models.TextChoices):
    """How a tag is painted; the tones are the house's own, in light and in dark."""

    NONE = "", "None"
    RED = "red", "Red"
    ORANGE = "orange", "Orange"
    YELLOW = "yellow", "Yellow"
    GREEN = "green", "Green"
    TEAL = "teal", "Teal"
    BLUE = "blue", "Blue"
    VIOLET = "violet", "Violet"
    PINK = "pink", "Pink"


@kept(customer="")
class Tag(models.Model):
    """Any number per customer; VIP and vip are the same tag."""

    name = models.CharField(max_length=60)
    colour = models.CharField(max_length=10, choices=Colour, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


@kept(customer="")
class Household(models.Model):
    """People who live together, confirmed by somebody; a customer is in one at most.

    Without a `name` it is called after those whom a reader may see: `households.called`.
    """

    name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    def __str__(self) -> str:
        return self.name


@kept(
    exclude=("version", "last_activity_at", "last_inbound_at", "waiting_since", "unread_count"),
    customer="id",
    hidden=(
        "public_id",
        "is_company",
        "name",
        "sort_name",
        "owned_since",
        "created_at",
        "created_by",
    ),
)
class Customer(models.Model):
    """One person or company we sell to.

    The standing columns (`last_activity_at` … `unread_count`) follow from the timeline, are
    written by `timeline.actions` in the statement that writes the event, and can be rebuilt.
    """

    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    is_company = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=200, blank=True)
    sort_name = models.CharField(max_length=200, blank=True, db_collation="C")
    type = models.CharField(max_length=10, choices=CustomerType, default=CustomerType.LEAD)
    source = models.CharField(max_length=10, choices=Source, blank=True)
    source_other = models.CharField(max_length=100, blank=True)
    store = models.ForeignKey(
        "staff.Store", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="customers",
        db_index=False,
    )
    owned_since = models.DateTimeField(null=True)
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    household = models.ForeignKey(
        Household, on_delete=models.SET_NULL, null=True, related_name="members", db_index=False
    )
    # What they are to the others of their household, such as Wife.
    relation = models.CharField(max_length=40, blank=True)
    referred_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="referrals", db_index=False
    )
    referral_source = models.CharField(max_length=100, blank=True)
    tags = models.ManyToManyField(Tag, through="Tagging", related_name="customers")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    last_activity_at = models.DateTimeField(default=clock.now)
    last_inbound_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    unread_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[Customers] = Customers()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-last_activity_at", "-id"], name="c_rec"),
            models.Index(fields=["store", "-last_activity_at", "-id"], name="c_store"),
            models.Index(fields=["owner", "-last_activity_at", "-id"], name="c_owner"),
            models.Index(fields=["store", "-created_at", "-id"], name="c_store_created"),
            models.Index(fields=["-created_at", "-id"], name="c_created"),
            models.Index(fields=["sort_name", "id"], name="c_name"),
            models.Index(
                fields=["store", "waiting_since", "id"],
                name="c_waiting_store",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["waiting_since", "id"],
                name="c_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["owner", "waiting_since", "id"],
                name="c_waiting_owner",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["store", "waiting_since", "id"],
                name="c_waiting_nobodys",
                condition=Q(waiting_since__isnull=False, owner__isnull=True),
            ),
            models.Index(
                fields=["-last_activity_at", "-id"],
                name="c_nobodys",
                condition=Q(owner__isnull=True),
            ),
            models.Index(
                fields=["store", "-last_activity_at", "-id"],
                name="c_unassigned",
                condition=Q(owner__isnull=True),
            ),
            models.Index(
                fields=["owner", "-last_activity_at", "-id"],
                name="c_unread_owner",
                condition=Q(unread_count__gt=0),
            ),
            models.Index(
                fields=["-last_activity_at", "-id"],
                name="c_archived",
                condition=Q(archived_at__isnull=False),
            ),
            models.Index(
                fields=["household"], name="c_household", condition=Q(household__isnull=False)
            ),
            models.Index(
                fields=["referred_by"], name="c_referred", condition=Q(referred_by__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:customer", args=[self.public_id])

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def initials(self) -> str:
        return names.initials(self.name)

    @property
    def familiar_name(self) -> str:
        """How the page speaks of them: the first name of a person, the name of a company."""
        return self.first_name or self.name

    @property
    def source_label(self) -> str:
        if self.source == Source.OTHER and self.source_other:
            return self.source_other
        return self.get_source_display()


@kept(exclude=("last_activity_at",), label="Tag", named=("tag",), hidden=("added_at", "added_by"))
class Tagging(models.Model):
    """Who put which tag on a customer, and when.

    `last_activity_at` is the customer's own, so that the customers of a tag can be read in the
    order of the list; a trigger fills it in, and `timeline.actions` keeps it.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="taggings", db_index=False
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    last_activity_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "tag"], name="tag_once_per_customer")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tag", "-last_activity_at", "-customer"], name="tag_recent")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"


@kept(label="Id in another system", named=("system",))
class ExternalId(models.Model):
    """What another system calls this customer."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="external_ids", db_index=False
    )
    system = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "value"], name="external_id_once"),
            models.UniqueConstraint(
                fields=["customer", "system"], name="one_external_id_per_system"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"


class NotFamily(models.Model):
    """Somebody said that these two are no household; they are not proposed again."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    # Said with an act about a household: taken back with it.
    change = models.ForeignKey(
        "customers.HouseholdChange", on_delete=models.SET_NULL, null=True, related_name="refused"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "other"], name="not_family_once"),
            models.CheckConstraint(
                condition=Q(customer__lt=models.F("other")), name="not_family_in_one_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.other_id}"


class Tombstone(models.Model):
    """That a customer was erased, when and by whom; nothing of what it held."""

    public_id = models.UUIDField(unique=True)
    erased_at = models.DateTimeField(default=clock.now)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"erased {self.public_id}"
