"""What the exports room plugs into others."""

from urllib.parse import urlencode

from django.urls import reverse

from regulars.bulk.deeds import Deed, deeds
from regulars.bulk.selection import Selection
from regulars.staff.functions import Level


def file_of(selection: Selection) -> str:
    """The address of the file with these customers."""
    asked = [("id", one) for one in selection.ids]
    if selection.all_of_them:
        asked = [("filter", selection.filter)] if selection.filter else []
        asked += [("q", selection.q)] if selection.q else []
        asked += [("archived", "1")] if selection.archived else []
    return f"{reverse('exports:customers')}?{urlencode([*asked, ('format', 'csv')])}"


deeds.register(
    Deed(
        "export",
        "Export",
        "download",
        function="exports",
        level=Level.VIEW,
        archived=None,
        page=file_of,
        order=80,
    )
)
