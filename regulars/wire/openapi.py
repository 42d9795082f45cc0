"""The API's description of itself: OpenAPI 3.1 with every refusal of every operation in it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from regulars.lib.retrying import may_pass

from . import problems, replays
from .answers import answer
from .bearer import Bearer, caller
from .bodies import StrictParser

PREFIX = "api/v1/"

PARAMETERS: dict[str, Any] = {
    "IdempotencyKey": {
        "in": "header",
        "name": replays.HEADER,
        "required": False,
        "description": "A text of your own, new for each thing to do. Sending the same request "
        "again with the same key does nothing and answers the same, for at least 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "required": False,
        "description": "The ETag you last saw: refused with 412 when it was changed meanwhile.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "required": False,
        "description": "The ETag you have: answered with 304 when nothing differs.",
        "schema": {"type": "string"},
    },
}
NOT_MODIFIED = {"description": "Nothing differs from what your ETag stands for"}


class Api(NinjaAPI):
    """Ninja with our errors, our parser, our names of operations and documented refusals."""

    def __init__(self, *, title: str, version: str, description: str) -> None:
        super().__init__(
            title=title,
            version=version,
            description=description,
            auth=Bearer(),
            parser=StrictParser(),
            openapi_url=None,
            docs_url=None,
            urls_namespace="api",
        )

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        if may_pass(exc):
            raise exc  # to the door, which does it once more
        return problems.of(request, exc)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        room = operation.view_func.__module__.partition(".api")[0].rpartition(".")[2]
        name = operation.view_func.__name__
        return name if name == room else f"{room}_{name}"

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix=path_prefix or PREFIX)
        components = document["components"]
        components["schemas"]["Problem"] = _schema_of_problem()
        components["parameters"] = PARAMETERS
        components["responses"] = {
            str(status): {
                "description": title,
                "content": {
                    problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
            for status, title in problems.TITLES.items()
        }
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                _complete(path, method, operation)
        return document

    def document(self, request: HttpRequest) -> HttpResponse:
        """`openapi.json`, for who is signed in by token or in a browser."""
        if caller(request) is None and not request.user.is_authenticated:
            return problems.problem(401, "Sign in, or send a token, to read this.")
        return answer(self._described)

    @cached_property
    def _described(self) -> OpenAPISchema:
        """Made once: it takes a second of the processor, and rooms and packs stay as they are."""
        return self.get_openapi_schema()


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Say of one operation which refusals it knows and which headers it honours."""
    names = {p.get("$ref", "").rpartition("/")[2] for p in operation["parameters"]}
    refusals = {400, 401, 403, 422}
    if "{" in path:
        refusals.add(404)
    if "requestBody" in operation:
        refusals |= {404, 413, 415}  # 404 for what the body names
    if method != "get":
        refusals.add(409)
    if method == "post":
        operation["parameters"] = [
            *operation["parameters"],
            {"$ref": "#/components/parameters/IdempotencyKey"},
        ]
        refusals.add(410)
    if "IfMatch" in names:
        refusals.add(412)
    answers = {str(status): said for status, said in operation["responses"].items()}
    if "IfNoneMatch" in names:
        answers["304"] = NOT_MODIFIED
    for status in sorted(refusals):
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = dict(sorted(answers.items()))


def _schema_of_problem() -> dict[str, Any]:
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["field", "message"],
        "properties": {"field": text, "message": text},
    }
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457): `detail` in a sentence, `errors` by field.",
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "errors": {"type": "array", "items": error},
        },
    }
