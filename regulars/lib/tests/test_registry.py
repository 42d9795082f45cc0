"""A socket keeps the order of plugging in and refuses a second of the same key."""

from dataclasses import dataclass

import pytest

from regulars.lib.registry import AlreadyPluggedIn, Registry


@dataclass(frozen=True)
class Plug:
    key: str


def test_things_are_found_by_key_in_the_order_they_came() -> None:
    socket: Registry[Plug] = Registry("plugs")
    socket.register(Plug("b"), Plug("a"))
    assert socket.keys() == ["b", "a"]
    assert [plug.key for plug in socket] == ["b", "a"]
    assert socket["a"] == socket.get("a") == Plug("a")
    assert socket.get("c") is None
    assert "a" in socket
    assert "c" not in socket
    assert len(socket) == 2


def test_the_same_key_twice_fails_at_start_and_names_the_socket() -> None:
    socket: Registry[Plug] = Registry("plugs")
    socket.register(Plug("a"))
    with pytest.raises(AlreadyPluggedIn, match="plugs: “a”"):
        socket.register(Plug("a"))
