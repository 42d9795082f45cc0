"""What the customers room plugs into others."""

from regulars.live.topics import Topic, topics
from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds

from .visibility import only_visible

event_kinds.register(
    EventKind(
        "customer.created", "Added", ("was added, source {source}", "was added"),
        Shelf.CUSTOMER, Side.AUTOMATIC, ("source",), "user-plus", by_hand=False,
    ),
    EventKind(
        "customer.changed", "Changed", ("changed {fields}", "changed the record"),
        Shelf.CUSTOMER, Side.US, ("fields",), "pencil", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.tagged", "Tagged",
        ("added the tag {added}", "removed the tag {removed}", "changed the tags"),
        Shelf.CUSTOMER, Side.US, ("added", "removed"), "tag", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.reassigned", "Owner changed",
        ("handed over from {from} to {to}: {reason}", "handed over from {from} to {to}",
         "assigned to {to}: {reason}", "assigned to {to}",
         "took {from} off as owner: {reason}", "took {from} off as owner", "changed the owner"),
        Shelf.CUSTOMER, Side.US, ("from", "to", "reason"), "user-share", is_activity=False,
        by_hand=False,
    ),
    EventKind(
        "customer.archived", "Archived", ("archived the customer",),
        Shelf.CUSTOMER, Side.US, (), "archive", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.restored", "Restored", ("brought the customer back",),
        Shelf.CUSTOMER, Side.US, (), "archive-off", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.merged", "Merged", ("merged {other} into this record", "merged a duplicate"),
        Shelf.CUSTOMER, Side.US, ("other",), "arrow-merge", is_activity=False, by_hand=False,
    ),
)  # fmt: skip

topics.register(Topic("customer", only_visible))
