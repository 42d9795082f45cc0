"""The conversation with USPS, against a local server that speaks its wire format."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.test import TransactionTestCase
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.customers import actions, tasks
from regulars.customers.address_check import Checked, budget, usps, wire
from regulars.customers.address_check.budget import NotLetIn, NotNow
from regulars.customers.facts import read_location
from regulars.customers.models import CheckLevel, Location
from regulars.lib import clock
from regulars.lib.addresses import Address
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

ELM = Address("12 Elm Street", "", "Troy", "MI", "48084", "US")


def said(dpv: str | None = "Y", **address: str) -> dict[str, Any]:
    known = {"streetAddress": "12 ELM ST", "city": "TROY", "state": "MI", "ZIPCode": "48084"}
    return {
        "firm": None,
        "address": {"secondaryAddress": "", "ZIPPlus4": "1234", **known, **address},
        "additionalInfo": {"DPVConfirmation": dpv, "deliveryPoint": "12"},
        "corrections": [],
        "matches": [{"code": "31", "text": "Single Response - exact match"}],
    }


def problem(code: int, text: str) -> dict[str, Any]:
    return {"apiVersion": "v3", "error": {"code": str(code), "message": text, "errors": []}}


@dataclass
class Post:
    """A stand-in for USPS: what it will answer, and what it was asked."""

    url: str = ""
    expires_in: Any = "28799"
    tokens: int = 0
    token_status: int = 200
    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    bodies: list[dict[str, str]] = field(default_factory=list)
    slow: float = 0

    def answer(self, status: int, body: Any, **headers: str) -> None:
        """The next answer; the last one given is repeated."""
        self.answers.append((status, body, {k.replace("_", "-"): v for k, v in headers.items()}))

    def next(self) -> tuple[int, Any, dict[str, str]]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Window(BaseHTTPRequestHandler):
    post: Post

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.post.bodies.append(json.loads(self.rfile.read(length)))
        assert self.path == "/oauth2/v3/token"
        self.post.tokens += 1
        token = {"access_token": f"token-{self.post.tokens}", "token_type": "Bearer"}
        body = token | {"expires_in": self.post.expires_in}
        self._answer(self.post.token_status, body, {})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        assert parts.path == "/addresses/v3/address"
        self.post.asked.append({key: values[0] for key, values in parse_qs(parts.query).items()})
        self.post.bearers.append(self.headers["Authorization"])
        time.sleep(self.post.slow)
        self._answer(*self.post.next())

    def _answer(self, status: int, body: Any, headers: dict[str, str]) -> None:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    mine = Post()
    window = type("Mine", (Window,), {"post": mine})
    server = ThreadingHTTPServer(("127.0.0.1", 0), window)
    often = {"poll_interval": 0.01}  # how soon it hears of its end
    threading.Thread(target=server.serve_forever, kwargs=often, daemon=True).start()
    mine.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.USPS_URL = mine.url
    settings.USPS_CLIENT_ID, settings.USPS_CLIENT_SECRET = "we", "a secret"
    wire._service.cache_clear()
    yield mine
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("dpv", "level"),
    [
        ("Y", CheckLevel.CONFIRMED),
        ("D", CheckLevel.NO_UNIT),
        ("S", CheckLevel.ODD_UNIT),
        ("N", CheckLevel.REFUSED),
        (None, CheckLevel.REFUSED),
        ("?", CheckLevel.REFUSED),
    ],
)
def test_what_usps_confirms_is_a_level(post: Post, dpv: str | None, level: CheckLevel) -> None:
    post.answer(200, said(dpv))
    found = usps.ask(ELM)
    assert found.level == level
    assert found.suggestion is None
    assert post.asked == [
        {"streetAddress": "12 Elm Street", "city": "Troy", "state": "MI", "ZIPCode": "48084"}
    ]
    assert post.bodies == [
        {"client_id": "we", "client_secret": "a secret", "grant_type": "client_credentials"}
    ]
    assert post.bearers == ["Bearer token-1"]


def test_another_address_than_was_typed_is_a_suggestion(post: Post) -> None:
    post.answer(200, said(streetAddress="12 N ELM ST", secondaryAddress="APT 4", ZIPCode="48085"))
    found = usps.ask(ELM)
    assert found.suggestion == Address("12 N Elm St", "Apt 4", "Troy", "MI", "48085", "US")


def test_the_answer_is_kept_for_every_writing_of_the_address(post: Post) -> None:
    post.answer(200, said(streetAddress="12 N ELM ST"))
    first = usps.ask(ELM)
    again = Address("12 elm st.", "", "TROY", "MI", "48084-1234", "US")
    assert usps.ask(again) == first
    assert usps.recalled([again, Address()]) == {again: first}
    assert len(post.asked) == 1


def test_an_unknown_address_is_not_confirmed_and_that_is_kept(post: Post) -> None:
    post.answer(404, problem(404, "Address Not Found."))
    assert usps.ask(ELM).level == CheckLevel.REFUSED
    assert usps.ask(ELM).reasons == ("USPS knows no such address",)
    assert len(post.asked) == 1


def test_a_question_that_usps_cannot_read_is_not_confirmed(post: Post) -> None:
    post.answer(400, problem(400, "streetAddress is invalid"))
    assert usps.ask(ELM).level == CheckLevel.REFUSED


@pytest.mark.parametrize("expires_in", [28799, "28799"])
def test_a_token_serves_as_long_as_it_is_good(post: Post, expires_in: Any) -> None:
    post.expires_in = expires_in
    post.answer(200, said())
    usps.ask(ELM)
    usps.ask(Address("14 Elm Street", "", "Troy", "MI", "48084", "US"))
    assert (post.tokens, len(post.asked)) == (1, 2)


@pytest.mark.parametrize("expires_in", ["0", 30, None, "soon", [], "nan"])
def test_a_token_that_has_run_out_is_not_used_again(post: Post, expires_in: Any) -> None:
    post.expires_in = expires_in
    post.answer(200, said())
    usps.ask(ELM)
    usps.ask(Address("14 Elm Street", "", "Troy", "MI", "48084", "US"))
    assert post.bearers == ["Bearer token-1", "Bearer token-2"]


def test_a_refused_token_is_renewed_once(post: Post) -> None:
    post.answer(401, problem(401, "Invalid token"))
    post.answer(200, said())
    assert usps.ask(ELM).level == CheckLevel.CONFIRMED
    assert post.bearers == ["Bearer token-1", "Bearer token-2"]


def test_refused_twice_or_at_the_door_is_no_use(post: Post) -> None:
    post.answer(401, problem(401, "Invalid token"))
    with pytest.raises(NotLetIn, match="USPS_CLIENT_ID"):
        usps.ask(ELM)
    assert len(post.asked) == 2
    post.token_status = 401
    wire._service.cache_clear()
    with pytest.raises(NotLetIn):
        usps.ask(ELM)
    assert len(post.asked) == 2


@pytest.mark.parametrize(
    ("said_later", "seconds"),
    [("120", 120), ("", 3600), ("soon", 3600), ("999999999999", 24 * 3600), ("-5", 3600)],
)
def test_usps_asks_for_quiet_and_gets_it(post: Post, said_later: str, seconds: int) -> None:
    post.answer(429, problem(429, "Quota exceeded"), Retry_After=said_later)
    with pytest.raises(NotNow) as first:
        usps.ask(ELM)
    assert first.value.seconds == pytest.approx(seconds, abs=2)
    with pytest.raises(NotNow):
        usps.ask(Address("14 Elm Street", "", "Troy", "MI", "48084", "US"))
    assert len(post.asked) == 1


def test_quiet_may_be_asked_for_until_a_time(post: Post) -> None:
    until = clock.now() + timedelta(minutes=10)
    post.answer(429, {}, Retry_After=until.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    with pytest.raises(NotNow) as told:
        usps.ask(ELM)
    assert told.value.seconds == pytest.approx(600, abs=3)


@pytest.mark.parametrize(
    "garbage",
    [b"<html>Sorry</html>", b"", b"[]", b'"Y"', b"null", b"{" * 5000, b"\xff\xfe", b"[" * 200_000],
)
def test_garbage_says_nothing_about_an_address(post: Post, garbage: bytes) -> None:
    post.answer(200, garbage)
    with pytest.raises(NotNow):
        usps.ask(ELM)
    assert usps.recalled([ELM]) == {}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"address": None, "additionalInfo": None},
        {"address": [], "additionalInfo": {"DPVConfirmation": ["Y"]}},
        {"address": {"streetAddress": 7, "city": {}, "state": None}, "additionalInfo": {}},
        {"address": {"streetAddress": "x" * 9_000, "city": "y" * 9_000, "state": "MICHIGAN"}},
    ],
)
def test_an_answer_of_another_shape_confirms_nothing(post: Post, odd: dict[str, Any]) -> None:
    post.answer(200, odd)
    found = usps.ask(ELM)
    assert found.level == CheckLevel.REFUSED
    if found.suggestion:
        read_location({"line1": found.suggestion.line1, "city": found.suggestion.city})


@pytest.mark.parametrize("status", [500, 503, 302, 204])
def test_trouble_at_usps_means_another_time(post: Post, status: int) -> None:
    post.answer(status, problem(status, "Trouble"), Location="http://127.0.0.1:1/")
    with pytest.raises(NotNow):
        usps.ask(ELM)


def test_a_slow_answer_is_not_waited_for(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wire.SECONDS == 5
    monkeypatch.setattr(wire, "SECONDS", 0.2)
    post.slow = 1.0
    post.answer(200, said())
    begun = time.monotonic()
    with pytest.raises(NotNow):
        usps.ask(ELM)
    assert time.monotonic() - begun < 0.9


def test_nobody_at_home_means_another_time(post: Post, settings: Any) -> None:
    settings.USPS_URL = "http://127.0.0.1:9"
    with pytest.raises(NotNow):
        usps.ask(ELM)


def test_an_hour_has_sixty_calls_and_then_the_next_one_comes(post: Post) -> None:
    post.answer(200, said())
    start = clock.now()
    with time_machine.travel(start, tick=False) as now:
        for n in range(wire.MOST_CALLS):
            usps.ask(Address(f"{n + 1} Elm Street", "", "Troy", "MI", "48084", "US"))
            now.shift(1)
        with pytest.raises(NotNow) as told:
            usps.ask(Address("99 Elm Street", "", "Troy", "MI", "48084", "US"))
        assert told.value.seconds == 3600 - wire.MOST_CALLS
        assert len(post.asked) == wire.MOST_CALLS
        now.shift(told.value.seconds)
        usps.ask(Address("99 Elm Street", "", "Troy", "MI", "48084", "US"))


class TheBudget(TransactionTestCase):
    def test_is_one_for_all_who_ask_at_the_same_time(self) -> None:
        cache.clear()
        taken: list[bool] = []

        def take() -> None:
            from django.db import connection

            for _ in range(10):
                try:
                    budget.take(clock.now(), most=25)
                    taken.append(True)
                except NotNow:
                    taken.append(False)
            connection.close()

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (taken.count(True), taken.count(False)) == (25, 15)
        cache.clear()


# In the house


class Context:
    """What the worker tells a task about its job."""

    def __init__(self, attempts: int = 0) -> None:
        self.job = type("Job", (), {"attempts": attempts})


def run(location: Location, attempts: int = 0) -> None:
    tasks.ask_usps(Context(attempts), location_id=location.pk)  # type: ignore[arg-type]


def jobs() -> list[int]:
    found = ProcrastinateJob.objects.filter(task_name="customers.ask_usps")
    return [job.args["location_id"] for job in found]


@pytest.fixture
def elm(make_customer: MakeCustomer, ana: User) -> Location:
    place = {"line1": ELM.line1, "city": "Troy", "state": "MI", "postal_code": "48084"}
    customer = make_customer("Bo Li", owner=ana, locations=[{**place, "country": "US"}])
    return Location.objects.get(customer=customer)


def test_without_credentials_nobody_is_asked(elm: Location) -> None:
    assert elm.check_level == CheckLevel.PLACE
    assert jobs() == []
    run(elm)


def test_saving_asks_the_worker_who_asks_usps(post: Post, elm: Location, ana: User) -> None:
    assert jobs() == [elm.pk]
    post.answer(200, said())
    events = Event.objects.count()
    run(elm)
    elm.refresh_from_db()
    assert elm.check_level == CheckLevel.CONFIRMED
    assert elm.county == "Oakland County"
    assert Event.objects.count() == events
    kept = read_location({**_columns(elm), "name": "Home"})
    actions.change_location(elm, kept, by=ana)
    elm.refresh_from_db()
    assert elm.check_level == CheckLevel.CONFIRMED, "the same lines stay confirmed"
    assert jobs() == [elm.pk]
    actions.change_location(elm, read_location({**_columns(elm), "line1": "1 Oak"}), by=ana)
    elm.refresh_from_db()
    assert elm.check_level == CheckLevel.PLACE
    assert jobs() == [elm.pk, elm.pk]


def _columns(place: Location) -> dict[str, str]:
    names = ("line1", "line2", "city", "state", "postal_code", "country")
    return {name: getattr(place, name) for name in names}


def test_many_at_once_are_never_asked_about(
    post: Post, make_customer: MakeCustomer, ana: User
) -> None:
    from regulars.customers.actions import NewCustomer
    from regulars.customers.facts import clean

    place = {"line1": "1 Elm", "city": "Troy", "state": "MI", "postal_code": "48084"}
    new = [NewCustomer(clean({"name": f"N {n}", "locations": [place]})) for n in range(3)]
    actions.add_many(new, by=ana)
    assert Location.objects.filter(check_level="place", latitude__isnull=False).count() == 3
    assert jobs() == []


def test_an_answer_about_lines_that_changed_meanwhile_is_dropped(elm: Location, ana: User) -> None:
    old = Location.objects.get(pk=elm.pk)
    actions.change_location(elm, read_location({**_columns(elm), "line1": "1 Oak"}), by=ana)
    assert not actions.mark_checked(old, Checked(CheckLevel.CONFIRMED), by=None)
    elm.refresh_from_db()
    assert elm.check_level == CheckLevel.PLACE


def test_another_time_is_tried_again_and_in_the_end_given_up(post: Post, elm: Location) -> None:
    post.answer(503, {})
    with pytest.raises(NotNow) as told:
        run(elm)
    again = tasks.WhenAllowed()
    decision = again.get_retry_decision(exception=told.value, job=Context().job)  # type: ignore[arg-type]
    assert decision
    assert decision.retry_at
    assert decision.retry_at > clock.now() + timedelta(seconds=wire.LATER - 5)
    assert again.get_retry_decision(exception=ValueError(), job=Context().job) is None  # type: ignore[arg-type]
    run(elm, attempts=tasks.ATTEMPTS - 1)
    elm.refresh_from_db()
    assert elm.check_level == CheckLevel.PLACE


def test_wrong_credentials_are_said_in_the_log(
    post: Post, elm: Location, caplog: pytest.LogCaptureFixture
) -> None:
    post.token_status = 401
    post.answer(200, said())
    run(elm)
    assert "USPS_CLIENT_ID" in caplog.text


ABROAD = [
    Address("1 Elm", "", "Windsor", "ON", "N9A 1A1", "CA"),
    Address("", "", "Troy", "MI", "48084", "US"),
    Address("1 Elm", "", "", "MI", "", "US"),
    Address("1 Elm", "", "Troy", "", "48084", "US"),
]


@pytest.mark.parametrize("address", ABROAD)
def test_what_usps_cannot_know_is_not_asked(address: Address) -> None:
    assert not usps.can_be_asked(address)
