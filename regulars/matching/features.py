"""What of a customer decides whether it is another one: plain values, the same for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .normal.companies import company
from .normal.given import known, root, sex
from .normal.people import Person, beyond_name, person
from .normal.places import Place, place
from .normal.reach import Mailbox, mailbox, number
from .normal.sound import sound

VERSION = 7  # of the spelling: what was kept in another is written anew


@dataclass(frozen=True)
class Written:
    """A customer as it is written: the values of any number of fields, the primary ones first.

    `places` are (line1, line2, city, postal code, country); `born` is like 1980-12-31 or --12-31.
    """

    first: str = ""
    last: str = ""
    company: str = ""
    is_company: bool = False
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    places: Sequence[tuple[str, str, str, str, str]] = ()
    born: str = ""
    region: str = "US"


@dataclass(frozen=True)
class Features:
    """One customer for comparing; None and empty mean that nobody said.

    `kind` is p for a person, c for a company. Of the first mailbox `mail` is all, `local` what
    stands before the @, `rest` what of that does not follow from the name, `digits` its digits.
    `trades` are names that a firm does business as; its `domains` hold public mailboxes as a whole.
    `known` is many or some, `root` the English form of a name that other languages have too; of
    `second`, `beside`, `turned` and `script` see `Person`.
    """

    kind: str = "p"
    first: str | None = None
    initial: str | None = None
    second: str | None = None
    nicks: tuple[str, ...] = ()
    canon: str | None = None
    heard: str | None = None
    sex: str | None = None
    known: str | None = None
    root: str | None = None
    beside: str | None = None
    last: str | None = None
    parts: tuple[str, ...] = ()
    sounds: str | None = None
    suffix: str | None = None
    turned: tuple[str, ...] = ()
    script: str | None = None
    company: str | None = None
    words: str | None = None
    trades: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locals: tuple[str, ...] = ()
    local: str | None = None
    mail: str | None = None
    rest: str | None = None
    digits: str | None = None
    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    phone: str | None = None
    homes: tuple[str, ...] = ()
    house: str | None = None
    street: str | None = None
    unit: str | None = None
    code: str | None = None
    zip3: str | None = None
    town: str | None = None
    born: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Without what nobody said."""
        return {"v": VERSION} | {key: value for key, value in vars(self).items() if value}

    def without(self, shared: Mapping[str, frozenset[str]]) -> Features:
        """Without values that many share: they belong to nobody."""
        emails, phones = shared.get("email", frozenset()), shared.get("phone", frozenset())
        if self.kind == "c":
            return self._of_no_chain(shared.get("domain", frozenset()))._without(emails, phones)
        return self._without(emails, phones)

    def _of_no_chain(self, chains: frozenset[str]) -> Features:
        if chains.isdisjoint(self.domains):
            return self
        return replace(self, domains=tuple(d for d in self.domains if d not in chains))

    def _without(self, emails: frozenset[str], phones: frozenset[str]) -> Features:
        if emails.isdisjoint(self.emails) and phones.isdisjoint(self.phones):
            return self
        kept = tuple(p for p in self.phones if p not in phones)
        mail = tuple(e for e in self.emails if e not in emails)
        lone = {e.rpartition("@")[0] for e in mail}
        locals_ = tuple(one for one in self.locals if one in lone)
        first = self if mail[:1] == self.emails[:1] else Features()
        return replace(
            self,
            emails=mail,
            locals=locals_,
            local=first.local,
            mail=first.mail,
            rest=first.rest,
            digits=first.digits,
            phones=kept,
            phone=kept[0] if kept else None,
        )


_UNSAID: Mapping[str, Any] = vars(Features())


def from_json(said: Mapping[str, Any]) -> Features:
    """The features that `to_json` wrote; what this version does not know is left out."""
    made = object.__new__(Features)
    # As its own __init__ would, but field by field that takes longer than to judge the pair.
    vars(made).update(
        _UNSAID,
        **{k: tuple(v) if type(v) is list else v for k, v in said.items() if k in _UNSAID},
    )
    return made


MOST = 12  # of each kind of value: a company of hundreds of contacts is still one row


@dataclass(frozen=True)
class _Reached:
    mailboxes: Sequence[Mailbox] = ()
    numbers: Sequence[str] = ()
    places: Sequence[Place] = field(default=())


def features(written: Written) -> Features:
    """Read everything once, at the time of writing."""
    reached = _Reached(
        _once(mailbox(address) for address in written.emails),
        _once(number(typed, written.region) for typed in written.phones),
        _once(p for p in (place(*one) for one in written.places) if p.says_something),
    )
    firm = company(written.company) if written.company else None
    who = person(written.first, written.last)
    lone = [m for m in reached.mailboxes if not m.is_role]
    at = reached.places[0] if reached.places else Place()
    own = lone[0] if lone and len(lone[0].local) > 3 else None
    return Features(
        kind="c" if written.is_company else "p",
        **_name(who if not written.is_company else Person()),
        company=(firm.name or None) if firm else None,
        words=(firm.words or None) if firm else None,
        trades=(firm.trade,) if firm and firm.trade else (),
        emails=tuple(m.whole for m in lone),
        roles=tuple(m.whole for m in reached.mailboxes if m.is_role),
        locals=tuple(dict.fromkeys(m.local for m in lone if len(m.local) > 3)),
        local=own.local if own else None,
        mail=own.whole if own else None,
        rest=(beyond_name(own.local, who) or None) if own else None,
        digits=("".join(c for c in own.local if c.isdecimal()) or None) if own else None,
        domains=tuple(dict.fromkeys(_domains(reached.mailboxes, written.is_company))),
        phones=tuple(reached.numbers),
        phone=reached.numbers[0] if reached.numbers else None,
        homes=tuple(dict.fromkeys(h for p in reached.places for h in p.homes)),
        house=at.house or None,
        street=at.street or None,
        unit=at.unit or None,
        code=at.code or None,
        zip3=at.zip3 or None,
        town=at.city or None,
        born=_born(written.born),
    )


def _domains(mailboxes: Iterable[Mailbox], is_company: bool) -> Iterator[str]:
    """Where many have a mailbox a firm is known by the whole of it."""
    for one in mailboxes:
        if not one.is_public:
            yield one.domain
        elif is_company:
            yield one.whole


def _once(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(value for value in values if value))[:MOST]


def _name(who: Person) -> dict[str, Any]:
    return {
        "first": who.first or None,
        "initial": who.initial or None,
        "second": who.second or None,
        "nicks": who.nicks,
        "canon": who.canon or None,
        "heard": sound(who.first) or None if who.first else None,
        "sex": sex(who.first) or None,
        "known": known(who.first) or None,
        "root": root(who.first) or None,
        "beside": who.beside or None,
        "last": who.last or None,
        "parts": who.parts,
        "sounds": sound(who.last) or None if who.last else None,
        "suffix": who.suffix or None,
        "turned": who.turned,
        "script": who.script or None,
    }


def _born(text: str) -> str | None:
    """Eight digits of a whole date; a birthday without a year is shared by too many."""
    digits = "".join(c for c in text if c.isdecimal() and c.isascii())
    return digits if len(digits) == 8 and digits[:4] != "0000" else None
