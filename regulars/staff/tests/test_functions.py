"""What each role may do, and that a face asking for more is refused and noted."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from regulars.lib.errors import NotAllowed
from regulars.staff import permission
from regulars.staff.functions import Function, Level, functions
from regulars.staff.models import Role, User

HIDDEN, VIEW, EDIT = Level.HIDDEN, Level.VIEW, Level.EDIT

MATRIX = {
    # function: salesperson, manager, marketing, administrator
    "customers": (EDIT, EDIT, VIEW, EDIT),
    "ownership": (EDIT, EDIT, HIDDEN, EDIT),
    "imports": (HIDDEN, EDIT, HIDDEN, EDIT),
    "exports": (HIDDEN, EDIT, VIEW, EDIT),
    "merge": (HIDDEN, EDIT, HIDDEN, EDIT),
    "erase": (HIDDEN, EDIT, HIDDEN, EDIT),
    "staff": (HIDDEN, VIEW, HIDDEN, EDIT),
    "settings": (HIDDEN, VIEW, HIDDEN, EDIT),
    "tokens": (EDIT, EDIT, EDIT, EDIT),
}
ROLES = ("salesperson", "manager", "marketing", "administrator")


@pytest.mark.django_db
@pytest.mark.parametrize("function", MATRIX)
def test_a_fresh_installation_starts_with_this_matrix(function: str) -> None:
    roles = {role.key: role for role in Role.objects.all()}
    assert tuple(roles[key].level(function) for key in ROLES) == MATRIX[function]


@pytest.mark.django_db
def test_every_function_of_this_room_is_in_the_matrix() -> None:
    assert set(MATRIX) <= set(functions.keys())


@pytest.mark.django_db
def test_each_role_sees_as_many_customers_as_its_name_says() -> None:
    assert dict(Role.objects.values_list("key", "sees")) == {
        "salesperson": "team",
        "manager": "store",
        "marketing": "all",
        "administrator": "all",
    }


def test_a_function_nobody_chose_a_level_for_starts_at_its_default() -> None:
    functions.register(
        Function("made_up", "Made up", "", defaults={"manager": VIEW, "administrator": EDIT})
    )
    try:
        levels = [Role(key=key).level("made_up") for key in ROLES]
    finally:
        del functions._items["made_up"]
    assert levels == [HIDDEN, VIEW, HIDDEN, EDIT]


def test_asking_for_a_function_that_no_room_offers_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Role(key="manager").level("no-such-thing")


def test_a_disabled_colleague_may_nothing() -> None:
    role = Role(key="administrator", rights={"customers": 2})
    assert User(role=role).may("customers", EDIT)
    assert not User(role=role, is_active=False).may("customers")


@pytest.mark.parametrize(
    ("mine", "sees", "theirs", "their_sees", "covers"),
    [
        ({"staff": 2}, "all", {"staff": 2}, "all", True),
        ({"staff": 2}, "store", {"staff": 1}, "team", True),
        ({"staff": 2}, "store", {"staff": 1}, "all", False),
        ({"staff": 1}, "all", {"staff": 2}, "team", False),
        ({"staff": 2}, "all", {"erase": 1}, "team", False),
    ],
)
def test_a_role_covers_another_that_goes_nowhere_beyond_it(
    mine: dict[str, int], sees: str, theirs: dict[str, int], their_sees: str, covers: bool
) -> None:
    role = Role(key="a", rights=mine, sees=sees)
    assert role.covers(Role(key="b", rights=theirs, sees=their_sees)) is covers


def test_a_view_that_needs_more_refuses_with_a_sentence_and_a_note(
    ana: User, rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    @permission.require("erase", EDIT)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    request = rf.get("/")
    request.user = ana
    with caplog.at_level(logging.WARNING), pytest.raises(PermissionDenied, match="Erase"):
        view(request)
    assert f"refused user={ana.pk} role=salesperson function=erase level=EDIT" in caplog.text


def test_a_view_opens_for_who_reaches_the_level(ada: User, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = ada

    @permission.require("erase", EDIT)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    assert view(request).status_code == 200


def test_programs_are_refused_with_the_same_sentence(ana: User) -> None:
    permission.check(ana, "customers")
    with pytest.raises(NotAllowed, match="An administrator can change that"):
        permission.check(ana, "imports", VIEW)
