"""Custom fields from Settings to the customer, the list, the filter, the API and files."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from regulars.criteria import english, sql, text, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import CriteriaError
from regulars.customers import actions
from regulars.customers.models import Customer, CustomField, CustomValue, histories
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.api import Program, refused
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Api = Callable[[User | None], Program]
SignedIn = Callable[[User], Client]


@pytest.fixture
def boat(ada: User) -> dict[str, CustomField]:
    """A field of every kind."""
    kinds = {
        "Boat name": "text",
        "Boat length": "number",
        "Launched": "date",
        "Hull": "choice",
        "Newsletter": "yes_no",
        "Website": "link",
    }
    made = [
        actions.add_field(
            label=label, kind=kind, choices=["Wood", "Steel"] if kind == "choice" else [], by=ada
        )
        for label, kind in kinds.items()
    ]
    return {field.key: field for field in made}


SAID: dict[str, Any] = {
    "boat_name": "Étoile",
    "boat_length": 24.5,
    "launched": "2020-05-04",
    "hull": "Wood",
    "newsletter": True,
    "website": "https://boats.example/etoile",
}


def found(user: User, typed: str) -> set[str]:
    asking = Asking(user, clock.now(), clock.now().tzinfo)  # type: ignore[arg-type]
    where = sql.q(text.read(typed, asking), asking)
    return set(Customer.objects.visible_to(user).filter(where).values_list("name", flat=True))


def test_what_is_said_is_given_back_and_asked_for(
    boat: dict[str, CustomField], ada: User, api: Api
) -> None:
    made = api(ada).post("/customers", {"name": "Rita Moss", "custom": SAID})
    assert made["custom"] == SAID
    api(ada).post("/customers", {"name": "Sam Poe", "custom": {"boat_length": 12}})
    path = f"/customers/{made['id']}"
    changed = api(ada).patch(path, {"custom": {"hull": "steel", "newsletter": None}})
    assert changed["custom"]["hull"] == "Steel"
    assert "newsletter" not in changed["custom"]
    assert changed["custom"]["boat_length"] == 24.5


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("boat_name:eto", {"Rita Moss"}),
        ('boat_name contains "toil"', {"Rita Moss"}),
        ("boat_length > 20", {"Rita Moss"}),
        ("boat_length:12..24.5", {"Rita Moss", "Sam Poe"}),
        ("not boat_length > 20", {"Sam Poe", "Una Vale"}),
        ("boat_length:empty", {"Una Vale"}),
        ("launched < 2021-01-01", {"Rita Moss"}),
        ("launched:empty", {"Sam Poe", "Una Vale"}),
        ("hull:wood", {"Rita Moss"}),
        ('"Hull":Wood or boat_length < 13', {"Rita Moss", "Sam Poe"}),
        ("newsletter:yes", {"Rita Moss"}),
        ("newsletter:no", set()),
        ("website:https", {"Rita Moss"}),
    ],
)
@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_it_is_filtered_like_a_built_in_field(
    boat: dict[str, CustomField],
    ada: User,
    api: Api,
    typed: str,
    names: set[str],
    many: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("regulars.customers.custom.asked.FEW", 0 if many else 5_000)
    program = api(ada)
    program.post("/customers", {"name": "Rita Moss", "custom": SAID})
    program.post("/customers", {"name": "Sam Poe", "custom": {"boat_length": 12}})
    program.post("/customers", {"name": "Una Vale"})
    assert found(ada, typed) == names
    items = program.get("/customers", filter=typed)["items"]
    assert {one["name"] for one in items} == names


def test_a_filter_says_its_name_and_stands_in_the_address(
    boat: dict[str, CustomField], ada: User
) -> None:
    asking = Asking(ada, clock.now(), clock.now().tzinfo)  # type: ignore[arg-type]
    tree = text.read("boat_length >= 20 and hull:wood", asking)
    assert url.write(tree) == "boat_length=%3E%3D20&hull=Wood"
    assert english.sentence(tree, asking) == "Boat length is at least 20 and hull is Wood"


def test_without_the_field_the_nearest_is_offered(boat: dict[str, CustomField], ada: User) -> None:
    with pytest.raises(CriteriaError, match="boat_length"):
        found(ada, "boat_lenght > 2")
    actions.archive_field(boat["hull"], by=ada)
    with pytest.raises(CriteriaError, match="Unknown field"):
        found(ada, "hull:wood")


@pytest.mark.parametrize(
    ("custom", "field"),
    [
        ({"boat_length": "long"}, "custom.boat_length"),
        ({"hull": "paper"}, "custom.hull"),
        ({"launched": "soon"}, "custom.launched"),
        ({"wheels": 4}, "custom.wheels"),
        ({"website": "javascript:alert(1)"}, "custom.website"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_changes_nothing(
    boat: dict[str, CustomField], ada: User, api: Api, custom: dict[str, Any], field: str
) -> None:
    made = api(ada).post("/customers", {"name": "Rita Moss", "custom": {"boat_name": "A"}})
    path = f"/customers/{made['id']}"
    body = {"company": "Moss Ltd", "custom": custom}
    assert field in refused(api(ada).send("PATCH", path, body), 422)
    assert field in refused(api(ada).send("POST", "/customers", {"name": "B", **body}), 422)
    after = api(ada).get(path)
    assert (after["company"], after["custom"]) == ("", {"boat_name": "A"})


def test_a_change_is_one_event_and_is_kept_in_history(
    boat: dict[str, CustomField], make_customer: MakeCustomer, ada: User
) -> None:
    from regulars.customers.custom.queries import definition

    rita = make_customer("Rita Moss")
    field = definition(boat["boat_name"])
    assert actions.put_custom(rita, {field: "Étoile"}, by=ada)
    assert not actions.put_custom(rita, {field: "Étoile"}, by=ada)
    assert actions.put_custom(rita, {field: None}, by=ada)
    events = Event.objects.filter(customer=rita, kind="customer.changed")
    assert [e.data["fields"] for e in events] == ["Boat name", "Boat name"]
    kept = next(history for model, history, _ in histories() if model is CustomValue)
    labels = kept._default_manager.order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(labels) == ["insert", "delete"]


# --- Settings


def test_fields_are_made_changed_ordered_and_put_away(ada_in: Client) -> None:
    page = ada_in.get("/settings/fields/")
    assert "No custom fields yet" in page.text
    said = {"label": "Boat length", "kind": "number", "help": "In feet"}
    assert ada_in.post("/settings/fields/new/", said, follow=True).status_code == 200
    said = {"label": "Hull", "kind": "choice", "choices": "Wood\nSteel\n\nwood"}
    ada_in.post("/settings/fields/new/", said)
    length, hull = CustomField.objects.all()
    assert (length.key, hull.choices) == ("boat_length", ["Wood", "Steel"])
    ada_in.post(f"/settings/fields/{hull.pk}/move/", {"up": "1"})
    assert list(CustomField.objects.values_list("label", flat=True)) == ["Hull", "Boat length"]
    ada_in.post(f"/settings/fields/{length.pk}/", {"label": "Length", "help": ""})
    ada_in.post(f"/settings/fields/{hull.pk}/archive/")
    length.refresh_from_db()
    hull.refresh_from_db()
    assert (length.label, length.key) == ("Length", "boat_length")
    assert hull.archived_at is not None
    assert "Bring back" in ada_in.get("/settings/fields/").text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"label": "", "kind": "text"}, "required"),
        ({"label": "x" * 61, "kind": "text"}, "at most 60"),
        ({"label": "Hull", "kind": "choice", "choices": "  "}, "something to choose"),
        ({"label": "BOAT NAME", "kind": "text"}, "already"),
        ({"label": "Hull", "kind": "shape"}, "Select a valid choice"),
    ],
)
def test_a_field_that_cannot_be_is_told_and_keeps_what_was_typed(
    ada_in: Client, ada: User, said: dict[str, str], why: str
) -> None:
    actions.add_field(label="Boat name", kind="text", by=ada)
    answer = ada_in.post("/settings/fields/new/", said)
    assert answer.status_code == 422
    assert why in answer.text
    assert said["label"] in answer.text
    assert CustomField.objects.count() == 1


def test_a_key_never_hides_a_built_in_field(ada: User) -> None:
    assert actions.add_field(label="Owner", kind="text", by=ada).key == "owner_2"
    assert actions.add_field(label="Filter", kind="text", by=ada).key == "filter_2"
    assert actions.add_field(label="2nd car", kind="text", by=ada).key == "field_2nd_car"
    assert actions.add_field(label="名前", kind="text", by=ada).key
    with pytest.raises(Invalid, match="taken"):
        actions.add_field(label="Mine", kind="text", key="owner", by=ada)


def test_a_choice_in_use_stays(
    boat: dict[str, CustomField], make_customer: MakeCustomer, ada: User
) -> None:
    from regulars.customers.custom.queries import definition

    rita = make_customer("Rita Moss")
    actions.put_custom(rita, {definition(boat["hull"]): "Wood"}, by=ada)
    with pytest.raises(Invalid, match="still in use"):
        actions.change_field(boat["hull"], label="Hull", choices=["Steel"], by=ada)
    actions.change_field(boat["hull"], label="Hull", choices=["WOOD", "Tin"], by=ada)
    assert CustomValue.objects.get().text == "WOOD"


# --- On the customer and in the list


def test_they_stand_on_the_customer_and_are_filled_in_there(
    boat: dict[str, CustomField], make_customer: MakeCustomer, ana_in: Client, ana: User
) -> None:
    rita = make_customer("Rita Moss", owner=ana)
    at = f"/customers/{rita.public_id}/custom/"
    said = {"boat_length": "1,024.5", "hull": "Steel", "newsletter": "no", "website": "b.example"}
    assert ana_in.post(at, said).status_code == 303
    page = ana_in.get(f"/customers/{rita.public_id}/").text
    assert "1,024.5" in page
    assert 'href="https://b.example"' in page
    wrong = ana_in.post(at, {**said, "boat_length": "very long"})
    assert wrong.status_code == 422
    assert "very long" in wrong.text
    assert "is not a number" in wrong.text


def test_a_strangers_customer_is_missing(
    boat: dict[str, CustomField], make_customer: MakeCustomer, ana_in: Client, ben: User
) -> None:
    theirs = make_customer("Theo Nash", owner=ben)
    assert ana_in.get(f"/customers/{theirs.public_id}/custom/").status_code == 404
    assert ana_in.post(f"/customers/{theirs.public_id}/custom/", {}).status_code == 404


def test_a_column_of_the_list_shows_them(
    boat: dict[str, CustomField], ada_in: Client, api: Api, ada: User
) -> None:
    api(ada).post("/customers", {"name": "Rita Moss", "custom": SAID})
    assert 'value="custom_boat_name"' in ada_in.get("/customers/").text
    assert "Étoile" not in ada_in.get("/customers/").text
    ada_in.post("/customers/display/", {"column": ["custom_boat_name", "custom_launched"]})
    page = ada_in.get("/customers/").text
    assert "Étoile" in page
    assert "May 4, 2020" in page
