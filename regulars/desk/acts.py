"""What can be done with one row, drawn by hand: it stands in every row of every list.

As a macro it took half the time of a list's rows.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from regulars.ui.jinja import icon

from .ways import LOOKS

if TYPE_CHECKING:
    from uuid import UUID

    from regulars.customers.channels import Channel, Way

    from .rows import Row


def acts(row: Row, *, may_assign: bool) -> Markup:
    """Call, text, email, hand over, resolve, more: shown on hover and focus."""
    customer = row.customer
    name = str(escape(customer.name))
    drawn = [_way(way, name) for way in row.card.ways]
    if may_assign:
        drawn.append(_hand_over(customer.public_id, name, owned=customer.owner_id is not None))
    if row.mark.waits:
        drawn.append(_resolve(row.url, name))
    return Markup(f'<div class="acts">\n{"".join(drawn)}{_more(name)}</div>\n')  # noqa: S704 (escaped in every part)


@cache
def _looks(channel: Channel) -> tuple[str, str, str]:
    """What of a button is the same in every row: its attributes, its drawing, its word."""
    look = LOOKS[channel]
    attributes = f'title="{look.label}" data-log="{look.kind}" data-key="{look.key}"'
    return attributes, str(icon(look.symbol)), look.label


def _way(way: Way, name: str) -> str:
    attributes, symbol, label = _looks(way.channel)
    if way.href:
        best = " best" if way.best else ""
        return (
            f'<a class="btn{best}" href="{escape(way.href)}" {attributes}>{symbol}'
            f'<span class="vh">{label} {name}</span></a>\n'
        )
    reason = escape(way.reason)
    return (
        f'<button class="btn" type="button" aria-disabled="true" title="{reason}"'
        f' data-key="{LOOKS[way.channel].key}">{symbol}'
        f'<span class="vh">{label} {name}. {reason}</span></button>\n'
    )


def _hand_over(public_id: UUID, name: str, *, owned: bool) -> str:
    return (
        f'<button class="btn js" type="button" title="{"Reassign" if owned else "Assign"}"'
        f' popovertarget="hand-over" hx-get="/customers/colleagues/?for={public_id}"'
        f' hx-target="#colleagues" hx-swap="outerHTML">{icon("user-share")}'
        f'<span class="vh">Reassign {name}</span></button>'
    )


def _resolve(url: str, name: str) -> str:
    return (
        f'<button class="btn" type="submit" form="deed" formaction="{url}resolve/"'
        f' title="Resolve" data-key="r">{icon("check")}'
        f'<span class="vh">Resolve {name}</span></button>'
    )


def _more(name: str) -> str:
    return (
        '<button class="btn js" type="button" title="More" popovertarget="row-more" data-row-more>'
        f'{icon("dots")}<span class="vh">More for {name}</span></button>\n'
    )
