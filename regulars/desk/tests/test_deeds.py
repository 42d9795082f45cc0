"""What is done in one press: a plain form redirects, a region answers, the wrong person may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renée Castellanos", owner=ana, email="r@lake.example", tags=["VIP"])


def at(customer: Customer, deed: str) -> str:
    return f"{customer.get_absolute_url()}{deed}/"


def last(customer: Customer) -> Event:
    event = customer.events.order_by("-id").first()
    assert event is not None
    return event


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (
            {"kind": "note.added", "text": " Likes blue.\r\nNo sedans. "},
            {"text": "Likes blue.\nNo sedans."},
        ),
        (
            {"kind": "note.added", "text": "x", "type": "visit", "call_status": "busy"},
            {"text": "x", "type": "Visit", "call_status": "busy"},
        ),
        ({"kind": "call.made", "outcome": "reached"}, {"outcome": "reached"}),
        ({"kind": "call.made", "outcome": "left a message"}, {"outcome": "left a message"}),
        (
            {"kind": "call.made", "outcome": "no answer", "text": "twice"},
            {"outcome": "no answer", "missed": True, "text": "twice"},
        ),
        ({"kind": "text.sent", "text": "Yes!", "outcome": "no answer"}, {"text": "Yes!"}),
        ({"kind": "email.sent", "subject": "Price", "type": "Visit"}, {"subject": "Price"}),
    ],
)
def test_logging_keeps_what_belongs_to_the_kind(
    ana_in: Client, ana: User, renee: Customer, form: dict[str, str], data: dict[str, Any]
) -> None:
    answer = ana_in.post(at(renee, "events"), form)
    assert (answer.status_code, answer["Location"]) == (303, renee.get_absolute_url())
    event = last(renee)
    assert (event.kind, event.data, event.actor) == (form["kind"], data, ana)


@pytest.mark.parametrize(
    ("form", "waits"),
    [
        ({"kind": "note.added", "text": "x"}, True),
        ({"kind": "call.made", "outcome": "reached"}, False),
        ({"kind": "call.made", "outcome": "left a message"}, False),
        ({"kind": "call.made", "outcome": "no answer"}, True),
        ({"kind": "call.made", "outcome": "wrong number"}, True),
        ({"kind": "text.sent"}, False),
        ({"kind": "email.sent"}, False),
    ],
)
def test_logging_a_reply_resolves(
    ana_in: Client, renee: Customer, happens: Happens, form: dict[str, str], waits: bool
) -> None:
    happens(renee, ago=12)
    ana_in.post(at(renee, "events"), form)
    renee.refresh_from_db()
    assert (renee.waiting_since is not None) is waits


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "note.added", "text": "  "},
        {"kind": "customer.erased", "text": "x"},
        {"kind": "message.received", "text": "x"},
        {"kind": "note.added", "text": "x" * 8_001},
        {"kind": "note.added", "text": "nul \x00"},
        {"kind": "call.made", "outcome": "nobody knows"},
        {"kind": "call.made"},
    ],
)
def test_what_cannot_be_logged_is_said_and_what_was_typed_stays(
    ana_in: Client, renee: Customer, form: dict[str, str]
) -> None:
    answer = ana_in.post(at(renee, "events"), form)
    assert answer.status_code == 422
    assert 'id="composer-error"' in answer.content.decode()
    assert renee.events.count() == 1
    assert "<html" in answer.content.decode()


def test_over_a_list_a_refusal_is_said_and_the_list_stays(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    form = {"kind": "call.made", "next": "/"}
    answer = ana_in.post(at(renee, "events"), form, headers=htmx("queue", page="/"))
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    assert "Say how the call went; nothing was kept." in answer.content.decode()


def test_what_was_typed_stays(ana_in: Client, renee: Customer) -> None:
    form = {"kind": "call.made", "outcome": "nobody knows", "text": "a long story"}
    assert "a long story</textarea>" in ana_in.post(at(renee, "events"), form).content.decode()


# Resolving.


def test_resolving_is_for_all_that_waits_or_for_one(
    ana_in: Client, ana: User, renee: Customer, happens: Happens
) -> None:
    first, second = happens(renee, ago=30), happens(renee, ago=10)
    ana_in.post(at(renee, "resolve"), {"event": first.pk})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.answered_by, second.is_waiting) == (ana, True)
    answer = ana_in.post(at(renee, "resolve"), {"reason": "sold"}, follow=True)
    renee.refresh_from_db()
    assert renee.waiting_since is None
    assert "Renée Castellanos is resolved after 10 min." in answer.content.decode()
    assert last(renee).data == {"reason": "sold"}


def test_who_is_second_is_told_so_and_nothing_is_written(ana_in: Client, renee: Customer) -> None:
    answer = ana_in.post(at(renee, "resolve"), follow=True)
    assert "somebody was faster" in answer.content.decode()
    assert renee.events.count() == 1


@pytest.mark.parametrize("event", ["x", "-1", "9" * 30, "12.5", "999999999"])
def test_an_event_that_is_not_theirs_is_missing(
    ana_in: Client, renee: Customer, happens: Happens, event: str
) -> None:
    happens(renee)
    assert ana_in.post(at(renee, "resolve"), {"event": event}).status_code == 404


def test_another_customers_event_is_missing_too(
    ana_in: Client, renee: Customer, happens: Happens, make_customer: MakeCustomer, ana: User
) -> None:
    happens(renee)
    other = happens(make_customer("Other Person", owner=ana))
    assert ana_in.post(at(renee, "resolve"), {"event": other.pk}).status_code == 404


def test_an_answered_question_says_so_on_the_page(
    ana_in: Client, renee: Customer, happens: Happens
) -> None:
    happens(renee, ago=12)
    page = ana_in.post(
        at(renee, "events"), {"kind": "call.made", "outcome": "reached"}, follow=True
    ).content.decode()
    assert "Answered in 12 min by you" in page
    assert "Renée is answered after 12 min." in page


# Tags, away and back.


def test_tags_go_on_and_off(ana_in: Client, renee: Customer) -> None:
    ana_in.post(at(renee, "tags"), {"tag": " Fleet "})
    ana_in.post(at(renee, "tags"), {"off": "VIP"})
    assert list(renee.tags.values_list("name", flat=True)) == ["Fleet"]


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_tag_without_a_name_is_refused_beside_the_field(
    ana_in: Client, renee: Customer, htmx: Headers, name: str
) -> None:
    answer = ana_in.post(at(renee, "tags"), {"tag": name}, headers=htmx("record"))
    assert answer.status_code == 422
    assert 'id="tag-error"' in answer.content.decode()


def test_no_field_is_called_like_what_a_browser_does_to_its_form(
    ana_in: Client, renee: Customer
) -> None:
    taken = {"remove", "submit", "reset", "matches", "closest", "id", "append", "before", "after"}
    page = ana_in.get(renee.get_absolute_url()).content.decode()
    names = {part.split('"', 1)[0] for part in page.split(' name="')[1:]}
    assert not names & taken


def test_known_tags_complete_what_is_typed(ana_in: Client, renee: Customer) -> None:
    assert '<option value="VIP">' in ana_in.get("/customers/tags/").content.decode()


def test_archived_is_said_and_taken_back(ana_in: Client, renee: Customer) -> None:
    page = ana_in.post(at(renee, "archive"), follow=True).content.decode()
    assert "is archived" in page
    assert "Bring back" in page
    page = ana_in.post(at(renee, "restore"), follow=True).content.decode()
    assert "is back on the lists" in page
    renee.refresh_from_db()
    assert not renee.is_archived


# All of them.

DEEDS: dict[str, dict[str, str]] = {
    "events": {"kind": "note.added", "text": "x"},
    "resolve": {},
    "tags": {"tag": "Fleet"},
    "archive": {},
    "restore": {},
    "owner": {"owner": ""},
    "edit": {"first_name": "X", "type": "lead"},
    "contacts": {"first_name": "X"},
    "locations": {"line1": "X"},
}
every = pytest.mark.parametrize("deed", DEEDS)


@every
def test_a_foreign_customer_cannot_be_touched(
    ana_in: Client, make_customer: MakeCustomer, ben: User, deed: str
) -> None:
    foreign = make_customer("Foreign Person", owner=ben)
    theirs = ana_in.post(at(foreign, deed), DEEDS[deed])
    nobodys = ana_in.post(f"/customers/{uuid4()}/{deed}/", DEEDS[deed])
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert foreign.events.count() == 1


@every
def test_who_may_only_look_is_refused(
    signed_in: Callable[[User], Client], omar: User, renee: Customer, deed: str
) -> None:
    assert signed_in(omar).post(at(renee, deed), DEEDS[deed]).status_code == 403
    assert renee.events.count() == 1


@every
def test_a_deed_is_posted_never_fetched(ana_in: Client, renee: Customer, deed: str) -> None:
    before = renee.events.count()
    answer = ana_in.get(at(renee, deed))
    assert answer.status_code in (200, 405)
    assert renee.events.count() == before


@pytest.mark.parametrize("deed", ["events", "resolve", "tags", "owner"])
def test_on_its_own_page_a_deed_answers_with_regions(
    ana_in: Client, renee: Customer, happens: Happens, htmx: Headers, deed: str
) -> None:
    happens(renee)
    target = {"events": "composer", "owner": "editor"}.get(deed, "timeline")
    headers = htmx(target, page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, deed), DEEDS[deed], headers=headers)
    region = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in region
    for beside in {"#timeline", "#record", "#dock"} - {f"#{target}"}:
        assert f'hx-target="{beside}"' in region


def test_from_another_page_it_goes_back_there(
    ana_in: Client, renee: Customer, happens: Happens, htmx: Headers
) -> None:
    happens(renee)
    answer = ana_in.post(at(renee, "resolve"), {"next": "/customers/?sort=name"})
    assert (answer.status_code, answer["Location"]) == (303, "/customers/?sort=name")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_another_site_is_never_next(
    ana_in: Client, renee: Customer, happens: Happens, elsewhere: str
) -> None:
    happens(renee)
    answer = ana_in.post(at(renee, "resolve"), {"next": elsewhere})
    assert answer["Location"] == renee.get_absolute_url()


def test_a_shelf_stays_chosen_over_a_deed(
    ana_in: Client, renee: Customer, happens: Happens, htmx: Headers
) -> None:
    happens(renee, "email.received", ago=timedelta(minutes=9), subject="Hello")
    headers = htmx("timeline", page=f"{renee.get_absolute_url()}?shelf=email")
    region = ana_in.post(at(renee, "resolve"), headers=headers).content.decode()
    log = region[: region.index("<hx-partial")]
    assert "wrote “Hello”" in log
    assert "resolved it" not in log


def test_the_forms_are_safe_against_other_sites(renee: Customer, ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana, "regulars.staff.sign_in.backend.Backend")
    for deed, form in DEEDS.items():
        assert strict.post(at(renee, deed), form).status_code == 403


def test_archiving_twice_is_archiving_once(ana_in: Client, ana: User, renee: Customer) -> None:
    actions.archive(renee, by=ana)
    before = renee.events.count()
    ana_in.post(at(renee, "archive"))
    assert renee.events.count() == before


def test_a_tag_shows_its_colour_and_who_put_it_there(
    ana_in: Client, renee: Customer, ada: User
) -> None:
    actions.add_tag("Loyal", colour="green", by=ada)
    ana_in.post(at(renee, "tags"), {"tag": "loyal"})
    page = ana_in.get(renee.get_absolute_url()).content.decode()
    assert 'class="tag green"' in page
    assert "Added by Ana Ferreira, " in page
    beside = ana_in.get(f"/customers/?panel={renee.public_id}").content.decode()
    assert '<span class="tag green">Loyal</span>' in beside
