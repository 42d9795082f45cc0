"""Records that are the same become one: at once, or side by side where something is to choose."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from regulars.customers.merging import choosing
from regulars.customers.models import Customer
from regulars.matching import actions
from regulars.staff.permission import signed_in
from regulars.ui import toasts
from regulars.ui.wording import listed


def becoming_one(
    request: HttpRequest, records: Sequence[Customer], on: str, *, stays: str = ""
) -> str:
    """Merge them when there is nothing to choose or to heed; where to go from here.

    `stays` is the public id of whoever does, "" for whom we know best. Raises `Invalid`, `Stale`.
    """
    user = signed_in(request)
    found = choosing.chosen(user, [one.public_id for one in records])
    named = [one for one in found if str(one.public_id) == stays]
    primary = named[0] if named else choosing.best_known(found)
    others = [one for one in found if one != primary]
    shown = choosing.preview(user, primary, others)
    if shown.rows or shown.warnings:
        asked = {"ids": ",".join(str(one.public_id) for one in found), "next": on}
        asked |= {"stays": stays} if named else {}
        return f"{reverse('desk:merge')}?{urlencode(asked)}"
    if len(found) == 2:
        merge = actions.unite(primary, others, by=user)
    else:
        merge = actions.unite_all(found, primary=primary, by=user)
    undo = reverse("desk:undo_merge", args=[merge.public_id])
    names = listed([one.name for one in others])
    toasts.say(request, f"Merged into {primary.name}: {names}.", undo=undo)
    return on
