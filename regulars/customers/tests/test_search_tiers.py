"""However common a name is, search finds everybody of it: in the box and in the list."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from regulars.customers import actions, facts, queries, tasks
from regulars.customers.models import Customer, HotFrom, HotTerm, SearchTerm, Spelling
from regulars.lib import clock, copying
from regulars.lib.cursors import BadCursor
from regulars.staff import actions as staff
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers so small that three are many and ten need a line between them."""
    monkeypatch.setattr("regulars.customers.found.FEW", 3)
    monkeypatch.setattr("regulars.customers.found.COLD", 4)
    monkeypatch.setattr("regulars.customers.walk.WALKED", 14)
    monkeypatch.setattr("regulars.customers.searching.WALKED", 14)
    monkeypatch.setattr("regulars.customers.actions.searching.MANY", 5)
    monkeypatch.setattr("regulars.customers.actions.searching.SHARE", 0.4)
    monkeypatch.setattr("regulars.customers.actions.searching.BATCH", 3)
    monkeypatch.setattr(
        "regulars.customers.estimate.rows_of", lambda model: model._base_manager.count()
    )


@pytest.fixture
def many(small: None, make_customer: MakeCustomer, ana: User, cleo: User, ben: User) -> Random:
    luck = Random(7)
    for n in range(40):
        owner = luck.choice([ana, ana, cleo, ben, None])
        make_customer(
            f"{luck.choice(['Jo', 'Jonas', 'Mo'])} {luck.choice(['Jordan', 'Smith'])}",
            owner=owner,
            store=luck.choice([ana.store, ben.store]) if owner is None else None,
            created_at=clock.now() - timedelta(days=2 + n // 2),
            email=f"jo{n}@jolly.example" if luck.random() < 0.5 else "",
        )
    return luck


def in_the_list(user: User, q: str) -> list[int]:
    found: list[int] = []
    cursor = None
    while True:
        page = queries.find(user, q=q, cursor=cursor, limit=4)
        found += page.ids
        cursor = page.next
        if cursor is None:
            return found


def in_the_box(user: User, q: str) -> list[int]:
    """As the page looks further back, until nothing lies behind."""
    hits = queries.search(user, q, limit=60)
    found = [card.customer.pk for card in hits.items]
    while hits.next:
        hits = queries.search(user, q, limit=60, cursor=hits.next)
        found += [card.customer.pk for card in hits.items]
    return found


def expected(user: User, beginning: str) -> list[int]:
    """In the order of the list: whoever has a word that begins so, or an address."""
    rows = Customer.objects.visible_to(user).current().order_by("-last_activity_at", "-pk")
    return [
        row.pk
        for row in rows.prefetch_related("emails")
        if any(word.startswith(beginning) for word in row.name.lower().split())
        or any(e.normal.startswith(beginning) for e in row.emails.all())
        or any(e.normal.partition("@")[2].startswith(beginning) and len(beginning) >= 4
               for e in row.emails.all())
    ]  # fmt: skip


ASKED = ["jo", "jonas", "smith", "mo", "jolly", "jordan"]


@pytest.mark.parametrize("hot", [0, 2, 1_000], ids=["no tier", "common in it", "rare in it"])
def test_everybody_is_found_once_wherever_they_are_looked_up(
    hot: int, many: Random, ana: User, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.customers.found.HOT", hot)
    if hot:
        actions.keep_hot()
        assert HotFrom.objects.get().customers == 16
    for user in (ana, ada, ben):
        for q in ASKED:
            wanted = expected(user, q)
            assert in_the_list(user, q) == wanted, (user, q)
            found = in_the_box(user, q)
            assert sorted(found) == sorted(wanted), (user, q)


def test_the_lately_active_come_first_in_their_order(many: Random, ada: User) -> None:
    actions.keep_hot()
    since = HotFrom.objects.get().kept
    hits = queries.search(ada, "jo", limit=60)
    found = [card.customer for card in hits.items]
    assert hits.next
    assert all(c.last_activity_at >= since for c in found)
    assert all(a.last_activity_at >= b.last_activity_at for a, b in pairwise(found))


def whole() -> None:
    """Whoever was active since the line is hot with all their terms, and nobody with others."""
    line = HotFrom.objects.get()
    there = set(HotTerm.objects.values_list("customer", "term"))
    terms = set(SearchTerm.objects.values_list("customer", "term"))
    active = set(
        Customer.objects.get_queryset()
        .filter(last_activity_at__gte=line.trusted)
        .values_list("pk", flat=True)
    )
    assert there <= terms
    assert {pair for pair in terms if pair[0] in active} <= there


def test_whatever_happens_the_hot_are_whole(
    many: Random, make_customer: MakeCustomer, ana: User, ada: User
) -> None:
    actions.keep_hot()
    for _ in range(40):
        one = many.choice(list(Customer.objects.get_queryset().order_by("pk")))
        deed = many.randrange(7)
        if deed < 2:
            timeline.record(one, "note.added", by=ada)
        elif deed == 2:
            at = clock.now() - timedelta(days=many.randrange(30))
            timeline.record(one, "message.received", by=None, happened_at=at)
        elif deed == 3:
            name = facts.clean({"first_name": f"Jo{many.randrange(9)}", "last_name": "Changed"})
            actions.change(one, name, by=ada, fields=["first_name", "last_name"])
        elif deed == 4:
            make_customer("Jo New", created_at=clock.now() - timedelta(days=many.randrange(30)))
        elif deed == 5:
            actions.erase(one, confirm=one.name, by=ada)
        else:
            actions.keep_hot()
        whole()
    timeline.rebuild_standing()
    whole()
    assert in_the_list(ada, "jo") == expected(ada, "jo")


def test_by_night_those_who_fell_silent_cool_off(many: Random, ada: User) -> None:
    actions.keep_hot()
    before = set(HotTerm.objects.values_list("customer", flat=True))
    cold = Customer.objects.get_queryset().exclude(pk__in=before).order_by("pk")
    for one in cold[:10]:
        timeline.record(one, "note.added", by=ada)
    assert set(HotTerm.objects.values_list("customer", flat=True)) > before
    actions.keep_hot()
    after = set(HotTerm.objects.values_list("customer", flat=True))
    assert len(after) == len(before)
    assert before - after
    whole()


def test_too_few_to_be_told_apart_are_not(many: Random, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.keep_hot()
    monkeypatch.setattr("regulars.customers.actions.searching.MANY", 1_000)
    actions.keep_hot()
    assert not HotFrom.objects.exists()
    assert not HotTerm.objects.exists()


@pytest.mark.parametrize("cursor", ["x", "eyJ", "WyJjb2xkIl0"])
def test_a_foreign_cursor_is_refused(cursor: str, many: Random, ada: User) -> None:
    with pytest.raises(BadCursor):
        queries.search(ada, "jo", cursor=cursor)


def words() -> set[str]:
    return set(Spelling.objects.values_list("word", flat=True))


def test_a_word_is_learned_with_its_first_bearer_and_forgotten_with_the_last(
    make_customer: MakeCustomer, ada: User
) -> None:
    one, two = make_customer("Zoltan Quist"), make_customer("Zoltan Ng")
    assert words() == {"zoltan", "quist"}
    actions.erase(one, confirm=one.name, by=ada)
    assert words() == {"zoltan"}
    name = facts.clean({"first_name": "Ernő", "last_name": "Ng"})
    actions.change(two, name, by=ada, fields=["first_name", "last_name"])
    assert words() == {"erno"}


def test_the_words_of_many_at_once_are_learned_too(mia: User) -> None:
    said = [facts.clean({"name": f"Quillfeather Nr{n:04}"}) for n in range(copying.MANY + 1)]
    actions.add_many([actions.NewCustomer(one, owner=mia) for one in said], by=mia)
    assert "quillfeather" in words()
    assert [c.customer.first_name for c in queries.search(mia, "quilfeather", limit=1).items]


def test_by_night_words_are_what_is_there(make_customer: MakeCustomer) -> None:
    make_customer("Zoltan Quist")
    kept = set(Spelling.objects.values_list("piece", "word"))
    assert ("qist", "quist") in kept
    Spelling.objects.filter(word="quist").delete()
    Spelling.objects.create(piece="gone", word="gone")
    actions.keep_spelling()
    assert set(Spelling.objects.values_list("piece", "word")) == kept


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("smiht", "Ann Smith"),
        ("smih", "Ann Smith"),
        ("smithh", "Ann Smith"),
        ("smyth", "Ann Smith"),
        ("ann smiht", "Ann Smith"),
        ("smiht ann", "Ann Smith"),
        ("micheal", "Michael Ng"),
        ("tacuería", "Taquería Luna"),
        ("taqueria lnua", "Taquería Luna"),
    ],
)
def test_what_is_meant_is_found(q: str, name: str, make_customer: MakeCustomer, ada: User) -> None:
    for known in ("Ann Smith", "Michael Ng", "Taquería Luna", "Jo Doe"):
        make_customer(known)
    hits = queries.search(ada, q)
    assert [card.customer.name for card in hits.items] == [name]
    assert hits.alike


@pytest.mark.parametrize(
    "q", ["dow", "smthi", "zzzz", "smiht@example.com", "1234", "a b c d smiht"]
)
def test_nothing_is_made_of_what_is_like_nothing(
    q: str, make_customer: MakeCustomer, ada: User
) -> None:
    make_customer("Ann Smith")
    make_customer("Jo Doe")
    hits = queries.search(ada, q)
    assert (hits.items, list(hits.alike)) == ([], [])


def test_nobody_is_meant_whom_one_may_not_see(
    make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    make_customer("Sol Southern", owner=ben)
    hits = queries.search(ana, "suothern")
    assert (hits.items, list(hits.alike)) == ([], [])
    make_customer("Ray Sothern", owner=ana)
    assert [c.customer.name for c in queries.search(ana, "southern").items] == ["Ray Sothern"]


def test_a_word_of_somebody_unseen_is_not_said_beside_one_that_is_seen(
    make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    make_customer("Sol Southern", owner=ben)
    make_customer("Ray Sothern", owner=ana)
    hits = queries.search(ana, "sotherm")
    assert [card.customer.name for card in hits.items] == ["Ray Sothern"]
    assert hits.alike == ["sothern"]


@pytest.mark.parametrize("tier", [False, True], ids=["no tier", "a tier"])
def test_whom_a_limited_role_does_not_see_is_found_nowhere(
    tier: bool, many: Random, ada: User, omar: User, make_customer: MakeCustomer
) -> None:
    for one in Customer.objects.filter(name__startswith="Jonas"):
        actions.tag(one, "VIP", by=ada)
    if tier:
        actions.keep_hot()
    staff.set_limit(omar.role, within="tag:VIP", by=ada)
    omar = User.objects.get(pk=omar.pk)
    vips = set(expected(ada, "jonas"))
    for q in ASKED:
        wanted = [pk for pk in expected(ada, q) if pk in vips]
        assert in_the_list(omar, q) == wanted, q
        assert sorted(in_the_box(omar, q)) == sorted(wanted), q
    assert queries.search(omar, "jonsa").alike == ["jonas"]
    make_customer("Zoltan Quist")
    assert queries.search(ada, "zoltna").alike == ["zoltan"]
    assert (queries.search(omar, "zoltna").items, queries.search(omar, "zoltna").alike) == ([], ())


def test_keeping_search_twice_changes_nothing(many: Random) -> None:
    def kept() -> tuple[object, ...]:
        line = HotFrom.objects.get()
        return (
            set(HotTerm.objects.values_list("customer", "term")),
            set(Spelling.objects.values_list("piece", "word")),
            (line.kept, line.trusted, line.customers),
        )

    for _ in range(2):
        tasks.keep_search(0)
        before = kept()
        tasks.keep_search(0)
        assert kept() == before
