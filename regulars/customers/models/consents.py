"""The evidence behind what somebody agreed to: written once, gone only with its customer."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from regulars.lib import clock

from .contacts import Consent
from .customer import Customer


class ConsentChannel(models.TextChoices):
    EMAIL = "email", "Email"
    CALL = "call", "Calls"
    TEXT = "text", "Texts"


class Basis(models.TextChoices):
    """What implied consent rests on."""

    PURCHASE = "purchase", "Purchase"
    CONTRACT = "contract", "Contract"
    INQUIRY = "inquiry", "Inquiry"
    MEMBERSHIP = "membership", "Membership"
    HANDED_OVER = "handed_over", "Handed over or published"
    OTHER = "other", "Other"


class Method(models.TextChoices):
    """How somebody said it."""

    UNSAID = "", "Not said"
    WEB_FORM = "web_form", "Web form"
    PAPER = "paper", "On paper"
    PHONE = "phone", "By phone"
    IN_PERSON = "in_person", "In person"
    REPLY = "reply", "In a reply"
    IMPORT = "import", "Import"
    API = "api", "API"
    MERGE = "merge", "Two records were merged"
    OTHER = "other", "Another way"


class ConsentRecord(models.Model):
    """One thing somebody said about one address: what, how, when, by whom it was recorded.

    `address` is normal as in `Email.normal` and `Phone.digits`: the evidence stays when the
    address goes. `expires_on` is the first day on which implied consent no longer holds.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="consents", db_index=False
    )
    channel = models.CharField(max_length=5, choices=ConsentChannel)
    address = models.CharField(max_length=254, db_collation="C")
    kind = models.CharField(max_length=10, choices=Consent)
    basis = models.CharField(max_length=12, choices=Basis, blank=True)
    basis_note = models.CharField(max_length=100, blank=True)
    basis_on = models.DateField(null=True)
    wording = models.TextField(max_length=2_000, blank=True)
    method = models.CharField(max_length=10, choices=Method, blank=True)
    place = models.CharField(max_length=500, blank=True)
    ip = models.GenericIPAddressField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    expires_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["customer", "channel", "address", "happened_at"], name="consent_of"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind=Consent.UNKNOWN), name="consent_record_says_something"
            ),
        ]
        triggers: ClassVar = [
            # Two customers become one: whose it is may move, what was said may not.
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["customer"]),
            ),
            pgtrigger.Trigger(
                name="gone_only_with_its_customer",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                # What a merge said is taken back with it.
                func=(
                    "IF OLD.method <> 'merge' AND EXISTS "
                    "(SELECT 1 FROM customers_customer WHERE id = OLD.customer_id) THEN "
                    "RAISE EXCEPTION 'Evidence of consent goes only with its customer' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.channel} {self.kind}"

    @property
    def short_basis(self) -> str:
        """As `Email.consent_basis` keeps it: the basis, or the words of another one."""
        return self.basis_note if self.basis in ("", Basis.OTHER) else self.basis

    @property
    def rests_on(self) -> str:
        """What implied consent rests on, in words; "" when nobody said it."""
        if self.basis in ("", Basis.OTHER):
            return self.basis_note
        label = self.get_basis_display()
        return f"{label}: {self.basis_note}" if self.basis_note else label
