import io
import json
import tarfile
from pathlib import Path

import pytest

from regulars.server import backups
from regulars.server.environment import Wrong

from .processes import a_folder, a_migrated_folder, regulars

pytestmark = pytest.mark.apart


def test_everything_comes_back_from_one_file(tmp_path: Path) -> None:
    file = tmp_path / "regulars.tar"
    with a_migrated_folder() as before:
        regulars(before, "adduser", "ana@example.com", "--name", "Ana", "--role", "administrator")
        attachment = before / "files" / "attachments" / "ab" / "abcdef"
        attachment.parent.mkdir(parents=True)
        attachment.write_bytes(b"\x00a contract\xff")
        assert regulars(before, "backup", str(file)).returncode == 0
        key = (before / "secret_key").read_text()
        over = regulars(before, "restore", str(file))
        assert over.returncode == 1
        assert "somebody's own people" in over.stderr
    assert file.stat().st_mode & 0o077 == 0
    with a_folder() as after:
        done = regulars(after, "restore", str(file))
        assert done.returncode == 0, done.stderr
        assert (after / "files/attachments/ab/abcdef").read_bytes() == b"\x00a contract\xff"
        assert (after / "secret_key").read_text() == key
        assert regulars(after, "token", "ana@example.com").returncode == 0


def _tar(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def _about(**said: object) -> bytes:
    return json.dumps({"format": 1, "made_at": "2026-11-26", "migrations": []} | said).encode()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([], "no backup"),
        ([("notes.txt", b"hello")], "no backup"),
        ([("regulars.json", b"not json")], "no backup"),
        ([("regulars.json", b'{"format": 1, "more": 2}')], "no backup"),
        ([("regulars.json", _about(format=2))], "newer version"),
        ([("regulars.json", _about(migrations=["customers.9999_tomorrow"]))], "newer version"),
        ([("regulars.json", _about()), ("secret_key", b"k")], "only a part"),
        (
            [
                ("regulars.json", _about()),
                ("secret_key", b"k"),
                ("database.dump", b"d"),
                ("../../etc/cron.d/mine", b"x"),
            ],
            "no backup",
        ),
    ],
)
def test_what_is_no_backup_is_refused_before_anything_is_written(
    tmp_path: Path, members: list[tuple[str, bytes]], words: str
) -> None:
    with pytest.raises(Wrong, match=words):
        backups.load(_tar(tmp_path / "it.tar", *members))


def test_half_a_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    whole = _tar(
        tmp_path / "whole.tar",
        ("regulars.json", _about()),
        ("secret_key", b"k"),
        ("database.dump", b"d" * 40_000),
    )
    half = tmp_path / "half.tar"
    half.write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(Wrong, match="only a part"):
        backups.load(half)
