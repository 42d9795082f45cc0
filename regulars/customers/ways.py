"""Which index a list begins with: chosen here, from what was asked, not by the planner.

Asked for a page of a rare combination in a common order, the planner walks the common order to
its end, or reads every row of two tables: both take seconds among millions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from regulars.criteria.sql import Part, Parts

from . import limits
from .models import Customer
from .order import Order, after
from .visibility import any_of, scopes
from .walk import WALKED, Path, together

if TYPE_CHECKING:
    from regulars.staff.models import User

COMPARED = 4  # indexes looked into before one is chosen
LED = ("store", "owner")  # columns with an index of their own in the order of the list
PARTIAL = ("waiting_since", "household", "referred_by")  # ... of those who have one
RANGED = ("created_at", "last_activity_at", "sort_name", "waiting_since")
WITHIN = ("", "exact", "lt", "lte", "gt", "gte", "startswith")


def paths(
    user: User, wanted: Parts, order: Order, *, archived: bool = False, cursor: str | None = None
) -> list[Path]:
    """How the list could be read from behind the cursor, for `walk.along`; nothing for nobody."""
    seen = scopes(user)
    asked_for = (*wanted.all, *limits.parts_of(user).all)
    if (seen is not None and not seen) or any(_is_no_one(part.q) for part in asked_for):
        return []
    asked = _Asked(seen, asked_for, order, archived, cursor)
    listed = asked.listed()
    if listed is not None:
        return [listed]
    narrow = asked.narrow()[: COMPARED - 1]
    if len(narrow) == 1 and not narrow[0].whole and asked.is_everything:
        return narrow
    return [*narrow, asked.plain()]


def rest(
    user: User, wanted: Parts, order: Order, *, archived: bool, cursor: str | None
) -> Q | None:
    """Everything that a row of the list must fulfil, for ids that are known already."""
    seen = scopes(user)
    if seen is not None and not seen:
        return None
    asked_for = (*wanted.all, *limits.parts_of(user).all)
    return _Asked(seen, asked_for, order, archived, cursor).rest(behind=True)


@dataclass(frozen=True)
class _Asked:
    """One request for a list, and the ways to read it."""

    seen: Sequence[Q] | None
    parts: tuple[Part, ...]
    order: Order
    archived: bool
    cursor: str | None

    @property
    def is_everything(self) -> bool:
        """Whether the plain way leaves nobody out that another could."""
        return self.seen is None and not self.archived and not self._columns

    @property
    def _columns(self) -> list[Part]:
        return [part for part in self.parts if _column(part.q)]

    @property
    def _ranges(self) -> list[Part]:
        """What is asked of the column that sorts: the index is entered there."""
        return [part for part in self.parts if _range(part.q) == self.order.column]

    def listed(self) -> Path | None:
        """Ids that were found to be few before."""
        for part in self.parts:
            ids = _ids(part.q)
            if ids is not None:
                return Path([ids], self.rest(part, behind=True), whole=True)
        return None

    def narrow(self) -> list[Path]:
        """Indexes of what was asked, the most likely first."""
        ways: list[Path] = []
        recent = self.order.key == "recent"
        for part in self.parts:
            if part.led is not None:
                rows = part.led
                if recent:
                    rows = rows.filter(*(r.q for r in self._ranges), self._behind("customer_id"))
                ordered = rows.order_by("-last_activity_at", "-customer_id")
                pairs = ordered.values_list("customer_id", "last_activity_at")
                used = [part, *self._ranges] if recent else [part]
                rest = self.rest(*used, behind=not recent)
                ways.append(Path([pairs], rest, own=False, whole=not recent))
            elif (_some(part.q) or _range(part.q)) not in ("", self.order.column):
                ways.append(self._whole(part))
        if not recent:
            ways += [self._whole(part) for part in self._columns if not _is_nobody(part.q)]
            if self.archived:
                ways.append(self._whole(Part(Q(archived_at__isnull=False))))
        return ways

    def _whole(self, part: Part) -> Path:
        """An index of another order; a store has one of its own of those who wait."""
        in_store = _some(part.q) == "waiting_since" and self._in_one_store
        scope = self.seen[0] if in_store and self.seen else Q()
        rows = Customer.objects.get_queryset().filter(scope, part.q).order_by()
        pairs = rows.values_list("pk", "last_activity_at")
        return Path([pairs], self.rest(part, behind=True), own=False, whole=True)

    @property
    def _in_one_store(self) -> bool:
        return self.seen is not None and len(self.seen) == 1 and _names(self.seen[0]) == {"store"}

    def plain(self) -> Path:
        """The order's own index, within a store or an owner when there is one for it."""
        inner, used = self._inner()
        by = [("-" if self.order.descending else "") + self.order.column]
        by.append("-id" if self.order.descending else "id")
        behind = [part.q for part in self._ranges]
        rows = Customer.objects.get_queryset().filter(self.order.needs, self._behind("id"), *behind)
        parts = [
            # To the planner what is NULL is not one value: the index must be named whole.
            rows.filter(one)
            .order_by(*(["owner_id"] if _is_nobody(one) else []), *by)
            .values_list("pk", self.order.column)
            for one in together(inner)
        ]
        return Path(parts, self.rest(*used, *self._ranges, behind=False, scoped=self.seen is inner))

    def _inner(self) -> tuple[Sequence[Q], list[Part]]:
        """Disjoint conditions with an index each in this order, and the parts they stand for."""
        if self.archived:
            return [Q(archived_at__isnull=False) if self.order.key == "recent" else Q()], []
        whole = self.seen is None or self._in_one_store
        columns = self._columns
        if self.order.by_scope:
            owners = [p for p in columns if _column(p.q) == "owner" and not _is_nobody(p.q)]
            if owners:
                return [owners[0].q], owners[:1]
            if whole and columns and self.order.key == "recent":
                return [Q(*(part.q for part in columns), *(self.seen or []))], columns
            if self.seen is None and columns:
                return [columns[0].q], columns[:1]
            return self.seen or [Q()], []
        stores = [part for part in columns if _column(part.q) == "store"]
        if self.order.key == "created" and whole and stores:
            return [stores[0].q], stores[:1]
        if self.order.key == "created" and self.seen and whole:
            return self.seen, []
        return [Q()], []

    def _behind(self, pk: str) -> Q:
        return after(self.order, self.cursor, pk) if self.cursor else Q()

    def rest(self, *used: Part, behind: bool, scoped: bool = False) -> Q:
        """All that is not said by the index."""
        rest = Q(archived_at__isnull=not self.archived)
        if self.seen is not None and not scoped:
            rest &= any_of(self.seen)
        if behind:
            rest &= self.order.needs & self._behind("id")
        for part in self.parts:
            if not any(part is one for one in used):
                rest &= part.q
        return rest


