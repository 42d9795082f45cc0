"""What columns are taken for, by their headings and by their values."""

from pathlib import Path

import pytest

from regulars.imports.reading.headings import meaning
from regulars.imports.reading.mapping import guess_columns, guess_event_kind, guess_kind
from regulars.imports.reading.shapes import Shape, shape_of, text_of
from regulars.imports.reading.table import open_table
from regulars.imports.reading.targets import Kind
from regulars.imports.tests import make
from regulars.lib.sheets import is_formula


def mapped(folder: Path, text: str, kind: Kind | None = None) -> dict[str, str | None]:
    with open_table(make.file(folder, text)) as table:
        columns = guess_columns(table, kind or guess_kind(table.header))
        return {column.heading: column.target for column in columns}


@pytest.mark.parametrize(
    ("heading", "says", "whose"),
    [
        ("customerID", "id", "customer"),
        ("Kundennummer", "id", "customer"),
        ("E-Mail", "email", None),
        ("Correo electrónico", "email", None),
        ("Straße", "line1", None),
        ("PLZ", "postal_code", None),
        ("Prénom", "first_name", None),
        ("Numele clientului", "name", "customer"),
        ("Phone (mobile)", "phone", None),
        ("Telefon 2", "phone", None),
        ("data_nascimento", None, None),
        ("employeeID", "id", "staff"),
        ("orderDate", "date", "event"),
        ("Sales Rep", "owner", None),
        ("freight", None, None),
        ("", None, None),
    ],
)
def test_headings_are_understood(heading: str, says: str | None, whose: str | None) -> None:
    assert meaning(heading) == (says, whose)


@pytest.mark.parametrize(
    ("text", "kind", "event"),
    [
        (make.CUSTOMERS, Kind.CUSTOMERS, None),
        (make.EMPLOYEES, Kind.STAFF, None),
        (make.ORDERS, Kind.EVENTS, "order.placed"),
        ("name,email\nAna,a@example.com\n", Kind.CUSTOMERS, None),
        ("callId,customer_id,call_date\n1,2,2024-01-01\n", Kind.EVENTS, "call.made"),
    ],
)
def test_the_kind_of_rows_is_seen_in_the_header(
    tmp_path: Path, text: str, kind: Kind, event: str | None
) -> None:
    with open_table(make.file(tmp_path, text)) as table:
        assert guess_kind(table.header) is kind
        if event:
            assert guess_event_kind(table.header) == event


def test_a_customer_file_needs_no_help(tmp_path: Path) -> None:
    assert list(mapped(tmp_path, make.CUSTOMERS).values()) == [
        "external_id", "company", "contact_name", "contact_title", "line1", "city", "state",
        "postal_code", "country", "phone", "phone",
    ]  # fmt: skip


def test_orders_point_to_customer_and_colleague(tmp_path: Path) -> None:
    found = mapped(tmp_path, make.ORDERS)
    assert found["orderID"] == "external_id"
    assert found["customerID"] == "customer"
    assert found["employeeID"] == "actor"
    assert found["orderDate"] == "happened_at"
    assert found["requiredDate"] == "data"


WORLD = [
    # A music shop, a maker of models, a film library, four well-known programs.
    ("CustomerId,FirstName,LastName,Company,Address,City,State,Country,PostalCode,Phone,Fax,Email,"
     "SupportRepId",
     "external_id,first_name,last_name,company,line1,city,state,country,postal_code,phone,phone,"
     "email,owner"),
    ("customerNumber,customerName,contactLastName,contactFirstName,phone,addressLine1,"
     "addressLine2,city,state,postalCode,country,salesRepEmployeeNumber,creditLimit",
     "external_id,company,contact_last_name,contact_first_name,phone,line1,line2,city,state,"
     "postal_code,country,owner,note"),
    ("customer_id,store_id,first_name,last_name,email,address_id,active,create_date",
     "external_id,note,first_name,last_name,email,note,note,created_at"),
    ("Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Company name,Create Date",
     "external_id,first_name,last_name,email,phone,owner,company,created_at"),
    ("Account ID,Account Name,Billing Street,Billing City,Billing State/Province,"
     "Billing Zip/Postal Code,Billing Country,Shipping Street,Phone,Account Owner,Created Date",
     "external_id,company,line1,city,state,postal_code,country,note,phone,owner,created_at"),
    ("Customer ID,First Name,Last Name,Email,Default Address Company,Default Address City,"
     "Default Address Zip,Total Spent,Note,Tags",
     "external_id,first_name,last_name,email,company,city,postal_code,note,note,tags"),
    ("Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value",
     "first_name,last_name,email,phone"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "targets"), WORLD)
def test_exports_of_well_known_programs_need_no_help(
    tmp_path: Path, header: str, targets: str
) -> None:
    found = mapped(tmp_path, f"{header}\n", Kind.CUSTOMERS)
    assert ",".join(str(one) for one in found.values()) == targets


def test_values_speak_where_headings_do_not(tmp_path: Path) -> None:
    text = "X1,X2,X3\n" + "".join(f"Ana {n},a{n}@example.com,{n}\n" for n in range(9))
    assert mapped(tmp_path, text)["X2"] == "email"
    bare = "".join(f"{n},Ana Lopez,a{n}@example.com,(208) 555-12{n}0,Germany\n" for n in range(10))
    assert list(mapped(tmp_path, bare).values()) == [
        "external_id",
        "name",
        "email",
        "phone",
        "country",
    ]


def test_a_heading_that_its_values_contradict_is_not_believed(tmp_path: Path) -> None:
    found = mapped(tmp_path, "Name,Email,Title\nAna L,yes,Mrs.\nBen O,no,Mr\nCleo M,no,Mr\n")
    assert found == {"Name": "name", "Email": "note", "Title": "note"}


def test_a_name_beside_a_contact_is_the_companys(tmp_path: Path) -> None:
    found = mapped(tmp_path, "Name,Contact person\nAlpen AG,Heidi Zwick\n")
    assert found == {"Name": "company", "Contact person": "contact_name"}


@pytest.mark.parametrize(
    ("value", "shape"),
    [("", Shape.BLANK), ("NULL", Shape.BLANK), ("Null", Shape.WORD), ("a@b.co", Shape.EMAIL),
     ("12.04.2024", Shape.DATE), ("12209", Shape.DIGITS), ("12.5", Shape.NUMBER),
     ("(5) 555-4729", Shape.PHONE), ("ALFKI", Shape.CODE), ("Berlin", Shape.WORD),
     ("New York", Shape.WORDS), ("Obere Str. 57", Shape.MIXED), ("x " * 200, Shape.LONG)],
)  # fmt: skip
def test_shapes(value: str, shape: Shape) -> None:
    assert shape_of(value) is shape


@pytest.mark.parametrize(
    ("value", "runs"),
    [("=1+1", True), ("@SUM(A1)", True), ("+cmd|' /C calc'!A0", True), ("+44 20 7946 0958", False),
     ("-5", False), ("@handle", False), ("- none -", False)],
)  # fmt: skip
def test_formulas_are_known(value: str, runs: bool) -> None:
    assert is_formula(value) is runs


def test_an_exports_guard_is_taken_off() -> None:
    assert text_of("'=1+1") == "=1+1"
    assert text_of("'Aisha") == "'Aisha"
    assert text_of(r" \N ") == ""
