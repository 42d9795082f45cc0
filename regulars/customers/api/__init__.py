"""Customers for programs: the same gate, queries and actions as the pages."""

from ninja import Router

from . import (
    addresses,
    changes,
    consents,
    events,
    fields,
    files,
    households,
    notes,
    places,
    records,
)

router = Router()
router.add_router("", places.router, tags=["Customers"])
router.add_router("", records.router, tags=["Customers"])
router.add_router("", changes.router, tags=["Customers"])
router.add_router("", addresses.router, tags=["Addresses"])
router.add_router("", consents.router, tags=["Consent"])
router.add_router("", events.router, tags=["Events"])
router.add_router("", fields.router, tags=["Customers"])
router.add_router("", households.router, tags=["Households"])
router.add_router("", notes.router, tags=["Notes"])
router.add_router("", files.router, tags=["Files"])

__all__ = ["router"]
