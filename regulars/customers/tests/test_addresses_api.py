"""Addresses for programs: checked on asking, and with what was found on every location."""

from collections.abc import Callable

from regulars.staff.models import User
from tests.api import Program, refused

ELM = {"line1": "12 Elm Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


def test_an_address_is_checked_without_being_kept(api: Callable[..., Program], ana: User) -> None:
    found = api(ana).post("/addresses/check", {**ELM, "postal_code": "48804"}, status=200)
    assert found["check_level"] == "refused"
    assert found["words"] == "Not confirmed"
    assert found["reasons"] == ["48804 is Mount Pleasant, MI, not Troy"]
    assert found["suggestion"] == {**ELM, "line2": "", "country": ""}
    assert api(ana).post("/addresses/check", {}, status=200)["check_level"] is None


def test_what_is_no_address_is_refused_by_its_field(api: Callable[..., Program], ana: User) -> None:
    for body, field in (
        ({"country": "Atlantis"}, "country"),
        ({"country": "1!"}, "country"),
        ({"line1": 7}, "line1"),
        ({"city": "x" * 101}, "city"),
    ):
        problem = refused(api(ana).send("POST", "/addresses/check", body), 422)
        assert list(problem) == [field]


def test_a_location_says_how_far_it_was_checked(api: Callable[..., Program], ana: User) -> None:
    added = api(ana).post("/customers", {"name": "Bo Li", "locations": [ELM, {"country": "DE"}]})
    troy, germany = added["locations"]
    assert (troy["check_level"], troy["county"]) == ("place", "Oakland County")
    assert 42 < troy["latitude"] < 43
    assert -84 < troy["longitude"] < -83
    assert (germany["check_level"], germany["latitude"]) == (None, None)
    patched = api(ana).patch(
        f"/customers/{added['id']}", {"locations": [{**troy, "postal_code": "48804"}]}
    )
    assert patched["locations"][0]["check_level"] == "refused"
