"""Small counts in words, as a headline says them."""

WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
         "Eleven", "Twelve")  # fmt: skip


def spelled(count: int, one: str, many: str) -> str:
    """“One person is”, “Four people are”, “31 people are”."""
    number = WORDS[count] if count < len(WORDS) else f"{count:,}"
    return f"{number} {one if count == 1 else many}"
