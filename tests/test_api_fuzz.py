"""Schemathesis against the whole API: no server error, no answer that is not documented.

`SCHEMATHESIS_EXAMPLES=200` (and more) looks longer; `SCHEMATHESIS_SEED` looks elsewhere.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, make_server

import pytest
import schemathesis
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from regulars.customers.models import Customer, Group
from regulars.staff.models import User
from tests.api import Program

pytestmark = [pytest.mark.slow, pytest.mark.apart]

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "5"))
LONGER = "SCHEMATHESIS_EXAMPLES" in os.environ
SEED = int(os.environ.get("SCHEMATHESIS_SEED", "20261123"))

# What the schemas allow may still be refused for what it means: no name, no such colleague, a
# stale ETag, a file that is none. Everything else is at its strictest.
MEANT_OTHERWISE = ["2xx", "304", "401", "403", "404", "409", "412", "415", "422"]


def config(secret: str) -> SchemathesisConfig:
    found: dict[str, Any] = {
        "seed": SEED,
        "headers": {"Authorization": f"Bearer {secret}"},
        "generation": {
            "max-examples": EXAMPLES,
            "deterministic": True,
            "no-shrink": True,
            "database": "none",
        },
        "phases": {"stateful": {"enabled": LONGER}},
        "checks": {"positive_data_acceptance": {"expected-statuses": MEANT_OTHERWISE}},
    }
    if not LONGER:
        # Its body is that of POST /customers, whose five hundred cases are enough for a push.
        twin = {"include-operation-id": "customers_change"}
        found["operations"] = [{**twin, "phases": {"coverage": {"enabled": False}}}]
    return SchemathesisConfig.from_dict(found)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """The tests' output is for findings."""

    def handle(self) -> None:
        """As ever, but for addresses of any length: refusing those is for the house to do."""
        self.raw_requestline = self.rfile.readline(1 << 24)
        if self.parse_request():
            said: Any = self.rfile
            answer: Any = self.wfile
            handler = ServerHandler(
                said, answer, self.get_stderr(), self.get_environ(), multithread=False
            )
            handler.request_handler = self  # type: ignore[attr-defined]
            handler.run(self.server.get_app())  # type: ignore[attr-defined]


@contextmanager
def served() -> Iterator[str]:
    """The whole house on a port of its own, one request after the other."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def findings(site: str, secret: str) -> Iterator[str]:
    """What the run found, each with the request that shows it."""
    api = schemathesis.openapi.from_url(
        f"{site}/api/v1/openapi.json",
        config=config(secret),
        headers={"Authorization": f"Bearer {secret}"},
    )
    for event in engine.from_schema(api).execute():
        if isinstance(event, events.ScenarioFinished):
            yield from _failures(event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            yield str(event)


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for check in chain.from_iterable(event.recorder.checks.values()):
        said = check.failure_info
        if said is not None:
            yield f"{event.label}: {check.name}: {said.failure}\n{said.code_sample[:2_000]}"


@pytest.mark.skipif(not settings.REGULARS_PACKS, reason="with packs there is more to find")
@pytest.mark.django_db(transaction=True)
def test_no_server_errors_and_no_undocumented_answers(
    ada: User, ben: User, make_customer: Callable[..., Customer], api: Callable[[User], Program]
) -> None:
    Group.objects.get_or_create(name="Business")
    make_customer("Rita Moss", owner=ben, email="rita@example.com", phone="+1 734 555 0162")
    with served() as site:
        found = list(findings(site, api(ada).secret))
    assert not found, "\n\n".join(found)