def _leaves(q: Q) -> list[tuple[str, Any]] | None:
    """Comparisons that must all hold, None when it says something else too."""
    plain = not q.negated and q.connector == Q.AND and q.children
    if not plain or not all(isinstance(child, tuple) for child in q.children):
        return None
    return [child for child in q.children if isinstance(child, tuple)]


def _names(q: Q) -> set[str]:
    return {name.partition("__")[0] for name, _ in _leaves(q) or []}


def _some(q: Q) -> str:
    """The column of a partial index of those who have something there, or ""."""
    leaves = _leaves(q) or []
    name = leaves[0][0].removesuffix("__isnull") if len(leaves) == 1 else ""
    return name if name in PARTIAL and leaves[0][1] is False else ""


def _range(q: Q) -> str:
    """The indexed column of which this asks for a stretch, or ""."""
    lookups = {name.partition("__")[2] for name, _ in _leaves(q) or []}
    names = _names(q)
    return names.pop() if len(names) == 1 and names <= {*RANGED} and lookups <= {*WITHIN} else ""


def _column(q: Q) -> str:
    """The column with an index of its own that this says the value of, or ""."""
    leaves = _leaves(q) or []
    if len(leaves) != 1:
        return ""
    name, value = leaves[0]
    column = name.removesuffix("__isnull")
    return column if column in LED and (name == column or value is True) else ""


def _is_nobody(q: Q) -> bool:
    return any(name == "owner__isnull" for name, _ in _leaves(q) or [])


def _ids(q: Q) -> QuerySet[Any, Any] | None:
    """Customers that were found before, when they are no more than one page may look at."""
    leaves = _leaves(q) or []
    if len(leaves) != 1 or leaves[0][0] not in ("pk__in", "public_id__in"):
        return None
    value = leaves[0][1]
    if isinstance(value, QuerySet):
        return value
    few = len(value) <= WALKED
    return Customer.objects.get_queryset().filter(q).order_by().values_list("pk") if few else None


def _is_no_one(q: Q) -> bool:
    return not q.negated and len(q.children) == 1 and q.children[0] == ("pk__in", [])
