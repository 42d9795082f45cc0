"""Every fact of the record that is edited where it stands: what it is, how it is read and shown.

Pure but for `offers`: no database, no clock. `actions.edit` writes; the face is
`customers/<id>/facts/<key>/`.
"""

from .applying import contact_with, place_with
from .cells import Cell, cells, show, typed, value_of
from .keys import At, parse
from .reading import read, same
from .sheet import Fact, Kind, facts_of

__all__ = [
    "At",
    "Cell",
    "Fact",
    "Kind",
    "cells",
    "contact_with",
    "facts_of",
    "parse",
    "place_with",
    "read",
    "same",
    "show",
    "typed",
    "value_of",
]
