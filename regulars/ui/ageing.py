"""The ageing mark, drawn by hand: it stands in every row of every list and is never twice the same.

As a macro it took half the time of a list's rows.
"""

from datetime import datetime, tzinfo
from functools import cache

from django.templatetags.static import static
from django.utils import timezone
from markupsafe import Markup, escape

from . import wording

MOVING = frozenset({"new", "warm", "late"})


@cache
def age_mark(kind: str) -> Markup:
    """The clock that fills, the alarm, the tick: new, warm, late, done, due, why."""
    return Markup('<svg aria-hidden="true"><use href="{}#age-{}"/></svg>').format(
        static("ui/icons.svg"), kind
    )


def age(
    state: str,
    at: datetime | None = None,
    text: str | None = None,
    warm_at: datetime | None = None,
    late_at: datetime | None = None,
    prefix: str = "",
    *,
    now: datetime | None = None,
    zone: tzinfo | None = None,
) -> Markup:
    """A shape, words and the exact time of `state`: green orange red gray, or new … why.

    `at` is since when; with `warm_at` and `late_at` the browser moves the mark on by itself;
    `text` replaces the words. Who draws many asks once for `now` and the reader's `zone`.
    """
    kind = escape(wording.FRESHNESS.get(state, state))
    if at is None:
        shown = "–" if text is None else escape(text)
        return Markup(f'<span class="age {kind}">{age_mark(kind)}<span>{shown}</span></span>')  # noqa: S704
    zone, now = zone or timezone.get_current_timezone(), now or timezone.now()
    title, moves = wording.exact(at, zone), ""
    if text is not None:
        words: str = escape(text)
    elif kind in MOVING:
        title = f"Since {title}"
        before = escape(prefix) if prefix else ("New · " if kind == "new" else "")
        words = f"{before}{wording.span((now - at).total_seconds())}"
        moves = _moves(prefix, warm_at, late_at)
    else:
        words, moves = wording.ago(at, now, zone), " data-ago"
    return Markup(  # noqa: S704 (every part is escaped above or made here)
        f'<span class="age {kind}" title="{title}">{age_mark(kind)}'
        f'<time datetime="{at.isoformat()}"{moves}>{words}</time></span>'
    )


def _moves(prefix: str, warm_at: datetime | None, late_at: datetime | None) -> str:
    moves = f' data-age data-prefix="{escape(prefix)}"' if prefix else " data-age"
    if warm_at and late_at:
        moves += f' data-new-until="{warm_at.isoformat()}" data-warm-until="{late_at.isoformat()}"'
    return moves
