"""Which column goes where: guessed from its heading and, where that is silent, from its values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from regulars.imports.reading.headings import meaning, whose_word, words
from regulars.imports.reading.profile import ColumnProfile
from regulars.imports.reading.shapes import Shape, is_blank, is_postal
from regulars.imports.reading.table import Table
from regulars.imports.reading.targets import TARGETS, Kind
from regulars.lib import countries

_SALUTATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "herr",
        "frau",
        "fraulein",
        "m",
        "mme",
        "mlle",
        "monsieur",
        "madame",
        "sr",
        "sra",
        "srta",
        "don",
        "dona",
        "sig",
        "signor",
        "signora",
        "dl",
        "dna",
    ]
)
OURS = "Regulars id"
"""A file with this heading was written by us, and means by its headings what we do."""
REPORT_COLUMNS = ("import problem", "import line")
"""The two columns put before a rejected row; they are passed over when the file comes back."""
_EVENT_KINDS = {
    "call.made": "call anruf appel llamada chiamata apel",
    "visit.walked_in": "visit besuch visite visita vizita",
    "message.received": "message nachricht mensaje messaggio mesaj",
    "order.placed": "order orders invoice purchase sale transaction bestellung auftrag rechnung"
    " commande facture pedido factura ordine fattura comanda comenzi encomenda fatura kauf",
}
_LABELS = {
    "fax": "fax faxnummer telefax telecopie",
    "mobile": "mobile mobil mobiltelefon mobilnummer handy handynummer cell cellphone movil"
    " celular cellulare telemovel portable gsm",
    "home": "home homephone privat domicile casa",
    "work": "work workphone office business buro bureau oficina ufficio birou",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: what its heading is, and where its values go (None: nowhere)."""

    heading: str
    target: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of a column when it is placed."""

    heading: str
    says: str | None
    whose: str | None
    profile: ColumnProfile
    named: bool

    @property
    def all_different(self) -> bool:
        rows = self.profile.filled
        return rows > 1 and rows == self.profile.seen and len(self.profile.values) == rows

    def mostly(self, fits: Callable[[str], bool], share: float = 0.8) -> bool:
        """Whether most of the filled values fit."""
        values = self.profile.values
        good = sum(count for value, count in values.items() if not is_blank(value) and fits(value))
        return self.profile.filled > 0 and good >= self.profile.filled * share


def guess_kind(header: Sequence[str], stem: str = "") -> Kind:
    """What the rows are, by the headings; the file's name decides when they leave it open."""
    said = [meaning(heading) for heading in header]
    whose = {owner for what, owner in said if what in ("id", None)}
    meanings = {what for what, _ in said}
    named = bool(meanings & {"name", "first_name", "last_name", "company", "contact_name"})
    file_says = next((found for one in words(stem) if (found := whose_word(one))), None)
    if "customer" in whose:
        happens = ("id", "event") in said or bool(meanings & {"kind"})
        if happens or ("date" in meanings and not named):
            return Kind.EVENTS
        return Kind.CUSTOMERS
    if file_says == "event" and "date" in meanings and meanings & {"email", "phone"}:
        return Kind.EVENTS
    staff = ("id", "staff") in said and ("id", None) not in said
    if (staff or file_says == "staff") and named and "company" not in meanings:
        return Kind.STAFF
    return Kind.CUSTOMERS


def guess_columns(
    table: Table, kind: Kind, own_headings: Mapping[str, str] = MappingProxyType({})
) -> list[Column]:
    """A target for every column, each single target at most once; what is left over is kept as a
    note or a detail, for colleagues skipped. `own_headings` are those of a file
    that Regulars wrote, to their targets."""
    seen = [
        _Seen(
            heading,
            *(meaning(heading) if table.has_header else (None, None)),
            profile,
            table.has_header,
        )
        for heading, profile in zip(table.header, table.profile.columns, strict=True)
    ]
    place = {Kind.CUSTOMERS: _customer, Kind.STAFF: _staff, Kind.EVENTS: _event}[kind]
    rest = {Kind.CUSTOMERS: "note", Kind.STAFF: None, Kind.EVENTS: "data"}[kind]
    wanted = [place(one) for one in seen]
    if kind is Kind.CUSTOMERS and table.has_header and OURS in table.header:
        wanted = [
            own_headings.get(one.heading, target) for one, target in zip(seen, wanted, strict=True)
        ]
        rest = None
    columns = [
        Column(one.heading)
        if one.heading in REPORT_COLUMNS
        else Column(one.heading, target, label_of(one.heading))
        for one, target in zip(seen, _once(wanted, seen, kind, rest), strict=True)
    ]
    if kind is Kind.CUSTOMERS:
        return _customers_together(columns)
    return columns


def label_of(heading: str) -> str:
    """What kind of phone or email a heading names: fax, mobile, home, work, or nothing."""
    parts = set(words(heading))
    return next((label for label, said in _LABELS.items() if parts & set(said.split())), "")


def guess_event_kind(header: Sequence[str], stem: str = "") -> str:
    """The one kind all rows of a file of events are, by the thing its headings number."""
    said = [word for heading in header for word in words(heading)] + list(words(stem))
    for heading in header:
        if meaning(heading) in (("id", "event"), ("date", "event")):
            said = list(words(heading)) + said
    for word in said:
        for kind, names in _EVENT_KINDS.items():
            if word in names.split():
                return kind
    return "note.added"


