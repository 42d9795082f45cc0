"""What the offline check makes of addresses as people type them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.address_check import check, street
from regulars.customers.models import CheckLevel
from regulars.lib.addresses import Address

FORMAT, PLACE, REFUSED, NONE = (
    CheckLevel.FORMAT,
    CheckLevel.PLACE,
    CheckLevel.REFUSED,
    CheckLevel.UNCHECKED,
)


@dataclass(frozen=True)
class Case:
    """`typed` is line 1 | line 2 | city | state | postal code | country; `meant` what is asked."""

    typed: str
    level: CheckLevel
    meant: str = ""
    because: str = ""

    @property
    def address(self) -> Address:
        return Address(*(part.strip() for part in self.typed.split("|")))


CASES = [
    # In order.
    Case("123 Main St||Ann Arbor|MI|48104|US", PLACE),
    Case("123 Main Street||Ann Arbor|MI|48104-1234|US", PLACE),
    Case("1600 Pennsylvania Ave NW||Washington|DC|20500|US", PLACE),
    Case("1 Microsoft Way||Redmond|WA|98052|US", PLACE),
    Case("One Microsoft Way||Redmond|WA|98052|US", PLACE),
    Case("W204N11912 Goldendale Rd||Germantown|WI|53022|US", PLACE),
    Case("2345 US Hwy 23 S||Alpena|MI|49707|US", PLACE),
    Case("12 1/2 Oak St||Troy|MI|48084|US", PLACE),
    Case("123-45 67th Ave||Flushing|NY|11367|US", PLACE),
    Case("10 Downing||St. Clair|MI|48079|US", PLACE),
    Case("10 Main St||Mt Pleasant|MI|48858|US", PLACE),
    Case("10 Main St||Old San Juan|PR|00901|US", PLACE),
    # Units.
    Case("123 Main St|Apt 4|Troy|MI|48084|US", PLACE),
    Case("123 Main St Apt 4||Troy|MI|48084|US", PLACE, "123 Main St, Apt 4, Troy, MI 48084"),
    Case("123 Main Street, Suite 200||Troy|MI|48084|US", PLACE,
         "123 Main Street, Suite 200, Troy, MI 48084"),
    Case("123 Main St #4||Troy|MI|48084|US", PLACE, "123 Main St, #4, Troy, MI 48084"),
    Case("350 5th Ave Fl 33||New York|NY|10118|US", PLACE,
         "350 5th Ave, Fl 33, New York, NY 10118"),
    Case("123 Main St Apt||Troy|MI|48084|US", PLACE),
    Case("123 Main St Apt 4|Building B|Troy|MI|48084|US", PLACE),
    # Capitals and directions.
    Case("123 n main street apt 4||ann arbor|mi|48104|US", PLACE,
         "123 N Main St, Apt 4, Ann Arbor, MI 48104"),
    Case("1600 pennsylvania avenue northwest||washington|dc|20500|US", PLACE,
         "1600 Pennsylvania Ave NW, Washington, DC 20500"),
    Case("123 o'brien rd||Troy|MI|48084|US", PLACE, "123 O'Brien Rd, Troy, MI 48084"),
    Case("123 MAIN ST||TROY|MI|48084|US", PLACE),
    Case("123 Main St||Ann Arbor|Michigan|48104|US", PLACE, "Ann Arbor, MI 48104"),
    Case("123 Main St||Ann Arbor|Mich.|48104|US", PLACE, "Ann Arbor, MI 48104", "is written MI"),
    Case("123 Main St||Ann Arbor|MI|481041234|US", PLACE, "Ann Arbor, MI 48104-1234"),
    # Boxes, routes, the military.
    Case("PO Box 12||Troy|MI|48007|US", PLACE),
    Case("P.O. Box 12||Troy|MI|48007|US", PLACE),
    Case("p o box 12||Troy|MI|48007|US", PLACE, "PO Box 12, Troy, MI 48007"),
    Case("Post Office Box 7B||Troy|MI|48007|US", PLACE),
    Case("RR 2 Box 152||Algonac|MI|48001|US", PLACE),
    Case("rural route 2 box 152||Algonac|MI|48001|US", PLACE, "RR 2 Box 152, Algonac, MI 48001"),
    Case("HC 68 Box 23A||Algonac|MI|48001|US", PLACE),
    Case("General Delivery||Troy|MI|48099|US", PLACE),
    Case("PSC 802 Box 74||APO|AE|09012|US", PLACE),
    Case("Unit 2050 Box 4190||FPO|AP|96349|US", PLACE),
    Case("USS Enterprise||FPO|AP|96201|US", REFUSED, "FPO, AP 96601", "96201 is APO"),
    Case("Unit 8400 Box 1||DPO|AA|34001|US", PLACE),
    Case("PSC 802 Box 74||APO|AE|09499|US", FORMAT, "", "come and go"),
    # Puerto Rico.
    Case("Urb Las Gladiolas|150 Calle A|San Juan|PR|00926|US", PLACE),
    Case("150 Calle A||San Juan|PR|00926|PR", PLACE),
    Case("Urb Las Gladiolas||San Juan|PR|00926|US", PLACE, "", "no house number"),
    # Slips.
    Case("123 Main St||Ann Abor|MI|48104|US", REFUSED, "Ann Arbor, MI 48104", "48104 is Ann Arbor"),
    Case("123 Main St||Anne Arbor|MI|48104|US", REFUSED, "Ann Arbor, MI 48104"),
    Case("123 Main St||Ann Arbor|OH|48104|US", REFUSED, "Ann Arbor, MI 48104",
         "in Michigan, not Ohio"),
    Case("12 Elm Street||Troy|MI|48804|US", REFUSED, "Troy, MI 48084", "not Troy"),
    Case("12 Elm Street||Troy|MI|49104|US", REFUSED, "Berrien Springs, MI 49104"),
    Case("20 High St||Columbus|OH|48084|US", REFUSED, "", "48084 is Troy, MI, not Columbus"),
    Case("12 Elm Street||Saline|MI|48175|US", REFUSED, "Saline, MI 48176", "48175 is"),
    Case("10 Main St||Cambridge|MA|2139|US", REFUSED, "Cambridge, MA 02139", "five digits"),
    Case("10 Main St||Troy|MI|ABC|US", REFUSED, "", "five digits"),
    Case("10 Main St||NYC|NY|10118|US", PLACE, "New York, NY 10118", "The post calls it"),
    # Something is missing.
    Case("12 Elm||Saline|MI||US", FORMAT, "Saline, MI 48176", "ZIP code is missing"),
    Case("12 Elm||Ann Arbor|MI||US", FORMAT, "", "48103, 48104, 48105"),
    Case("12 Elm||Ann Arbr|MI||US", FORMAT, "Ann Arbor, MI", "There is no Ann Arbr"),
    Case("12 Elm||||48104|US", FORMAT, "Ann Arbor, MI 48104", "city is missing"),
    Case("12 Elm||Ann Arbor||48104|US", PLACE, "Ann Arbor, MI 48104"),
    Case("12 Elm|||||", NONE, "", "says where it is"),
    Case("||Troy|MI|48084|US", PLACE),
    Case("||Troy|MI||US", NONE, "", "48083"),
    Case("12 Elm||Nowhereville|MI||US", FORMAT, "", "No ZIP code is known"),
    Case("behind the barn||Troy|MI|48084|US", PLACE, "", "no house number"),
    Case("|||||US", NONE),
    Case("|||||", NONE),
    # Elsewhere.
    Case("111 Wellington St||Ottawa|ON|k1a0b1|CA", NONE, "Ottawa ON  K1A 0B1", "outside the US"),
    Case("111 Wellington St||Ottawa|ON|K1A 0B1|CA", NONE, "", "outside the US"),
    Case("111 Wellington St||Ottawa|ON|K1A|CA", NONE, "", "looks like K1A 0B1"),
    Case("Ruhrallee 9||Essen||45138|DE", NONE, "", "outside the US"),
    Case("Domplatz 1||Münster||48143|", NONE, "", "says where it is"),
    Case("丸の内1-1||千代田区|東京都|100-0005|JP", NONE, "", "outside the US"),
    # Junk.
    Case("asdf||asdf|asdf|asdf|", NONE),
    Case("😀||😀|😀|😀|US", REFUSED, "", "five digits"),
    Case("😀||Troy|MI|48084|US", PLACE, "", "no house number"),
    Case("'; DROP TABLE x; --||Troy|MI|48084|US", PLACE),
    Case("<script>alert(1)</script>||Troy|MI|48084|US", PLACE),
    Case("x" * 200 + "|" + "y" * 200 + "|Troy|MI|48084|US", PLACE),
    Case("12 " + "elm " * 49 + "||Troy|MI|48084|US", PLACE),
    Case("((((((||((((|((|((((|US", REFUSED),
    Case("123 123 123 123||Troy|MI|48084|US", PLACE),
    Case("٣٤ شارع||Troy|MI|٤٨٠٨٤|US", REFUSED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.typed[:60])
def test_an_address_reaches_its_level_and_says_what_was_meant(case: Case) -> None:
    found = check(case.address)
    assert found.level == case.level, found
    assert found.question(case.address) == case.meant
    assert case.because in " ".join(found.reasons)
    if found.suggestion:
        again = check(found.suggestion)
        assert again.suggestion is None, "what we suggest needs no suggestion"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


def test_the_place_of_the_zip_comes_with_it() -> None:
    found = check(Address("1 Elm", "", "Troy", "MI", "48084", "US"))
    assert found.county == "Oakland County"
    assert found.position == pytest.approx((42.56, -83.18), abs=0.1)
    assert check(Address("PSC 802 Box 74", "", "APO", "AE", "09012", "US")).position is None


def test_a_town_without_a_zip_has_a_place_too() -> None:
    assert check(Address("", "", "Troy", "MI", "", "US")).position is not None


def test_a_suggestion_loses_no_word_of_the_street() -> None:
    typed = Address("corner of 5th and main", "", "Troy", "MI", "48084", "US")
    assert street.better(typed) == ("corner of 5th and main", "")
    mixed = Address("55 McDonald Drive Unit B", "", "Troy", "MI", "48084", "US")
    assert street.better(mixed) == ("55 McDonald Drive", "Unit B")


@given(st.lists(st.text(max_size=60), min_size=6, max_size=6))
def test_no_text_whatever_breaks_it(parts: list[str]) -> None:
    line1, line2, city, state, code, _ = parts
    for country in ("US", "CA", "", parts[5][:2]):
        found = check(Address(line1, line2, city, state, code, country))
        assert found.level in CheckLevel
