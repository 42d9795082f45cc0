"""A socket: a named, ordered set of things that rooms plug in at start."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


class AlreadyPluggedIn(Exception):
    """Two rooms plugged the same key into one socket; one of them must choose another."""


class Registry(Generic[T]):
    """Things by their `key`, in the order they were registered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, T] = {}

    def register(self, *items: T) -> None:
        """Plug in; raises `AlreadyPluggedIn` when a key is taken."""
        for item in items:
            if item.key in self._items:
                raise AlreadyPluggedIn(f"{self.name}: “{item.key}” is plugged in twice")
            self._items[item.key] = item

    def get(self, key: str) -> T | None:
        return self._items.get(key)

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def keys(self) -> list[str]:
        return list(self._items)
