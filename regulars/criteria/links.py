"""The socket for tables that lead from one thing to its customers, latest activity first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from regulars.lib.registry import Registry

if TYPE_CHECKING:
    from regulars.criteria.fields import Asking
    from regulars.criteria.language import Value


@dataclass(frozen=True, slots=True)
class Link:
    """A table whose rows carry the sort key of the list, so that one index finds a page of it.

    `rows` gives a fresh queryset of them all; `path` is the column that says what a row leads
    from (a tag, an audience). Beside it the table has the columns `customer` and
    `last_activity_at`, a row at most for each `path` and customer, and an index on (`path`,
    `-last_activity_at`, `-customer`). Whoever moves the customer's own `last_activity_at` moves
    that of these rows in the same statement.
    """

    key: str
    rows: Callable[[], QuerySet[Any]]
    path: str

    def of(self, key: object) -> QuerySet[Any]:
        """The rows that lead from this one thing."""
        return self.rows().filter(**{self.path: key})

    @property
    def table(self) -> str:
        return str(self.rows().model._meta.db_table)


links: Registry[Link] = Registry("links")

# For a value of a field: the rows of a link table that are all of its customers, when one index
# leads to them.
Led = Callable[[str, "Value", "Asking"], "QuerySet[Any] | None"]
