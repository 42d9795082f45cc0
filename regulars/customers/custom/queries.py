"""Which custom fields there are, and what customers say in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from regulars.criteria.fields import Asking
from regulars.customers import choices
from regulars.customers.models import CustomField, CustomValue

from .values import Definition, Value, kept

MOST_FIELDS = 100


def definitions(*, archived: bool = False) -> list[Definition]:
    """The fields in use, in their order; or those put away."""
    rows = CustomField.objects.filter(archived_at__isnull=not archived)[:MOST_FIELDS]
    return [definition(row) for row in rows]


def definitions_for(asking: Asking) -> list[Definition]:
    """The same, without a statement of its own where the lists to choose from were fetched."""
    found = choices.custom_fields(asking)
    return definitions() if found is None else _read(found)


# The same as an expression, for whoever asks for other things too; see `read`.
FIELDS = f"""(
  SELECT json_agg(f) FROM (
    SELECT id, key, label, kind, choices, help FROM customers_customfield
    WHERE archived_at IS NULL ORDER BY position, id LIMIT {MOST_FIELDS}
  ) f
)::text"""  # noqa: S608


def read(found: str | None) -> list[Definition]:
    """The fields that `FIELDS` found."""
    return _read(json.loads(found or "[]"))


def _read(rows: Iterable[Mapping[str, Any]]) -> list[Definition]:
    return [Definition(**{**row, "choices": tuple(row["choices"])}) for row in rows]


def definition(row: CustomField) -> Definition:
    offered = tuple(str(choice) for choice in row.choices)
    return Definition(row.pk, row.key, row.label, row.kind, offered, row.help)


def values_of(
    customers: Sequence[int], fields: Sequence[Definition]
) -> dict[int, Mapping[str, Value]]:
    """What each of these customers says, by the field's key; nothing said is left out."""
    found: dict[int, dict[str, Value]] = {pk: {} for pk in customers}
    if not customers or not fields:
        return {**found}
    known = {field.id: field for field in fields}
    rows = CustomValue.objects.filter(customer__in=customers, field__in=known).values(
        "customer_id", "field_id", "text", "number", "day"
    )
    for row in rows:
        field = known[row["field_id"]]
        found[row["customer_id"]][field.key] = kept(field, row)
    return {**found}
