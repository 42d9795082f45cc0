"""People to reach at a customer, how to reach them, and the places."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from regulars.lib import addresses, names, phones
from regulars.lib.addresses import Address

from .customer import Customer
from .history import kept


class Status(models.TextChoices):
    """What we know of an address's health."""

    UNKNOWN = "unknown", "Unknown"
    OK = "ok", "OK"
    BOUNCED = "bounced", "Bounced"
    COMPLAINED = "complained", "Complained"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"


class Consent(models.TextChoices):
    """What they agreed to; unknown means that nobody has recorded it yet."""

    UNKNOWN = "unknown", "Not recorded"
    EXPRESS = "express", "Express"
    IMPLIED = "implied", "Implied"
    NONE = "none", "None"
    WITHDRAWN = "withdrawn", "Withdrawn"


@kept(named=("first_name last_name",))
class Contact(models.Model):
    """A person; a customer who is a person is their own primary contact."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contacts", db_index=False
    )
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    birthday = models.CharField(max_length=10, blank=True)
    about = models.TextField(max_length=2_000, blank=True)
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-is_primary", "id"]
        indexes: ClassVar = [models.Index(fields=["customer"], name="contact_customer")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_primary=True), name="one_primary_contact"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return names.person(self.first_name, self.last_name)


class Reach(models.Model):
    """What an email address and a phone number have in common."""

    label = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.UNKNOWN)
    status_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


@kept(named=("address",), of="contact", hidden=("normal", "position"))
class Email(Reach):
    """An email address with what its person agreed to."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="emails", db_index=False
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails")
    address = models.CharField(max_length=254)
    normal = models.CharField(max_length=254, db_collation="C")
    consent = models.CharField(max_length=10, choices=Consent, default=Consent.UNKNOWN)
    consent_basis = models.CharField(max_length=100, blank=True)
    consent_at = models.DateTimeField(null=True)
    consent_until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["customer"], name="email_customer"),
            models.Index(fields=["normal"], name="email_normal"),
        ]

    def __str__(self) -> str:
        return self.address


@kept(named=("typed",), of="contact", hidden=("e164", "digits", "position"))
class Phone(Reach):
    """A phone number, as typed and as E.164, with consent for calls and for texts."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="phones", db_index=False
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones")
    typed = models.CharField(max_length=phones.MAX_LENGTH)
    e164 = models.CharField(max_length=20, blank=True, db_collation="C")
    digits = models.CharField(max_length=40, blank=True, db_collation="C")
    extension = models.CharField(max_length=20, blank=True)
    call_consent = models.CharField(max_length=10, choices=Consent, default=Consent.UNKNOWN)
    call_consent_at = models.DateTimeField(null=True)
    call_consent_until = models.DateField(null=True)
    text_consent = models.CharField(max_length=10, choices=Consent, default=Consent.UNKNOWN)
    text_consent_at = models.DateTimeField(null=True)
    text_consent_until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["customer"], name="phone_customer"),
            models.Index(fields=["digits"], name="phone_digits"),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        return phones.shown(self.e164, extension=self.extension) or self.typed

    @property
    def dialled(self) -> str:
        """For `tel:` and `sms:` links."""
        return self.e164 or self.digits


class LocationKind(models.TextChoices):
    BILLING = "billing", "Billing"
    SHIPPING = "shipping", "Shipping"
    HEADQUARTERS = "headquarters", "Headquarters"
    HOME = "home", "Home"
    OTHER = "other", "Other"


class CheckLevel(models.TextChoices):
    """How far an address has been checked; every level says so on screen."""

    UNCHECKED = "", "Not checked"
    FORMAT = "format", "Format OK"
    PLACE = "place", "ZIP and city agree"
    CONFIRMED = "confirmed", "Confirmed by USPS"
    NO_UNIT = "no_unit", "Confirmed by USPS, but the apartment or suite is missing"
    ODD_UNIT = "odd_unit", "Confirmed by USPS, but not its apartment or suite"
    REFUSED = "refused", "Not confirmed"


@kept(named=("name", "line1", "city"), hidden=("normal", "latitude", "longitude"))
class Location(models.Model):
    """A place; exactly one of a customer's places is primary."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="locations", db_index=False
    )
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=12, choices=LocationKind, blank=True)
    line1 = models.CharField(max_length=200, blank=True)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    county = models.CharField(max_length=100, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    check_level = models.CharField(max_length=10, choices=CheckLevel, blank=True)
    checked_at = models.DateTimeField(null=True)
    # One spelling for two writings of the same address: who else lives here?
    normal = models.CharField(max_length=300, blank=True, db_collation="C")
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-is_primary", "id"]
        indexes: ClassVar = [
            models.Index(fields=["customer"], name="location_customer"),
            models.Index(fields=["normal"], name="location_normal", condition=~Q(normal="")),
            models.Index(
                fields=["latitude", "longitude"],
                name="location_pin",
                condition=Q(is_primary=True, latitude__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_primary=True), name="one_primary_location"
            )
        ]

    def __str__(self) -> str:
        return ", ".join(self.lines)

    @property
    def address(self) -> Address:
        return Address(
            self.line1, self.line2, self.city, self.state, self.postal_code, self.country
        )

    @property
    def lines(self) -> list[str]:
        """The address as written on an envelope."""
        return addresses.lines(self.address)
