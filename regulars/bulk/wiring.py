"""What the bulk room plugs into others."""

from regulars.customers.erasure import Erasure, erasures
from regulars.customers.merging.ways import MergeWay, merge_ways
from regulars.staff.settings_pages import SettingsPage, settings_pages

from .deeds import deeds
from .forgetting import forget
from .merging import lines
from .ordinary import ORDINARY

deeds.register(*ORDINARY)
erasures.register(Erasure("receipts", forget))
merge_ways.register(MergeWay("bulk.Line.customer", lines))
settings_pages.register(
    SettingsPage(
        "changes",
        "Recent changes",
        "What was done to many customers at once, and taking it back.",
        "bulk:receipts",
        group="Data",
        function="customers",
        order=95,
        icon="history",
        also=("/bulk/",),
    ),
)