def _by_values(one: _Seen) -> str | None:
    """What the values alone say; cautious where a heading exists that we do not know."""
    profile = one.profile
    if profile.share(Shape.EMAIL) >= 0.8:
        return "email"
    if profile.share(Shape.PHONE) >= 0.8 and not one.named:
        return "phone"
    if one.named:
        return None
    if one.mostly(_is_country):
        return "country"
    if one.all_different and profile.share(Shape.CODE, Shape.DIGITS) == 1.0:
        return "id"
    if one.mostly(is_postal):
        return "postal_code"
    if profile.share(Shape.DATE) >= 0.9:
        return "date"
    if profile.share(Shape.WORDS) >= 0.5 and profile.starts["capital"] >= profile.filled * 0.9:
        return "name"
    return None


def _is_country(value: str) -> bool:
    """A country's name; two letters alone may as well be a state's."""
    return (len(value) > 3 or value in ("USA", "UK")) and countries.find(value) is not None


def _says(one: _Seen) -> str | None:
    """The heading's meaning, unless the values plainly say something else."""
    by_values = _by_values(one)
    if by_values in ("email", "phone") and one.says not in ("email", "phone", "owner"):
        return by_values
    if one.says == "email" and one.profile.filled > 2 and one.profile.share(Shape.EMAIL) < 0.2:
        return None
    usable = one.profile.share(Shape.PHONE, Shape.DIGITS, Shape.NUMBER, Shape.MIXED)
    if one.says == "phone" and one.profile.filled > 2 and usable < 0.2:
        return None
    if one.says == "contact_title" and one.mostly(_is_salutation):
        return None
    return one.says or by_values


def _is_salutation(value: str) -> bool:
    return value.strip(" .").lower() in _SALUTATIONS


def _customer(one: _Seen) -> str | None:
    says = _says(one)
    if one.whose == "staff":
        return "owner" if says in ("id", "name", "email", None) else None
    if one.whose in ("event", "elsewhere") or (one.whose == "place" and says == "id"):
        return None
    if says == "id":
        return "external_id"
    if one.whose == "contact" and says in ("first_name", "last_name"):
        return f"contact_{says}"
    if says == "name":
        return {"company": "company", "contact": "contact_name"}.get(one.whose or "", "name")
    if says is None and one.whose == "customer":
        return (
            "external_id"
            if one.all_different and one.profile.share(Shape.CODE, Shape.DIGITS) == 1
            else "name"
        )
    if says == "type" and not one.mostly(_is_type):
        return "group" if one.whose == "customer" else None
    if says == "date":
        return "created_at" if one.whose == "customer" else None
    return says if says in TARGETS[Kind.CUSTOMERS] else None


TYPES = {
    "lead": "lead", "prospect": "prospect", "account": "account", "customer": "account",
    "client": "account", "kunde": "account", "cliente": "account", "interessent": "prospect",
    "opportunity": "prospect", "prospekt": "prospect",
}  # fmt: skip
"""How files call the three types."""


def _is_type(value: str) -> bool:
    return value.strip().lower() in TYPES


_STAFF_WORDS = {
    "id": "external_id", "name": "name", "first_name": "first_name", "last_name": "last_name",
    "email": "email", "phone": "phone", "contact_title": "title", "team": "team",
    "store": "store", "role": "role",
}  # fmt: skip


def _staff(one: _Seen) -> str | None:
    return _STAFF_WORDS.get(_says(one) or "")


def _event(one: _Seen) -> str | None:
    says = _says(one)
    if says == "owner" or (one.whose == "staff" and says in ("id", "name", "email", None)):
        return "actor"
    if says == "id":
        return "customer" if one.whose == "customer" else "external_id"
    if one.whose == "customer" and says is None:
        return "customer"
    if says in ("email", "phone") and one.whose != "event":
        return f"customer_{says}"
    if says in ("date", "created_at"):
        return "happened_at"
    return "kind" if says in ("kind", "type") else "data"


def _once(
    wanted: Sequence[str | None], seen: Sequence[_Seen], kind: Kind, rest: str | None
) -> list[str | None]:
    """Each single target for its best column, the others left over."""
    best: dict[str, int] = {}
    for at, target in enumerate(wanted):
        if target is None or TARGETS[kind][target].many:
            continue
        if target not in best or _rank(seen[at], kind) > _rank(seen[best[target]], kind):
            best[target] = at
    found: list[str | None] = []
    for at, target in enumerate(wanted):
        alone = target is not None and (TARGETS[kind][target].many or best[target] == at)
        found.append(target if alone else rest)
    return found


def _rank(one: _Seen, kind: Kind) -> tuple[int, int, int]:
    """Which of two columns for one target is meant: its own thing first, then the fuller one."""
    own = {Kind.CUSTOMERS: "customer", Kind.STAFF: "staff", Kind.EVENTS: "event"}[kind]
    return (2 if one.whose == own else one.whose is None, one.all_different, one.profile.filled)


def _customers_together(columns: list[Column]) -> list[Column]:
    """A full name beside a contact's name is the company's; a contact alone is the customer."""
    targets = {column.target for column in columns}

    def moved(old: str, new: str) -> list[Column]:
        return [replace(one, target=new) if one.target == old else one for one in columns]

    contact = targets & {"contact_name", "contact_first_name", "contact_last_name"}
    if contact and "name" in targets and "company" not in targets:
        return moved("name", "company")
    if "contact_name" in targets and not targets & {"name", "company", "first_name", "last_name"}:
        return moved("contact_name", "name")
    return columns
