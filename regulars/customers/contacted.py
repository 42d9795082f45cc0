"""What there was between a customer and us, as things one can ask for: “no call for 60 days”."""

from django.db.models import Q, QuerySet

from regulars.criteria.fields import Asking, Choice, CustomerField
from regulars.criteria.kinds import choice_field, date_field, flag_field, person_field
from regulars.criteria.things import Thing
from regulars.timeline.kinds import Side, event_kinds
from regulars.timeline.models import Event

from . import choices


def _of(*nouns: str) -> list[str]:
    """The kinds of these nouns, whoever plugged them in: call.made, call.received."""
    return [kind.key for kind in event_kinds if kind.key.partition(".")[0] in nouns]


def _incoming(asking: Asking) -> Q:
    return Q(kind__in=[kind.key for kind in event_kinds if kind.side is Side.CUSTOMER])


def _kinds(asking: Asking) -> list[Choice]:
    return [Choice(kind.key, kind.label) for kind in event_kinds]


def _events(
    key: str,
    label: str,
    made: str,
    *nouns: str,
    more: tuple[CustomerField, ...] = (),
    aliases: tuple[str, ...] = (),
) -> Thing:
    """The events of these nouns; all that count as activity when none is named. By an alias
    somebody says that it happened: “not called for 60 days”."""

    def rows() -> QuerySet[Event]:
        which = Q(kind__in=_of(*nouns)) if nouns else Q(is_activity=True)
        return Event.objects.filter(which)

    fields = (
        date_field("at", "When", "happened_at", english=made),
        person_field("by", "Colleague", "actor", choices.owners),
        flag_field("incoming", "Incoming", _incoming, english="From the customer"),
        *more,
    )
    return Thing(key, label, rows, fields, moment="at", aliases=aliases)


_missed = flag_field("missed", "Missed", Q(kind="call.made", answers=False))
_kind = choice_field("kind", "Kind", "kind", _kinds)

contacts = (
    _events("call", "Call", "made", "call", more=(_missed,), aliases=("called",)),
    _events("text", "Text", "sent", "text", "message", aliases=("texted",)),
    _events("email", "Email", "sent", "email", aliases=("emailed", "mailed")),
    _events("visit", "Visit", "", "visit", aliases=("visited",)),
    _events("note", "Note", "added", "note"),
    _events("event", "Event", "", more=(_kind,)),
)
