"""What the schemas found wrong, in plain words and under the caller's own field names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_SAID: dict[str, str] = {
    "missing": "This is required",
    "string_type": "This must be text",
    "int_type": "This must be a whole number",
    "int_parsing": "This must be a whole number",
    "int_from_float": "This must be a whole number",
    "int_parsing_size": "This number is too large",
    "float_type": "This must be a number",
    "float_parsing": "This must be a number",
    "bool_type": "This must be true or false",
    "bool_parsing": "This must be true or false",
    "list_type": "This must be a list",
    "dict_type": "This must be an object",
    "mapping_type": "This must be an object",
    "model_type": "This must be an object",
    "model_attributes_type": "This must be an object",
    "uuid_type": "This must be an id",
    "uuid_parsing": "This must be an id",
    "none_required": "This must be null",
    "extra_forbidden": "We know no such field",
}

_SAID_WITH: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda c: f"This must be one of {_list(c['expected'])}",
    "enum": lambda c: f"This must be one of {_list(c['expected'])}",
    "string_too_long": lambda c: f"This is longer than {c['max_length']} characters",
    "string_too_short": lambda c: "This must not be empty",
    "string_pattern_mismatch": lambda c: "This has characters that do not belong here",
    "too_long": lambda c: f"At most {c['max_length']} are taken in one request",
    "too_short": lambda c: f"At least {c['min_length']} is needed",
    "greater_than_equal": lambda c: f"This must be {c['ge']} or more",
    "less_than_equal": lambda c: f"This must be {c['le']} or less",
    "value_error": lambda c: str(c["error"]),
}


def sentence(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a sentence without a full stop."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _SAID:
        return _SAID[kind]
    if kind in _SAID_WITH:
        return _SAID_WITH[kind](context)
    return str(error["msg"])


def _list(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")


def place(loc: Sequence[str | int]) -> str:
    """`contacts.0.email` from pydantic's path, which begins with the source and our own names.

    The body itself is `body`; a query parameter or header is its name.
    """
    source, *rest = loc
    if source in ("body", "form", "file"):
        rest = rest[1:] if source == "body" else rest
    return ".".join(str(part) for part in rest) or "body"
