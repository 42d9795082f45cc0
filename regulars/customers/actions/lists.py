"""What customers are sorted by: tags, groups, categories and sources of one's own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef

from regulars.customers.history.context import writing
from regulars.customers.models import (
    Category,
    Colour,
    Customer,
    Group,
    SourceName,
    Tag,
    Tagging,
)
from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.live import notices
from regulars.staff import new_names

from .many import held
from .rows import rewrite

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.customers")


@contextmanager
def _everywhere(by: User) -> Iterator[None]:
    """Every list on every screen is told once it is kept."""
    with writing(by):
        yield
        notices.announce([], moved=True)


Named = TypeVar("Named", Group, Category, SourceName, Tag)
_SAYS = {Group: "group", Category: "category", SourceName: "source", Tag: "tag"}


def _name(model: type[Named], said: str) -> str:
    name, most = names.clean(said), model._meta.get_field("name").max_length or 60
    if not 1 <= len(name) <= most:
        raise Invalid({"name": f"A {_SAYS[model]} has a name of 1 to {most} characters"})
    return name


def _taken(model: type[Named], name: str) -> Invalid:
    return Invalid({"name": f"There is a {_SAYS[model]} called “{name}” already"})


def _add(model: type[Named], said: str, *, by: User, **facts: str) -> Named:
    name = _name(model, said)
    try:
        with writing(by):
            made = model._default_manager.create(name=name, **facts)
    except IntegrityError:
        raise _taken(model, name) from None
    log.info("%s added id=%s by=%s", _SAYS[model], made.pk, by.pk)
    return made


def _change(row: Named, said: str, **facts: str) -> None:
    name = _name(type(row), said)
    try:
        with transaction.atomic():
            if isinstance(row, Group | Category | Tag):
                new_names.tell(_SAYS[type(row)], row.name, name)
            rewrite(row, {"name": name, **facts})
    except IntegrityError:
        raise _taken(type(row), name) from None


# --- Tags


def _colour(said: str) -> str:
    if said not in Colour.values:
        raise Invalid({"colour": "This must be one of the colours offered"})
    return said


def add_tag(name: str, *, colour: str = "", by: User) -> Tag:
    """A tag to choose, before anybody has it. Raises `Invalid` when it is there."""
    return _add(Tag, name, by=by, colour=_colour(colour))


def change_tag(tag: Tag, *, name: str, colour: str, by: User) -> None:
    """Another name or colour, on everybody who has it. Raises `Invalid` for another tag's name."""
    with _everywhere(by):
        _change(tag, name, colour=_colour(colour))


def merge_tags(tag: Tag, *, into: Tag, by: User) -> int:
    """Whoever has `tag` has `into` from now on; how many gained it. The tag itself goes."""
    if tag.pk == into.pk:
        raise Invalid({"into": "Choose another tag to merge into"})
    with _everywhere(by):
        new_names.tell("tag", tag.name, into.name)
        _held_with(tag)
        there = Tagging.objects.filter(customer=OuterRef("customer"), tag=into)
        moved = Tagging.objects.filter(~Exists(there), tag=tag).update(tag=into)
        tag.delete()
    log.info("tag merged into=%s moved=%s by=%s", into.pk, moved, by.pk)
    return moved


def delete_tag(tag: Tag, *, by: User) -> None:
    """Off everybody who has it, and gone."""
    with _everywhere(by):
        _held_with(tag)
        Tagging.objects.filter(tag=tag).delete()
        tag.delete()


def _held_with(tag: Tag) -> None:
    """Customers before their tags, as every writer locks them; written too, which is how audiences
    hear of it."""
    ids = list(Tagging.objects.filter(tag=tag).values_list("customer_id", flat=True))
    held(ids).update(version=F("version") + 1)


# --- Groups


def add_group(name: str, *, by: User) -> Group:
    return _add(Group, name, by=by)


def change_group(group: Group, *, name: str, by: User) -> None:
    with _everywhere(by):
        _change(group, name)


def choose_default_group(group: Group, *, by: User) -> None:
    """The group of whoever is added without one."""
    with _everywhere(by):
        for other in Group.objects.filter(is_default=True).exclude(pk=group.pk):
            rewrite(other, {"is_default": False})
        rewrite(group, {"is_default": True})


def remove_group(group: Group, *, to: Group, by: User) -> int:
    """Its customers go over to another group; how many. The default group stays."""
    if group.is_default:
        raise Invalid({"to": "This is the group of new customers: choose another default first"})
    if to.pk == group.pk:
        raise Invalid({"to": "Choose the group that takes its customers"})
    with _everywhere(by):
        moved = Customer.objects.get_queryset().filter(group=group).update(group=to)
        group.delete()
    return moved


# --- Categories


def add_category(name: str, *, by: User) -> Category:
    return _add(Category, name, by=by)


def change_category(category: Category, *, name: str, by: User) -> None:
    with _everywhere(by):
        _change(category, name)


def remove_category(category: Category, *, to: Category | None, by: User) -> int:
    """Its customers go over to another category, or to none; how many."""
    if to is not None and to.pk == category.pk:
        raise Invalid({"to": "Choose another category"})
    with _everywhere(by):
        moved = Customer.objects.get_queryset().filter(category=category).update(category=to)
        category.delete()
    return moved


# --- Sources


def add_source(name: str, *, by: User) -> SourceName:
    """A source to choose beside Internet, Phone and Walk In."""
    return _add(SourceName, name, by=by)


def change_source(source: SourceName, *, name: str, by: User) -> None:
    """Another name, also on everybody who came that way."""
    before = source.name
    with _everywhere(by):
        _change(source, name)
        rows = Customer.objects.get_queryset().filter(source="other", source_other=before)
        rows.update(source_other=source.name)


def remove_source(source: SourceName, *, by: User) -> None:
    """No longer offered; whoever came that way keeps it."""
    with _everywhere(by):
        source.delete()
