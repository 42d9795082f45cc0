"""Where a column may go, the company's own fields among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regulars.customers.custom.queries import definitions
from regulars.customers.custom.values import Definition
from regulars.imports.reading.targets import TARGETS, Kind, Target
from regulars.lib import names

CUSTOM = "custom."


def targets(kind: Kind) -> Mapping[str, Target]:
    """Every target of this kind of file by its key."""
    if kind is not Kind.CUSTOMERS:
        return TARGETS[kind]
    own = (Target(f"{CUSTOM}{one.key}", one.label) for one in definitions())
    return TARGETS[kind] | {target.key: target for target in own}


def custom_targets() -> dict[str, Definition]:
    """The custom fields by their targets' keys."""
    return {f"{CUSTOM}{one.key}": one for one in definitions()}


def named_so(heading: str, fields: Sequence[Definition]) -> str | None:
    """The target of the custom field that this heading is the label or the key of."""
    said = names.fold(heading)
    for one in fields:
        if said and said in (names.fold(one.label), names.fold(one.key)):
            return f"{CUSTOM}{one.key}"
    return None
