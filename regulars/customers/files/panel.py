"""The files on a customer's page: the newest few, read in the page's own statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.http import HttpRequest

from regulars.customers.models import Attachment
from regulars.staff.functions import Level
from regulars.staff.permission import signed_in

from . import sniffing, storing

if TYPE_CHECKING:
    from regulars.customers.models import Customer

SHOWN = 6
_UNITS = ("bytes", "KB", "MB", "GB")


@dataclass(frozen=True)
class Shown:
    """One file as a list shows it."""

    public_id: str
    name: str
    size: str
    kind: str
    icon: str
    is_picture: bool
    by: str
    at: datetime


def rows() -> ArraySubquery:
    """The newest files, one more than are shown."""
    found = Attachment.objects.filter(customer=OuterRef("pk")).order_by("-pk")
    return ArraySubquery(
        found.values(
            json=JSONObject(
                public_id="public_id",
                name="name",
                size="size",
                content_type="content_type",
                width="width",
                by="uploaded_by__name",
                at=Cast("uploaded_at", CharField()),
            )
        )[: SHOWN + 1]
    )


def context(
    request: HttpRequest, customer: Customer, found: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    files = [_shown({**row, "at": datetime.fromisoformat(row["at"])}) for row in found[:SHOWN]]
    return {
        "customer": customer,
        "files": files,
        "more": len(found) > SHOWN,
        "may_edit": signed_in(request).may("customers", Level.EDIT),
        **limits(),
    }


def limits() -> dict[str, Any]:
    """What a browser checks by itself before it sends anything."""
    return {"most": storing.limit(), "most_shown": size(storing.limit())}


def shown(file: Attachment) -> Shown:
    return _shown(
        {
            "public_id": str(file.public_id),
            "name": file.name,
            "size": file.size,
            "content_type": file.content_type,
            "width": file.width,
            "by": file.uploaded_by.name if file.uploaded_by else "",
            "at": file.uploaded_at,
        }
    )


def _shown(row: Mapping[str, Any]) -> Shown:
    kind, icon = sniffing.kind(row["content_type"])
    return Shown(
        row["public_id"],
        row["name"],
        size(row["size"]),
        kind,
        icon,
        row["width"] is not None,
        row["by"] or "",
        row["at"],
    )


def size(count: int) -> str:
    """A size as a person says it: “12 KB”, “3.4 MB”."""
    number, unit = float(count), 0
    while number >= 1024 and unit < len(_UNITS) - 1:
        number, unit = number / 1024, unit + 1
    digits = f"{number:.0f}" if unit < 2 or number >= 10 else f"{number:.1f}".replace(".0", "")
    return f"{digits} {_UNITS[unit]}"
