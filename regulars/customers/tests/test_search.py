"""Found by name, email and number, however it is typed; and only what is there is found."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.customers import actions, facts, queries, search
from regulars.customers.models import Customer, SearchTerm
from regulars.lib import clock, names
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import MakeCustomer
from tests.laws import takes

pytestmark = pytest.mark.django_db


def found(user: User, q: str) -> list[str]:
    return [card.customer.name for card in queries.search(user, q).items]


@pytest.fixture
def antonio(make_customer: MakeCustomer, ada: User) -> Customer:
    return make_customer(
        "Antonio Moreno Taquería",
        email="Antonio.Moreno@Taqueria.example",
        phone="(734) 555-0162",
        company="O’Brien & Søn Łódź",
        contacts=[
            {"first_name": "Antonio", "last_name": "Moreno"},
            {"first_name": "Zoë", "last_name": "Ørsted", "phone": "+52 55 5555 4729"},
        ],
    )


@pytest.mark.parametrize(
    "q",
    [
        "antonio",
        "ANTONIO MORENO",
        "moreno",
        "taqueria",
        "Taquería",
        "  taquería   antonio ",
        "anto",
        "moreno taq",
        "obrien",
        "O'Brien",
        "o’brien & s",
        "son",
        "lodz",
        "zoe",
        "orsted",
        "Ørsted Zoë",
        "antonio.moreno@taqueria.example",
        "Antonio.Mor",
        "@taqueria",
        "@taqueria.example",
        "(734) 555-0162",
        "734-555-0162",
        "+1 734 555 0162",
        "7345550162",
        "17345550162",
        "001 734 555 0162",
        "0162",
        "5550162",
        "7345",
        "4729",
        "52555",
        "٧٣٤٥",
        "taqueria.ex",
    ],
)
def test_they_are_found_however_it_is_typed(q: str, antonio: Customer, ada: User) -> None:
    assert found(ada, q) == ["Antonio Moreno Taquería"]


@pytest.mark.parametrize(
    "q",
    [
        "",
        " ",
        "antonella",
        "eno",
        "reno",
        "016",
        "5501",
        "1620",
        "@example",
        "queria.example",
        "%",
        "_",
        "' or 1=1",
        "a\x00b",
        "\ud800",
        "x" * 5_000,
        "9" * 5_000,
        "()-",
    ],
)
def test_what_is_not_there_is_not_found(q: str, antonio: Customer, ada: User) -> None:
    assert found(ada, q) == []


def test_the_latest_activity_comes_first(make_customer: MakeCustomer, ada: User) -> None:
    first, second, third = (make_customer(f"{n} Smith") for n in ("Amy", "Bo", "Cy"))
    timeline.record(first, "note.added", by=ada)
    assert found(ada, "smith") == [c.name for c in (first, third, second)]


def test_many_are_looked_for_along_every_scope_and_none_is_left_out(
    monkeypatch: pytest.MonkeyPatch, make_customer: MakeCustomer, ana: User, cleo: User, ben: User
) -> None:
    monkeypatch.setattr("regulars.customers.found.FEW", 3)
    monkeypatch.setattr("regulars.customers.walk.WALKED", 20)
    owners = [ana, ana, ana, cleo, None, ben] * 6
    for day, owner in enumerate(owners):
        name = f"{'Jo' if day % 3 else 'Mo'} Number {day:02}"
        store = ana.store if owner is None else None
        make_customer(
            name, owner=owner, store=store, created_at=clock.now() - timedelta(days=day * day)
        )
    pages, cursor = [], None
    while True:
        page = queries.page(ana, q="jo", cursor=cursor, limit=5)
        assert len(page.items) <= 5
        pages += [card.customer.name for card in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert pages == [
        f"Jo Number {day:02}" for day, owner in enumerate(owners) if day % 3 and owner != ben
    ]


def test_a_changed_name_is_found_and_the_old_one_is_not(antonio: Customer, ada: User) -> None:
    actions.change(
        antonio,
        facts.clean({"first_name": "Tony", "last_name": "Moreno"}),
        by=ada,
        fields=["first_name", "last_name"],
    )
    assert found(ada, "tony") == ["Tony Moreno"]
    assert found(ada, "moreno taqueria") == []


def test_a_removed_contact_is_no_longer_found(antonio: Customer, ada: User) -> None:
    actions.remove_contact(antonio.contacts.get(first_name="Zoë"), by=ada)
    assert found(ada, "zoe") == []
    assert found(ada, "4729") == []
    assert found(ada, "antonio") != []


def test_the_archived_are_not_found_by_the_way(antonio: Customer, ada: User) -> None:
    actions.archive(antonio, by=ada)
    assert found(ada, "antonio") == []


def test_erasing_leaves_no_posting(antonio: Customer, ada: User) -> None:
    actions.erase(antonio, confirm=antonio.name, by=ada)
    assert not SearchTerm.objects.exists()


def test_a_term_that_begins_a_longer_one_is_not_kept_twice() -> None:
    kept = search.terms(people=[("Ana", "Ana Maria")], companies=[], emails=[], numbers=[])
    assert "nana" not in kept
    assert not any(a != b and b.startswith(a) for a in kept for b in kept)


def test_the_postings_are_exactly_what_is_stored(antonio: Customer, ada: User) -> None:
    before = set(antonio.search_terms.values_list("term", flat=True))
    SearchTerm.objects.filter(term__startswith="n").delete()
    SearchTerm.objects.create(customer=antonio, term="nstale")
    actions.reindex([antonio.pk])
    assert set(antonio.search_terms.values_list("term", flat=True)) == before


letters = st.text(st.characters(codec="utf-8", categories=["L", "Mn", "Zs", "Pd"]), max_size=30)


@takes(60)
@given(first=letters, last=letters, cut=st.integers(1, 60))
def test_every_name_is_found_by_its_own_beginning(
    first: str, last: str, cut: int, make_customer: MakeCustomer, ada: User
) -> None:
    assume(names.clean(first) or names.clean(last))
    customer = make_customer("", first_name=first, last_name=last)
    folded = names.fold(customer.name)
    if len(folded) > 1 and any(c.isalpha() for c in folded):
        q = folded[:cut] if any(c.isalpha() for c in folded[:cut]) else folded
        assert customer.pk in [card.customer.pk for card in queries.search(ada, q).items]
    customer.delete()
