"""Many at once: a dry run first, whole batches, a receipt, and an undo that names what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from regulars.bulk import actions, choosing, deeds, dry
from regulars.bulk.actions import running, undoing
from regulars.bulk.models import Line, Outcome, Receipt, State, Undone
from regulars.bulk.selection import Selection
from regulars.customers import actions as customers
from regulars.customers import facts
from regulars.customers.models import Customer, Group
from regulars.customers.visibility import CustomerQuerySet
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from tests.api import ok
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(make_customer: MakeCustomer, ana: User) -> list[Customer]:
    return [make_customer(name, owner=ana) for name in ("Bo Li", "Cy Ross", "Di Moss")]


def of(*who: Customer) -> Selection:
    return Selection(ids=tuple(str(one.public_id) for one in who))


def ready(deed: str, chosen: Selection, by: User, **values: Any) -> Receipt:
    made = actions.draft(deed, chosen, by=by)
    return actions.start(actions.fill(made, values, by=by), by=by)


def done(deed: str, chosen: Selection, by: User, **values: Any) -> Receipt:
    return actions.run(ready(deed, chosen, by, **values), by=by)


def undone(receipt: Receipt, by: User, **how: Any) -> Receipt:
    return actions.run_undo(actions.undo(receipt, by=by, **how), by=by)


def proposed(deed: str, chosen: Selection, by: User, **values: Any) -> dry.DryRun:
    return actions.propose(deed, values, chosen, by=by)[2]


def owners(*who: Customer) -> list[User | None]:
    for one in who:
        one.refresh_from_db()
    return [one.owner for one in who]


def last(customer: Customer) -> Event:
    return customer.events.order_by("-id")[0]


def test_a_dry_run_says_who_from_what_to_what_and_writes_nothing(
    three: list[Customer], ana: User, cleo: User, make_customer: MakeCustomer
) -> None:
    hers = make_customer("El Vance", owner=cleo)
    events = Event.objects.count()
    run = proposed("reassign", of(*three, hers), ana, owner=cleo.pk)
    assert (run.says, run.total, run.changes, run.missing) == (
        "Reassign to Cleo Marsh", 4, 3, 0,
    )  # fmt: skip
    assert sorted(run.names) == ["Bo Li", "Cy Ross", "Di Moss"]
    assert run.groups == [dry.Group("Ana Ferreira", "Cleo Marsh", 3)]
    assert run.skipped == [dry.Passed("Cleo Marsh's already", 1, ["El Vance"])]
    assert Event.objects.count() == events
    assert not Receipt.objects.exists()


def test_everybody_is_handed_over_with_one_event_each_and_the_receipt_says_so(
    three: list[Customer], ana: User, cleo: User
) -> None:
    receipt = done("reassign", of(*three), ana, owner=cleo.pk, reason="On leave")
    assert (receipt.state, receipt.total, receipt.changed, receipt.skipped) == (State.DONE, 3, 3, 0)
    assert owners(*three) == [cleo] * 3
    for one in three:
        assert one.events.count() == 2
        assert (last(one).kind, last(one).data["reason"], last(one).actor) == (
            "customer.reassigned", "On leave", ana,
        )  # fmt: skip
        assert one.version == 2


def test_undo_puts_back_exactly_those_rows_and_names_who_was_changed_since(
    three: list[Customer], ana: User, cleo: User, finn: User
) -> None:
    since = three[0].owned_since
    receipt = done("reassign", of(*three), ana, owner=cleo.pk)
    customers.reassign(three[1], to=finn, by=ana)
    receipt = undone(receipt, ana)
    assert owners(*three) == [ana, finn, ana]
    assert three[0].owned_since == since
    assert (receipt.state, receipt.undone, receipt.conflicts) == (State.UNDONE, 2, 1)
    line = Line.objects.get(customer=three[1])
    assert line.undone == Undone.PARTLY
    assert line.torn == [{"what": "Owner", "now": "Finn Okafor", "was": "Ana Ferreira"}]
    assert last(three[0]).kind == "customer.put_back"
    assert last(three[1]).kind == "customer.reassigned"
    with pytest.raises(actions.Busy):
        actions.undo(receipt, by=ana)


def test_who_took_it_off_and_put_it_on_again_keeps_it_and_is_named(
    three: list[Customer], ana: User
) -> None:
    receipt = done("tag", of(*three), ana, tag="Fleet")
    for one in three[:2]:
        customers.untag(one, "Fleet", by=ana)
    customers.tag(three[1], "Fleet", by=ana)
    receipt = undone(receipt, ana)
    assert [[t.name for t in one.tags.all()] for one in three] == [[], ["Fleet"], []]
    assert (receipt.undone, receipt.conflicts) == (2, 1)
    line = Line.objects.get(customer=three[1])
    assert line.undone == Undone.PARTLY
    assert line.torn == [{"what": "Tag", "now": "Fleet", "was": ""}]


def test_what_else_was_edited_since_stays_edited(
    three: list[Customer], ana: User, cleo: User
) -> None:
    receipt = done("reassign", of(*three), ana, owner=cleo.pk)
    customers.change(three[0], facts.clean({"name": "Bo Ling"}), by=ana, fields=["last_name"])
    undone(receipt, ana)
    assert owners(three[0]) == [ana]
    assert three[0].name == "Bo Ling"


DEEDS: list[tuple[str, dict[str, Any], Callable[[Customer], Any], Any]] = [
    ("tag", {"tag": "vip"}, lambda c: [t.name for t in c.tags.all()], ["VIP"]),
    ("untag", {"tag": "VIP"}, lambda c: [t.name for t in c.tags.all()], []),
    ("group", {"group": "Business"}, lambda c: c.group and c.group.name, "Business"),
    ("archive", {}, lambda c: c.is_archived, True),
    ("reassign", {"owner": "nobody"}, lambda c: c.owner, None),
]


@pytest.mark.parametrize(("deed", "values", "read", "after"), DEEDS, ids=[d[0] for d in DEEDS])
def test_every_deed_changes_those_it_should_and_is_taken_back_whole(
    deed: str,
    values: dict[str, Any],
    read: Callable[[Customer], Any],
    after: Any,
    ana: User,
    make_customer: MakeCustomer,
) -> None:
    Group.objects.get_or_create(name="Business")
    if "group" in values:
        values = {"group": Group.objects.get(name="Business").pk}
    who = [make_customer("Bo Li", owner=ana), make_customer("Cy Ross", owner=ana, tags=["VIP"])]
    before = [read(one) for one in who]
    receipt = done(deed, of(*who), ana, **values)
    assert [read(Customer.objects.get(pk=one.pk)) for one in who] == [after, after]
    again = done(deed, of(*who), ana, **values)
    assert (again.changed, again.skipped) == (0, 2)
    undone(receipt, ana)
    assert [read(Customer.objects.get(pk=one.pk)) for one in who] == before


def test_whoever_is_not_yours_to_see_is_never_touched_nor_told_from_one_that_is_missing(
    three: list[Customer], ana: User, ben: User, make_customer: MakeCustomer
) -> None:
    his = make_customer("Canary Foreign", owner=ben)
    gone = "018f0000-0000-7000-8000-000000000000"
    foreign = proposed("tag", of(*three, his), ana, tag="VIP")
    missing = proposed("tag", Selection(ids=(*of(*three).ids, gone)), ana, tag="VIP")
    assert foreign == missing
    assert foreign.missing == 1
    done("tag", of(*three, his), ana, tag="VIP")
    assert not his.tags.exists()
    with pytest.raises(Invalid):
        actions.draft("tag", of(his), by=ana)


def test_who_is_meant_is_fixed_when_confirmed_and_checked_again_when_done(
    three: list[Customer], ana: User, ben: User, make_customer: MakeCustomer
) -> None:
    everybody = Selection(all_of_them=True, filter="owner:me")
    receipt = ready("tag", everybody, ana, tag="VIP")
    later = make_customer("El Vance", owner=ana)
    south = make_customer(store=ben.store).store
    Customer.objects.filter(pk=three[0].pk).update(owner=ben, store=south)
    receipt = actions.run(receipt, by=ana)
    assert (receipt.total, receipt.changed, receipt.skipped) == (3, 2, 1)
    assert not later.tags.exists()
    assert not three[0].tags.exists()
    assert Line.objects.get(customer=three[0]).reason == "No longer yours to see"


def test_all_that_match_are_those_of_the_list(
    three: list[Customer], ana: User, make_customer: MakeCustomer, happens: Any
) -> None:
    happens(three[2])
    put_away = make_customer("Gil Old", owner=ana)
    customers.archive(put_away, by=ana)
    for filter, q, archived, names in [
        ("", "", False, {"Bo Li", "Cy Ross", "Di Moss"}),
        ("waiting", "", False, {"Di Moss"}),
        ("", "cy", False, {"Cy Ross"}),
        ("", "", True, {"Gil Old"}),
    ]:
        chosen = Selection(all_of_them=True, filter=filter, q=q, archived=archived)
        assert set(proposed("tag", chosen, ana, tag="VIP").names) == names
    but = Selection(all_of_them=True, but=of(three[0]).ids)
    assert set(proposed("tag", but, ana, tag="VIP").names) == {"Cy Ross", "Di Moss"}


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LOOKED_AT", 2)


@pytest.mark.usefixtures("two_at_a_time")
def test_of_very_many_the_first_are_told_about_and_all_are_counted(
    three: list[Customer], ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = Selection(all_of_them=True, filter="owner:me")
    run = proposed("reassign", everybody, ana, owner=cleo.pk)
    assert (run.total, run.more, run.looked_at, run.changes) == (3, False, 2, 2)
    assert run.groups == [dry.Group("Ana Ferreira", "Cleo Marsh", 2)]
    assert not run.is_whole
    monkeypatch.setattr(choosing, "COUNTING", "0ms")  # no limit
    assert proposed("reassign", everybody, ana, owner=cleo.pk) == run


@pytest.mark.usefixtures("two_at_a_time")
def test_what_takes_too_long_to_count_is_more_than_was_looked_at(
    three: list[Customer], ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(CustomerQuerySet):
        def count(self) -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(60)")
            return 0

    def timeout() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    monkeypatch.setattr(choosing, "COUNTING", "1ms")
    before = timeout()
    assert choosing.count_many(Slow(Customer)) == choosing.Count(2, more=True)
    assert timeout() == before != "1ms"


@pytest.mark.usefixtures("two_at_a_time")
def test_very_many_are_written_down_by_the_worker_before_anything_is_done(
    three: list[Customer], ana: User, cleo: User, make_customer: MakeCustomer
) -> None:
    everybody = [*three, make_customer("El Vance", owner=ana), make_customer("Fy", owner=ana)]
    receipt = ready("reassign", Selection(all_of_them=True, filter="owner:me"), ana, owner=cleo.pk)
    assert (receipt.total, receipt.percent, receipt.is_being_fixed) == (2, 0, True)

    assert running._fix_more(receipt.pk, ana)  # and then its worker was killed
    receipt.refresh_from_db()
    assert (receipt.total, receipt.state, receipt.is_being_fixed) == (4, State.QUEUED, True)
    assert owners(*everybody) == [ana] * 5

    receipt = actions.run(receipt, by=ana)
    assert (receipt.state, receipt.total, receipt.changed) == (State.DONE, 5, 5)
    assert owners(*everybody) == [cleo] * 5
    assert undone(receipt, ana).undone == 5
    assert owners(*everybody) == [ana] * 5


@pytest.mark.usefixtures("two_at_a_time")
def test_what_is_stopped_while_it_is_written_down_does_nothing(
    three: list[Customer], ana: User, cleo: User
) -> None:
    everybody = Selection(all_of_them=True, filter="owner:me")
    receipt = actions.stop(ready("reassign", everybody, ana, owner=cleo.pk), by=ana)
    assert actions.run(receipt, by=ana).state == State.STOPPED
    assert owners(*three) == [ana] * 3


@pytest.mark.usefixtures("two_at_a_time")
def test_a_filter_that_named_somebody_who_was_erased_ends_what_it_chose(
    three: list[Customer], ana: User, ada: User
) -> None:
    named = Selection(all_of_them=True, filter='not name:"Bo Li" or owner:me')
    receipt = ready("archive", named, ana)
    customers.erase(three[0], confirm=three[0].name, by=ada)
    receipt = actions.run(receipt, by=ana)
    assert (receipt.state, receipt.done, receipt.selection) == (State.FAILED, 0, {})
    assert "erased" in receipt.failure
    assert not Customer.objects.filter(archived_at__isnull=False).exists()


@pytest.mark.usefixtures("two_at_a_time")
def test_the_page_says_how_many_there_are_and_how_many_were_looked_at(
    three: list[Customer], ana: User, ana_in: Client
) -> None:
    there = ana_in.post("/bulk/", {"deed": "archive", "all": "1", "owner": "me"})["Location"]
    page = ana_in.get(there).content.decode()
    assert "3 customers</b> chosen" in page
    assert "Of the first 2 that were looked at" in page
    assert "Archive for up to 3 customers" in page
    ana_in.post(f"{there}start/")
    assert "2 customers are written down so far" in ana_in.get(there).content.decode()


def test_a_run_killed_at_the_border_of_a_batch_goes_on_and_does_nothing_twice(
    three: list[Customer], ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    receipt = ready("reassign", of(*three), ana, owner=cleo.pk)
    Receipt.objects.filter(pk=receipt.pk).update(state=State.RUNNING)
    assert running._batch(receipt.pk, ana)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.done, receipt.percent) == (State.RUNNING, 2, 66)

    receipt = actions.run(receipt, by=ana)
    assert (receipt.state, receipt.done, receipt.changed) == (State.DONE, 3, 3)
    assert [one.events.count() for one in three] == [2, 2, 2]


def test_a_run_killed_inside_a_batch_leaves_nothing_of_it(
    three: list[Customer], ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = ready("reassign", of(*three), ana, owner=cleo.pk)

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "_note", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.run(receipt, by=ana)
    assert owners(*three) == [ana] * 3
    assert actions.run(receipt, by=ana).changed == 3


def test_a_run_whose_worker_fell_silent_is_handed_to_another(
    three: list[Customer], ana: User
) -> None:
    receipt = ready("archive", of(*three), ana)
    assert actions.revive(by=None) == 0
    Receipt.objects.filter(pk=receipt.pk).update(moved_at="2020-01-01T00:00Z")
    assert actions.revive(by=None) == 1
    assert actions.revive(by=None) == 0


def test_stopping_leaves_whole_batches_which_can_be_taken_back(
    three: list[Customer], ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    receipt = ready("reassign", of(*three), ana, owner=cleo.pk)
    Receipt.objects.filter(pk=receipt.pk).update(state=State.RUNNING)
    running._batch(receipt.pk, ana)
    receipt = actions.stop(receipt, by=ana)
    assert actions.run(receipt, by=ana).changed == 2
    assert owners(*three).count(cleo) == 2
    assert undone(receipt, ana).undone == 2
    assert owners(*three) == [ana] * 3


def test_an_undo_goes_on_where_it_was_killed(
    three: list[Customer], ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "BATCH", 2)
    receipt = actions.undo(done("reassign", of(*three), ana, owner=cleo.pk), by=ana)
    assert undoing._batch(receipt.pk, ana)
    receipt = actions.run_undo(receipt, by=ana)
    assert (receipt.undone, receipt.conflicts) == (3, 0)
    assert [one.events.filter(kind="customer.put_back").count() for one in three] == [1, 1, 1]


def test_a_colleague_who_left_meanwhile_gets_nobody_and_the_run_says_why(
    three: list[Customer], ana: User, cleo: User
) -> None:
    receipt = ready("reassign", of(*three), ana, owner=cleo.pk)
    cleo.is_active = False
    cleo.save(update_fields=["is_active"])
    receipt = actions.run(receipt, by=ana)
    assert (receipt.state, receipt.failure) == (State.FAILED, "Cleo Marsh no longer works here")
    assert owners(*three) == [ana] * 3


def test_rights_are_asked_for_at_every_step(three: list[Customer], ana: User, omar: User) -> None:
    with pytest.raises(NotAllowed):
        actions.draft("tag", of(*three), by=omar)
    receipt = ready("tag", of(*three), ana, tag="VIP")
    ana.is_active = False
    assert actions.run(receipt, by=ana).state == State.FAILED


def test_batches_take_a_fixed_number_of_statements(
    three: list[Customer],
    ana: User,
    cleo: User,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    more = [make_customer(f"Nr {n}", owner=ana) for n in range(20)]
    receipt = ready("reassign", of(*three, *more), ana, owner=cleo.pk)
    with django_assert_max_num_queries(40):
        receipt = actions.run(receipt, by=ana)
    receipt = actions.undo(receipt, by=ana)
    with django_assert_max_num_queries(60):
        actions.run_undo(receipt, by=ana)


def test_history_says_that_it_was_one_of_many(three: list[Customer], ana: User, cleo: User) -> None:
    from regulars.customers.models import histories

    receipt = done("reassign", of(*three), ana, owner=cleo.pk)
    kept = next(history for model, history, _ in histories() if model is Customer)
    rows = kept._default_manager.filter(pgh_obj_id=three[0].pk).order_by("-pgh_id")
    why = rows.values_list("pgh_context", flat=True)[0]
    assert (why["how"], why["receipt"], why["user"]) == ("bulk", receipt.pk, ana.pk)


def test_a_deed_of_no_registered_key_is_refused(three: list[Customer], ana: User) -> None:
    with pytest.raises(Invalid, match="action"):
        actions.draft("explode", of(*three), by=ana)
    assert "explode" not in deeds.deeds


def test_a_standing_column_is_what_the_events_say_after_it_all(
    three: list[Customer], ana: User, cleo: User, happens: Any
) -> None:
    for one in three:
        happens(one)
    undone(done("reassign", of(*three), ana, owner=cleo.pk), ana)
    assert timeline.rebuild_standing() == 0
    assert Outcome.CHANGED in set(Line.objects.values_list("outcome", flat=True))


def test_what_a_merge_brought_along_is_taken_back_too(
    three: list[Customer], ana: User, make_customer: MakeCustomer
) -> None:
    stays = make_customer("Bo Li", owner=ana)
    receipt = done("tag", of(*three), ana, tag="VIP")
    customers.merge(stays, [three[0]], by=ana)
    assert stays.tags.exists()
    receipt = undone(receipt, ana)
    assert not stays.tags.exists()
    assert (receipt.undone, receipt.conflicts) == (3, 0)


# --- The pages


def test_the_bar_leads_to_a_dry_run_a_receipt_and_an_undo(
    three: list[Customer], ana: User, cleo: User, ana_in: Client
) -> None:
    drawn = ana_in.get("/customers/").content.decode()
    assert drawn.count("data-pick ") == 3
    answer = ana_in.post(
        "/bulk/", {"deed": "reassign", "id": [str(c.public_id) for c in three[:2]]}
    )
    there = answer["Location"]
    assert answer.status_code == 303
    assert "2 customers</b> chosen" in ana_in.get(there).content.decode()

    wrong = ana_in.post(there, {"owner": "999999", "reason": "Kept as typed"})
    assert wrong.status_code == 422
    assert "Kept as typed" in wrong.content.decode()

    assert ana_in.post(there, {"owner": cleo.pk}).status_code == 303
    page = ana_in.get(there).content.decode()
    assert "Reassign to Cleo Marsh for 2 customers" in page
    assert ana_in.post(f"{there}start/").status_code == 303
    receipt = Receipt.objects.get()
    assert "hx-trigger" in ana_in.get(there).content.decode()
    actions.run(receipt, by=ana)
    page = ana_in.get(there).content.decode()
    assert "2 customers changed" in page
    assert "Bo Li" in page
    assert ana_in.post(f"{there}undo/").status_code == 303
    receipt.refresh_from_db()
    actions.run_undo(receipt, by=ana)
    assert "Taken back: 2 customers are as before" in ana_in.get(there).content.decode()
    assert "Reassign to Cleo Marsh" in ana_in.get("/settings/changes/").content.decode()


def test_all_of_the_list_are_meant_with_its_filter(
    three: list[Customer], ana: User, ana_in: Client, happens: Any
) -> None:
    happens(three[0])
    sent = {"deed": "archive", "all": "1", "waiting": "1", "sort": "waiting", "id": "x"}
    there = ana_in.post("/bulk/", sent)["Location"]
    page = ana_in.get(there).content.decode()
    assert "Archive for 1 customer" in page


def test_nobody_picked_goes_back_to_the_list_and_says_so(ana_in: Client) -> None:
    answer = ana_in.post("/bulk/", {"deed": "archive", "next": "/customers/?waiting=1"})
    assert answer["Location"] == "/customers/?waiting=1"
    assert "Nobody is chosen" in ana_in.get("/customers/").content.decode()


def test_a_foreign_receipt_is_missing(
    three: list[Customer], ana: User, ben: User, ada_in: Client, signed_in: Callable[..., Client]
) -> None:
    receipt = done("archive", of(*three), ana)
    there = receipt.get_absolute_url()
    assert signed_in(ben).get(there).status_code == 404
    assert signed_in(ben).post(f"{there}undo/").status_code == 404
    assert ada_in.get(there).status_code == 200


def test_pages_take_eight_statements_at_most_whatever_their_size(
    three: list[Customer],
    ana: User,
    cleo: User,
    ana_in: Client,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    more = [make_customer(f"Nr {n}", owner=ana) for n in range(30)]
    draft = actions.draft("reassign", of(*three, *more), by=ana)
    draft = actions.fill(draft, {"owner": cleo.pk}, by=ana)
    receipt = done("reassign", of(*three, *more), ana, owner=cleo.pk)
    for one in more:
        customers.reassign(one, to=None, by=ana)
    taken = done("tag", of(*three, *more), ana, tag="VIP")
    for page in (
        "/customers/",
        draft.get_absolute_url(),
        taken.get_absolute_url(),
        undone(receipt, ana).get_absolute_url(),
        "/settings/changes/",
    ):
        with django_assert_max_num_queries(8):
            assert ana_in.get(page).status_code == 200


# --- The API


def test_a_program_asks_what_would_happen_then_does_it_then_takes_it_back(
    three: list[Customer], ana: User, api: Any
) -> None:
    program = api(ana)
    body = {"action": "tag", "values": {"tag": "VIP"}, "filter": "owner:me"}
    assert program.post("/bulk", {**body, "dry_run": True}, status=200)["changes"] == 3
    assert not Receipt.objects.exists()
    found = program.post("/bulk", body)
    assert (found["state"], found["changed"], found["can_undo"]) == ("done", 3, True)
    assert program.get(f"/bulk/{found['id']}") == found
    rows = program.get(f"/bulk/{found['id']}/customers")["items"]
    assert {row["name"] for row in rows} == {"Bo Li", "Cy Ross", "Di Moss"}
    back = ok(program.send("DELETE", f"/bulk/{found['id']}"), 200)
    assert (back["state"], back["undone"]) == ("undone", 3)
    ok(program.send("DELETE", f"/bulk/{found['id']}"), 409)
    assert not three[0].tags.exists()


def test_the_id_of_somebody_who_was_merged_chooses_who_they_are_now(
    three: list[Customer], ana: User, api: Any
) -> None:
    stays, goes, _ = three
    customers.merge(stays, [goes], by=ana)
    body = {"action": "tag", "values": {"tag": "VIP"}, "ids": [str(goes.public_id)]}
    run = api(ana).post("/bulk", {**body, "dry_run": True}, status=200)
    assert (run["changes"], run["missing"]) == (1, 0)
    assert api(ana).post("/bulk", body)["changed"] == 1
    assert [tag.name for tag in stays.tags.all()] == ["VIP"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "tag", "values": {"tag": "VIP"}}, "filter"),
        ({"action": "tag", "values": {"tag": "VIP"}, "ids": [], "filter": ""}, "filter"),
        ({"action": "tag", "values": {}, "filter": ""}, "values.tag"),
        ({"action": "reassign", "values": {"owner": 1}, "filter": ""}, "values.owner"),
        ({"action": "tag", "values": {"tag": "VIP"}, "filter": "colour:red"}, "filter"),
        ({"action": "tag", "values": {"tag": "VIP"}, "ids": ["7"]}, "ids.0"),
        ({"action": "boom", "filter": ""}, "action"),
        ({"action": "boom", "values": {"tags": ["VIP"]}}, "action values.tags"),
        ({"action": "merge", "ids": []}, "action"),
        ({"action": "tag", "values": {"tag": {"a": 1}}, "filter": ""}, "values.tag"),
    ],
)
def test_what_is_wrong_is_named(
    body: dict[str, Any], field: str, three: list[Customer], ana: User, api: Any
) -> None:
    answer = api(ana).post("/bulk", body, status=422)
    assert [one["field"] for one in answer["errors"]] == field.split()


def test_an_action_that_does_not_exist_is_said_with_those_that_do(ana: User, api: Any) -> None:
    answer = api(ana).post("/bulk", {"action": "boom", "values": {"tags": ["VIP"]}}, status=422)
    action, values = (one["message"] for one in answer["errors"])
    assert action.startswith("There is no action “boom”; there are add_task, archive, ")
    assert values == "This must be text, a number, true, false or null"
