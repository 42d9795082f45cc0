"""A list as a file in an answer, streamed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, StreamingHttpResponse

from regulars.customers.models import Customer
from regulars.lib import clock

from . import portable, rows, writing
from .rows import Wanted

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.exports")
FORMATS = ("csv", "xlsx")


def answer(user: User, wanted: Wanted, format: str) -> StreamingHttpResponse:
    """The file as an attachment; `format` is csv or xlsx."""
    shown = rows.sheet_columns()
    headings = [column.heading for column in shown]
    cells = rows.cells(user, wanted, shown)
    log.info("customers exported format=%s by=%s", format, user.pk)
    if format == "xlsx":
        found = StreamingHttpResponse(
            writing.xlsx_chunks(headings, cells), content_type=writing.XLSX
        )
    else:
        lines = (line.encode() for line in writing.csv_lines(headings, cells))
        found = StreamingHttpResponse(lines, content_type=writing.CSV)
    name = f"customers-{clock.now():%Y-%m-%d}.{format}"
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    found["Cache-Control"] = "no-store"
    return found


def archive(user: User, public_id: UUID) -> StreamingHttpResponse:
    """Everything kept of one customer as an attachment; 404 of whoever is not there any more."""
    try:
        pieces = portable.zipped(user, public_id)
    except Customer.DoesNotExist:
        raise Http404("No such customer") from None
    log.info("customer taken out whole customer=%s by=%s", public_id, user.pk)
    found = StreamingHttpResponse(pieces, content_type="application/zip")
    found["Content-Disposition"] = f'attachment; filename="customer-{public_id}.zip"'
    found["Cache-Control"] = "no-store"
    return found
