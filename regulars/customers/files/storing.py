"""Where content lies: written in pieces under a random name, read in pieces, and swept."""

from __future__ import annotations

import errno
import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from regulars.lib.errors import Away, Invalid

log = logging.getLogger("regulars.files")

FOLDER = "attachments"
PREVIEW = ".webp"
CHUNK = 256 * 1024
MEGABYTE, GIGABYTE = 1024**2, 1024**3
SWEPT_AFTER = timedelta(days=1)
AWAY = "The files cannot be reached right now; try again in a moment."
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _trouble() -> tuple[type[Exception], ...]:
    """What a storage raises when it cannot: S3's library has errors of its own."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return (OSError,)
    return OSError, BotoCoreError, ClientError


TROUBLE: tuple[type[Exception], ...] = _trouble()


@contextmanager
def _reaching() -> Iterator[None]:
    """Raises `Away` for a storage that does not answer, not for a file that is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except TROUBLE as error:
        log.error("the files cannot be reached: %s", error)
        raise Away(AWAY) from error


@dataclass(frozen=True)
class Measured:
    size: int
    sha256: str


def limit() -> int:
    """The bytes one file may have."""
    return int(settings.ATTACHMENT_MEGABYTES) * MEGABYTE


def quota() -> int:
    """The bytes all files may have together; 0 for any number."""
    return int(settings.QUOTA_GIGABYTES) * GIGABYTE


def too_large() -> Invalid:
    return Invalid({"file": f"A file has at most {settings.ATTACHMENT_MEGABYTES} MB"})


def measured(stream: IO[bytes]) -> Measured:
    """Size and digest, read in pieces and no further than the limit. Raises `Invalid`."""
    stream.seek(0)
    digest, size, most = hashlib.sha256(), 0, limit()
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > most:
            raise too_large()
        digest.update(piece)
    stream.seek(0)
    if not size:
        raise Invalid({"file": "The file is empty"})
    return Measured(size, digest.hexdigest())


def save(stream: IO[bytes]) -> str:
    """The key under which the content lies now. Raises `Invalid` when there is no room."""
    name = secrets.token_hex(20)
    stream.seek(0)
    try:
        return default_storage.save(f"{FOLDER}/{name[:2]}/{name}", File(stream))
    except TROUBLE as error:
        log.error("a file was not kept: %s", error)
        if getattr(error, "errno", None) in _FULL:
            raise Invalid({"file": "There is no room left for files; tell who runs it"}) from error
        raise Invalid({"file": "The file could not be kept; try again in a moment"}) from error


def put(key: str, content: bytes) -> None:
    """A preview beside its file; one that is there already stays. Raises `Away`."""
    with _reaching():
        if not default_storage.exists(key):
            default_storage.save(key, ContentFile(content))


def whole(key: str) -> bytes:
    """All of something small. Raises `FileNotFoundError`, `Away`."""
    with _reaching(), default_storage.open(key) as file:
        return bytes(file.read())


def opened(key: str) -> File[bytes]:
    """The content as a stream. Raises `FileNotFoundError`, `Away`."""
    with _reaching():
        return default_storage.open(key)


def pieces(key: str) -> Iterator[bytes]:
    """The content, piece by piece. Raises `FileNotFoundError`, `Away` before the first one."""
    return _pieces(opened(key))


def _pieces(file: File[bytes]) -> Iterator[bytes]:
    with file:
        yield from file.chunks(CHUNK)


def delete(keys: Iterable[str]) -> None:
    """Files and their previews; what is gone already is gone."""
    for key in keys:
        for name in (f"{key}{PREVIEW}", key):
            try:
                default_storage.delete(name)
            except TROUBLE as error:
                log.error("a file was not deleted: %s", error)


def unclaimed(before: datetime) -> Iterator[list[str]]:
    """Folder by folder, the keys of what was written before then."""
    try:
        folders, _ = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for folder in folders:
        _, names = default_storage.listdir(f"{FOLDER}/{folder}")
        keys = [f"{FOLDER}/{folder}/{name}" for name in names if not name.endswith(PREVIEW)]
        yield [key for key in keys if _written_before(key, before)]


def _written_before(key: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(key) < before
    except (*TROUBLE, NotImplementedError):  # type: ignore[misc]
        return False
