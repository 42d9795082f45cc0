"""Files: what they are called, what they are, what is refused, and what stays when they go."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from regulars.customers import actions
from regulars.customers.files import names, previews, scanners, sniffing, storing
from regulars.customers.files.panel import size
from regulars.customers.files.scanners import CannotScan, eicar
from regulars.customers.models import Attachment, Customer
from regulars.lib.errors import Invalid
from regulars.staff.models import User

# --- Content to send


def picture(kind: str = "PNG", side: int = 8, **saved: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(made, kind, **saved)
    return made.getvalue()


def zipped(*entries: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for entry in entries:
            archive.writestr(entry, "x")
    return made.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EICAR = eicar.SIGNATURE
OCTETS = sniffing.OCTETS
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What is sent, what it is, and as what it is handed out.
POLYGLOTS: dict[str, tuple[bytes, str, str]] = {
    "png": (picture(), "image/png", "image/png"),
    "jpeg": (picture("JPEG"), "image/jpeg", "image/jpeg"),
    "gif": (picture("GIF"), "image/gif", "image/gif"),
    "webp": (picture("WEBP"), "image/webp", "image/webp"),
    "pdf": (PDF, "application/pdf", "application/pdf"),
    "pdf with script": (PDF + HTML, "application/pdf", "application/pdf"),
    "png with script behind": (picture() + HTML, "image/png", "image/png"),
    "gif that is script": (b"GIF89a/*<script>*/=1;alert(1)//", "image/gif", "image/gif"),
    "jpeg with a comment": (
        b"\xff\xd8\xff\xfe\x00\x20<script>alert(1)</script>", "image/jpeg", "image/jpeg",
    ),
    "html": (HTML, "text/html", OCTETS),
    "html after a bom": (b"\xef\xbb\xbf" + HTML, "text/html", OCTETS),
    "html after blanks": (b"\n\n   \t" + HTML, "text/html", OCTETS),
    "html after words": (b"Dear all, <script>alert(1)</script>", "text/html", OCTETS),
    "html in utf-16": (("\ufeff" + HTML.decode()).encode("utf-16-le"), "text/html", OCTETS),
    "an iframe": (b"<iframe src=javascript:alert(1)>", "text/html", OCTETS),
    "a picture tag": (b"<img src=x onerror=alert(1)>", "text/html", OCTETS),
    "svg": (SVG, "image/svg+xml", OCTETS),
    "svg after a declaration": (
        b'<?xml version="1.0"?>\n<!-- x -->' + SVG, "image/svg+xml", OCTETS,
    ),
    "svg with a prefix": (
        b'<x:svg xmlns:x="http://www.w3.org/2000/svg"/>', "image/svg+xml", OCTETS,
    ),
    "svg in capitals": (SVG.replace(b"svg", b"SVG"), "image/svg+xml", OCTETS),
    "xml": (b'<?xml version="1.0"?><a/>', "application/xml", OCTETS),
    "xml with a style sheet": (
        b'<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>', "application/xml", OCTETS,
    ),
    "xhtml": (
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "text/html", OCTETS,
    ),
    "exe": (b"MZ\x90\x00" + b"\0" * 200, sniffing.PROGRAM, OCTETS),
    "exe that is a zip": (b"MZ\x90\x00" + zipped("a"), sniffing.PROGRAM, OCTETS),
    "elf": (b"\x7fELF" + b"\0" * 60, sniffing.PROGRAM, OCTETS),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", sniffing.PROGRAM, OCTETS),
    "java class": (b"\xca\xfe\xba\xbe\0\0\0\x34", sniffing.PROGRAM, OCTETS),
    "script": (b"alert(document.cookie)", "text/plain", "text/plain"),
    "json": (b'{"a": 1}', "text/plain", "text/plain"),
    "words": ("Grüße aus Köln".encode(), "text/plain", "text/plain"),
    "words of an old page": (
        "Grüße aus Köln, mit Gruß".encode("cp1252"), "text/plain", "text/plain",
    ),
    "csv with a formula": (b"=cmd|' /C calc'!A0,1\n", "text/plain", "text/plain"),
    "rtf": (b"{\\rtf1 hello}", "application/rtf", "application/rtf"),
    "zip": (zipped("a.txt"), "application/zip", "application/zip"),
    "zip with a way out": (zipped("../../etc/passwd"), "application/zip", "application/zip"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), DOCX, DOCX),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), XLSX, XLSX),
    "a zip that is none": (b"PK\x03\x04" + b"\xff" * 40, "application/zip", "application/zip"),
    "octets": (bytes(range(256)) * 4, OCTETS, OCTETS),
    "a nul": (b"\0", OCTETS, OCTETS),
}  # fmt: skip


@pytest.mark.parametrize("case", POLYGLOTS)
def test_a_file_is_what_it_contains(case: str) -> None:
    content, kind, served = POLYGLOTS[case]
    stream = io.BytesIO(content)
    assert sniffing.content_type(stream) == kind
    assert sniffing.served(kind) == served
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\cmd.exe", "cmd.exe"),
        ("/absolute/path/a.txt", "a.txt"),
        ("C:\\Users\\ana\\a.txt", "a.txt"),
        ("folder/", "folder"),
        ("..", "file"),
        ("...", "file"),
        ("", "file"),
        ("   ", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2069\u200b\ufeff.txt", "a.txt"),
        ("عرض السعر.pdf", "عرض السعر.pdf"),
        ("הצעה.pdf", "הצעה.pdf"),
        ("invoice.pdf.exe", "invoice.pdf.exe"),
        ('a"b<c>d|e?f*g.txt', "a_b_c_d_e_f_g.txt"),
        ("trailing. . ", "trailing"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("  two   spaces .txt", "two spaces.txt"),
        ("cafe\u0301.txt", "café.txt"),
        ("a" * 300 + ".pdf", "a" * 251 + ".pdf"),
        ("ä" * 300 + ".pdf", "ä" * 125 + ".pdf"),
        ("😀" * 100 + ".pdf", "😀" * 62 + ".pdf"),
        ("x" * 255, "x" * 255),
        ("x." + "y" * 300, "x." + "y" * 253),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    found = names.clean(given)
    assert found == kept
    assert len(found.encode()) <= 255
    assert names.clean(found) == found


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("offer.pdf", "attachment; filename=\"offer.pdf\"; filename*=UTF-8''offer.pdf"),
        ("Grüße.pdf", "attachment; filename=\"Grue.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf"),
        ('a";x=1.pdf', "attachment; filename=\"a__x=1.pdf\"; filename*=UTF-8''a%22%3Bx%3D1.pdf"),
        ("عرض", "attachment; filename=\"file\"; filename*=UTF-8''%D8%B9%D8%B1%D8%B6"),
    ],
)
def test_a_name_in_a_header(name: str, header: str) -> None:
    said = names.disposition(name).replace("Grue", "Grue")
    assert said.partition("filename*=")[2] == header.partition("filename*=")[2]
    assert said.startswith("attachment; ")
    assert said.isascii()
    assert "\n" not in said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (2048, "2 KB"), (3_565_158, "3.4 MB"),
     (25 * 1024**2, "25 MB"), (1024**4, "1024 GB")],
)  # fmt: skip
def test_a_size_in_words(count: int, said: str) -> None:
    assert size(count) == said


# --- Scanning


@pytest.mark.parametrize("before", [0, 1, 1024 * 1024 - 10, 1024 * 1024, 3 * 1024 * 1024 - 33])
def test_the_test_string_is_found_anywhere(before: int) -> None:
    assert not eicar.scan(io.BytesIO(b"x" * before + EICAR + b"y" * 50)).clean
    assert eicar.scan(io.BytesIO(b"x" * before + EICAR[:-1])).clean


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("true", ""),
        ("sh -c 'cat >/dev/null; exit 0'", ""),
        ("sh -c 'echo Bad.Thing; exit 1'", "Bad.Thing"),
        ("false", "Something bad"),
        ("sh -c 'grep -q canary && echo Canary && exit 1 || exit 0'", "Canary"),
    ],
)
def test_a_command_says_it_by_how_it_ends(settings: Any, command: str, found: str) -> None:
    settings.FILE_SCANNER = command
    assert scanners.scan(io.BytesIO(b"a canary")).found == found


@pytest.mark.parametrize("command", ["sh -c 'exit 2'", "/no/such/scanner", "sh -c 'kill -9 $$'"])
def test_a_scanner_that_fails_lets_nothing_in(settings: Any, command: str) -> None:
    settings.FILE_SCANNER = command
    with pytest.raises(CannotScan):
        scanners.scan(io.BytesIO(b"x"))


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[list[bytes]]:
    """A daemon that finds `canary`, and answers nothing to `silence`; what it was sent."""
    heard: list[bytes] = []
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(tmp_path / "clamd.sock"))
    door.listen()
    settings.FILE_SCANNER = f"clamd://{tmp_path}/clamd.sock"

    def serve() -> None:
        while True:
            try:
                guest, _ = door.accept()
            except OSError:
                return
            with guest, guest.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack("!I", said.read(4))[0]:
                    content += said.read(length)
                heard.append(content)
                if b"silence" not in content:
                    bad = b"stream: Canary FOUND\0" if b"canary" in content else b"stream: OK\0"
                    guest.sendall(bad)

    threading.Thread(target=serve, daemon=True).start()
    yield heard
    door.close()


def test_clamd_is_asked_over_its_socket(clamd: list[bytes]) -> None:
    big = b"x" * 200_000
    assert scanners.scan(io.BytesIO(big)).clean
    assert scanners.scan(io.BytesIO(big + b"canary")).found == "Canary"
    assert clamd[0] == big
    with pytest.raises(CannotScan):
        scanners.scan(io.BytesIO(b"silence"))


# --- Previews


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_shown_small_and_says_nothing_else(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Canary"
    saved = {"exif": exif} if kind != "GIF" else {}
    content = io.BytesIO(picture(kind, 900, **saved))
    media = f"image/{kind.lower()}"
    assert previews.dimensions(content, media) == (900, 900)
    made = previews.made(content, media)
    assert made is not None
    assert b"Canary" not in made
    with Image.open(io.BytesIO(made)) as small:
        assert small.format == "WEBP"
        assert small.size == (480, 480)
        assert not small.getexif()


def test_what_is_no_picture_or_too_large_a_one_is_not_shown() -> None:
    bomb = bytearray(picture())
    bomb[16:24] = struct.pack("!II", 29_999, 29_999)
    for content in (b"\x89PNG\r\n\x1a\n", picture()[:40], bytes(bomb), HTML, b""):
        stream = io.BytesIO(content)
        if previews.dimensions(stream, "image/png") is not None:
            assert previews.made(stream, "image/png") is None
    assert previews.dimensions(io.BytesIO(bytes(bomb)), "image/png") is None
    assert previews.dimensions(io.BytesIO(SVG), "image/svg+xml") is None
    assert previews.dimensions(io.BytesIO(picture("BMP")), "image/bmp") is None


# --- Kept


@pytest.fixture
def renee(make_customer: Any, ana: User) -> Customer:
    customer: Customer = make_customer("Renée Castellanos", owner=ana)
    return customer


def attach(
    customer: Customer, by: User, content: bytes = PDF, name: str = "offer.pdf"
) -> Attachment:
    return actions.attach(customer, io.BytesIO(content), name=name, by=by)


def lying() -> set[str]:
    """Every file in the storage."""
    try:
        folders, _ = default_storage.listdir(storing.FOLDER)
    except FileNotFoundError:
        return set()
    return {
        f"{storing.FOLDER}/{folder}/{name}"
        for folder in folders
        for name in default_storage.listdir(f"{storing.FOLDER}/{folder}")[1]
    }


@pytest.mark.django_db
def test_a_file_is_kept_under_a_name_of_our_own(renee: Customer, ana: User) -> None:
    before = lying()
    file = attach(renee, ana, picture(), "../../Canary of Renée.png")
    assert (file.name, file.content_type, file.width) == ("Canary of Renée.png", "image/png", 8)
    assert lying() - before == {file.key}
    assert "anary" not in file.key
    assert b"".join(storing.pieces(file.key)) == picture()
    assert file.event is not None
    assert file.event.sentence == "added the file Canary of Renée.png"
    assert renee.events.latest("pk") == file.event


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"x" * (1024 * 1024 + 1), "at most 1 MB"),
        (EICAR, "scanner refused"),
        (zipped("a") + EICAR, "scanner refused"),
    ],
)
def test_what_is_refused_lies_nowhere(
    renee: Customer, ana: User, settings: Any, content: bytes, words: str
) -> None:
    settings.ATTACHMENT_MEGABYTES = 1
    before, events = lying(), renee.events.count()
    with pytest.raises(Invalid, match=words) as no:
        attach(renee, ana, content)
    assert no.value.errors.keys() == {"file"}
    assert (lying(), renee.events.count()) == (before, events)


@pytest.mark.django_db
def test_all_files_together_have_a_quota(renee: Customer, ana: User, settings: Any) -> None:
    settings.QUOTA_GIGABYTES = 1
    attach(renee, ana)
    Attachment.objects.update(size=storing.GIGABYTE - 10)
    before = lying()
    with pytest.raises(Invalid, match="1 GB, and they are full"):
        attach(renee, ana)
    assert lying() == before
    settings.QUOTA_GIGABYTES = 0
    attach(renee, ana)


@pytest.mark.django_db
def test_a_scanner_that_is_away_keeps_nothing(renee: Customer, ana: User, settings: Any) -> None:
    settings.FILE_SCANNER = "/no/such/scanner"
    with pytest.raises(Invalid, match="could not be checked for viruses"):
        attach(renee, ana)


@pytest.mark.django_db
def test_a_full_disk_is_said_in_words(
    renee: Customer, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(Invalid, match="no room left"):
        attach(renee, ana)


@pytest.mark.django_db
def test_a_row_that_fails_leaves_no_file(
    renee: Customer, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lying()

    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Attachment.objects, "create", broken)
    with pytest.raises(RuntimeError):
        attach(renee, ana)
    assert lying() == before


@pytest.mark.django_db(transaction=True)
def test_removing_and_erasing_take_the_content_along(
    renee: Customer, ana: User, make_customer: Any
) -> None:
    other = attach(make_customer("Other", owner=ana), ana)
    file, second = attach(renee, ana), attach(renee, ana, picture(), "p.png")
    assert previews.of(second)
    key = file.key
    with transaction.atomic():
        actions.remove_file(file, by=ana)
        transaction.set_rollback(True)
    assert key in lying()
    actions.remove_file(Attachment.objects.get(key=key), by=ana)
    assert key not in lying()
    assert renee.events.latest("pk").sentence == "removed the file offer.pdf"
    actions.erase(renee, confirm=renee.name, by=ana)
    left = lying()
    assert not {second.key, f"{second.key}.webp"} & left
    assert other.key in left


@pytest.mark.django_db
def test_renaming_changes_the_name_alone(renee: Customer, ana: User) -> None:
    file = attach(renee, ana)
    actions.rename_file(file, "a/b\\Angebot.exe", by=ana)
    file.refresh_from_db()
    assert (file.name, file.content_type) == ("Angebot.exe", "application/pdf")
    assert renee.events.latest("pk").sentence == "renamed the file offer.pdf to Angebot.exe"
    before = renee.events.count()
    actions.rename_file(file, "Angebot.exe", by=ana)
    assert renee.events.count() == before


@pytest.mark.django_db
def test_what_has_no_row_is_swept_after_a_day(
    renee: Customer, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = attach(renee, ana)
    orphan = storing.save(io.BytesIO(b"left behind"))
    assert actions.sweep_files(by=None) == 0
    monkeypatch.setattr(storing, "_written_before", lambda key, before: True)
    actions.sweep_files(by=None)
    assert orphan not in lying()
    assert file.key in lying()
