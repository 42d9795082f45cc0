"""Every refusal as `application/problem+json` (RFC 9457), with the fields it is about."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.http.response import HttpResponseBase
from ninja.errors import HttpError, ValidationError
from typing_extensions import TypedDict

from regulars.lib.errors import Away, Invalid, NotAllowed, Stale
from regulars.lib.retrying import conflict

from . import sentences

log = logging.getLogger("regulars.wire")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2  # seconds
MISSING = "There is nothing here, or you may not see it."

TITLES = {
    400: "This request cannot be read",
    401: "Sign in with a token",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "In conflict with something else",
    410: "No longer here",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not a format we read",
    422: "Some of this is not right",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Not available right now",
}


class FieldError(TypedDict):
    field: str
    message: str


class Problem(TypedDict):
    """What went wrong: `detail` in a sentence, `errors` by field."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


class Refused(Exception):
    """A refusal with its own status, for what none of the domain's errors says."""

    def __init__(self, status: int, detail: str, errors: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.errors = status, detail, dict(errors or {})
        super().__init__(detail)


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> HttpResponse:
    listed: list[FieldError] = [{"field": k, "message": m} for k, m in (errors or {}).items()]
    return _written(status, detail, listed)


def _written(status: int, detail: str, errors: list[FieldError]) -> HttpResponse:
    body: Problem = {
        "type": "about:blank",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "errors": errors,
    }
    answer = HttpResponse(
        json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        status=status,
        content_type=MEDIA_TYPE,
    )
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Regulars"'
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def fields(errors: Mapping[str, str]) -> list[FieldError]:
    return [{"field": key, "message": message} for key, message in errors.items()]


def of(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to a request that ended in `error`; what nobody foresaw is logged and a 500."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "It has been noted. Nothing of this request was kept; try again later.")


def _invalid(error: Any) -> HttpResponse:
    return problem(422, "Correct what is listed under errors and send it again.", error.errors)


def _not_valid(error: Any) -> HttpResponse:
    """What the schemas refused; a path that cannot name anything is simply not there."""
    if any(each["loc"][:1] == ("path",) for each in error.errors):
        return problem(404, MISSING)
    said: dict[str, str] = {}
    for each in error.errors:
        said.setdefault(sentences.place(each["loc"]), sentences.sentence(each))
    return problem(422, "Correct what is listed under errors and send it again.", said)


def _http(error: Any) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, Refused):
        return _refused(cause)
    if isinstance(cause, Invalid):
        return _invalid(cause)
    if error.status_code == 401:
        return problem(401, "Send a token that is in use: Authorization: Bearer <token>.")
    if error.status_code == 400:
        return problem(400, "The body is not JSON that we can read.")
    return problem(error.status_code, str(error))


def _refused(error: Any) -> HttpResponse:
    return problem(error.status, error.detail, error.errors)


def _taken(error: Any) -> HttpResponse:
    log.warning("conflict: %s", conflict(error))
    return problem(409, "Somebody did the same at the same moment. Load it again, then try again.")


def _away(error: Any) -> HttpResponse:
    log.warning("database: %s", type(error.__cause__).__name__)
    return problem(503, "The database did not answer in time. Nothing was kept; try again.")


def _unkept(error: Any) -> HttpResponse:
    log.error("a value passed all checks but cannot be kept", exc_info=error)
    return problem(422, "Something in this request cannot be kept.")


_ANSWERS: list[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Any], HttpResponse]]]
_ANSWERS = [
    (Refused, _refused),
    (Invalid, _invalid),
    (ValidationError, _not_valid),
    (HttpError, _http),
    (Http404, lambda e: problem(404, MISSING)),
    ((NotAllowed, PermissionDenied), lambda e: problem(403, str(e) or "You may not do this.")),
    (Stale, lambda e: problem(412, str(e))),
    (RequestDataTooBig, lambda e: problem(413, "The body is larger than we take in one request.")),
    (
        (TooManyFieldsSent, TooManyFilesSent),
        lambda e: problem(413, "There are more fields than we take in one request."),
    ),
    (
        (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError),
        lambda e: problem(400, "This request cannot be read."),
    ),
    (RawPostDataException, lambda e: problem(400, "The body cannot be read.")),
    (IntegrityError, _taken),
    (Away, lambda e: problem(503, str(e))),
    ((OperationalError, InterfaceError), _away),
    (DataError, _unkept),
]


def is_problem(answer: HttpResponseBase) -> bool:
    return answer.get("Content-Type", "").startswith(MEDIA_TYPE)


def methods(allowed: Iterable[str]) -> HttpResponse:
    """405, with what is possible."""
    names = ", ".join(sorted(allowed))
    answer = problem(405, f"Here you can: {names}.")
    answer["Allow"] = names
    return answer
