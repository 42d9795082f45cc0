"""What an action says when it will not do what was asked; faces turn these into their own words."""

from collections.abc import Mapping


class Invalid(Exception):
    """The input is wrong; `errors` maps the field's path (`contacts.0.email`) to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{k}: {v}" for k, v in self.errors.items()))


class NotAllowed(Exception):
    """The person may not do this; the text is a sentence for them."""


class Away(Exception):
    """Something we depend on does not answer; the text says what, and that nothing was kept."""


class Stale(Exception):
    """Somebody changed it meanwhile; the text says what to do."""


def in_words(no: Exception) -> str:
    """What was refused, as a person is told: its sentences, without the paths of their fields."""
    return " ".join(no.errors.values()) if isinstance(no, Invalid) else str(no)
