"""What the customers room plugs into others."""

from django.db.models import Exists, OuterRef, Q

from regulars.criteria.fields import Asking, customer_fields
from regulars.criteria.kinds import (
    choice_field,
    date_field,
    flag_field,
    link_field,
    person_field,
    text_field,
)
from regulars.criteria.links import Link, links
from regulars.criteria.things import things
from regulars.live.topics import Topic, topics
from regulars.staff.limits import LimitReader, limit_readers
from regulars.staff.settings_pages import SettingsPage, settings_pages
from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds
from regulars.timeline.models import Mention, Reading

from . import choices, contacted, limits
from .cards import Panel, panels
from .custom import asked
from .custom import panel as custom_panel
from .files import panel as file_panel
from .located import located, location
from .models import CustomerType, Source, Tagging
from .named import name_field
from .rated import rating_field
from .visibility import only_visible, scope_of

event_kinds.register(
    EventKind(
        "customer.created", "Added", ("was added, source {source}", "was added"),
        Shelf.CUSTOMER, Side.AUTOMATIC, ("source",), "user-plus", by_hand=False,
    ),
    EventKind(
        "customer.changed", "Changed",
        ("added the {added}", "removed the {removed}",
         "changed {fields} from {from} to {to}", "set {fields} to {to}",
         "took {from} away from {fields}", "changed {fields}", "changed the record"),
        Shelf.CUSTOMER, Side.US, ("fields", "from", "to", "added", "removed"), "edit",
        is_activity=False, by_hand=False,
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
        "consent.given", "Consent",
        ("recorded {agreed} consent to {way} for {address}: {basis}",
         "recorded {agreed} consent to {way} for {address}", "recorded consent"),
        Shelf.CUSTOMER, Side.US, ("agreed", "way", "address", "basis"), "shield-check",
        is_activity=False, by_hand=False,
    ),
    EventKind(
        "consent.withdrawn", "No consent",
        ("recorded that {address} {answer} {way}", "recorded that they do not agree"),
        Shelf.CUSTOMER, Side.US, ("answer", "way", "address"), "ban",
        is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.joined", "Household",
        ("added them to a household",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.grew", "Household",
        ("added somebody to their household",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.left", "Household",
        ("took them out of their household",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.renamed", "Household",
        ("renamed their household",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.combined", "Household",
        ("joined their household with another one",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.split", "Household",
        ("took some of the household out, into one of their own",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.put_back", "Household",
        ("took back what was said about who lives with them",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "household.refused", "Household", ("said that somebody near them is no family",),
        Shelf.CUSTOMER, Side.US, (), "users-group", is_activity=False, by_hand=False,
    ),
    EventKind(
        "referral.recorded", "Referral",
        ("recorded who referred them: {source}", "recorded who referred them"),
        Shelf.CUSTOMER, Side.US, ("source",), "arrow-right", is_activity=False, by_hand=False,
    ),
    EventKind(
        "referral.cleared", "Referral", ("took back who referred them",),
        Shelf.CUSTOMER, Side.US, (), "arrow-right", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.archived", "Archived", ("archived the customer",),
        Shelf.CUSTOMER, Side.US, (), "archive", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.restored", "Restored", ("brought the customer back",),
        Shelf.CUSTOMER, Side.US, (), "refresh", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.put_back", "Taken back", ("took back: {what}", "took back a change of many"),
        Shelf.CUSTOMER, Side.US, ("what",), "arrow-back-up", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.merged", "Merged", ("merged {other} into this record", "merged a duplicate"),
        Shelf.CUSTOMER, Side.US, ("other",), "git-merge", is_activity=False, by_hand=False,
    ),
    EventKind(
        "customer.unmerged", "Taken apart",
        ("took {other} out of this record again", "took this record out of {from} again",
         "took two records apart again"),
        Shelf.CUSTOMER, Side.US, ("other", "from"), "git-merge", is_activity=False, by_hand=False,
    ),
    EventKind(
        "file.added", "File added", ("added the file {name}", "added a file"),
        Shelf.CUSTOMER, Side.US, ("name",), "paperclip", by_hand=False,
    ),
    EventKind(
        "file.renamed", "File renamed",
        ("renamed the file {from} to {name}", "renamed a file"),
        Shelf.CUSTOMER, Side.US, ("from", "name"), "paperclip", is_activity=False, by_hand=False,
    ),
    EventKind(
        "file.removed", "File removed", ("removed the file {name}", "removed a file"),
        Shelf.CUSTOMER, Side.US, ("name",), "trash", is_activity=False, by_hand=False,
    ),
    EventKind(
        "note.edited", "Note edited", ("edited a note",),
        Shelf.CUSTOMER, Side.US, (), "edit", is_activity=False, by_hand=False,
    ),
    EventKind(
        "note.pinned", "Note pinned", ("pinned a note",),
        Shelf.CUSTOMER, Side.US, (), "pin", is_activity=False, by_hand=False,
    ),
    EventKind(
        "note.unpinned", "Note unpinned", ("unpinned a note",),
        Shelf.CUSTOMER, Side.US, (), "pinned-off", is_activity=False, by_hand=False,
    ),
    EventKind(
        "note.retracted", "Note taken back", ("took a note back",),
        Shelf.CUSTOMER, Side.US, (), "ban", is_activity=False, by_hand=False,
    ),
)  # fmt: skip

topics.register(Topic("customer", only_visible, scope_of))
limit_readers.register(LimitReader("criteria", limits.read))


def _unread(asking: Asking) -> Q:
    """Something came in, or somebody mentioned them, that this user has not read.

    Before their first day nothing counts.
    """
    read = Reading.objects.filter(
        customer=OuterRef("pk"), user=asking.user.pk, read_at__gte=OuterRef("last_inbound_at")
    )
    asked = Mention.objects.filter(customer=OuterRef("pk"), user=asking.user.pk, seen_at=None)
    came = Q(last_inbound_at__gt=asking.user.created_at) & ~Q(Exists(read))
    return came | Q(Exists(asked))


links.register(Link("tag", Tagging.objects.all, "tag"))
customer_fields.register(
    flag_field("waiting", "Waiting for an answer", Q(waiting_since__isnull=False),
               aliases=("unresolved", "unaddressed"), indexed=True),
    date_field("waiting_since", "Waiting since", "waiting_since", english="Began to wait",
               indexed=True),
    flag_field("unread", "Unread", _unread),
    person_field("owner", "Owner", "owner", choices.owners, indexed=True,
                 aliases=("assigned", "assignee", "agent", "rep", "salesperson")),
    choice_field("team", "Team", "owner__team", choices.teams),
    choice_field("store", "Store", "store", choices.stores, indexed=True),
    choice_field("type", "Type", "type", CustomerType.choices),
    choice_field("source", "Source", "source", Source.choices, blank=True),
    choice_field("group", "Group", "group", choices.groups),
    choice_field("category", "Category", "category", choices.categories),
    link_field("tag", "Tag", "tag", Tagging.objects.all, choices.tags, aliases=("tags",),
               link=links["tag"]),
    date_field("created", "Created", "created_at", indexed=True, aliases=("added",)),
    date_field("last_activity", "Last activity", "last_activity_at", english="Active",
               indexed=True, aliases=("active", "activity")),
    name_field(),
    text_field("company", "Company", "company"),
    flag_field("household", "In a household", Q(household__isnull=False), aliases=("family",)),
    flag_field("located", "On the map", located()),
    flag_field("referred", "Referred by somebody", Q(referred_by__isnull=False)),
    rating_field("financial", "Financial rating"),
    rating_field("intent", "Purchase intent"),
)  # fmt: skip

customer_fields.makers.append(asked.fields)
things.register(*contacted.contacts, location)

settings_pages.register(
    SettingsPage(
        "tags",
        "Tags",
        "Their names and colours; merge those that mean the same.",
        "customers:tags",
        group="Customers",
        function="settings",
        order=82,
        icon="tag",
    ),
    SettingsPage(
        "lists",
        "Groups and sources",
        "Groups, categories, types, and where customers come from.",
        "customers:lists",
        group="Customers",
        function="settings",
        order=83,
        icon="users-group",
    ),
    SettingsPage(
        "notes",
        "Notes",
        "What notes are about.",
        "customers:note_types",
        group="Customers",
        function="settings",
        order=85,
        icon="note",
    ),
    SettingsPage(
        "fields",
        "Custom fields",
        "What else you want to know of every customer.",
        "customers:fields",
        group="Customers",
        function="settings",
        order=84,
        icon="adjustments-horizontal",
    ),
)
panels.register(
    Panel(
        "files",
        "Files",
        "customers/_files.html",
        file_panel.context,
        order=60,
        rows=file_panel.rows,
    ),
    Panel(
        "custom",
        "Details",
        "customers/_custom.html",
        custom_panel.context,
        side="start",
        order=10,
        rows=custom_panel.rows,
    ),
)
