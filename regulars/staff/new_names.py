"""The socket for names that others wrote down, told before a tag or a colleague gets another."""

from collections.abc import Callable
from dataclasses import dataclass

from regulars.lib.registry import Registry


@dataclass(frozen=True)
class NewName:
    """`follow(what, old, new)` runs in the transaction that renames, while `old` still reads.

    `what` is tag, group, category, owner, team or store.
    """

    key: str
    follow: Callable[[str, str, str], None]


new_names: Registry[NewName] = Registry("new_names")


def tell(what: str, old: str, new: str) -> None:
    """Whoever wrote the name down; nobody when it stays."""
    if old != new:
        for one in new_names:
            one.follow(what, old, new)
