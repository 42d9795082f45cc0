"""An address is written to as typed and compared in one form."""

import pytest

from regulars.lib import emails


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Renee@Lake.example ", "Renee@Lake.example"),
        ("mailto:renee@lake.example", "renee@lake.example"),
        ("<renee@lake.example>", "renee@lake.example"),
        ("o'brien+cars@lake.example", "o'brien+cars@lake.example"),
    ],
)
def test_an_address_is_kept_as_typed(typed: str, kept: str) -> None:
    assert emails.clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "renee",
        "@",
        "renee@",
        "a@b@c.example",
        "two words@lake.example",
        "a@" + "b" * 260 + ".de",
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="email address"):
        emails.clean(typed)


def test_two_spellings_of_one_mailbox_compare_equal() -> None:
    assert emails.normal(" Renee@LAKE.example") == emails.normal("renee@lake.example")
