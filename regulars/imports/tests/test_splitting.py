"""Records are found whatever the quotes and newlines do."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.imports.reading.limits import Limits
from regulars.imports.reading.splitting import Split, physical_lines, split


def records(text: str, width: int | None = None, delimiter: str = ",") -> list[Split]:
    lines = physical_lines(io.StringIO(text, newline=""), limits=Limits())
    return list(split(lines, delimiter=delimiter, limits=Limits(), width=width))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b,c", [["a", "b", "c"]]),
        ('"a","b,c",d', [["a", "b,c", "d"]]),
        ('a,"say ""hi""",c', [["a", 'say "hi"', "c"]]),
        ('a, "b, c" ,d', [["a", "b, c", "d"]]),
        ('a,"two\nlines",c', [["a", "two\nlines", "c"]]),
        ('a,"two\r\nlines",c\r\nd,e,f', [["a", "two\r\nlines", "c"], ["d", "e", "f"]]),
        ("a,b,c\nd,e,f\r\ng,h,i\rj,k,l", [list("abc"), list("def"), list("ghi"), list("jkl")]),
        ("a,b,c\n\n\nd,e,f\n", [list("abc"), list("def")]),
        ("a,,", [["a", "", ""]]),
        ('a,"",c', [["a", "", "c"]]),
        ('a,Jo"hn,c', [["a", 'Jo"hn', "c"]]),
        ('a,"24" wheel",c', [["a", '24" wheel', "c"]]),
        ('a,"Big" Jim,c', [["a", '"Big" Jim', "c"]]),
    ],
)
def test_cells_are_what_the_writer_meant(text: str, cells: list[list[str]]) -> None:
    assert [found.cells for found in records(text, 3)] == cells
    assert not any(found.problem for found in records(text, 3))


@pytest.mark.parametrize("bad", ['2,"open,x', '2,"a"b,"c', '2,x,"', '"2,x,y', '2,"x,y\x00'])
def test_an_open_quote_spoils_only_its_own_record(bad: str) -> None:
    text = f'1,a,b\n{bad}\n3,c,d\n4,"q, r",s\n5,"two\nlines",t\n'
    found = records(text, 3)
    assert [one.line for one in found] == [1, 2, 3, 4, 5]
    assert [one.problem is None for one in found] == [True, False, True, True, True]
    assert found[1].text == bad
    assert found[4].cells == ["5", "two\nlines", "t"]


def test_physical_lines_are_counted_through_texts_with_line_breaks() -> None:
    found = records('h,i\n1,"a\nb\nc"\n2,d\n')
    assert [one.line for one in found] == [1, 2, 5]


def test_a_huge_cell_spoils_only_its_record() -> None:
    found = records(f"1,{'x' * 131_073},b\n2,c,d\n", 3)
    assert "131,073" in (found[0].problem or "")
    assert found[0].column == 1
    assert found[1].cells == ["2", "c", "d"]


def test_too_many_columns_and_endless_lines_are_refused_by_row() -> None:
    found = records("x," * 1_500 + "\n" + "y" * 4_000_001 + "\n1,2,3\n", 3)
    assert "1,501 columns" in (found[0].problem or "")
    assert "longer than" in (found[1].problem or "")
    assert found[2].cells == ["1", "2", "3"]


def test_a_two_byte_row_in_the_middle_leaves_its_neighbour_alone() -> None:
    found = records("1,a,b\n2\x00,\x00c\x00,\x00d\x00\n\x003,e,f\n", 3)
    assert found[2].cells == ["3", "e", "f"]


cell = st.text(
    st.characters(exclude_characters="\r\n\x00\ufeff", exclude_categories=["Cs"]), max_size=8
)


@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=12))
def test_what_is_written_with_quotes_is_read_back(rows: list[list[str]]) -> None:
    text = "".join(
        ",".join(f'"{one.replace(chr(34), chr(34) * 2)}"' for one in row) + "\n" for row in rows
    )
    assert [found.cells for found in records(text, 3)] == rows


plain = st.text("abcdef 123", min_size=1, max_size=6).filter(str.strip)
awkward = st.text('ab",; \n\r"', max_size=12)


@given(
    st.lists(st.lists(plain, min_size=3, max_size=3), min_size=2, max_size=8), awkward, st.data()
)
def test_good_rows_come_through_whatever_stands_between_them(
    rows: list[list[str]], bad: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows)))
    lines = [",".join(row) for row in rows]
    lines.insert(at, bad.replace("\n", " ").replace("\r", " "))
    found = [one.cells for one in records("\n".join(lines) + "\n", 3)]
    assert [row for row in rows if row in found] == rows
