"""Whole numbers as requests write them: the ids of rows, places in a list."""

DIGITS = 18  # all that many fit into a bigint


def whole(said: str) -> int | None:
    """What plain digits say, no more than fit into a row's id; None for anything else."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS else None
