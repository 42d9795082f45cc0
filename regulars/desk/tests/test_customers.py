"""The list of customers: rows, tabs, chips, pages, the panel, and what is remembered."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulars.customers import actions, columns, queries
from regulars.customers.models import Customer, Tag
from regulars.desk import queries as desk
from regulars.lib import clock, ids
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import Happens, MakeCustomer

SignedIn = Callable[[User], Client]
Headers = Callable[..., dict[str, str]]


def names_in(html: str) -> list[str]:
    return re.findall(r'<tr [^>]*data-name="([^"]+)"', html)


def chips_in(html: str) -> list[str]:
    found = re.findall(r'<span class="chip x">(.*?)<a ', html, re.S)
    return [" ".join(re.sub(r"<[^>]+>", "", chip).split()) for chip in found]


def test_the_latest_activity_stands_first(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    first = make_customer("Ada First", owner=ana, created_at=clock.now() - timedelta(days=9))
    make_customer("Bo Second", owner=ana, created_at=clock.now() - timedelta(days=2))
    assert names_in(ana_in.get("/customers/").text) == ["Bo Second", "Ada First"]
    happens(first, "page.visited")
    assert names_in(ana_in.get("/customers/").text) == ["Ada First", "Bo Second"]


def test_a_row_says_who_why_how_long_and_whose(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    customer = make_customer(owner=ana, phone="(734) 555-0162")
    happens(customer, "message.received", ago=41, text="Is the blue one still there?")
    html = ana_in.get("/customers/").text
    row = html[html.index(f'<tr id="c-{customer.public_id}"') :]
    assert 'class="unread"' in row
    assert 'class="age late"' in row
    assert "41 min" in row
    assert "Is the blue one still there?" in row
    assert "Financial rating: not enough data" in row
    assert "Ana Ferreira" in row
    assert f'formaction="{customer.get_absolute_url()}resolve/"' in row


def test_nothing_typed_gets_into_a_row_as_markup(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    evil = "\"'><script>x</script>"
    ana.name = evil
    ana.save()
    customer = make_customer(evil, owner=ana, tags=[evil], email="o'x&y@x.example")
    happens(customer, "message.received", text=evil)
    every = ".".join(["comfortable", *columns.offered()])
    ana_in.cookies[f"list-{ana.pk}"] = every
    html = ana_in.get("/customers/").text
    row = html[html.index(f'<tr id="c-{customer.public_id}"') : html.index("</tbody>")]
    assert "<script>x" not in html
    assert row.count("&#34;&#39;&gt;&lt;script&gt;") > 8
    assert 'href="mailto:o%27x%26y@x.example"' in row


def test_an_unassigned_customer_says_so(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer(store=ana.store)
    assert '<span class="nm dim">Unassigned</span>' in ana_in.get("/customers/").text


@pytest.mark.parametrize(
    ("query", "expected", "chips"),
    [
        ("", ["Nell", "Una", "Cora", "Mina"], []),
        ("waiting=1", ["Una"], ["Waiting for an answer"]),
        ("owner=me", ["Mina"], ["Owner is me"]),
        ("owner=me&owner=unassigned", ["Nell", "Una", "Mina"], ["Owner is me or nobody"]),
        ("owner=Cleo+Marsh", ["Cora"], ["Owner is Cleo Marsh"]),
        ("team=mine", ["Cora", "Mina"], ["Team is my team"]),
        ("tag=VIP", ["Mina"], ["Tag is VIP"]),
        ("type=account", ["Cora"], ["Type is Account"]),
        ("created=7d", ["Nell", "Una", "Cora"], ["Created in the last 7 days"]),
        ("unread=1", ["Una"], ["Unread"]),
        ("filter=owner:me or tag:VIP", ["Mina"], ["Owner is me or tag is VIP"]),
        ("q=cor", ["Cora"], ["Found by cor"]),
        ("sort=name", ["Cora", "Mina", "Nell", "Una"], ["Sorted by name"]),
        ("archived=1", ["Gus"], ["Archived"]),
    ],
)
def test_the_address_is_the_filter_and_says_itself_in_words(
    query: str, expected: list[str], chips: list[str],
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer, happens: Happens,
) -> None:  # fmt: skip
    now = clock.now()
    make_customer("Mina", owner=ana, tags=["VIP"], created_at=now - timedelta(days=30))
    make_customer("Cora", owner=cleo, type="account", created_at=now - timedelta(days=3))
    una = make_customer("Una", store=ana.store, created_at=now - timedelta(days=2))
    happens(una, ago=timedelta(days=1))
    make_customer("Nell", store=ana.store, created_at=now - timedelta(minutes=5))
    actions.archive(make_customer("Gus", owner=ana), by=ana)
    html = ana_in.get(f"/customers/?{query}").text
    assert names_in(html) == expected
    assert chips_in(html) == chips
    assert ('<a class="link clear" href="/customers/">Clear filters</a>' in html) == bool(query)


def test_a_chip_is_taken_away_and_the_rest_stays(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer(owner=ana)
    html = ana_in.get("/customers/?owner=me&type=lead&sort=name").text
    assert 'href="?owner=me&amp;sort=name" aria-label="Remove filter: Type is Lead"' in html


def test_a_filter_that_cannot_be_read_shows_where_and_nobody(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer(owner=ana)
    answer = ana_in.get("/customers/?filter=waiting+and+ownr:me")
    assert answer.status_code == 422
    assert '<a class="link" href="?filter=waiting+and+owner%3Ame"' in answer.text
    assert "<mark>ownr</mark>" in answer.text
    assert 'value="waiting and ownr:me"' in answer.text
    assert names_in(answer.text) == []
    assert '<a class="link clear" href="/customers/">Clear filters</a>' in answer.text


def test_a_wrong_parameter_is_said_in_words(ana_in: Client) -> None:
    answer = ana_in.get("/customers/?owner=Zed")
    assert answer.status_code == 422
    assert "There is no owner “Zed”" in answer.text


def test_nobody_fits_offers_the_way_back(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer(owner=ana)
    assert "Nobody fits" in ana_in.get("/customers/?type=account").text
    assert "Nobody is waiting" in ana_in.get("/customers/?waiting=1").text


def test_a_misspelt_name_in_the_list_says_who_may_be_meant(
    ana_in: Client, ana: User, ben: User, make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    make_customer("Antonio Moreno", owner=ana)
    make_customer("Sol Southern", owner=ben)
    ana_in.get("/customers/?type=lead&q=morneo")
    with django_assert_max_num_queries(8):
        html = ana_in.get("/customers/?type=lead&q=morneo").text
    assert '<a class="btn" href="?type=lead&amp;q=moreno">Did you mean Moreno?</a>' in html
    assert "Did you mean" not in ana_in.get("/customers/?q=suothern").text
    assert "Did you mean" not in ana_in.get("/customers/?q=moreno").text


def test_words_that_are_a_filter_say_so_where_they_find_nobody(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer(owner=ana)
    html = ana_in.get("/customers/?type=lead&q=waiting").text
    assert 'href="?type=lead&amp;waiting=1"' in html
    assert '<span class="lab">Waiting for an answer</span>' in html
    html = ana_in.get("/customers/?q=more+than+2+open+tasks").text
    assert '<span class="lab">Has at least 3 tasks that are open</span>' in html


def test_the_very_first_page_says_what_to_do(ana_in: Client) -> None:
    assert "No customers yet" in ana_in.get("/customers/").text


def test_tabs_count_what_an_index_answers(
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    make_customer("A", owner=ana)
    make_customer("B", owner=cleo)
    happens(make_customer("C", store=ana.store))
    html = ana_in.get("/customers/").text
    tabs = re.search(r'<nav class="views".*?<span class="end">', html, re.S)
    assert tabs is not None
    words = re.sub(r"<[^>]+>", " ", tabs[0]).split()
    assert " ".join(words) == ("All 3 Waiting 1 Unread Mine 1 Unassigned 1 My team New this week")


def test_a_page_goes_on_where_the_last_one_ended(
    ana_in: Client, ana: User, make_customer: MakeCustomer, htmx: Headers
) -> None:
    for n in range(queries.PAGE + 7):
        make_customer(f"N{n:02}", owner=ana, created_at=clock.now() - timedelta(hours=n + 1))
    first = ana_in.get("/customers/").text
    more = re.search(r'<a class="more" href="([^"]+)"', first)
    assert more is not None
    url = "/customers/" + more[1].replace("&amp;", "&")
    plain = ana_in.get(url).text
    assert names_in(first) + names_in(plain) == [f"N{n:02}" for n in range(queries.PAGE + 7)]
    headers = htmx("next-page") | {"HX-Target": "tbody#next-page"}
    region = ana_in.get(url, headers=headers).text
    assert names_in(region) == names_in(plain)
    assert region.lstrip().startswith("<tbody data-live=")
    assert '<tbody id="next-page"></tbody>' in region


def test_a_foreign_cursor_starts_anew(
    ana_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer("Ada", owner=ana)
    assert names_in(ana_in.get("/customers/?cursor=nonsense").text) == ["Ada"]


def test_the_panel_tells_of_one_customer_beside_the_list(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens, htmx: Headers
) -> None:
    customer = make_customer(
        owner=ana, phone="(734) 555-0162", tags=["VIP"],
        locations=[{"city": "Ypsilanti", "state": "MI", "primary": True}],
    )  # fmt: skip
    happens(customer, ago=41, text="Can I come on Saturday?")
    url = f"/customers/?panel={customer.public_id}"
    for html in (ana_in.get(url).text, ana_in.get(url, headers=htmx("side")).text):
        assert f'data-id="{customer.public_id}"' in html
        assert "<bdi>Ypsilanti, MI</bdi> · <bdi>known since" in html
        assert "Waiting 41 min" in html
        assert "No email: no email address." in html
        assert "Why now" in html
        assert "Lately" in html
        assert '<span class="tag">VIP</span>' in html


def test_opening_the_panel_reads_it_as_the_page_does(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens, htmx: Headers
) -> None:
    customer, other = make_customer("Ada", owner=ana), make_customer("Zoe", owner=ana)
    for one in (customer, other):
        happens(one)
    url = f"/customers/?panel={customer.public_id}"
    for headers in ({**htmx("side"), "Sec-Purpose": "prefetch"}, htmx("side")):
        assert ana_in.get("/customers/").text.count('class="unread"') == 2
        ana_in.get(url, headers=headers)
    assert ana_in.get("/customers/").text.count('class="unread"') == 1
    # Beside the list its row is read at once.
    happens(customer)
    assert ana_in.get(url).text.count('class="unread"') == 1
    assert ana_in.get("/customers/").text.count('class="unread"') == 1


def test_the_panel_of_a_stranger_is_the_same_404_as_of_nobody(
    ana_in: Client, ben: User, make_customer: MakeCustomer, htmx: Headers
) -> None:
    stranger = make_customer(owner=ben)
    answers = [
        ana_in.get(f"/customers/?panel={panel}", headers=headers)
        for panel in (stranger.public_id, ids.uuid7(), "nonsense")
        for headers in ({}, htmx("side"))
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_a_deed_draws_the_rows_the_panel_and_the_rails_count(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens, htmx: Headers
) -> None:
    customer = make_customer(owner=ana)
    happens(customer)
    here = f"/customers/?panel={customer.public_id}"
    answer = ana_in.post(
        f"{customer.get_absolute_url()}resolve/",
        {"next": here},
        headers=htmx("rows", here),
        follow=True,
    )
    assert answer.text.lstrip().startswith('<tbody id="rows"')
    assert 'hx-target="#badge-now"' in answer.text
    assert 'hx-target="#side"' in answer.text
    customer.refresh_from_db()
    assert customer.waiting_since is None


def test_columns_and_density_are_remembered_for_this_colleague(
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer
) -> None:
    make_customer(owner=ana, tags=["VIP"], phone="(734) 555-0162")
    answer = ana_in.post(
        "/customers/display/",
        {"column": ["tags", "phone", "nonsense"], "density": "compact",
         "next": "/customers/?owner=me"},
    )  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (303, "/customers/?owner=me")
    html = ana_in.get("/customers/").text
    assert re.findall(r'<th class="c-x">([^<]+)', html) == ["Phone", "Tags"]
    assert 'data-density="compact"' in html
    assert "(734) 555-0162" in html
    ana_in.force_login(cleo, "regulars.staff.sign_in.backend.Backend")
    assert 'data-density="comfortable"' in ana_in.get("/customers/").text


def test_display_never_leads_elsewhere(ana_in: Client) -> None:
    answer = ana_in.post("/customers/display/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/customers/"


def test_the_filter_menu_works_as_a_page_and_as_a_region(
    ana_in: Client, ana: User, cleo: User, make_customer: MakeCustomer, htmx: Headers
) -> None:
    make_customer(owner=ana, tags=["VIP"])
    page = ana_in.get("/customers/filters/?owner=me").text
    region = ana_in.get("/customers/filters/?owner=me", headers=htmx("filters")).text
    for html in (page, region):
        assert "/customers/?owner=Cleo+Marsh&amp;owner=me" in html
        assert "/customers/?owner=me&amp;tag=VIP" in html
        assert "/customers/?owner=me&amp;created=7d" in html
        assert 'href="/customers/?" aria-current="true"' in html  # me, chosen: take it away
    assert "<html" in page
    assert "<html" not in region


def test_colleagues_of_a_visible_customer_are_offered(
    ana_in: Client, ana: User, cleo: User, ben: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=ana)
    html = ana_in.get(f"/customers/colleagues/?for={customer.public_id}").text
    assert f'action="{customer.get_absolute_url()}owner/"' in html
    assert "Cleo Marsh" in html
    assert "Ben Castillo" not in html
    assert "Leave them unassigned" in html
    stranger = make_customer(owner=ben)
    for foreign in (stranger.public_id, ids.uuid7(), "", "nonsense"):
        assert ana_in.get(f"/customers/colleagues/?for={foreign}").status_code == 404


def test_who_may_only_look_sees_no_deeds(
    signed_in: SignedIn, omar: User, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    customer = make_customer(owner=ana, phone="(734) 555-0162")
    happens(customer)
    client = signed_in(omar)
    html = client.get(f"/customers/?panel={customer.public_id}").text
    assert names_in(html) == [customer.name]
    assert "resolve/" not in html
    assert "tel:" not in html
    assert client.get(f"/customers/colleagues/?for={customer.public_id}").status_code == 403


def test_who_may_not_see_customers_is_told_so(
    signed_in: SignedIn, ana: User, make_customer: MakeCustomer
) -> None:
    ana.role.rights = {"customers": 0}
    ana.role.save(update_fields=["rights"])
    client = signed_in(ana)
    for url in ("/", "/customers/", "/customers/filters/", "/search/?q=ana"):
        assert client.get(url).status_code == 403


def fill(count: int, owner: User) -> None:
    """Customers with tags, phones and events, quickly."""
    tag, _ = Tag.objects.get_or_create(name="VIP")
    now = clock.now()
    made = Customer.objects.bulk_create(
        Customer(
            name=f"Customer {n}", sort_name=f"customer {n}", owner=owner, store=owner.store,
            last_activity_at=now - timedelta(minutes=n),
        )
        for n in range(count)
    )  # fmt: skip
    tag.customers.through._default_manager.bulk_create(
        tag.customers.through(customer=customer, tag=tag) for customer in made
    )
    timeline.record_many(
        timeline.NewEvent(customer.pk, "message.received", now - timedelta(minutes=n + 1))
        for n, customer in enumerate(made)
    )


LISTS = [
    "",
    "owner=me",
    "waiting=1&sort=waiting",
    "owner=me&tag=VIP&team=mine&store=Marlow+North&created=90d",
    "owner=me&tag=VIP&panel={panel}",
    "panel={elsewhere}",
]


@pytest.mark.parametrize("query", LISTS)
def test_a_list_is_eight_statements_for_ten_rows_and_for_a_thousand(
    query: str, ana_in: Client, ana: User, make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    last = make_customer("Zed Last", owner=ana, tags=["VIP"],
                         created_at=clock.now() - timedelta(days=80))  # fmt: skip
    counted = []
    for more in (10, 990):
        fill(more, ana)
        panel = Customer.objects.filter(name="Customer 1").latest("pk").public_id
        url = "/customers/?" + query.format(panel=panel, elsewhere=last.public_id)
        ana_in.get(url)
        with django_assert_max_num_queries(8) as found:
            html = ana_in.get(url).text
        counted.append(len(found))
        assert len(names_in(html)) == min(queries.PAGE, 10 if more == 10 and "waiting" in query
                                          else Customer.objects.count())  # fmt: skip
    assert counted[0] == counted[1]


def test_a_full_page_is_light(ana_in: Client, ana: User, make_customer: MakeCustomer) -> None:
    fill(60, ana)
    html = ana_in.get("/customers/").content
    assert len(gzip.compress(html)) < 20_000


def test_a_rare_combination_is_looked_for_further_back_as_one_scrolls(
    ada_in: Client, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.customers.walk.WALKED", 3)
    make_customer("Old Account", type="account", created_at=clock.now() - timedelta(days=9))
    for n in range(4):
        make_customer(f"Lead {n}", type="lead")
    first = ada_in.get("/customers/?type=account").content.decode()
    assert "Looking further back…" in first
    assert "Old Account" not in first
    more = unescape(re.search(r'class="more" href="([^"]+)"', first)[1])  # type: ignore[index]
    region = {"HX-Request": "true", "HX-Target": "tbody#next-page", "HX-Request-Type": "partial"}
    then = ada_in.get(f"/customers/{more}", headers=region).content.decode()
    assert "Old Account" in then
    assert "Looking further back…" not in then
    nobody = ada_in.get("/customers/?type=prospect").content.decode()
    more = unescape(re.search(r'class="more" href="([^"]+)"', nobody)[1])  # type: ignore[index]
    end = ada_in.get(f"/customers/{more}", headers=region).content.decode()
    assert "Nobody further back." in end
    assert 'id="from-' not in end


def test_everybody_together_is_told_as_the_planner_knows_once_they_are_many(
    ada: User, mia: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.desk.queries.LARGE", 2)
    for n in range(3):
        gone = make_customer(f"N{n}", store=mia.store)
    actions.archive(gone, by=ada)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")
    make_customer("Added since", store=mia.store)
    everybody = {"all": desk.Counted()}
    assert desk.counts(ada, everybody) == {"all": 2}
    assert desk.counts(mia, everybody) == {"all": 3}
    monkeypatch.setattr("regulars.desk.queries.LARGE", 10_000)
    assert desk.counts(ada, everybody) == {"all": 3}


def test_the_list_says_roughly_how_many_there_are(
    ada_in: Client, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_customer("Ann Ng")
    monkeypatch.setattr("regulars.desk.queries.WHOLE", "(SELECT 10012345)")
    html = ada_in.get("/customers/").text
    assert "<span>about 10.0 M</span>" in html
    assert 'aria-label="Customers, about 10.0 M"' in html
