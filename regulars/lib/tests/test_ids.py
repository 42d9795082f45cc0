"""Public ids sort as they were made."""

import time

from regulars.lib import ids


def test_an_id_is_a_version_7_of_the_usual_variant() -> None:
    found = ids.uuid7()
    assert found.version == 7
    assert found.variant == "specified in RFC 4122"


def test_ids_are_many_and_grow_with_time() -> None:
    first = ids.uuid7()
    time.sleep(0.002)
    later = [ids.uuid7() for _ in range(1_000)]
    assert len(set(later)) == 1_000
    assert all(first < one for one in later)
