"""Good answers as bytes: JSON without detours, with the validators that callers compare by."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.responses import NinjaJSONEncoder

from regulars.lib.errors import Stale

_TAG = re.compile(r'(?:W/)?"([^"]*)"|(\*)')

IF_MATCH: dict[str, Any] = {"parameters": [{"$ref": "#/components/parameters/IfMatch"}]}
IF_NONE_MATCH: dict[str, Any] = {"parameters": [{"$ref": "#/components/parameters/IfNoneMatch"}]}


def answer(data: object, *, status: int = 200) -> HttpResponse:
    text = json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text.encode(), status=status, content_type="application/json")


def versioned(
    request: HttpRequest, data: object, *, version: int, status: int = 200
) -> HttpResponse:
    """An answer with its `ETag`: the row's version, then a digest of all that is shown.

    Changing compares the version only, since others may read or wait meanwhile; not sending the
    body again compares everything. A compressing proxy may have made the tag weak.
    """
    found = answer(data, status=status)
    digest = hashlib.sha256(found.content).hexdigest()[:16]
    tag = f"{version}-{digest}"
    if request.method == "GET" and tag in _tags(request, "If-None-Match"):
        found = HttpResponse(status=304)
    found["ETag"] = f'"{tag}"'
    return found


def check_version(request: HttpRequest, version: int) -> None:
    """Raise `Stale` when the caller's `If-Match` names another version than this one."""
    if "If-Match" not in request.headers:
        return
    known = {tag.partition("-")[0] for tag in _tags(request, "If-Match")}
    if not known & {"*", str(version)}:
        raise Stale("Somebody changed this customer meanwhile; load it again.")


def _tags(request: HttpRequest, header: str) -> set[str]:
    return {tag or star for tag, star in _TAG.findall(request.headers.get(header, ""))}
