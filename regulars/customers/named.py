"""Names to ask for, in the order they are said or the order they are sorted in."""

from django.db.models import Q

from regulars.criteria.fields import Asking, CustomerField
from regulars.criteria.kinds import NO_ONE
from regulars.criteria.language import Value
from regulars.lib import names

MOST_WORDS = 6


def turned(name: str) -> list[str]:
    """The folded name with each of its words first: Ana Maria Lopez, sorted as Lopez Ana Maria."""
    words = names.fold(name).split()
    turns = range(min(len(words), MOST_WORDS))
    return list(dict.fromkeys(" ".join(words[n:] + words[:n]) for n in turns))


def _is(name: str) -> Q:
    return Q(sort_name__in=turned(name))


def _starts(name: str) -> Q:
    """Every word given begins a word of the name."""
    found = Q()
    for word in names.fold(name).split()[:MOST_WORDS]:
        found &= Q(sort_name__startswith=word) | Q(sort_name__contains=f" {word}")
    return found


def _contains(name: str) -> Q:
    return Q(sort_name__contains=names.fold(name)) | Q(name__icontains=name)


_HOW = {"=": _is, "starts": _starts, "contains": _contains}


def _condition(operator: str, value: Value, asking: Asking) -> Q:
    if operator == "empty" or not isinstance(value, tuple):
        return Q(sort_name="")
    words = [word for word in value if isinstance(word, str) and names.fold(word)]
    return Q(*(_HOW[operator](word) for word in words), _connector=Q.OR) if words else NO_ONE


def name_field() -> CustomerField:
    """`name:ana`, `name:"Ana Lop"`, `name contains "rom"`, `name = "Ana Lopez"`."""
    return CustomerField("name", "Name", "text", ("starts", "contains", "=", "empty"), _condition)
