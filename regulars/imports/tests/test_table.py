"""A file becomes a table: encodings, delimiters, headers, repairs, and refusals in a sentence."""

import datetime
import random
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from regulars.imports.reading.encoding import ENCODINGS
from regulars.imports.reading.limits import CannotRead, Limits
from regulars.imports.reading.table import How, Record, Table, open_table
from regulars.imports.tests import make


def read(path: Path, **how: object) -> tuple[Table, list[Record]]:
    with open_table(path, how=How(**how)) as table:  # type: ignore[arg-type]
        return table, list(table.records())


ROWS = "Name;Straße;Größe\nJörg Weiß;Weg 1;12\nZoë Ångström;Straße 2;13\n"


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
def test_every_encoding_gives_the_same_letters(tmp_path: Path, encoding: str, bom: bytes) -> None:
    table, records = read(make.file(tmp_path, bom + ROWS.encode(encoding)))
    assert table.header == ("Name", "Straße", "Größe")
    assert [record.cells for record in records] == [
        ["Jörg Weiß", "Weg 1", "12"],
        ["Zoë Ångström", "Straße 2", "13"],
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_guessed(tmp_path: Path, sign: str) -> None:
    text = "Name|City|Amount\nAna, Maria|Berlin; Ost|1\nBen|Bonn|2\n".replace("|", sign)
    if sign in ",;":
        text = text.replace("Ana, Maria", '"Ana, Maria"').replace("Berlin; Ost", '"Berlin; Ost"')
    table, records = read(make.file(tmp_path, text))
    assert table.delimiter == sign
    assert records[0].cells == ["Ana, Maria", "Berlin; Ost", "1"]


def test_excels_own_hint_names_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    table, records = read(make.file(tmp_path, "sep=;\nName;Note\nAna;a,b,c\n"))
    assert table.header == ("Name", "Note")
    assert [record.cells for record in records] == [["Ana", "a,b,c"]]


def test_title_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "Customer list 2026,,\n,,\nName,Email,City\nAna,ana@example.com,Bonn\n"
    table, records = read(make.file(tmp_path, text))
    assert table.header == ("Name", "Email", "City")
    assert [record.line for record in records] == [4]


def test_a_table_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    table, records = read(make.file(tmp_path, "Ana,ana@example.com\nBen,ben@example.com\n"))
    assert not table.has_header
    assert table.header == ("Column 1", "Column 2")
    assert len(records) == 2


def test_unquoted_commas_in_addresses_are_put_together_and_said(tmp_path: Path) -> None:
    _, records = read(make.file(tmp_path, make.CUSTOMERS))
    assert len(records) == 10
    assert not [record for record in records if record.problem]
    streets = {record.cells[0]: record.cells[4] for record in records if record.repaired}
    assert streets == {
        "BRISA": "Rua da Praia, 9", "DELIC": "14, quai Perrache", "GRANJ": "Rua Augusta, 881",
    }  # fmt: skip
    assert "“14, quai Perrache” as one address" in (records[3].repaired or "")


def test_commas_without_a_space_are_put_together_by_what_the_columns_hold(tmp_path: Path) -> None:
    rng = random.Random(7)
    rows = [make.HEADER] + [make.good_row(number, rng) for number in range(80)]
    rows[40][5] = "Lange,Gasse 12"
    _, records = read(make.file(tmp_path, "\n".join(",".join(row) for row in rows)))
    assert records[39].cells[5] == "Lange,Gasse 12"
    assert records[39].cells[6:9] == rows[40][6:9]


@pytest.mark.parametrize(
    "row",
    [
        "C9,Ana,Meyer,ana@x.com,(208) 555-1212,Elm St. 5,Berlin,10115,Germany,2024-01-02,???",
        "C9,Ana,Meyer,x,y,z,ana@x.com,(208) 555-1212,Elm St. 5,Berlin,10115,France,A,B,C,D,E,F,G",
        "C9,Ana,Meyer,ana@example.com",
    ],
)
def test_rows_that_fit_no_way_are_rejected_with_what_they_said(tmp_path: Path, row: str) -> None:
    rng = random.Random(7)
    rows = [",".join(make.good_row(number, rng)) for number in range(60)]
    rows.insert(30, row)
    _, records = read(make.file(tmp_path, "\n".join([",".join(make.HEADER), *rows])))
    bad = [record for record in records if record.problem]
    assert [(record.number, record.line, record.text) for record in bad] == [(31, 32, row)]
    assert "columns" in (bad[0].problem or "")


def test_delimiters_at_the_end_of_every_line_are_no_column(tmp_path: Path) -> None:
    table, records = read(make.file(tmp_path, "Name,City,\nAna,Bonn,\nBen,Kiel,\n"))
    assert table.header == ("Name", "City")
    assert [record.cells for record in records] == [["Ana", "Bonn"], ["Ben", "Kiel"]]


def test_empty_rows_are_counted_not_rejected(tmp_path: Path) -> None:
    with open_table(make.file(tmp_path, "Name,City\nAna,Bonn\n,\nNULL,\n\nBen,Kiel\n")) as table:
        assert [record.number for record in table.records()] == [1, 2]
        assert table.empty_rows == 2


@pytest.mark.parametrize(
    ("raw", "name", "problem"),
    [
        (b"Zo\xeb,1", "Zoë", None),
        (b"caf\xe9 \x93Blue\x94,1", "café “Blue”", None),
        (b"A\x00na,1", "", "NUL"),
        (b"\xed\xa0\x80x,1", "", "no letters"),
        ("Grüße ".encode() + b"\xff,1", "", "no letters"),
    ],
)
def test_stray_bytes_trouble_only_their_own_row(
    tmp_path: Path, raw: bytes, name: str, problem: str | None
) -> None:
    good = "".join(f"Jörg {number},{number}\n" for number in range(20)).encode()
    _, records = read(make.file(tmp_path, b"Name,Number\n" + good + raw + b"\n" + good))
    assert len(records) == 41
    assert [record.number for record in records if record.problem or record.repaired] == [21]
    if problem is None:
        assert records[20].cells[0] == name
        assert "Windows-1252" in (records[20].repaired or "")
    else:
        assert problem in (records[20].problem or "")
        assert records[20].text.isprintable()


def test_a_repeated_header_is_said(tmp_path: Path) -> None:
    _, records = read(make.file(tmp_path, "Name,City\nAna,Bonn\nName,City\nBen,Kiel\n"))
    assert records[1].problem == "The row repeats the headings."


@pytest.mark.parametrize(
    "row",
    [
        *("Total,,300.00", "TOTAL:,2,$1 300.00", "Grand total,,", ",Summe,300"),
        *("Total général,,-", "2 records exported,,", "2 Datensätze,,", "Number of rows: 2,,"),
        *(",,Total: 300", "End of report,,", "Exported by Ada on 2026-11-01,,"),
    ],
)
def test_what_sums_up_a_table_is_no_row_of_it(tmp_path: Path, row: str) -> None:
    text = f"Name,City,Spent\nAna Lopez,Bonn,100.00\nBen Ode,Kiel,200.00\n{row}\n"
    _, records = read(make.file(tmp_path, text))
    assert [record.problem for record in records] == [
        None,
        None,
        "The row sums up the table and is no record of its own.",
    ]


@pytest.mark.parametrize(
    "row",
    [
        *(
            "Total Energies,Bonn,5",
            "Total,Bonn,5",
            "Ana Total,,",
            "7 Seas,,",
            "3 Rows of Oak,Kiel,",
        ),
        *("Sum Ting,,12", "End of the Road Inn,,", "Records & More,,1"),
    ],
)
def test_whoever_is_only_called_so_is_a_row(tmp_path: Path, row: str) -> None:
    text = f"Name,City,Spent\nAna Lopez,Bonn,100.00\nBen Ode,Kiel,200.00\n{row}\n"
    _, records = read(make.file(tmp_path, text))
    assert records[2].problem is None


def test_a_workbook_gives_dates_numbers_and_row_numbers_as_a_person_sees_them(
    tmp_path: Path,
) -> None:
    rows: list[list[object]] = [
        ["Name", "Since", "Number", "Paid", "At"],
        ["Zoë", datetime.date(2026, 4, 3), 12.0, True, datetime.datetime(2026, 4, 3, 9, 30)],
        [],
        ["Ben", None, 1.5, False, None],
    ]
    table, records = read(make.workbook(tmp_path, rows))
    assert table.header == ("Name", "Since", "Number", "Paid", "At")
    assert records[0].cells == ["Zoë", "2026-04-03", "12", "TRUE", "2026-04-03 09:30:00"]
    assert [(record.number, record.line) for record in records] == [(1, 2), (2, 4)]


NOT_TABLES = {
    "a PDF": b"%PDF-1.7 ...", "a picture": b"\x89PNG\r\n\x1a\n\x00", "gzip": b"\x1f\x8b\x08\x00abc",
    "web page": b"<!DOCTYPE html><html>", "no readable text": bytes(range(1, 9)) * 40,
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1", "empty": b"  \n", "damaged": b"PK\x03\x04garbage",
}  # fmt: skip


@pytest.mark.parametrize(("words", "content"), NOT_TABLES.items())
def test_what_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, words: str, content: bytes
) -> None:
    with pytest.raises(CannotRead, match=words):
        open_table(make.file(tmp_path, content))


