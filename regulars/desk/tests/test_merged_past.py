"""What the past and its entries tell of customers who were one for a while."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.customers.notes.facts import NoteFacts
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer

# Of one transaction everything was written at the same moment.
pytestmark = pytest.mark.django_db(transaction=True)
Pair = tuple[Customer, Customer]


def test_history_tells_of_a_merge_that_brought_notes(ana_in: Client, pair: Pair, ana: User) -> None:
    rita, again = pair
    actions.add_note(again, NoteFacts("Likes blue", details={"season": "2"}), by=ana)
    actions.merge(rita, [again], by=ana)
    text = ana_in.get(f"/customers/{rita.public_id}/history/").text
    assert "merged Margarita Moss into this record" in text
    assert "Likes blue" in text


def test_as_of_before_the_merge_both_are_shown_and_after_its_undo_too(
    ana_in: Client, pair: Pair, ana: User, api: Any
) -> None:
    rita, again = pair
    at = clock.now().isoformat()
    merge = actions.merge(rita, [again], by=ana)
    of = {c: f"/customers/{c.public_id}/history/" for c in pair}
    mine = ana_in.get(of[rita], {"as_of": at}).text
    assert "Merged since, and still by itself then" in mine
    assert f"/customers/{again.public_id}/history/?as_of=" in mine
    theirs = ana_in.get(of[again], {"as_of": at}).text
    assert "Margarita Moss was a record of its own then" in theirs
    assert "Moss &amp; Co" in theirs
    then = api(ana).get(f"/customers/{again.public_id}?as_of={at.replace('+00:00', 'Z')}")
    assert then["company"] == "Moss & Co"
    now = ana_in.get(of[again], {"as_of": clock.now().isoformat()}).text
    assert "Moss LLC" in now
    assert "Merged since" not in ana_in.get(of[rita], {"as_of": clock.now().isoformat()}).text
    actions.undo_merge(merge, by=ana)
    apart = clock.now().isoformat()
    for when in (at, apart):
        assert "Moss &amp; Co" in ana_in.get(of[again], {"as_of": when}).text


def test_as_of_a_day_on_which_they_were_one_it_is_that_record(
    ana_in: Client, pair: Pair, ana: User, django_assert_max_num_queries: Any
) -> None:
    rita, again = pair
    merge = actions.merge(rita, [again], by=ana)
    actions.tag(rita, "While one", by=ana)
    one = {"as_of": clock.now().isoformat()}
    actions.undo_merge(merge, by=ana)
    of = f"/customers/{again.public_id}/history/"
    ana_in.get(of, one)
    with django_assert_max_num_queries(8):
        text = ana_in.get(of, one).text
    assert "Margarita Moss was one with <a" in text
    assert f"/customers/{rita.public_id}/history/?as_of=" in text
    assert "While one" in text
    apart = ana_in.get(of, {"as_of": clock.now().isoformat()}).text
    assert "While one" not in apart
    assert "brought the customer back" in apart
    actions.merge(rita, [again], by=ana)
    assert "Margarita Moss was one with <a" in ana_in.get(of, one).text


def test_whom_they_were_one_with_is_not_told_to_who_may_not_see_them(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ben: User
) -> None:
    foreign = make_customer("Foreign Fred", owner=ben)
    merge = actions.merge(foreign, [pair[1]], by=None)
    at = clock.now().isoformat()
    actions.undo_merge(merge, by=None)
    text = ana_in.get(f"/customers/{pair[1].public_id}/history/", {"as_of": at}).text
    assert "Margarita was one with another customer then" in text
    assert "Foreign Fred" not in text


def test_what_a_foreign_customer_lent_for_a_while_is_told_to_who_sees_them_alone(
    client: Client, make_customer: MakeCustomer, ana: User, ben: User, ada: User, api: Any
) -> None:
    rita = make_customer("Rita Moss", owner=ana, phone="+1 734 555 0101")
    foreign = make_customer(
        "Zacharias Quist", owner=ben, email="zq@example.com", phone="+1 734 555 0188",
        locations=[{"line1": "9 Hidden Lane", "city": "Troy", "state": "MI"}],
    )  # fmt: skip
    merge = actions.merge(rita, [foreign], by=ada)
    at = quote(clock.now().isoformat())
    actions.undo_merge(merge, by=ada)
    theirs, lent = f"/customers/{rita.public_id}", ("zq@example.com", "0188", "Hidden Lane")
    act = Event.objects.get(customer=rita, kind="customer.merged").act
    for reader, is_told in ((ana, False), (ada, True)):
        client.force_login(reader)
        pages = [f"{theirs}/history/", f"{theirs}/history/{act}/"]
        texts = [client.get(page).text for page in (*pages, f"{pages[0]}?as_of={at}")]
        for read in (f"{theirs}/history?limit=200", f"{theirs}?as_of={at}"):
            texts.append(json.dumps(api(reader).get(read)))
        for text in texts:
            assert all((word in text) == is_told for word in lent), text
        assert "0101" in texts[2]
        assert ("Quist" in texts[3]) == is_told


def test_the_entries_of_a_merge_name_who_is_out_again_to_who_sees_them_alone(
    client: Client, make_customer: MakeCustomer, ana: User, ben: User, ada: User, api: Any
) -> None:
    rita = make_customer("Rita Moss", owner=ana)
    bo = make_customer("Bo Li", owner=ana)
    foreign = make_customer("Zacharias Quist", owner=ben)
    merge, is_one = actions.merge(rita, [bo, foreign], by=ada), True

    def told(reader: User, customer: Customer) -> list[str]:
        """Sentences of merges, newest first, as the API and the timeline have them."""
        at = f"/customers/{customer.public_id}"
        items = api(reader).get(f"{at}/events")["items"]
        said = [one["sentence"] for one in items if "merged" in one["kind"]]
        client.force_login(reader)
        pages = [client.get(page).text for page in (f"{at}/", f"{at}/history/")]
        assert all(sentence in pages[0] for sentence in said)
        hidden = reader == ana and not is_one
        assert not hidden or "Quist" not in "".join(pages)
        return said

    assert "merged Bo Li, Zacharias Quist into this record" in told(ana, rita)
    actions.undo_merge(merge, by=ada, only=[str(foreign.public_id)])
    is_one = False
    assert told(ana, rita) == [
        "took two records apart again", "merged Bo Li into this record",
    ]  # fmt: skip
    assert told(ada, rita)[0] == "took Zacharias Quist out of this record again"
    assert told(ben, foreign) == ["took two records apart again"]
    assert told(ada, foreign) == ["took this record out of Rita Moss again"]
    actions.undo_merge(merge, by=ada)
    assert told(ana, rita) == [
        "took Bo Li out of this record again", "took two records apart again", "merged a duplicate",
    ]  # fmt: skip
    assert told(ada, rita)[2] == "merged Bo Li, Zacharias Quist into this record"
    assert told(ada, rita)[2] in client.get(f"/customers/{rita.public_id}/history/").text
