"""The demo is loaded once, whole, and never beside somebody's own people."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from regulars.server import demo_world
from regulars.server.environment import Wrong
from regulars.server.models import DemoMark
from regulars.staff.models import Role, User

pytestmark = pytest.mark.django_db(transaction=True)


class Rooms:
    """Two rooms that remember which worlds they were loaded with."""

    def __init__(self) -> None:
        self.loaded: list[tuple[str, demo_world.World]] = []
        self.fresh = 0
        self.fail = False

    def all(self) -> list[SimpleNamespace]:
        def load(name: str, world: demo_world.World) -> None:
            if self.fail:
                raise KeyboardInterrupt
            self.loaded.append((name, world))

        def freshen(world: demo_world.World) -> None:
            self.fresh += 1

        return [
            SimpleNamespace(__name__="one.demo", load=lambda w: load("one", w), freshen=freshen),
            SimpleNamespace(__name__="two.demo", load=lambda w: load("two", w)),
        ]


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, settings, as_new: Callable[[], None]) -> Rooms:
    def migrate(command: str, **options: object) -> None:
        """An empty database becomes what `migrate` made of one before."""
        assert command == "migrate"
        if not connection.introspection.table_names():
            as_new()

    monkeypatch.setattr(demo_world, "call_command", migrate)
    settings.DEMO = True
    made = Rooms()
    monkeypatch.setattr(demo_world, "_rooms", made.all)
    return made


def prepare(scale: int | None = None, fresh: bool = False) -> int:
    return demo_world.prepare(scale, fresh=fresh, now=timezone.now())


def test_it_is_loaded_once_in_order_and_freshened_each_time(rooms: Rooms) -> None:
    assert prepare(30) == 30
    assert prepare() == 30
    assert [name for name, _ in rooms.loaded] == ["one", "two"]
    assert rooms.fresh == 2


def test_the_dice_fall_the_same_way_for_a_scale_and_a_day() -> None:
    now = timezone.now()
    one, two = demo_world.world(5, now), demo_world.world(5, now)
    assert [one.rng.random() for _ in range(9)] == [two.rng.random() for _ in range(9)]
    assert demo_world.world(6, now).rng.random() != demo_world.world(5, now).rng.random()


def test_fresh_starts_over(rooms: Rooms) -> None:
    prepare(30)
    assert prepare(40, fresh=True) == 40
    assert [world.scale for _, world in rooms.loaded] == [30, 30, 40, 40]
    assert DemoMark.objects.count() == 1


def test_an_interrupted_load_starts_over(rooms: Rooms) -> None:
    rooms.fail = True
    with pytest.raises(KeyboardInterrupt):
        prepare(30)
    rooms.fail = False
    assert prepare(30) == 30
    mark = DemoMark.objects.get()
    assert mark.finished_at is not None


@pytest.mark.parametrize("fresh", [False, True])
def test_somebodys_own_people_are_never_mixed_or_removed(rooms: Rooms, fresh: bool) -> None:
    User.objects.create_user(
        "own@example.com", None, name="Own", role=Role.objects.get(key="administrator")
    )
    with pytest.raises(Wrong, match="holds somebody's own people"):
        prepare(fresh=fresh)
    assert User.objects.filter(email="own@example.com").exists()
    assert rooms.loaded == []


def test_only_the_demo_command_loads_it(rooms: Rooms, settings) -> None:
    settings.DEMO = False
    with pytest.raises(Wrong):
        prepare()
