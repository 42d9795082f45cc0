"""Doing a POST once: the same key is answered with what it was answered, byte for byte."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from psycopg.errors import LockNotAvailable

from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.models import User

from .models import IdempotencyKey
from .problems import Refused, problem

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=2)
PATIENCE = "10s"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")

# Waits for a request with the same key that has not finished: when that one is kept, nothing is
# inserted; when it is taken back, this one goes on.
_CLAIM = """
INSERT INTO wire_idempotencykey
  (user_id, key, path, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, NULL, '{}', '', %s)
ON CONFLICT (user_id, key) DO NOTHING RETURNING id
"""

_BLANK = """
UPDATE wire_idempotencykey SET status = 410, headers = %(headers)s::jsonb, body = %(gone)s
WHERE position(%(id)s IN path) > 0 OR position(%(bytes)s::bytea IN body) > 0
"""


def once(request: HttpRequest, user: User, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Run `act` unless this user's key was used before; the key is kept in its transaction.

    Only good answers are kept: any other takes the whole effect back, and the key is free again.
    Raises `Invalid` for a key that is none or was used for another request, `Refused` (409) when
    the first request takes too long.
    """
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise Invalid({HEADER: "A key has 1 to 255 visible ASCII characters"})
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        pk = _claim(user, key, request.get_full_path(), fingerprint)
        if pk is None:
            return _replay(user, key, fingerprint)
        answer = act()
        if 200 <= answer.status_code < 300:
            _keep(pk, answer)
        else:
            transaction.set_rollback(True)
    return answer


def _claim(user: User, key: str, path: str, fingerprint: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        try:
            cursor.execute(_CLAIM, [user.pk, key, path[:2_000], fingerprint, clock.now()])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Refused(
                    409, "A request with this key is still running. Send it again in a moment."
                ) from error
            raise
        row = cursor.fetchone()
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return row[0] if row else None


def _keep(pk: int, answer: HttpResponse) -> None:
    IdempotencyKey.objects.filter(pk=pk).update(
        status=answer.status_code,
        headers={name: answer[name] for name in _KEPT_HEADERS if name in answer},
        body=answer.content,
    )


def _replay(user: User, key: str, fingerprint: str) -> HttpResponse:
    kept = IdempotencyKey.objects.get(user=user, key=key)
    if kept.fingerprint != fingerprint:
        raise Invalid({HEADER: "This key was used for another request; take a new one"})
    answer = HttpResponse(bytes(kept.body), status=kept.status)
    del answer["Content-Type"]
    for name, value in kept.headers.items():
        answer[name] = value
    return answer


def _fingerprint(request: HttpRequest) -> str:
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request):
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """The body; of a multipart one what it holds, since its boundary differs every time."""
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield from (f"{name}={value}".encode(errors="replace") for value in values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}={file.name}".encode(errors="replace")
            yield _digest(file)


def _digest(file: UploadedFile[bytes]) -> bytes:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.digest()


def purge(*, now: datetime) -> int:
    """Forget keys that nobody retries any more; how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


def forget(public_id: str) -> None:
    """Blank every kept answer that is about something now erased; a retry is told it is gone."""
    gone = problem(410, "This was erased.")
    with connection.cursor() as cursor:
        cursor.execute(
            _BLANK,
            {
                "gone": gone.content,
                "headers": json.dumps({"Content-Type": gone["Content-Type"]}),
                "id": public_id,
                "bytes": public_id.encode(),
            },
        )
