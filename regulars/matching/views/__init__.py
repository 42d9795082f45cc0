"""The pages of the clean-up, by what is done on them."""

from .certain import batch, certain, undo_batch
from .clean_up import clean_up, decide, look
from .clusters import decide_cluster
from .decided import decided, undo

__all__ = [
    "batch",
    "certain",
    "clean_up",
    "decide",
    "decide_cluster",
    "decided",
    "look",
    "undo",
    "undo_batch",
]
