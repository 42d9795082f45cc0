"""How addresses are written on an envelope, country by country."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.lib.addresses import Address, country_of, lines, normal, postal_code, state_code

ENVELOPES = {
    "US": (
        Address("123 N Main St", "Apt 4", "Ann Arbor", "MI", "48104", "US"),
        ["123 N Main St", "Apt 4", "Ann Arbor, MI 48104"],
    ),
    "nobody said": (
        Address("12 Elm Street", "", "Troy", "MI", "", ""),
        ["12 Elm Street", "Troy, MI"],
    ),
    "PR": (
        Address("Urb Las Gladiolas", "150 Calle A", "San Juan", "PR", "00926", "US"),
        ["Urb Las Gladiolas", "150 Calle A", "San Juan, PR 00926"],
    ),
    "CA": (
        Address("111 Wellington St", "", "Ottawa", "ON", "K1A 0B1", "CA"),
        ["111 Wellington St", "Ottawa ON  K1A 0B1", "Canada"],
    ),
    "GB": (
        Address("10 Downing Street", "", "London", "", "SW1A 2AA", "GB"),
        ["10 Downing Street", "London", "SW1A 2AA", "United Kingdom"],
    ),
    "GB, a county": (
        Address("4 Mill Lane", "", "Totnes", "Devon", "TQ9 5JA", "GB"),
        ["4 Mill Lane", "Totnes", "Devon", "TQ9 5JA", "United Kingdom"],
    ),
    "DE": (
        Address("Ruhrallee 9", "", "Essen", "NRW", "45138", "DE"),
        ["Ruhrallee 9", "45138 Essen", "Germany"],
    ),
    "FR": (
        Address("8 rue de Rivoli", "Bât. B", "Paris", "", "75004", "FR"),
        ["8 rue de Rivoli", "Bât. B", "75004 Paris", "France"],
    ),
    "MX": (
        Address("Av. Insurgentes Sur 601", "Nápoles", "Benito Juárez", "CDMX", "03810", "MX"),
        ["Av. Insurgentes Sur 601", "Nápoles", "03810 Benito Juárez, CDMX", "Mexico"],
    ),
    "BR": (
        Address("Boulevard das Flores 255", "", "Salvador", "BA", "40301-110", "BR"),
        ["Boulevard das Flores 255", "Salvador - BA", "40301-110", "Brazil"],
    ),
    "JP": (
        Address("1-1 Marunouchi", "", "Chiyoda-ku", "Tokyo", "100-0005", "JP"),
        ["1-1 Marunouchi", "Chiyoda-ku, Tokyo 100-0005", "Japan"],
    ),
    "JP, in Japanese": (
        Address("丸の内1-1", "", "千代田区", "東京都", "100-0005", "JP"),
        ["〒100-0005", "東京都千代田区丸の内1-1", "Japan"],
    ),
    "IT": (
        Address("Via Roma 1", "", "Verona", "VR", "37121", "IT"),
        ["Via Roma 1", "37121 Verona (VR)", "Italy"],
    ),
    "AU": (
        Address("1 George St", "", "Sydney", "NSW", "2000", "AU"),
        ["1 George St", "Sydney NSW 2000", "Australia"],
    ),
    "a code of no country": (Address("x", "", "y", "", "", "ZZ"), ["x", "y", "ZZ"]),
    "only a town": (Address(city="Essen", country="DE"), ["Essen", "Germany"]),
    "nothing": (Address(), []),
    "only a country": (Address(country="US"), []),
}


@pytest.mark.parametrize(("address", "written"), ENVELOPES.values(), ids=ENVELOPES)
def test_every_country_writes_in_its_own_order(address: Address, written: list[str]) -> None:
    assert lines(address) == written


def test_at_home_the_country_is_not_written() -> None:
    address = Address("Ruhrallee 9", "", "Essen", "", "45138", "DE")
    assert lines(address, home="DE") == ["Ruhrallee 9", "45138 Essen"]


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("k1a0b1", "CA", "K1A 0B1"),
        ("K1A-0B1", "CA", "K1A 0B1"),
        ("k1a 0b1", "", "K1A 0B1"),
        ("K1A 0B", "CA", "K1A 0B"),
        ("D1A 0B1", "CA", "D1A 0B1"),
        ("sw1a2aa", "GB", "SW1A 2AA"),
        ("48104 1234", "US", "48104-1234"),
        ("481041234", "US", "48104-1234"),
        ("48104", "US", "48104"),
        ("４８１０４", "US", "４８１０４"),
        ("", "CA", ""),
    ],
)
def test_postal_codes_are_written_as_their_country_does(
    typed: str, country: str, kept: str
) -> None:
    assert postal_code(typed, country) == kept


@pytest.mark.parametrize(
    ("address", "country"),
    [
        (Address(country="DE", postal_code="48104"), "DE"),
        (Address(postal_code="48104-1234"), "US"),
        (Address(postal_code="n9a1a1"), "CA"),
        (Address(state="mich."), ""),
        (Address(state="michigan"), "US"),
        (Address(city="Essen"), ""),
    ],
)
def test_the_country_is_said_or_given_away(address: Address, country: str) -> None:
    assert country_of(address) == country


def test_states_go_by_code_or_name() -> None:
    assert [state_code(said) for said in ("mi", " N.Y. ", "West  Virginia", "Ontario", "")] == [
        *("MI", "NY", "WV", "", "")
    ]


# One spelling for two writings.


def at(line1: str, line2: str = "", *, zip: str = "48084", city: str = "", **more: str) -> str:
    return normal(Address(line1, line2, city, postal_code=zip, **more))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("12 Main Street"), at("12 main st.")),
        (at("12 Main St", "Apartment 4"), at("12 MAIN ST #4")),
        (at("12 Main St", "Apt. #4"), at("12 Main Street, Suite 4")),
        (at("12 N. Main St"), at("12 North Main Street")),
        (at("12 Main St", zip="48084-1234"), at("12 Main St")),
        (at("12 Main St", city="Troy"), at("12 Main St", city="Somerset")),
        (at("P.O. Box 12"), at("PO Box 12")),
        (at("Post Office Box 12"), at("P O Box 12")),
        (
            at("Hauptstraße 5", zip="10115", country="DE"),
            at("Hauptstr. 5", zip="10115", country="DE"),
        ),
        (
            at("1 Rue de l’Église", zip="75001", country="FR"),
            at("1 rue de l'Eglise", zip="75001", country="FR"),
        ),
        (at("5 Bay St", zip="k1a0b1"), at("5 Bay Street", zip="K1A 0B1", country="CA")),
        (
            at("12 Main St", zip="", city="Ann Arbor", state="Michigan"),
            at("12 Main St", zip="", city="ann arbor", state="mi"),
        ),
    ],
)  # fmt: skip
def test_two_writings_of_one_address_are_one(one: str, other: str) -> None:
    assert one == other != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("12 Main St"), at("14 Main St")),
        (at("12 Main St", "Apt 4"), at("12 Main St", "Apt 5")),
        (at("12 Main St", "Apt 4"), at("12 Main St")),
        (at("12 Main St"), at("12 Main Ave")),
        (at("12 Main St"), at("12 Main St", zip="48085")),
        (at("12 Main St", zip="10115", country="DE"), at("12 Main St", zip="10115", country="FR")),
        (at("12 Main St", zip="", city="Troy"), at("12 Main St", zip="", city="Novi")),
    ],
)
def test_another_house_another_flat_and_another_town_stay_apart(one: str, other: str) -> None:
    assert one != other


@pytest.mark.parametrize(
    "nothing", [at(""), at("Main Street"), at("12 Main St", zip=""), at("\x00"), at("–")]
)
def test_without_a_house_or_a_town_an_address_is_nobodys(nothing: str) -> None:
    assert nothing == ""


@given(st.text(max_size=220), st.text(max_size=220), st.text(max_size=20), st.text(max_size=100))
def test_any_text_gets_a_form_that_fits_and_stays(
    line1: str, line2: str, code: str, city: str
) -> None:
    found = normal(Address(line1, line2, city, postal_code=code))
    assert len(found) <= 300
    assert "\x00" not in found