def lying(folder: Path) -> Path:
    """A workbook whose table of contents says a part is small; it is not."""
    path = make.zipped(folder, {"xl/workbook.xml": b"<w/>", "xl/a.xml": b"0" * 60_000_000})
    raw = path.read_bytes().replace(struct.pack("<L", 60_000_000), struct.pack("<L", 1_000))
    path.write_bytes(raw)
    return path


def bombs(folder: Path) -> dict[str, Path]:
    book = {"xl/workbook.xml": b"<workbook/>"}
    inner = make.zipped(folder, {"a.txt": b"0" * 9_000_000}, "inner.zip").read_bytes()
    stray = folder / "stray.xlsx"
    with xlsxwriter.Workbook(stray) as written:
        sheet = written.add_worksheet()
        sheet.write(0, 0, "Name")
        sheet.write(1_048_575, 16_383, "far away")
    return {
        "times when unpacked": make.zipped(
            folder, book | {"xl/s.xml": b"0" * 60_000_000}, "1.xlsx"
        ),
        "unpacks to more": make.zipped(folder, book | {"xl/s.xml": b"0" * 210_000_000}, "2.xlsx"),
        "parts": make.zipped(folder, book | {f"xl/{n}": b"" for n in range(3_000)}, "3.xlsx"),
        "zip archive, not": make.zipped(folder, {"inner.zip": inner}, "4.xlsx"),
        "damaged": lying(folder),
        "columns|memory": stray,
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_letters_chosen_wrongly_are_said_and_never_an_error(tmp_path: Path, encoding: str) -> None:
    for n, really in enumerate(("utf-8", "utf-16", "utf-32", "cp1252")):
        path = make.file(tmp_path, ROWS.encode(really), name=f"{n}.csv")
        try:
            read(path, encoding=encoding)
        except CannotRead as error:
            said = str(error)
        else:
            said = "Read."
        assert said.endswith(".")


def test_a_file_that_is_not_utf_32_is_not_read_so(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="not written in UTF-32"):
        open_table(make.file(tmp_path, ROWS), how=How(encoding="utf-32"))


def test_bombs_are_refused_quickly_with_a_sentence(tmp_path: Path) -> None:
    for words, path in bombs(tmp_path).items():
        start = time.process_time()  # what else the machine does is no finding
        with pytest.raises(CannotRead, match=words):
            open_table(path)
        assert time.process_time() - start < 10, words


def test_entities_that_multiply_are_not_expanded(tmp_path: Path) -> None:
    path = make.workbook(tmp_path, [["Name"], ["Ana"]])
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 10 + b'">]>'
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shared = parts["xl/sharedStrings.xml"].replace(b"<sst", laughs + b"<sst", 1)
    parts["xl/sharedStrings.xml"] = shared.replace(b"<t>Ana</t>", b"<t>&b;</t>")
    try:
        _, records = read(make.zipped(tmp_path, parts, "laughs.xlsx"))
    except CannotRead:
        return
    assert all(len(record.text) < 100 for record in records)


def test_seventy_thousand_columns_are_refused(tmp_path: Path) -> None:
    text = ",".join(f"c{number}" for number in range(70_000)) + "\n" + "," * 69_999 + "\n"
    with pytest.raises(CannotRead, match="70,000 columns"):
        open_table(make.file(tmp_path, text))


def test_a_file_above_the_limit_is_refused_before_reading(tmp_path: Path) -> None:
    path = make.file(tmp_path, "Name\n" + "x\n" * 600_000)
    with pytest.raises(CannotRead, match=r"at most 1 MB"):
        open_table(path, limits=Limits(file_bytes=1024 * 1024))


@pytest.mark.parametrize("seed", range(3))
def test_every_record_is_accounted_for_and_neighbours_are_untouched(
    tmp_path: Path, seed: int
) -> None:
    """Twelve kinds of damage among good rows: whatever is not damaged arrives as written."""
    rng = random.Random(seed)
    damage: list[Callable[[list[str]], list[str]]] = [
        lambda row: [row[0], '"' + row[1], *row[2:]],
        lambda row: [*row[:2], row[2] + '"x', *row[3:]],
        lambda row: row[:5],
        lambda row: [*row, "extra", "more", "???"],
        lambda row: [row[0] + "\x00", *row[1:]],
        lambda row: ["\ufeff" + row[0], *row[1:]],
        lambda row: [*row[:5], '"' + row[5] + '\nrear"', *row[6:]],
        lambda row: [*row[:5], "y" * 131_073, *row[6:]],
        lambda row: [*row[:9], "2024-02-31"],
        lambda row: [""] * len(row),
        lambda row: [*row, *[""] * 1_200],
        lambda row: [row[0], '"' + row[1] + '" x', *row[2:]],
    ]
    good, lines, broken = {}, [], 0
    for number in range(600):
        row = make.good_row(number, rng)
        if number > 30 and rng.random() < 0.2:
            broken += 1
            lines.append(",".join(rng.choice(damage)(row)))
        else:
            good[row[0]] = row
            lines.append(",".join(row))
    ending = rng.choice(["\n", "\r\n", "\r"])
    path = make.file(tmp_path, ending.join([",".join(make.HEADER), *lines]) + ending)
    with open_table(path) as table:
        records = list(table.records())
        empty = table.empty_rows
    arrived = {record.cells[0]: record.cells for record in records if not record.problem}
    assert {key: arrived.get(key) for key in good} == good
    assert len(records) + empty == 600
