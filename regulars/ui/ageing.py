"""The ageing mark, drawn by hand: it stands in every row of every list and is never twice the same.

As a macro it took half the time of a list's rows.
"""

from datetime import datetime
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
) -> Markup:
    """A shape, words and the exact time of `state`: green orange red gray, or new … why.

    `at` is since when; with `warm_at` and `late_at` the browser moves the mark on by itself;
    `text` replaces the words.
    """
    kind = escape(wording.FRESHNESS.get(state, state))
    words = None if text is None else escape(text)
    if at is None:
        shown = "–" if words is None else words
        return Markup(f'<span class="age {kind}">{age_mark(kind)}<span>{shown}</span></span>')  # noqa: S704
    zone, now = timezone.get_current_timezone(), timezone.now()
    exact = wording.exact(at, zone)
    moves = ""
    if words is not None:
        title = exact
    elif kind in MOVING:
        title = f"Since {exact}"
        before = prefix or ("New · " if kind == "new" else "")
        words = escape(f"{before}{wording.span((now - at).total_seconds())}")
        moves = f' data-age data-prefix="{escape(prefix)}"' if prefix else " data-age"
        if warm_at and late_at:
            moves += (
                f' data-new-until="{warm_at.isoformat()}" data-warm-until="{late_at.isoformat()}"'
            )
    else:
        title, moves, words = exact, " data-ago", escape(wording.ago(at, now, zone))
    return Markup(  # noqa: S704 (every part is escaped above or made here)
        f'<span class="age {kind}" title="{title}">{age_mark(kind)}'
        f'<time datetime="{at.isoformat()}"{moves}>{words}</time></span>'
    )
