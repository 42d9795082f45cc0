"""Small files for tests: a table as a shop may send it, and its troubles."""

import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

FILES = Path(__file__).parent / "files"

CUSTOMERS = (FILES / "customers.csv").read_text()
"""Ten customers in the style of a well-known sample company; three addresses hold bare commas."""

EMPLOYEES = (FILES / "employees.csv").read_text()

ORDERS = (FILES / "orders.csv").read_text()


def file(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    """A file of this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def workbook(folder: Path, rows: Sequence[Sequence[object]], name: str = "table.xlsx") -> Path:
    """An Excel workbook of one sheet."""
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("People")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


def zipped(folder: Path, parts: dict[str, bytes], name: str = "table.xlsx") -> Path:
    """A zip archive of these parts."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, content in parts.items():
            archive.writestr(inside, content)
    return path


def good_row(number: int, rng: random.Random) -> list[str]:
    """A well-formed row of `HEADER`."""
    first = rng.choice(["Maria", "Jörg", "Zoë", "Li", "Ana", "Omar"])
    last = rng.choice(["Meyer", "O'Brien", "Nuñez", "Schmidt", "Okafor", "Dubois"])
    town, country = rng.choice([("Berlin", "Germany"), ("Lyon", "France"), ("Boise", "USA")])
    street = f"{rng.choice(['Elm St.', 'Main Rd.', 'Lange Gasse'])} {rng.randint(1, 300)}"
    return [
        f"C{number:06}", first, last, f"someone{number}@example.com",
        f"(208) 555-{rng.randint(1000, 9999)}", street, town, f"{rng.randint(10000, 99999)}",
        country, f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    ]  # fmt: skip


HEADER = [
    "ID",
    "First name",
    "Last name",
    "Email",
    "Phone",
    "Street",
    "City",
    "Zip",
    "Country",
    "Created",
]
