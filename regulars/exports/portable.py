"""Everything that is kept of one customer in one zip: what they may ask for, or take along."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import reduce
from operator import or_
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import ManyToOneRel, Q

from regulars.customers import rows
from regulars.customers.files import storing
from regulars.customers.models import Attachment, Customer, HotTerm, SearchTerm, histories
from regulars.customers.sheet import Sheet
from regulars.lib import clock
from regulars.lib.retrying import TIMES

from .rows import sheet_columns
from .writing import CHUNK, csv_lines

if TYPE_CHECKING:
    from regulars.staff.models import User

READ_ME = """\
Everything that is kept of {name}, taken out on {day}.

customer.csv   one row, as a table has it; an import reads it back
customer.json  the same with every detail, as programs see it
records.json   every row of every table that is theirs: contacts, events, consent, files …
history.json   what each row was before, when it was written and by whom
files/         what was attached
"""


def zipped(user: User, public_id: UUID) -> Iterator[bytes]:
    """The archive's bytes; made in a temporary file, so that its size does not matter.

    Raises `Customer.DoesNotExist` at once, of whoever is not there any more, too.
    """
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile(prefix="export-"))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, _records_of(archive, user, public_id))
        file.seek(0)
        opened.pop_all()
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _held(user: User, public_id: UUID) -> Customer:
    """Whoever that is now, held: nobody merges or erases them while they are read."""
    found = Customer.objects.visible_to(user).known_as(public_id)
    for _ in range(TIMES):  # whoever was merged while we waited for the lock is another row now
        customer = found.select_for_update(no_key=True).first()
        if customer is not None:
            return customer
        if not found.exists():
            break
    raise Customer.DoesNotExist


@transaction.atomic
def _records_of(archive: zipfile.ZipFile, user: User, public_id: UUID) -> list[Attachment]:
    """Whatever the database knows of them; the files that are theirs."""
    customer = _held(user, public_id)
    (loaded,) = rows.load(user, [customer.pk], now=clock.now())
    shown, owner = sheet_columns(), loaded.row["owner"]
    sheet = Sheet(loaded.row, owner["name"] if owner else "")
    lines = csv_lines([c.heading for c in shown], [[c.cell(sheet) for c in shown]])
    archive.writestr(
        "README.txt", READ_ME.format(name=customer.name, day=f"{clock.now():%Y-%m-%d}")
    )
    archive.writestr("customer.csv", "".join(lines))
    archive.writestr("customer.json", _json(loaded.row))
    archive.writestr("records.json", _json(dict(_records(customer))))
    archive.writestr("history.json", _json(dict(_history(customer))))
    return list(Attachment.objects.filter(customer=customer).order_by("pk"))


def _fill(archive: zipfile.ZipFile, attached: Sequence[Attachment]) -> None:
    """Attached files under their own names; two of the same name are told apart by a number."""
    for n, attachment in enumerate(attached, 1):
        with suppress(FileNotFoundError):
            content = storing.pieces(attachment.key)
            with archive.open(f"files/{n:03} {attachment.name}", "w") as into:
                for chunk in content:
                    into.write(chunk)


def _json(found: Any) -> str:
    return json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _records(customer: Customer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every table with rows that go when the customer goes, packs' tables too."""
    mine = Customer.objects.get_queryset().filter(pk=customer.pk).values()
    yield "customer", [dict(row) for row in mine]
    for model, ways in _belongings().items():
        theirs = reduce(or_, (Q(**{way: customer.pk}) for way in ways))
        found = list(model._default_manager.filter(theirs).order_by("pk").values())
        if found and model not in (SearchTerm, HotTerm):
            yield model._meta.label_lower, found


def _belongings() -> dict[type[models.Model], list[str]]:
    """Each table that is somebody's, with every way from a row to whose it is."""
    found: dict[type[models.Model], list[str]] = {}
    waiting: list[tuple[type[models.Model], str]] = [(Customer, "")]
    while waiting:
        model, onward = waiting.pop(0)
        for relation in model._meta.get_fields(include_hidden=True):
            if isinstance(relation, ManyToOneRel) and relation.on_delete is models.CASCADE:
                one, way = relation.field.model, relation.field.name + onward
                found.setdefault(one, []).append(way)
                waiting.append((one, f"__{way}"))
    return found


def _history(customer: Customer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for model, history, column in histories():
        if column:
            found = history._default_manager.filter(**{column: customer.pk}).order_by("pgh_id")
            yield model._meta.label_lower, list(found.values())
