"""Customers for programs: the same gate, queries and actions as the pages."""

from ninja import Router

from . import events, records

router = Router()
router.add_router("", records.router, tags=["Customers"])
router.add_router("", events.router, tags=["Events"])

__all__ = ["router"]
