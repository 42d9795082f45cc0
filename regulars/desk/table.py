"""The rows of the list, drawn by hand: they are most of the work of the house's busiest page.

As a template the same rows took twice the processor. Every text is escaped where it is put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from markupsafe import Markup, escape

from regulars.ui import wording
from regulars.ui.ageing import age

from .acts import acts

if TYPE_CHECKING:
    from regulars.customers.cards import Card, TagLine
    from regulars.customers.columns import Column

    from .rows import Row

Block = Callable[..., str]

UNREAD = (' class="unread"', '<span class="vh">Unread: </span>')
NOTHING = '<span class="dim" aria-hidden="true">–</span>'
NO_DEALS = '<span class="vh">none</span><span aria-hidden="true">–</span>'


@dataclass(frozen=True)
class Table:
    """What the rows of one page share.

    `here` is the address up to the id of the customer beside the list, who is `opened`.
    """

    here: str
    columns: tuple[Column, ...]
    may_edit: bool
    may_assign: bool
    opened: str = ""
    may_pick: bool = False

    def drawn(self, rows: Iterable[Row], face: Block, rating: Block) -> Markup:
        """The rows, with the blocks `ui.face` and `ui.rating` of the environment that draws."""
        pen = _Pen(self, face, rating)
        return Markup("".join([pen.row(row) for row in rows]))  # noqa: S704 (escaped in every part)


class _Pen:
    """Draws the rows of one page: what is asked for once is asked for here."""

    def __init__(self, table: Table, face: Block, rating: Block) -> None:
        self.table, self.face, self.rating = table, face, rating
        self.here = str(escape(table.here))
        self.now, self.zone = timezone.now(), timezone.get_current_timezone()

    def row(self, row: Row) -> str:
        card, url, id = row.card, row.url, row.id
        name, why = str(escape(card.customer.name)), str(escape(row.why))
        current = ' aria-current="true"' if self.table.opened == id else ""
        unread, said = UNREAD if row.unread and not current else ("", "")
        further = "".join([self._further(column, card) for column in self.table.columns])
        return (
            f'<tr id="c-{id}" data-row data-events="{url}events/" data-name="{name}"'
            f"{unread}{current}>\n"
            f"{self._pick(id, name)}"
            f'<td class="c-age">{self._age(row)}</td>\n'
            f'<td class="c-name">{said}<a href="{url}" data-open hx-get="{self.here}{id}"'
            f' hx-target="#side" hx-swap="outerMorph" hx-push-url="true">{name}</a></td>\n'
            f'<td class="c-why" title="{why}">{why}</td>\n'
            f'<td class="c-rate"><span class="rate">{self._ratings(card)}</span></td>\n'
            f'<td class="c-deal">{_deals(card)}</td>\n'
            f"{further}"
            f'<td class="c-own"><span class="who">{self._owner(row)}</span></td>\n'
            f'<td class="c-act">{self._acts(row)}</td>\n'
            "</tr>\n"
        )

    def _pick(self, id: str, name: str) -> str:
        if not self.table.may_pick:
            return ""
        return (
            f'<td class="c-pick"><input class="pick" type="checkbox" name="id" value="{id}"'
            f' form="bulk" data-pick aria-label="Select {name}"></td>\n'
        )

    def _age(self, row: Row) -> str:
        mark = row.mark
        return age(
            mark.state,
            mark.at,
            warm_at=mark.warm_at,
            late_at=mark.late_at,
            now=self.now,
            zone=self.zone,
        )

    def _ratings(self, card: Card) -> str:
        money = self.rating(card.financial, "Financial rating", "star")
        return f"{money}{self.rating(card.intent, 'Purchase intent', 'flame')}"

    def _further(self, column: Column, card: Card) -> str:
        said = escape(column.text(card))
        if column.key == "created":
            shown: str = self._created(card)
        elif column.key == "tags" and card.tags:
            shown = f'<span class="tags">{"".join(_tag(tag) for tag in card.tags)}</span>'
        else:
            shown = said or NOTHING
        return f'<td class="c-x" title="{said}">{shown}</td>'

    def _created(self, card: Card) -> str:
        at = card.customer.created_at
        exact, ago = wording.exact(at, self.zone), wording.ago(at, self.now, self.zone)
        return f'<time datetime="{at.isoformat()}" title="{exact}">{ago}</time>'

    def _owner(self, row: Row) -> str:
        owner = row.customer.owner
        if owner is None:
            return f'{self.face("")}<span class="nm dim">Unassigned</span>'
        face = self.face(owner.name, row.owner_online)
        return f'{face}<span class="nm">{escape(owner.name)}</span>'

    def _acts(self, row: Row) -> str:
        return acts(row, may_assign=self.table.may_assign) if self.table.may_edit else ""


def _tag(tag: TagLine) -> str:
    colour = f" {tag.colour}" if tag.colour else ""
    return f'<span class="tag{colour}">{escape(tag.name)}</span>'


def _deals(card: Card) -> str:
    deals = card.all_deals
    return f"<b>{card.active_deals}</b> of {deals}" if deals else NO_DEALS
