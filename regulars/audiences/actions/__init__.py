"""Making and changing audiences, lists and views; the only place that writes them."""

from .defining import change_audience, delete_audience, make_audience
from .lists import put_on_list, take_off_list
from .saved import ViewFacts, change_view, delete_view, save_view, shown_by
from .sizes import note_sizes

__all__ = [
    "ViewFacts",
    "change_audience",
    "change_view",
    "delete_audience",
    "delete_view",
    "make_audience",
    "note_sizes",
    "put_on_list",
    "save_view",
    "shown_by",
    "take_off_list",
]
