"""The kinds of events that belong to every trade."""

from .kinds import EventKind, Shelf, Side, event_kinds

event_kinds.register(
    # What customers do.
    EventKind(
        "form.submitted", "Form submitted",
        ("sent the {form} form about {subject}", "sent the {form} form",
         "sent a form about {subject}", "sent a form"),
        Shelf.WEBSITE, Side.CUSTOMER, ("subject", "message", "text"), "file-text", "message",
        awaits_answer=True,
    ),
    EventKind(
        "message.received", "Message received", ("wrote by {channel}", "wrote a message"),
        Shelf.CUSTOMER, Side.CUSTOMER, ("text", "from"), "message", "text", awaits_answer=True,
    ),
    EventKind(
        "email.received", "Email received", ("wrote “{subject}”", "wrote an email"),
        Shelf.EMAIL, Side.CUSTOMER, ("subject", "text", "from"), "mail", "text",
        awaits_answer=True,
    ),
    EventKind(
        "vehicle.inquired", "Vehicle inquiry",
        ("asked about the {vehicle}, {subject}", "asked about the {vehicle}",
         "asked about a vehicle"),
        Shelf.WEBSITE, Side.CUSTOMER, ("vehicle", "subject", "message"), "car", "message",
        awaits_answer=True,
    ),
    EventKind(
        "call.received", "Call received",
        ("called: {text}", "called for {minutes} min", "called"),
        Shelf.CUSTOMER, Side.CUSTOMER, ("text", "from"), "phone", awaits_answer=True,
        unless="answered",
    ),
    EventKind(
        "visit.walked_in", "Walk-in", ("walked in: {text}", "walked in"),
        Shelf.CUSTOMER, Side.CUSTOMER, ("text",), "building-store", awaits_answer=True,
        unless="greeted",
    ),
    EventKind(
        "page.visited", "Page visited",
        ("looked at {page} for {minutes} min", "looked at {page}", "visited the website"),
        Shelf.WEBSITE, Side.CUSTOMER, ("page", "url"), "eye",
    ),
    EventKind(
        "favourite.added", "Favourite added", ("saved {item} as a favourite", "saved a favourite"),
        Shelf.WEBSITE, Side.CUSTOMER, ("item",), "star",
    ),
    EventKind(
        "order.placed", "Order placed",
        ("placed order {number} for {total}", "placed order {number}", "placed an order"),
        Shelf.ORDERS, Side.CUSTOMER, ("number", "total"), "shopping-cart",
    ),
    # What we answer.
    EventKind(
        "call.made", "Call", ("called, {outcome}", "called"),
        Shelf.CUSTOMER, Side.US, ("text", "outcome"), "phone", "text", answers=True,
        missed="missed",
    ),
    EventKind(
        "text.sent", "Text", ("sent a text",),
        Shelf.CUSTOMER, Side.US, ("text", "to"), "message", "text", answers=True,
    ),
    EventKind(
        "email.sent", "Email", ("wrote “{subject}”", "sent an email"),
        Shelf.EMAIL, Side.US, ("subject", "text", "to"), "mail", "text", answers=True,
    ),
    EventKind(
        "note.added", "Note", ("added a note about {about}", "added a note"),
        Shelf.CUSTOMER, Side.US, ("about", "text", "mentions"), "note", "text",
        marked=True,
    ),
    EventKind(
        "customer.resolved", "Resolved", ("resolved it: {reason}", "resolved it"),
        Shelf.CUSTOMER, Side.US, ("reason",), "check", answers=True, is_activity=False,
        by_hand=False,
    ),
)  # fmt: skip
