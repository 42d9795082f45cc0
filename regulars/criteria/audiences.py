"""Being in a named audience: `in:"Recently sold"`, and audiences that never go round in circles."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from regulars.criteria.fields import IN, Asking, Choice, CustomerField, fold
from regulars.criteria.kinds import Rows, link_field
from regulars.criteria.language import Criteria, CriteriaError, Fact, Group, Has, Node
from regulars.criteria.links import Link

MOST_REACHED = 200  # audiences behind one audience
MOST_SHOWN = 6  # names of a circle


def audience_field(
    rows: Rows,
    path: str,
    audiences: Callable[[Asking], Iterable[Choice]],
    *,
    customer: str = "customer",
    link: Link | None = None,
) -> CustomerField:
    """The field `in`: a row in `rows` for each member, `path` the column that says of what.

    `audiences` gives those the asker may name. One that cannot be named is one that does not
    exist.
    """
    made = link_field(
        IN,
        "Audience",
        path,
        rows,
        audiences,
        customer=customer,
        type="audience",
        indexed=True,
        aliases=("audience",),
        link=link,
    )
    return replace(made, operators=("is",))  # in none at all would tell of those one cannot name


def audiences_of(criteria: Criteria) -> tuple[str, ...]:
    """The audiences that criteria name, each once, in the order written; never recurses."""
    found: dict[str, str] = {}
    waiting: list[Node] = [criteria]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Group):
            waiting.extend(reversed(node.of))
        elif isinstance(node, Has):
            waiting.append(node.where)
        elif isinstance(node, Fact) and node.field == IN and isinstance(node.value, tuple):
            for word in node.value:
                found.setdefault(fold(str(word)), str(word))
    return tuple(found.values())


def renamed(criteria: Criteria, old: str, new: str) -> Criteria:
    """The same, with the audience `old` called `new`."""
    if isinstance(criteria, Group):
        return replace(criteria, of=tuple(renamed(part, old, new) for part in criteria.of))
    if isinstance(criteria, Fact) and criteria.field == IN and isinstance(criteria.value, tuple):
        words = (new if fold(str(word)) == fold(old) else str(word) for word in criteria.value)
        return replace(criteria, value=tuple(words))
    return criteria


def refuse_circle(
    name: str, criteria: Criteria, criteria_of: Callable[[str], Criteria | None]
) -> None:
    """Raise CriteriaError, with the way round, when the audience would be made of itself.

    `criteria_of` gives another audience's criteria by name, None for a list of people or none.
    It is asked once for each audience reached, at most `MOST_REACHED` times.
    """
    came_from: dict[str, tuple[str, ...]] = {fold(name): (name,)}
    waiting: list[tuple[tuple[str, ...], Criteria]] = [((name,), criteria)]
    while waiting:
        way, said = waiting.pop()
        for other in audiences_of(said):
            if fold(other) == fold(name):
                raise CriteriaError(f"An audience cannot be made of itself: {_shown(way, name)}")
            if fold(other) in came_from:
                continue
            if len(came_from) > MOST_REACHED:
                raise CriteriaError(f"It is made of more than {MOST_REACHED} audiences")
            came_from[fold(other)] = (*way, other)
            inner = criteria_of(other)
            if inner is not None:
                waiting.append((came_from[fold(other)], inner))


def _shown(way: tuple[str, ...], name: str) -> str:
    steps = [*way, name]
    if len(steps) > MOST_SHOWN:
        steps = [*steps[:3], "…", *steps[-2:]]
    return " → ".join(steps)
