"""Duplicates and merges for programs: the same gate, queries and actions as the pages."""

from ninja import Router

from . import checking, clusters, merges, pairs, verdicts

router = Router()
router.add_router("", pairs.router, tags=["Duplicates"])
router.add_router("", checking.router, tags=["Duplicates"])
router.add_router("", merges.router, tags=["Merging"])
router.add_router("", clusters.router, tags=["Duplicates"])
router.add_router("", verdicts.router, tags=["Duplicates"])

__all__ = ["router"]
