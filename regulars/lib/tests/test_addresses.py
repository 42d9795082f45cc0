"""How addresses are written on an envelope, country by country."""

import pytest

from regulars.lib.addresses import Address, country_of, lines, postal_code, state_code

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
    "a code of no country": (Address("x", "", "y", "", "", "ZZ"), ["x", "y", "Unknown Region"]),
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
