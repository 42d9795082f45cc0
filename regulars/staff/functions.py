"""The functions a role may be given: each room says what it offers, here is where they meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from regulars.lib.registry import Registry


class Level(models.IntegerChoices):
    HIDDEN = 0, "Hidden"
    VIEW = 1, "View"
    EDIT = 2, "Edit"


@dataclass(frozen=True)
class Function:
    """Something a role may not see, may see or may do.

    `defaults` maps a role's key to its level until an administrator chooses one; a role that is
    not named starts at Hidden.
    """

    key: str
    label: str
    help: str
    defaults: Mapping[str, Level] = field(default_factory=lambda: {"administrator": Level.EDIT})


functions: Registry[Function] = Registry("functions")
