"""A colleague's own facts: hours and a face; and the invitation that brings a new one in."""

import io
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageOps

from regulars.staff import actions, photos, tasks
from regulars.staff.models import Photo, Role, User

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def picture(size: tuple[int, int] = (400, 300), format: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 80, 40)).save(made, format)
    return made.getvalue()


def test_a_photo_takes_the_place_of_initials(ana_in: Client, mia_in: Client, ana: User) -> None:
    file = SimpleUploadedFile("me.png", picture(), "image/png")
    assert ana_in.post("/settings/profile/photo/", {"photo": file}).status_code == 302
    ana.refresh_from_db()
    answer = mia_in.get(ana.photo_url)
    assert answer["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (photos.SIDE, photos.SIDE)
    assert f'src="{ana.photo_url}"' in ana_in.get("/settings/profile/").text
    ana_in.post("/settings/profile/photo/", {"remove": "1"})
    ana.refresh_from_db()
    assert ana.photo_url == ""
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", picture()[:60], b"GIF89a" + b"\x00" * 40],
    ids=["nothing", "svg", "pdf", "cut off", "broken gif"],
)
def test_what_is_no_picture_is_refused_in_a_sentence(ana_in: Client, content: bytes) -> None:
    file = SimpleUploadedFile("me.png", content, "image/png")
    answer = ana_in.post("/settings/profile/photo/", {"photo": file})
    assert answer.status_code == 422
    assert not Photo.objects.exists()


def test_a_picture_too_large_to_open_is_refused() -> None:
    with pytest.raises(ValueError, match=r"megapixels|no picture"):
        photos.face(io.BytesIO(picture((20_000, 2_100))))


def test_a_broken_picture_is_refused_in_our_words_however_it_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head = b"IHDR" + bytes(4)
    short = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 4) + head + struct.pack(">I", zlib.crc32(head))
    with pytest.raises(ValueError, match="no picture we can read"):
        photos.face(io.BytesIO(short))

    def broken(picture: object) -> None:
        raise TypeError("what a made-up EXIF does to the library")

    monkeypatch.setattr(ImageOps, "exif_transpose", broken)
    with pytest.raises(ValueError, match="no picture we can read"):
        photos.face(io.BytesIO(picture()))


def test_a_strangers_photo_needs_somebody_signed_in(client: Client, ana: User) -> None:
    actions.set_photo(ana, io.BytesIO(picture()), by=ana)
    ana.refresh_from_db()
    assert client.get(ana.photo_url).status_code == 302


def test_hours_are_kept_in_one_form_and_wrong_ones_stay_typed(ana_in: Client, ana: User) -> None:
    said = {"name": "Ana Ferreira", "time_zone": "", "single_keys": "on", "hours": "mon-fri 9-5pm"}
    ana_in.post("/settings/profile/", said)
    ana.refresh_from_db()
    assert ana.hours == "Mon–Fri 9–17"
    answer = ana_in.post("/settings/profile/", {**said, "hours": "sometimes"})
    assert answer.status_code == 422
    assert "sometimes" in answer.text
    assert "is not understood" in answer.text


def test_an_invitation_leads_to_a_password_and_in(
    ada_in: Client, client: Client, settings: object
) -> None:
    role = Role.objects.get(key="salesperson")
    said = {"name": "Nia New", "email": "nia@example.com", "role": role.pk, "invite": "yes"}
    answer = ada_in.post("/settings/people/new/", said, follow=True)
    assert "An invitation goes to nia@example.com" in answer.text
    nia = User.objects.get(email="nia@example.com")
    tasks.send_invitation(nia.pk, "Ada Lindqvist")
    letter = mail.outbox[-1]
    assert letter.to == ["nia@example.com"]
    found = re.search(r"https?://[^/]+(/\S+)", letter.body.split("Choose")[1])
    assert found is not None
    page = client.get(found[1], follow=True)
    chosen = {"password1": "a long new word 7", "password2": "a long new word 7"}
    client.post(page.redirect_chain[-1][0], chosen)
    signed = client.post(
        "/accounts/login/", {"login": "nia@example.com", "password": "a long new word 7"}
    )
    assert signed.status_code == 302


def test_nobody_is_invited_above_ones_own_role_or_when_disabled(
    mia: User, ada: User, dora: User, signed_in: SignedIn
) -> None:
    manager = Role.objects.get(key="manager")
    manager.rights = {**manager.rights, "staff": 2}
    manager.save()
    page = signed_in(mia).post(f"/settings/people/{ada.pk}/invite/", follow=True)
    assert "may do more than yours" in page.text
    page = signed_in(ada).post(f"/settings/people/{dora.pk}/invite/", follow=True)
    assert "disabled" in page.text


def test_a_person_without_an_email_is_not_invited(ada_in: Client, tmp_path: Path) -> None:
    role = Role.objects.get(key="salesperson")
    answer = ada_in.post(
        "/settings/people/new/",
        {"name": "Only Name", "role": role.pk, "invite": "yes"},
        follow=True,
    )
    assert "An invitation" not in answer.text
    assert User.objects.filter(name="Only Name").exists()
