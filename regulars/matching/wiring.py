"""What the matching room plugs into others."""

from regulars.customers.cards import Panel, panels
from regulars.customers.merging.ways import MergeWay, in_pairs, merge_ways, nothing
from regulars.customers.written import Follower, followers
from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds
from regulars.ui.places import Place, places

from . import keeping, panel
from .models import Verdict

merge_ways.register(
    MergeWay("matching.Verdict.customer", in_pairs(Verdict)),
    MergeWay("matching.Verdict.other", nothing),
)
panels.register(
    Panel(
        "twins", "Duplicates", "matching/_twins.html", panel.context, order=5,
        rows_for=panel.rows_for,
    )
)  # fmt: skip
followers.register(Follower("matching", keeping.keep))
places.register(
    Place(
        "duplicates", "Duplicates", "matching:clean_up", "users", 26,
        function="customers", where="menu",
    ),
)  # fmt: skip
event_kinds.register(
    EventKind(
        "duplicate.decided",
        "Duplicate decided",
        ("compared this record with a likely duplicate: {answer}", "compared a likely duplicate"),
        Shelf.CUSTOMER,
        Side.US,
        ("answer",),
        "users",
        is_activity=False,
        by_hand=False,
    ),
    EventKind(
        "duplicate.reopened",
        "Duplicate reopened",
        ("took a word about a likely duplicate back",),
        Shelf.CUSTOMER,
        Side.US,
        (),
        "users",
        is_activity=False,
        by_hand=False,
    ),
)
