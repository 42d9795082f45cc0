"""Why, in words: each field that says something, with its bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .features import Features
from .scoring import Part, Score


@dataclass(frozen=True)
class Reason:
    """“same phone”, +19.1."""

    text: str
    weight: float

    @property
    def shown(self) -> str:
        return f"{self.text} {self.weight:+.0f}".replace("-", "−")


def _title(text: str | None) -> str:
    return (text or "").title()


def _pair(column: str) -> Callable[[Features, Features], str]:
    def words(a: Features, b: Features) -> str:
        return f"{_title(getattr(a, column))} ≈ {_title(getattr(b, column))}"

    return words


def _initial(a: Features, b: Features) -> str:
    one, other = a.first or a.initial, b.first or b.initial
    return f"{_title(one)} ≈ {_title(other)}"


def _words_or_trade(a: Features, b: Features) -> str:
    return "same words in the company name" if a.words == b.words else "does business as the other"


def _domain(a: Features, b: Features) -> str:
    """Of a provider that many use, a firm's whole mailbox stands for its domain."""
    mailbox = any("@" in one for one in {*a.domains} & {*b.domains})
    return "same email" if mailbox else "same email domain"


_WORDS: dict[tuple[str, str], str | Callable[[Features, Features], str]] = {
    ("first", "same"): "same first name",
    ("first", "nickname"): _pair("first"),
    ("first", "close"): _pair("first"),
    ("first", "swapped"): "first and last name swapped",
    ("first", "crossed"): "first name stands as last name",
    ("first", "initial"): _initial,
    ("first", "other"): "other first name",
    ("last", "same"): "same last name",
    ("last", "close"): _pair("last"),
    ("last", "part"): "shares a last name",
    ("last", "sounds"): _pair("last"),
    ("last", "swapped"): "last and first name swapped",
    ("last", "crossed"): "last name stands as first name",
    ("last", "other"): "other last name",
    ("email", "same"): "same email",
    ("email", "local"): "same mailbox name elsewhere",
    ("email", "close"): "nearly the same email",
    ("email", "named"): "mailboxes alike, as their names are",
    ("email", "other"): "other email",
    ("phone", "same"): "same phone",
    ("phone", "close"): "phone one digit off",
    ("phone", "other"): "other phone",
    ("address", "same"): "same address",
    ("address", "close"): "nearly the same address",
    ("address", "street"): "same street, other house",
    ("address", "door"): "same street and house elsewhere",
    ("address", "near"): "same postal code and town",
    ("address", "code"): "same postal code, other street",
    ("address", "town"): "same town, other address",
    ("address", "area"): "same area, other street",
    ("address", "other"): "other address",
    ("born", "same"): "same birthday",
    ("born", "close"): "nearly the same birthday",
    ("born", "other"): "other birthday",
    ("company", "same"): "same company name",
    ("company", "words"): _words_or_trade,
    ("company", "close"): _pair("company"),
    ("company", "begins"): "one company name begins the other",
    ("company", "other"): "other company name",
    ("domain", "same"): _domain,
    ("domain", "other"): "other email domain",
}


def reasons(a: Features, b: Features, score: Score) -> list[Reason]:
    """What speaks for it and against it, the strongest first; what nobody said is left out."""
    found = [Reason(_text(a, b, part), part.bits) for part in score.parts]
    if score.kin <= -1.0:
        found.append(Reason("could be another one of the family", score.kin))
    if a.suffix != b.suffix:
        one, other = (_title(x.suffix) if len(x.suffix or "") < 3 and x.suffix in ("jr", "sr")
                      else (x.suffix or "no suffix").upper() if x.suffix else "no suffix"
                      for x in (a, b))  # fmt: skip
        found.append(Reason(f"{one} beside {other}", 0.0))
    if a.beside != b.beside:
        found.append(Reason("two people in one record", 0.0))
    if a.script != b.script:
        found.append(Reason("names in two scripts", 0.0))
    return sorted(found, key=lambda reason: -abs(reason.weight))


def _text(a: Features, b: Features, part: Part) -> str:
    words = _WORDS[part.comparison, part.level]
    return words if isinstance(words, str) else words(a, b)
