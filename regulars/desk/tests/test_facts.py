"""Every fact is edited where it stands, by people at once if need be, with script and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers import actions, editing
from regulars.customers.deck import cards
from regulars.customers.editing import Kind
from regulars.customers.models import Category, Contact, Customer, SourceName
from regulars.staff.models import Role, Store, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos",
        owner=ana,
        contacts=[
            {
                "first_name": "Renée",
                "last_name": "Castellanos",
                "emails": [{"address": "renee@lake.example"}, {"address": "rc@work.example"}],
                "phones": [{"number": "(734) 555-0162"}],
                "primary": True,
            },
            {"first_name": "Mateo", "role": "Husband"},
        ],
        locations=[{"line1": "1417 Pearl St", "city": "Ypsilanti"}, {"line1": "2 B St"}],
    )


def at(customer: Customer, key: str) -> str:
    return f"{customer.get_absolute_url()}facts/{key}/"


def mateo(customer: Customer) -> Contact:
    return customer.contacts.get(first_name="Mateo")


def every_key(customer: Customer) -> list[str]:
    rows: list[Any] = [customer, mateo(customer), *customer.emails.all()[:1]]
    rows += [*customer.phones.all(), *customer.locations.all()[:1]]
    return [cell.key for row in rows for cell in editing.cells(row).values()]


# The field.


def test_every_kind_of_fact_opens_on_the_page_and_on_a_page_of_its_own(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    SourceName.objects.create(name="County fair")
    for key in every_key(renee):
        found = editing.parse(key)
        assert found is not None
        if found.fact.kind is Kind.ORDER:
            continue
        whole = ana_in.get(at(renee, key))
        assert whole.status_code == 200, key
        page = whole.content.decode()
        assert f"<title>{found.fact.label} of Renée Castellanos" in page
        region = ana_in.get(
            at(renee, key), headers=htmx("fact-x", page=renee.get_absolute_url())
        ).content.decode()
        ident = f'id="fact-{key.replace(":", "-")}"'
        assert region.lstrip().startswith("<span"), key
        for text in (page, region):
            assert ident in text
            assert 'name="value"' in text
            assert 'name="was"' in text


def test_the_field_holds_what_is_known_in_words(
    ana_in: Client, renee: Customer, mia: User, ana: User
) -> None:
    pk = mateo(renee).pk
    for name, value in (("language", "es"), ("birthday", "1980-05-04"), ("about", "One\nTwo")):
        actions.edit(renee, f"contact:{pk}:{name}", value, by=mia)
    assert 'value="Spanish"' in ana_in.get(at(renee, f"contact:{pk}:language")).content.decode()
    birthday = ana_in.get(at(renee, f"contact:{pk}:birthday")).content.decode()
    assert 'value="May 4, 1980"' in birthday
    assert 'name="was" value="1980-05-04"' in birthday
    assert ">One\nTwo</textarea>" in ana_in.get(at(renee, f"contact:{pk}:about")).content.decode()
    source = ana_in.get(at(renee, "source")).content.decode()
    assert 'name="words"' in source
    store = ana_in.get(at(renee, "store")).content.decode()
    assert "Marlow North" in store


# Keeping.


def test_what_is_typed_is_kept_and_the_cell_comes_back_as_text(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    key = f"contact:{mateo(renee).pk}:role"
    headers = htmx(f"fact-contact-{mateo(renee).pk}-role", page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, key), {"value": " Spouse ", "was": "Husband"}, headers=headers)
    region = answer.content.decode()
    assert answer.status_code == 200
    assert "data-saved" in region
    assert "Spouse" in region.partition("<hx-partial")[0]
    for beside in ("#record", "#panels", "#timeline", "#heading"):
        assert f'hx-target="{beside}"' in region
    assert mateo(renee).role == "Spouse"


def test_a_country_is_edited_as_it_is_shown(ana_in: Client, renee: Customer) -> None:
    place = renee.locations.get(is_primary=True)
    key = f"location:{place.pk}:country"
    for typed, kept in (("Canada", "CA"), ("us", "US"), ("Deutschland", "DE"), ("", "")):
        assert ana_in.post(at(renee, key), {"value": typed}).status_code == 303
        place.refresh_from_db()
        assert place.country == kept
    actions.edit(renee, key, "US", by=None)
    field = ana_in.get(at(renee, key)).content.decode()
    assert 'value="United States"' in field
    assert '<option value="Canada">' in field
    at_location = f"{renee.get_absolute_url()}locations/{place.pk}/"
    form = ana_in.get(at_location).content.decode()
    assert 'name="country" value="United States"' in form
    assert '<option value="Canada">' in form
    sent = {"line1": "1 A St", "country": "Canada"}
    assert ana_in.post(at_location, sent).status_code == 303
    place.refresh_from_db()
    assert place.country == "CA"
    wrong = ana_in.post(at_location, {**sent, "country": "Atlantis"}).content.decode()
    assert "“Atlantis” is no country we know" in wrong
    assert 'value="Atlantis"' in wrong
    assert "Canada" in ana_in.get(f"{renee.get_absolute_url()}history/").content.decode()


@pytest.mark.parametrize("language", ["Klingon", "Hmong", "Samoan"])
def test_whatever_they_speak_the_page_opens(ana_in: Client, renee: Customer, language: str) -> None:
    key = f"contact:{renee.contacts.get(is_primary=True).pk}:language"
    answer = ana_in.post(at(renee, key), {"value": language, "was": ""}, follow=True)
    assert language in answer.content.decode()
    assert ana_in.get(f"{renee.get_absolute_url()}history/").status_code == 200


def test_without_script_it_leads_back_to_the_customer(ana_in: Client, renee: Customer) -> None:
    answer = ana_in.post(at(renee, "company"), {"value": "Lake & Sons", "was": ""}, follow=True)
    assert answer.redirect_chain == [(renee.get_absolute_url(), 303)]
    page = answer.content.decode()
    assert "Company is saved." in page
    assert "Lake &amp; Sons" in page


def test_the_other_source_comes_with_its_words(ana_in: Client, renee: Customer) -> None:
    ana_in.post(at(renee, "source"), {"value": "other", "words": "Trade fair", "was": ""})
    renee.refresh_from_db()
    assert renee.source_label == "Trade fair"
    answer = ana_in.post(at(renee, "source"), {"value": "other", "words": " "})
    assert answer.status_code == 422
    assert "Say which other source" in answer.content.decode()


def test_group_category_and_store_are_chosen_among_what_is_offered(
    ana_in: Client, renee: Customer, south: Store
) -> None:
    fleet = Category.objects.create(name="Fleet")
    ana_in.post(at(renee, "category"), {"value": str(fleet.pk)})
    renee.refresh_from_db()
    assert renee.category == fleet
    page = ana_in.get(at(renee, "store")).content.decode()
    assert "Marlow South" not in page
    answer = ana_in.post(at(renee, "store"), {"value": str(south.pk)})
    assert answer.status_code == 422


def test_an_address_comes_moves_and_goes(ana_in: Client, renee: Customer, htmx: Headers) -> None:
    own = renee.contacts.get(is_primary=True)
    ana_in.post(at(renee, f"contact:{own.pk}:email"), {"value": "new@lake.example", "was": ""})
    new = own.emails.get(address="new@lake.example")
    headers = htmx("record", page=renee.get_absolute_url())
    moved = ana_in.post(at(renee, f"email:{new.pk}:position"), {"value": "0"}, headers=headers)
    assert moved.content.decode().lstrip().startswith("<section")
    assert own.emails.first() == new
    gone = ana_in.post(at(renee, f"email:{new.pk}:address"), {"value": ""}, headers=headers)
    assert gone.status_code == 200
    assert not own.emails.filter(pk=new.pk).exists()
    last = own.emails.all()[0]
    headers = htmx(f"fact-email-{last.pk}-address", page=renee.get_absolute_url())
    emptied = ana_in.post(at(renee, f"email:{last.pk}:address"), {"value": ""}, headers=headers)
    assert emptied.content.decode().lstrip().startswith("<hx-partial")


def test_an_extension_stays_in_view(ana_in: Client, ana: User, renee: Customer) -> None:
    own = renee.contacts.get(is_primary=True)
    ana_in.post(at(renee, f"contact:{own.pk}:phone"), {"value": "734 555 2938 ext 12"})
    assert own.phones.get(extension="12").e164 == "+17345552938"
    assert "(734) 555-2938 ext. 12" in ana_in.get(renee.get_absolute_url()).content.decode()
    (card,) = cards(ana, [renee.pk])
    assert card.phones[1].shown == "(734) 555-2938 ext. 12"


@pytest.mark.parametrize(
    ("key", "value"),
    [("phone", "734.555.0162"), ("email", "RENEE@lake.example"), ("email:1", "renee@lake.example")],
)
def test_one_contact_has_each_address_once(
    ana_in: Client, renee: Customer, htmx: Headers, key: str, value: str
) -> None:
    own = renee.contacts.get(is_primary=True)
    second = f"email:{own.emails.all()[1].pk}:address"
    cell = second if key == "email:1" else f"contact:{own.pk}:{key}"
    headers = htmx("fact-" + cell.replace(":", "-"), page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, cell), {"value": value}, headers=headers)
    assert answer.status_code == 422
    assert "This contact has this" in answer.content.decode()
    assert f'value="{value}"' in answer.content.decode()
    assert (own.emails.count(), own.phones.count()) == (2, 1)
    other = actions.edit(renee, f"contact:{mateo(renee).pk}:phone", "734.555.0162", by=None)
    assert other.changed
    again = actions.edit(renee, f"contact:{own.pk}:phone", "734 555 0162 x 3", by=None)
    assert again.changed


def test_the_primary_contact_is_switched(ana_in: Client, renee: Customer) -> None:
    ana_in.post(at(renee, f"contact:{mateo(renee).pk}:primary"), {"value": "yes"})
    assert mateo(renee).is_primary
    page = ana_in.post(
        at(renee, f"contact:{mateo(renee).pk}:primary"), {"value": ""}, follow=True
    ).content.decode()
    assert "Make another one primary instead. Nothing was changed." in page


# Mistakes.


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("first_name", "x" * 101, "longer than 100 characters"),
        ("type", "king", "Choose one of the list"),
        ("contact:birthday", "the day after", "This is no day we can read"),
        ("contact:language", "Klingonish", "no language we know"),
        ("contact:email", "nonsense", "is not an email address"),
        ("contact:phone", "12", "is not a phone number"),
        ("email:address", "a@b", "is not an email address"),
        ("phone:number", "twelve", "is not a phone number"),
        ("location:country", "Atlantis", "is no country we know"),
    ],
)
def test_a_mistake_is_said_in_the_cell_and_what_was_typed_stays(
    ana_in: Client, renee: Customer, htmx: Headers, key: str, value: str, sentence: str
) -> None:
    of, _, name = key.rpartition(":")
    rows: dict[str, Any] = {
        "contact": mateo(renee),
        "email": renee.emails.first(),
        "phone": renee.phones.first(),
        "location": renee.locations.first(),
    }
    key = f"{of}:{rows[of].pk}:{name}" if of else name
    headers = htmx("fact-x", page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, key), {"value": value, "was": "old"}, headers=headers)
    region = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in region
    assert 'aria-invalid="true"' in region
    assert 'name="was" value="old"' in region
    assert value in region or name == "type"
    renee.refresh_from_db()
    assert renee.version == 1


def test_the_last_name_of_all_cannot_be_taken_away(ana_in: Client, renee: Customer) -> None:
    ana_in.post(at(renee, "first_name"), {"value": ""})
    answer = ana_in.post(at(renee, "last_name"), {"value": ""})
    assert answer.status_code == 422
    assert "A customer needs a name" in answer.content.decode()


def test_nothing_sent_changes_nothing(ana_in: Client, renee: Customer) -> None:
    assert ana_in.post(at(renee, "company"), {}).status_code == 422


# Two at once.


def test_both_words_are_shown_and_one_is_chosen(
    ana_in: Client, renee: Customer, mia: User, htmx: Headers
) -> None:
    actions.edit(renee, "type", "prospect", by=mia)
    headers = htmx("fact-type", page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, "type"), {"value": "account", "was": "lead"}, headers=headers)
    region = answer.content.decode()
    assert answer.status_code == 409
    assert "Mia Hollander changed type" in region
    assert "<b>Prospect</b>" in region
    assert "<b>Account</b>" in region
    assert 'name="was" value="prospect"' in region
    assert 'name="value" value="account"' in region
    renee.refresh_from_db()
    assert renee.type == "prospect"
    shown = ana_in.get(f"{at(renee, 'type')}?shown=", headers=headers).content.decode()
    assert "Prospect" in shown
    mine = {"value": "account", "was": "prospect"}
    assert ana_in.post(at(renee, "type"), mine, headers=headers).status_code == 200
    renee.refresh_from_db()
    assert renee.type == "account"


def test_two_facts_of_one_customer_never_collide(
    ana_in: Client, renee: Customer, mia: User
) -> None:
    actions.edit(renee, "company", "Lake", by=mia)
    assert ana_in.post(at(renee, "type"), {"value": "account", "was": "lead"}).status_code == 303


def test_a_conflict_is_a_page_too(ana_in: Client, renee: Customer, mia: User) -> None:
    actions.edit(renee, f"contact:{mateo(renee).pk}:about", "Two girls", by=mia)
    key = f"contact:{mateo(renee).pk}:about"
    answer = ana_in.post(at(renee, key), {"value": "Rides\r\na Ducati", "was": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<html" in page
    assert "Two girls" in page
    assert "Rides" in page
    assert "Keep theirs" in page
    assert "Use mine" in page


def test_what_a_colleague_removed_meanwhile_is_said_and_what_was_typed_stays(
    ana_in: Client, renee: Customer, mia: User, htmx: Headers
) -> None:
    gone = mateo(renee)
    key, ident = f"contact:{gone.pk}:role", f"fact-contact-{gone.pk}-role"
    emails = list(gone.emails.values_list("pk", flat=True))
    actions.remove_contact(gone, by=mia)
    headers = htmx(ident, page=renee.get_absolute_url())
    answer = ana_in.post(at(renee, key), {"value": "Buys <all>", "was": ""}, headers=headers)
    region = answer.content.decode()
    assert answer.status_code == 409
    assert "Mia Hollander removed this contact" in region
    assert "<b>Buys &lt;all&gt;</b>" in region
    assert f'id="{ident}"' in region
    assert "Mia Hollander removed this contact" in ana_in.get(at(renee, key)).content.decode()
    for pk in emails:
        page = ana_in.post(at(renee, f"email:{pk}:address"), {"value": "x@y.example"})
        assert "Mia Hollander removed this address" in page.content.decode()


@pytest.mark.parametrize(
    ("fact", "typed"),
    [("phone", "734.555.0199"), ("email", "Malik@Lake.example")],
)
def test_who_has_the_same_address_already_is_said_under_it(
    ana_in: Client, renee: Customer, ana: User, ben: User, make_customer: MakeCustomer,
    htmx: Headers, fact: str, typed: str,
) -> None:  # fmt: skip
    have: dict[str, Any] = {"email": "malik@lake.example", "phone": "(734) 555-0199"}
    malik = make_customer("Malik Washington", owner=ana, **have)
    make_customer("Sue Secret", owner=ben, **have)
    key = f"contact:{mateo(renee).pk}:{fact}"
    headers = htmx(f"fact-{key.replace(':', '-')}", page=renee.get_absolute_url())
    region = ana_in.post(at(renee, key), {"value": typed, "was": ""}, headers=headers).text
    assert f'href="{malik.get_absolute_url()}">Malik Washington</a> has it too' in region
    assert "Secret" not in region
    row = getattr(mateo(renee), f"{fact}s").latest("pk")
    key = f"{fact}:{row.pk}:{'address' if fact == 'email' else 'number'}"
    headers = htmx(f"fact-{key.replace(':', '-')}", page=renee.get_absolute_url())
    other = {"email": "new@lake.example", "phone": "734 555 0111"}[fact]
    assert "has it too" not in ana_in.post(at(renee, key), {"value": other}, headers=headers).text
    assert "has it too" in ana_in.post(at(renee, key), {"value": typed}, headers=headers).text


# Whose they are.


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_theirs_or_no_fact_is_missing(
    ana_in: Client, renee: Customer, make_customer: MakeCustomer, ana: User, method: str
) -> None:
    other = make_customer("Other Person", owner=ana, email="o@o.example", locations=[{"city": "T"}])
    keys = ["nonsense", "version", "owner", f"contact:{10**17}:role", "contact:x:role"]
    keys += [f"contact:{other.contacts.get().pk}:role", f"email:{other.emails.get().pk}:address"]
    keys += [f"location:{other.locations.get().pk}:city", f"contact:{mateo(renee).pk}:is_primary"]
    for key in keys:
        assert getattr(ana_in, method)(at(renee, key)).status_code == 404, key


def test_who_may_only_look_is_offered_nothing_and_refused(
    signed_in: Callable[[User], Client], omar: User, ana: User, ben: User, renee: Customer
) -> None:
    client = signed_in(omar)
    page = client.get(renee.get_absolute_url()).content.decode()
    assert "data-fact" not in page
    assert "Mateo" in page
    for who, status in ((omar, 403), (ben, 404)):
        client = signed_in(who)
        assert client.get(at(renee, "type")).status_code == status
        assert client.post(at(renee, "type"), {"value": "account"}).status_code == status
    role = Role.objects.get(key="salesperson")
    role.rights |= {"customers": 1}
    role.save()
    assert signed_in(ana).get(at(renee, "type")).status_code == 403


# The page.


def test_every_fact_is_on_the_page_once(ana_in: Client, renee: Customer) -> None:
    page = ana_in.get(renee.get_absolute_url()).content.decode()
    for key in every_key(renee):
        found = editing.parse(key)
        assert found is not None
        if found.fact.kind in (Kind.ORDER, Kind.FLAG):
            continue
        assert page.count(f'id="fact-{key.replace(":", "-")}"') == 1, key
    own = renee.contacts.get(is_primary=True)
    assert f'id="fact-contact-{own.pk}-first_name"' not in page  # it is the customer's


def test_the_page_of_many_contacts_takes_no_more_statements(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    many = make_customer(
        "",
        company="Northwind",
        owner=ana,
        contacts=[
            {"first_name": f"No {n}", "email": f"n{n}@nw.example", "phone": "734 555 0162"}
            for n in range(40)
        ],
        locations=[{"line1": f"{n} A St"} for n in range(20)],
    )
    ana_in.get(many.get_absolute_url())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ana_in.get(many.get_absolute_url())
    assert len(asked) <= 8
