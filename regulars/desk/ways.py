"""How the three channels look and what using one writes into the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.customers.cards import Card
from regulars.customers.channels import Channel, Way


@dataclass(frozen=True, slots=True)
class Look:
    """`key` is pressed, `kind` is logged, `noun` stands in “No email: …”."""

    label: str
    symbol: str
    key: str
    kind: str
    noun: str


LOOKS = {
    Channel.CALL: Look("Call", "phone", "c", "call.made", "calls"),
    Channel.TEXT: Look("Text", "message", "t", "text.sent", "texts"),
    Channel.EMAIL: Look("Email", "mail", "m", "email.sent", "email"),
}

NOTE = "note"

CAME_BY = {
    "email.received": (Channel.EMAIL, "they wrote an email"),
    "form.submitted": (Channel.EMAIL, "they sent a form"),
    "call.received": (Channel.CALL, "they called"),
    "message.received": (Channel.TEXT, "they wrote a message"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """One channel of one customer as a page draws it."""

    way: Way
    look: Look


def buttons(card: Card) -> list[Button]:
    """Call, text, email: always in this order, whether allowed or not."""
    return [Button(way, LOOKS[way.channel]) for way in card.ways]


def begins_with(ways: Sequence[Way], *, waits: bool) -> str:
    """What a composer stands on: the best way of whoever waits, and a note where none is open."""
    best = next((str(way.channel) for way in ways if way.best), NOTE)
    return best if waits else NOTE


def advice(card: Card) -> list[str]:
    """Why this way, and why not the others: a sentence each."""
    said: list[str] = []
    came, why = CAME_BY.get(card.asked.kind if card.asked else "", (None, ""))
    for button in buttons(card):
        way, look = button.way, button.look
        if way.best and way.channel == came:
            said.insert(0, f"{look.label} is best: {why}.")
        elif not way.allowed:
            said.append(f"No {look.noun}: {way.reason[:1].lower()}{way.reason[1:]}.")
    return said
