"""What the audiences room plugs into others."""

from regulars.bulk.deeds import deeds
from regulars.criteria.audiences import audience_field
from regulars.criteria.fields import customer_fields
from regulars.criteria.links import Link, links
from regulars.customers.erasure import Erasure, erasures
from regulars.customers.merging.ways import MergeWay, merge_ways, once_per
from regulars.staff.functions import Function, Level, functions
from regulars.staff.new_names import NewName, new_names
from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds
from regulars.ui.places import Place, places

from . import choices
from .deeds import DEEDS
from .following import follow
from .forgetting import forget
from .models import Listed, Member

functions.register(
    Function(
        "marketing",
        "Marketing",
        "See audiences; with Edit make and change them.",
        {
            "administrator": Level.EDIT,
            "manager": Level.EDIT,
            "marketing": Level.EDIT,
            "salesperson": Level.VIEW,
        },
    )
)
links.register(Link("audience", Member.objects.all, "audience"))
customer_fields.register(
    audience_field(Member.objects.all, "audience", choices.audiences, link=links["audience"])
)
event_kinds.register(
    EventKind(
        "customer.listed", "List",
        ("put them on the list {added}", "took them off the list {removed}", "changed a list"),
        Shelf.CUSTOMER, Side.US, ("added", "removed"), "users", is_activity=False, by_hand=False,
    )
)  # fmt: skip
merge_ways.register(
    MergeWay("audiences.Listed.customer", once_per(Listed, "audience_id", first="added_at")),
    MergeWay("audiences.Member.customer", once_per(Member, "audience_id", first="since")),
)
places.register(
    Place(
        "marketing", "Marketing", "audiences:marketing", "speakerphone", 60,
        function="marketing", go="m",
    )
)  # fmt: skip
erasures.register(Erasure("views and audiences", forget))
deeds.register(*DEEDS)
new_names.register(NewName("criteria", follow))
