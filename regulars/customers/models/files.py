"""Files that belong to a customer; their content lies in the storage, under a name of our own."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from regulars.lib import clock, ids

from .customer import Customer
from .history import kept


@kept(
    named=("name",),
    hidden=(
        "event",
        "key",
        "public_id",
        "sha256",
        "width",
        "height",
        "scanned_at",
        "verdict",
    ),
)
class Attachment(models.Model):
    """One file: `name` is what people call it, `key` where its content lies, `content_type` what
    the content says it is. `width` and `height` are known of a picture that can be shown small."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="attachments", db_index=False
    )
    public_id = models.UUIDField(default=ids.uuid7, unique=True, editable=False)
    event = models.OneToOneField(
        "timeline.Event", on_delete=models.SET_NULL, null=True, related_name="attachment"
    )
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=100, unique=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    uploaded_at = models.DateTimeField(default=clock.now)
    scanned_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["customer", "-id"], name="attachment_customer")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown small."""
        return self.width is not None
