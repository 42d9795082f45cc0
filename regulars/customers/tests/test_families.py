"""Families: proposed by what people share, confirmed and refused by hand, told on everybody."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers import actions
from regulars.customers.family import Family, family_of
from regulars.customers.models import Customer, Household, HouseholdChange, Location, NotFamily
from regulars.customers.models.history import keepings
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}
SAME = {"line1": "12 main st.", "city": "Troy", "postal_code": "48084-1234", "country": "US"}


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renée Castellanos", owner=ana, phone="734 555 0142", locations=[HOME])


@pytest.fixture
def mateo(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Mateo Castellanos", owner=ana, locations=[SAME])


@pytest.fixture
def rita(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana, phone="(734) 555-0142")


def proposed(family: Family) -> dict[str, tuple[str, ...]]:
    return {one.customer.name: one.reasons for one in family.proposed}


def home_of(change: HouseholdChange | None) -> Household:
    assert change is not None
    return Household.objects.get(pk=change.household or 0)


def kinds(customer: Customer) -> list[str]:
    events = Event.objects.filter(customer=customer).exclude(kind="customer.created")
    return list(events.order_by("pk").values_list("kind", flat=True))


def test_one_address_or_one_phone_proposes_a_household(
    renee: Customer, mateo: Customer, rita: Customer, ana: User
) -> None:
    assert proposed(family_of(ana, renee)) == {
        "Mateo Castellanos": ("Same address: 12 Main Street",),
        "Rita Moss": ("Same phone: (734) 555-0142",),
    }
    assert proposed(family_of(ana, mateo)) == {"Renée Castellanos": ("Same address: 12 main st.",)}


def test_every_way_of_writing_a_place_keeps_its_one_spelling(renee: Customer, ana: User) -> None:
    from regulars.customers import facts

    place = renee.locations.get()
    assert place.normal == "12 main st|48084|US"
    actions.change_location(place, facts.read_location({**HOME, "line1": "14 Main St"}), by=ana)
    actions.add_location(renee, facts.read_location(SAME), by=ana)
    said = {"name": "R C", "locations": [HOME, {"line1": "9 B St", "postal_code": "48085"}]}
    found = list(Location.objects.order_by("pk").values_list("normal", flat=True))
    assert found == ["14 main st|48084|US", "12 main st|48084|US"]
    actions.change(renee, facts.clean(said), by=ana, fields=["locations"])
    assert set(Location.objects.values_list("normal", flat=True)) == {
        "12 main st|48084|US",
        "9 b st|48085|US",
    }


def test_companies_strangers_and_the_archived_are_not_proposed(
    renee: Customer, make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    make_customer("", company="Castellanos LLC", owner=ana, locations=[HOME])
    make_customer("Foreign Person", owner=ben, locations=[HOME])
    gone = make_customer("Gone Person", owner=ana, locations=[HOME])
    actions.archive(gone, by=ana)
    assert proposed(family_of(ana, renee)) == {}


def test_an_address_that_a_crowd_shares_says_nothing(
    renee: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    for n in range(11):
        make_customer(f"Person {n}", owner=ana, locations=[HOME])
    assert len(proposed(family_of(ana, renee))) == 11
    make_customer("Person 12", owner=ana, locations=[HOME])
    assert proposed(family_of(ana, renee)) == {}


def test_the_family_is_read_in_two_statements(
    renee: Customer, mateo: Customer, rita: Customer, ada: User
) -> None:
    actions.confirm(renee, mateo, by=ada)
    renee.refresh_from_db()
    assert ada.role.key == "administrator"
    with CaptureQueriesContext(connection) as queries:
        family_of(ada, renee)
    assert len(queries) == 2


def test_confirming_makes_a_household_of_two_and_tells_both(
    renee: Customer, mateo: Customer, ana: User
) -> None:
    change = actions.confirm(renee, mateo, relation="Wife", by=ana)
    household = home_of(change)
    renee.refresh_from_db()
    mateo.refresh_from_db()
    assert (renee.household, mateo.household) == (household, household)
    assert (household.name, renee.relation) == ("", "Wife")
    assert kinds(renee) == kinds(mateo) == ["household.joined"]
    family = family_of(ana, renee)
    assert family.household == "Castellanos household"
    assert [row.name for row in family.members] == ["Mateo Castellanos"]
    assert proposed(family) == {}
    event = Event.objects.get(customer=renee, kind="household.joined")
    assert event.what.say(event.data) == "added them to a household"
    actions.confirm(mateo, renee, by=ana)
    assert Event.objects.filter(kind__startswith="household").count() == 2


def test_a_third_one_joins_the_household_that_is_there(
    renee: Customer, mateo: Customer, rita: Customer, ana: User
) -> None:
    household = home_of(actions.confirm(renee, mateo, by=ana))
    assert home_of(actions.confirm(rita, renee, by=ana)) == household
    rita.refresh_from_db()
    assert rita.household == household
    assert kinds(rita) == ["household.joined"]
    assert kinds(renee) == ["household.joined", "household.grew"]


def test_two_households_are_not_thrown_together(
    renee: Customer, mateo: Customer, rita: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    actions.confirm(renee, mateo, by=ana)
    actions.confirm(rita, make_customer("Sam Moss", owner=ana), by=ana)
    with pytest.raises(Invalid, match="two households"):
        actions.confirm(renee, rita, by=ana)


def test_one_left_alone_is_no_household(renee: Customer, mateo: Customer, ana: User) -> None:
    actions.confirm(renee, mateo, relation="Wife", by=ana)
    actions.leave(renee, by=ana)
    renee.refresh_from_db()
    mateo.refresh_from_db()
    assert (renee.household, mateo.household, renee.relation) == (None, None, "")
    assert not Household.objects.exists()
    assert kinds(renee) == kinds(mateo) == ["household.joined", "household.left"]


def test_no_family_is_never_proposed_again(renee: Customer, mateo: Customer, ana: User) -> None:
    actions.refuse(mateo, renee, by=ana)
    actions.refuse(renee, mateo, by=ana)
    assert proposed(family_of(ana, renee)) == proposed(family_of(ana, mateo)) == {}
    assert kinds(renee) == kinds(mateo) == ["household.refused"]
    assert NotFamily.objects.get().said_by == ana
    assert actions.confirm(renee, mateo, by=ana) is not None  # said by hand all the same


def test_renaming_is_told_on_everybody(renee: Customer, mateo: Customer, ana: User) -> None:
    household = home_of(actions.confirm(renee, mateo, by=ana))
    actions.rename(household, "  The   house on Main ", by=ana)
    household.refresh_from_db()
    assert household.name == "The house on Main"
    assert kinds(renee)[-1] == kinds(mateo)[-1] == "household.renamed"
    actions.rename(household, "The house on Main", by=ana)
    assert kinds(renee).count("household.renamed") == 1
    with pytest.raises(Invalid):
        actions.rename(household, "x" * 201, by=ana)


def test_a_household_nobody_named_is_called_after_those_a_reader_may_see(
    renee: Customer, rita: Customer, ana: User, ben: User, ada: User
) -> None:
    home = home_of(actions.confirm(renee, rita, by=ada))
    actions.assign(rita, to=ben, by=ada)
    renee.refresh_from_db()
    rita.refresh_from_db()
    assert family_of(ana, renee).household == "Castellanos household"
    assert family_of(ben, rita).household == "Moss household"
    assert family_of(ada, renee).household == "Castellanos and Moss household"
    actions.rename(home, "The house on Main", by=ana)
    assert family_of(ben, rita).household == "The house on Main"
    actions.rename(home, " ", by=ana)
    assert family_of(ben, rita).household == "Moss household"


def test_joining_another_household_leaves_the_one_before(
    renee: Customer, mateo: Customer, rita: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    actions.confirm(renee, mateo, by=ana)
    moss = home_of(actions.confirm(rita, make_customer("Sam Moss", owner=ana), by=ana))
    actions.join(renee, moss, by=ana)
    mateo.refresh_from_db()
    renee.refresh_from_db()
    assert (renee.household, mateo.household) == (moss, None)
    assert Household.objects.get() == moss


def test_a_company_lives_nowhere(renee: Customer, make_customer: MakeCustomer, ana: User) -> None:
    firm = make_customer("", company="Castellanos LLC", owner=ana, locations=[HOME])
    for one, other in ((renee, firm), (firm, renee)):
        with pytest.raises(Invalid):
            actions.confirm(one, other, by=ana)
    with pytest.raises(Invalid):
        actions.confirm(renee, renee, by=ana)


def test_what_they_are_to_each_other_is_said(renee: Customer, ana: User) -> None:
    actions.relate(renee, " Grand  mother ", by=ana)
    renee.refresh_from_db()
    assert renee.relation == "Grand mother"
    assert kinds(renee) == ["customer.changed"]
    with pytest.raises(Invalid):
        actions.relate(renee, "x" * 41, by=ana)


def test_erasing_one_ends_a_household_of_two_and_what_it_was_called(
    renee: Customer, mateo: Customer, ada: User
) -> None:
    actions.confirm(renee, mateo, by=ada)
    actions.erase(renee, confirm=renee.name, by=ada)
    mateo.refresh_from_db()
    assert mateo.household is None
    assert not Household.objects.exists()


def test_erasing_one_of_three_takes_their_name_off_the_household_and_off_its_past(
    renee: Customer, mateo: Customer, rita: Customer, ada: User, make_customer: Any
) -> None:
    gone = make_customer("Walter Quisenberry")
    home = home_of(actions.confirm(gone, rita, by=ada))
    actions.rename(home, "Quisenberry's", by=ada)
    actions.confirm(rita, mateo, by=ada)
    actions.erase(gone, confirm=gone.name, by=ada)
    home.refresh_from_db()
    assert home.name == ""
    (kept,) = (one for one in keepings() if one.model is Household)
    assert not kept.history._default_manager.filter(name__contains="Quisenberry").exists()


# Referrals.


def test_who_referred_them_is_kept_with_its_source(
    renee: Customer, rita: Customer, ana: User
) -> None:
    actions.refer(renee, rita, source="Church picnic", by=ana)
    renee.refresh_from_db()
    assert (renee.referred_by, renee.referral_source) == (rita, "Church picnic")
    assert kinds(renee) == ["referral.recorded"]
    assert kinds(rita) == []
    family = family_of(ana, renee)
    assert family.referrer == rita
    assert family_of(ana, rita).referred == [renee]
    actions.refer(renee, rita, source="Church picnic", by=ana)
    actions.refer(renee, None, by=ana)
    renee.refresh_from_db()
    assert (renee.referred_by, renee.referral_source) == (None, "")
    assert kinds(renee) == ["referral.recorded", "referral.cleared"]


def test_referrals_go_in_no_circle(
    renee: Customer, mateo: Customer, rita: Customer, ana: User
) -> None:
    actions.refer(renee, mateo, by=ana)
    actions.refer(mateo, rita, by=ana)
    for customer, referrer in ((rita, renee), (mateo, renee), (rita, rita)):
        customer.refresh_from_db()
        referrer.refresh_from_db()
        with pytest.raises(Invalid):
            actions.refer(customer, referrer, by=ana)
    with pytest.raises(Invalid):
        actions.refer(renee, mateo, source="x" * 101, by=ana)


def test_a_referrer_the_reader_does_not_see_is_not_named(
    renee: Customer, make_customer: MakeCustomer, ana: User, ada: User, ben: User
) -> None:
    secret = make_customer("Secret Person", owner=ben)
    actions.refer(renee, secret, by=ada)
    actions.confirm(renee, secret, by=ada)
    renee.refresh_from_db()
    family = family_of(ana, renee)
    assert (family.referrer, family.members) == (None, [])
    told = [event.what.say(event.data) for event in renee.events.all()]
    assert not any("Secret" in words for words in told if "household" not in words)


# Filters.


def test_filters_know_households_and_referrals(
    renee: Customer, mateo: Customer, rita: Customer, ana: User, api: Any
) -> None:
    actions.confirm(renee, mateo, by=ana)
    actions.refer(rita, renee, by=ana)

    def found(text: str) -> set[str]:
        items = api(ana).get("/customers", filter=text)["items"]
        return {row["name"] for row in items}

    assert found("household") == {"Renée Castellanos", "Mateo Castellanos"}
    assert found("not household") == {"Rita Moss"}
    assert found("referred") == {"Rita Moss"}
