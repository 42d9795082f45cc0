"""The columns a colleague may add to the list, and how each is said in a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .cards import Badge, Card, badges
from .custom.values import Definition, Value, shown

PLACED = frozenset(["active_deals", "all_deals", "financial", "intent"])
CUSTOM = "custom_"
MOST = 40  # columns: what is kept of them fits a cookie
MOST_KEPT = 3_000
DENSITIES = {"comfortable": "Comfortable", "compact": "Compact"}


@dataclass(frozen=True)
class Column:
    """`text` is what the cell says, "" for nothing; `sort` the order its head asks for."""

    key: str
    label: str
    text: Callable[[Card], str]
    sort: str = ""


def _tags(card: Card) -> str:
    return ", ".join(tag.name for tag in card.tags)


def _phone(card: Card) -> str:
    return card.phones[0].shown if card.phones else ""


def _email(card: Card) -> str:
    return card.emails[0].address if card.emails else ""


def _group(card: Card) -> str:
    return card.customer.group.name if card.customer.group else ""


def _store(card: Card) -> str:
    return card.customer.store.name if card.customer.store else ""


def _team(card: Card) -> str:
    owner = card.customer.owner
    return owner.team.name if owner and owner.team else ""


ORDINARY = (
    Column("type", "Type", lambda card: card.customer.get_type_display()),
    Column("phone", "Phone", _phone),
    Column("email", "Email", _email),
    Column("company", "Company", lambda card: card.customer.company),
    Column("source", "Source", lambda card: card.customer.source_label),
    Column("group", "Group", _group),
    Column("tags", "Tags", _tags),
    Column("store", "Store", _store),
    Column("team", "Team", _team),
    Column("created", "Created", lambda card: "", sort="created"),
)


def offered(own: Iterable[Column] = ()) -> dict[str, Column]:
    """Every column one can choose: the house's, the packs' badges, the company's own."""
    plugged = (_of(b) for b in badges if b.key not in PLACED)
    return {c.key: c for c in (*ORDINARY, *plugged, *own)}


def _of(badge: Badge) -> Column:
    def text(card: Card) -> str:
        value = card.badges.get(badge.key)
        return "" if value is None else badge.shown(value)

    return Column(badge.key, badge.label, text)


@dataclass(frozen=True)
class Display:
    """How a colleague wants the list: further columns in order, and the height of a row."""

    columns: tuple[Column, ...] = ()
    density: str = "comfortable"

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]


def custom(fields: Iterable[Definition], said: Mapping[int, Mapping[str, Value]]) -> list[Column]:
    """A column for each custom field; `said` are the values of the customers shown."""

    def text(key: str) -> Callable[[Card], str]:
        return lambda card: shown(said.get(card.customer.pk, {}).get(key))

    return [Column(f"{CUSTOM}{field.key}", field.label, text(field.key)) for field in fields]


def display(columns: Iterable[str] | None, density: str, own: Iterable[Column] = ()) -> Display:
    """The display with the first `MOST` of these columns, unknown ones left out; None means that
    nobody chose yet."""
    known = offered(own)
    if columns is None:
        columns = [c.key for c in offered().values() if c not in ORDINARY]
    chosen = set(columns)
    return Display(
        tuple(column for key, column in known.items() if key in chosen)[:MOST],
        density if density in DENSITIES else "comfortable",
    )


def written(shown: Display) -> str:
    """As it is kept in a cookie; `read` gives it back."""
    return ".".join([shown.density, *shown.keys])


def read(kept: str | None, own: Iterable[Column] = ()) -> Display:
    """What `written` wrote; anything else is the display nobody has chosen yet."""
    if not kept:
        return display(None, "")
    density, *columns = kept[:MOST_KEPT].split(".")
    return display(columns, density, own)


def keys_of(kept: str) -> list[str]:
    """The keys in what `written` wrote, known or not, each once."""
    return list(dict.fromkeys(kept.split(".")[1:]))


def is_custom(key: str) -> bool:
    return key.startswith(CUSTOM)


def wants_custom(kept: str | None) -> bool:
    """Whether any custom field is among the columns kept."""
    return f".{CUSTOM}" in (kept or "")[:MOST_KEPT]
