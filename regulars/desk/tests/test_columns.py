"""Which columns, how dense, and that a cookie brings it back."""

import pytest

from regulars.desk import columns


def test_a_display_is_kept_and_read_back() -> None:
    chosen = columns.display(["tags", "phone"], "compact")
    assert chosen.keys == ["phone", "tags"]  # in the order of the list, not of the ticking
    assert columns.read(columns.written(chosen)) == chosen


@pytest.mark.parametrize("kept", [None, "", "nonsense", "compact.gone.<script>", "." * 5000])
def test_a_strange_cookie_does_no_harm(kept: str | None) -> None:
    found = columns.read(kept)
    assert found.density in columns.DENSITIES
    assert set(found.keys) <= set(columns.offered())


def test_nobody_has_chosen_yet_and_the_list_is_as_drawn() -> None:
    found = columns.read(None)
    ordinary = {column.key for column in columns.ORDINARY}
    assert found.density == "comfortable"
    assert not ordinary & set(found.keys)
