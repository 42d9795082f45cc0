"""Everything that is kept of one customer in one zip: what they may ask for, or take along."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from regulars.customers import rows
from regulars.customers.files import storing
from regulars.customers.models import Attachment, Customer, SearchTerm, histories
from regulars.customers.sheet import Sheet
from regulars.lib import clock

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


def zipped(user: User, customer: Customer) -> Iterator[bytes]:
    """The archive's bytes; made in a temporary file, so that its size does not matter."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "customer.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, user, customer)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _fill(archive: zipfile.ZipFile, user: User, customer: Customer) -> None:
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
    for name, content in _files(customer):
        with archive.open(f"files/{name}", "w") as into:
            for chunk in content:
                into.write(chunk)


def _json(found: Any) -> str:
    return json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _records(customer: Customer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every table with a column that says whose a row is, packs' tables too."""
    mine = Customer.objects.get_queryset().filter(pk=customer.pk).values()
    yield "customer", [dict(row) for row in mine]
    for model in apps.get_models():
        column = _whose(model)
        if column and model is not SearchTerm and not model.__name__.endswith("History"):
            found = list(model._default_manager.filter(**{column: customer.pk}).values())
            if found:
                yield model._meta.label_lower, found


def _whose(model: type[models.Model]) -> str | None:
    if model is Customer:
        return None
    named = [f.name for f in model._meta.concrete_fields if f.related_model is Customer]
    return next(iter(named), None)


def _history(customer: Customer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for model, history, column in histories():
        if column:
            found = history._default_manager.filter(**{column: customer.pk}).order_by("pgh_id")
            yield model._meta.label_lower, list(found.values())


def _files(customer: Customer) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Attached files under their own names; two of the same name are told apart by a number."""
    for n, attachment in enumerate(Attachment.objects.filter(customer=customer).order_by("pk"), 1):
        with suppress(FileNotFoundError):
            yield f"{n:03} {attachment.name}", storing.pieces(attachment.key)
