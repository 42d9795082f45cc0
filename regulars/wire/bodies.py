"""What programs send, read strictly: no value gets in that could not be kept and given back."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from regulars.lib.errors import Invalid

from .problems import Refused

DEEPEST = 32
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_UNKEEPABLE_SAID = "This holds a character that cannot be kept"
_JSON = re.compile(r"application/([\w.+-]+\+)?json\Z", re.IGNORECASE)


class StrictParser(Parser):
    """JSON by the book (no NaN, no infinities), text that PostgreSQL can hold, no abyss."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type and not _JSON.match(request.content_type):
            raise Refused(415, "Send JSON, with Content-Type: application/json.")
        try:
            value = json.loads(request.body, parse_constant=_constant, parse_float=_number)
        except (ValueError, RecursionError):
            raise Refused(400, "The body is not JSON that we can read.") from None
        errors: dict[str, str] = {}
        _look(value, "", 0, errors)
        if errors:
            raise Invalid(errors)
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> Any:
        wrong = {
            key: _UNKEEPABLE_SAID
            for key, values in data.lists()
            if any(isinstance(v, str) and _UNKEEPABLE.search(v) for v in values)
        }
        if wrong:
            raise Invalid(wrong)
        return super().parse_querydict(data, list_fields, request)


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text[:20])
    return value


def _look(value: Any, path: str, depth: int, errors: dict[str, str]) -> None:
    if isinstance(value, str):
        if _UNKEEPABLE.search(value):
            errors.setdefault(path or "body", _UNKEEPABLE_SAID)
    elif isinstance(value, dict | list):
        if depth == DEEPEST:
            raise Refused(400, f"The body is nested more than {DEEPEST} deep.")
        _look_into(value, path, depth + 1, errors)


def _look_into(
    value: dict[str, Any] | list[Any], path: str, depth: int, errors: dict[str, str]
) -> None:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(key, str) and _UNKEEPABLE.search(key):
            errors.setdefault(path or "body", "A name in here holds a character we cannot keep")
        elif isinstance(inner, str | dict | list):
            _look(inner, f"{path}.{key}" if path else str(key), depth, errors)
