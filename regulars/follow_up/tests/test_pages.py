"""The list of what is due, a task's form, and the steps on the customer's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.follow_up import actions, pressing
from regulars.follow_up.due import Due
from regulars.follow_up.facts import TaskFacts
from regulars.follow_up.models import Kind, State, Task
from regulars.follow_up.queries import EACH, MATES, PAGE, Asked, Whose, one_list
from regulars.lib import clock
from regulars.staff.actions import set_limit
from regulars.staff.models import Role, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)  # ten in the morning in Detroit
MOST_STATEMENTS = 8


@pytest.fixture
def rita(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana)


def add(who: Customer, title: str, due: Due = Due(), **more: Any) -> Task:  # noqa: B008
    return actions.add(who, TaskFacts(title, Kind.CALL, due=due), by=who.owner, **more)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_is_due_stands_under_when_it_is_due(ana_in: Client, rita: Customer) -> None:
    with clock.at(NOW):
        add(rita, "Whenever")
        add(rita, "In summer", Due(on=date(2027, 7, 1)))
        add(rita, "Tonight", Due(at=NOW + timedelta(hours=9)))
        add(rita, "Promised", Due(on=date(2026, 11, 20)))
        said = text(ana_in.get("/tasks/"))
    order = [
        "Overdue",
        "Promised",
        ">Today<",
        "Tonight",
        "Upcoming",
        "In summer",
        "No date",
        "Whenever",
    ]
    places = [said.index(word) for word in order]
    assert places == sorted(places)
    assert "1 Jul 2027" in said
    assert 'id="badge-tasks" class="late">2<' in said


def test_mine_are_mine_and_the_teams_are_anybodys_too(
    ana_in: Client, rita: Customer, make_customer: MakeCustomer, cleo: User, mia: User, ben: User
) -> None:
    add(rita, "Mine")
    add(rita, "Cleo is asked", assignee=cleo)
    add(rita, "Anybody may", assignee=None)
    add(rita, "Mia is asked", assignee=mia)
    add(make_customer("Foreign One", owner=ben), "Secret")

    def shown(whose: str) -> set[str]:
        said = text(ana_in.get("/tasks/", {"whose": whose}))
        every = ("Mine", "Cleo is asked", "Anybody may", "Mia is asked", "Secret")
        return {title for title in every if f"{title}</span>" in said}

    assert shown("mine") == {"Mine"}
    assert shown("team") == {"Mine", "Cleo is asked", "Anybody may"}
    assert shown("all") == {"Mine", "Cleo is asked", "Anybody may", "Mia is asked"}


@pytest.mark.parametrize("address", ["", "&when=none", "&when=overdue", "&state=done"])
def test_the_list_of_a_large_team_is_asked_for_as_shortly_as_that_of_a_small_one(
    signed_in: Callable[[User], Client], ana: User, ada: User, rita: Customer, address: str
) -> None:
    many = [
        User(email=f"{n}@team.example", name=f"Mate {n}", team=ana.team, role=ana.role)
        for n in range(MATES)
    ]
    one, *_ = User.objects.bulk_create(many)
    due = Due(on=date(2026, 1, 1)) if address.endswith("overdue") else Due()
    for who, title in ((ana, "Hers"), (one, "A mate's"), (None, "Anybody's"), (ada, "Foreign")):
        task = add(rita, title, due, assignee=who)
        if address.endswith("done"):
            actions.finish(task, by=ana)
    with CaptureQueriesContext(connection) as asked:
        said = text(signed_in(ana).get(f"/tasks/?whose=team{address}"))
    for title in ("Hers", "A mate", "Anybody"):
        assert title in said
    assert "Foreign" not in said
    assert max(len(one["sql"]) for one in asked.captured_queries) < 12_000


def test_tasks_about_whom_one_no_longer_sees_are_gone_and_not_counted(
    ana_in: Client, rita: Customer, ana: User, ben: User
) -> None:
    add(rita, "Secret", Due(on=date(2026, 1, 1)))
    Customer.objects.filter(pk=rita.pk).update(owner=ben, store=ben.store)
    assert Task.objects.get().assignee == ana
    said = text(ana_in.get("/tasks/"))
    assert "Secret" not in said
    assert 'id="badge-tasks" class="" hidden>0<' in said


@pytest.mark.parametrize("within", ["", "tag:VIP"])
def test_the_count_in_the_rail_starts_at_the_one_gate(
    make_customer: MakeCustomer, ana: User, ben: User, mia: User, omar: User, ada: User, within: str
) -> None:
    people = [ana, ben, mia, omar, ada]
    for owner in (*people, None):
        for store in (ana.store, ben.store, None):
            for tags in ([], ["VIP"]):
                who = make_customer("Rita Moss", owner=owner, store=store, tags=tags)
                due = Due(on=date(2026, 11, 26))
                Task.objects.bulk_create(
                    Task(customer=who, title="T", due_on=due.on, due_by=due.by, assignee=user)
                    for user in people
                )
    for role in Role.objects.filter(key__in=["salesperson", "manager"] if within else []):
        set_limit(role, within=within, by=ada)
    request = RequestFactory().get("/")
    for user in User.objects.select_related("role", "store").filter(is_active=True):
        for now, late in ((NOW, False), (NOW + timedelta(days=1), True)):
            with clock.at(now), timezone.override("America/Detroit"):
                found = pressing.pressing(request, user)
                pressing._known.clear()
                mine, _ = one_list(
                    user, Asked(Whose.MINE), now, timezone.get_current_timezone(), 500
                )
            seen = len(mine)
            assert (found.count, found.late) == (seen, late and seen > 0), user


def test_customers_who_were_put_away_press_nobody(
    ana_in: Client, rita: Customer, ana: User
) -> None:
    add(rita, "Call her")
    customers.archive(rita, by=ana)
    assert "Call her" not in text(ana_in.get("/tasks/"))
    assert "Call her" in text(ana_in.get("/tasks/", {"customer": str(rita.public_id)}))


def test_a_task_is_ticked_off_and_the_undo_opens_it_again(
    ana_in: Client, rita: Customer, htmx: Any
) -> None:
    task = add(rita, "Call her")
    answer = ana_in.post(f"/tasks/{task.pk}/done/", {"next": "/tasks/?whose=all"})
    assert (answer.status_code, answer["Location"]) == (303, "/tasks/?whose=all")
    said = text(ana_in.get("/tasks/"))
    assert "Done: Call her" in said
    undo = f"/tasks/{task.pk}/reopen/?next=/tasks/%3Fwhose%3Dall"
    assert undo in said
    assert Task.objects.get().state == State.DONE
    assert ana_in.post(undo)["Location"] == "/tasks/?whose=all"
    assert Task.objects.get().state == State.TODO
    region = ana_in.post(
        f"/tasks/{task.pk}/done/",
        {"next": "/tasks/"},
        headers=htmx("tasks", "/tasks/"),
        follow=True,
    )
    assert "<html" not in text(region)
    assert "Done: Call her" in text(region)
    assert "badge-tasks" in text(region)


def test_where_a_form_leads_stays_on_this_site(ana_in: Client, rita: Customer) -> None:
    task = add(rita, "Call her")
    answer = ana_in.post(f"/tasks/{task.pk}/done/", {"next": "https://evil.example/"})
    assert answer["Location"] == rita.get_absolute_url()


def test_done_and_archived_are_lists_of_their_own(
    ana_in: Client, rita: Customer, ana: User
) -> None:
    actions.finish(add(rita, "Was done"), by=ana)
    actions.archive(add(rita, "Was put away"), by=ana)
    done, away = (text(ana_in.get("/tasks/", {"state": s})) for s in ("done", "archived"))
    assert "Was done" in done
    assert "Was done" not in away
    assert "Was put away" in away


@pytest.mark.parametrize("due", [Due(on=date(2026, 12, 24)), Due()])
def test_a_long_section_leads_to_a_list_that_goes_on(
    ana_in: Client, rita: Customer, ana: User, htmx: Any, due: Due
) -> None:
    Task.objects.bulk_create(
        Task(customer=rita, title=f"T{n}", due_on=due.on, due_by=due.by, assignee=ana)
        for n in range(PAGE + 3)
    )
    when = "upcoming" if due.on else "none"
    with clock.at(NOW):
        said = text(ana_in.get("/tasks/"))
        assert said.count('id="t-') == EACH
        assert f"/tasks/?when={when}" in said
        first = text(ana_in.get("/tasks/", {"when": when}))
        assert first.count('id="t-') == PAGE
        onward = first.split('hx-get="/tasks/?')[1].split('"')[0].replace("&amp;", "&")
        rest = text(ana_in.get(f"/tasks/?{onward}", headers=htmx("next-page", "/tasks/")))
        assert rest.count('id="t-') == 3
        assert ana_in.get("/tasks/", {"when": when, "cursor": "bent"}).status_code == 303


def test_behind_many_of_customers_one_does_not_see_the_list_goes_on(
    ana_in: Client, rita: Customer, make_customer: MakeCustomer, ana: User, ben: User, ada: User,
    htmx: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    theirs = make_customer("Foreign One", owner=ben)
    for n, who in enumerate([*[theirs] * 20, rita, theirs, rita]):
        add(who, f"T{n}", Due(on=date(2026, 1, 1 + n)))
    monkeypatch.setattr("regulars.follow_up.queries.LOOKED_AT", 16)
    said = text(ana_in.get("/tasks/?whose=all"))
    assert "Look further for what is overdue" in said
    onward, pages, found = "/tasks/?whose=all&when=overdue", 0, []
    while onward:
        page = text(ana_in.get(onward, headers=htmx("next-page", "/tasks/")))
        found += re.findall(r"T\d+(?=</span>)", page)
        links = re.findall(r'hx-get="(/tasks/\?[^"]*cursor[^"]*)"', page)
        onward = links[0].replace("&amp;", "&") if links else ""
        pages += 1
    assert list(dict.fromkeys(found)) == ["T20", "T22"]
    assert pages == 2
    assert "Foreign" not in said


@pytest.mark.parametrize(
    "asked", [{}, {"whose": "all"}, {"whose": "team"}, {"state": "done"}, {"when": "today"}]
)
def test_a_page_takes_as_many_statements_for_one_as_for_many(
    ana_in: Client, rita: Customer, make_customer: MakeCustomer, ana: User, asked: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for n in range(12):
        task = add(make_customer(f"Person {n}", owner=ana), f"T{n}", Due(on=clock.now().date()))
        if n % 2:
            actions.finish(task, by=ana)
    with django_assert_max_num_queries(MOST_STATEMENTS):
        ana_in.get("/tasks/", asked)


# --- Writing


def test_a_task_is_added_with_one_line_on_the_customers_page(
    ana_in: Client, rita: Customer, ana: User, htmx: Any
) -> None:
    said = text(ana_in.get(rita.get_absolute_url()))
    assert "What is the next step?" in said
    body = {
        "customer": str(rita.public_id),
        "title": "Send the colours",
        "due": "2026-12-01",
        "next": rita.get_absolute_url(),
    }
    region = ana_in.post(
        "/tasks/new/", body, headers=htmx("panels", rita.get_absolute_url()), follow=True
    )
    assert 'id="panels"' in text(region)
    assert "Send the colours" in text(region)
    task = Task.objects.get()
    assert (task.due_on, task.assignee, task.kind) == (date(2026, 12, 1), ana, Kind.ACTION)


def test_a_task_begun_from_the_list_asks_whom_it_is_about(
    ana_in: Client, rita: Customer, make_customer: MakeCustomer, ben: User
) -> None:
    make_customer("Rita Foreign", owner=ben)
    assert 'href="/tasks/new/?next=%2Ftasks%2F"' in text(ana_in.get("/tasks/"))
    asked = text(ana_in.get("/tasks/new/", {"next": "/tasks/", "q": "rita"}))
    assert "Rita Moss" in asked
    assert "Foreign" not in asked
    (to,) = re.findall(r'href="(/tasks/new/\?customer=[^"]*)"', asked)
    form = text(ana_in.get(to.replace("&amp;", "&")))
    assert "Rita Moss" in form
    answer = ana_in.post(
        "/tasks/new/", {"customer": rita.public_id, "title": "Call", "next": "/tasks/"}
    )
    assert answer["Location"] == "/tasks/"
    assert Task.objects.get().customer == rita
    assert "Nobody you may see" in text(ana_in.get("/tasks/new/", {"q": "foreign"}))
    assert "Shown instead: moss" in text(ana_in.get("/tasks/new/", {"q": "mosss"}))
    hits = ana_in.get(
        "/tasks/new/", {"q": "rita"}, headers={"HX-Request": "true", "HX-Target": "div#hits"}
    )
    assert text(hits).lstrip().startswith('<div class="wide whom" id="hits"')


def test_the_steps_cost_the_customers_page_no_statement(
    ana_in: Client, rita: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        add(rita, f"Step {n}", Due(on=date(2026, 12, n + 1)))
    ana_in.get(rita.get_absolute_url())
    with django_assert_max_num_queries(MOST_STATEMENTS):
        said = text(ana_in.get(rita.get_absolute_url()))
    assert said.count('class="box"') == 8
    assert "All tasks" in said


def test_a_form_that_was_sent_wrong_says_what_and_keeps_what_was_typed(
    ana_in: Client, rita: Customer
) -> None:
    about = {"customer": str(rita.public_id)}
    for body, sentence in (
        ({"title": ""}, "Say what is to be done"),
        ({"title": "Kept", "time": "10:00"}, "Choose the day too"),
        ({"title": "Kept", "due": "0001-01-01"}, "Choose a day between 2000 and 2199"),
    ):
        answer = ana_in.post("/tasks/new/", {**about, **body})
        assert answer.status_code == 422
        assert sentence in text(answer)
        assert body["title"] in text(answer)
    assert not Task.objects.exists()


def test_everything_of_a_task_is_changed_in_one_form(
    ana_in: Client, rita: Customer, cleo: User, ben: User
) -> None:
    task = add(rita, "Call her", Due(at=NOW))
    said = text(ana_in.get(f"/tasks/{task.pk}/"))
    assert 'value="2026-11-26"' in said
    assert 'value="10:00"' in said, "in her own zone"
    body = {
        "title": "Text her", "kind": "text", "due": "2026-12-02", "time": "09:15",
        "assignee": str(cleo.pk), "description": "About the colours", "next": "/tasks/",
    }  # fmt: skip
    assert ana_in.post(f"/tasks/{task.pk}/", body)["Location"] == "/tasks/"
    task.refresh_from_db()
    assert (task.title, task.kind, task.assignee) == ("Text her", Kind.TEXT, cleo)
    assert task.due_at == datetime(2026, 12, 2, 14, 15, tzinfo=UTC)
    assert ana_in.post(f"/tasks/{task.pk}/", {**body, "assignee": str(ben.pk)}).status_code == 422


def test_who_may_only_look_is_offered_nothing_to_press(
    signed_in: Any, rita: Customer, omar: User, ana: User
) -> None:
    task = add(rita, "Call her")
    looks = signed_in(omar)
    said = text(looks.get("/tasks/", {"whose": "all"}))
    assert "Call her" in said
    assert "/done/" not in said
    assert "Add a step" not in text(looks.get(rita.get_absolute_url()))
    assert looks.post(f"/tasks/{task.pk}/done/").status_code == 403
    assert Task.objects.get().state == State.TODO


def test_the_record_as_it_was_and_its_export_have_the_tasks(
    ada_in: Client, rita: Customer, ana: User
) -> None:
    task = add(rita, "Call her about spring")
    actions.finish(task, by=ana)
    said = text(ada_in.get(f"{rita.get_absolute_url()}history/"))
    assert "Call her about spring" in said
