"""A small S3 to test against: path-style objects of one bucket, kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


@dataclass
class Bucket:
    """`objects` by key; while `broken` every request is answered 503."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False


class Answers(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def _say(self, status: int, body: bytes = b"", /, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/files").removeprefix("/")

    def _asked(self) -> None:
        content = self._content()
        if self.bucket.broken:
            self._say(503, b"<Error><Code>SlowDown</Code></Error>")
        elif not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
            self._say(403, b"<Error><Code>AccessDenied</Code></Error>")
        else:
            self._done(content)

    def _done(self, content: bytes) -> None:
        if self.command == "PUT":
            self.bucket.objects[self._key()] = content
            self._say(200, ETag=f'"{md5(content, usedforsecurity=False).hexdigest()}"')
        elif self.command == "DELETE":
            self.bucket.objects.pop(self._key(), None)
            self._say(204)
        elif not self._key():
            self._say(200, self._listed(), Content_Type="application/xml")
        elif self._key() not in self.bucket.objects:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._give(self.bucket.objects[self._key()])

    do_GET = do_HEAD = do_PUT = do_DELETE = _asked

    def _give(self, content: bytes) -> None:
        about: dict[str, str] = {"Last_Modified": formatdate(usegmt=True), "ETag": '"1"'}
        if self.command == "HEAD":
            self._say(200, b"", Content_Length=str(len(content)), **about)
            return
        span = self.headers.get("Range", "").removeprefix("bytes=").split("-")
        if len(span) == 2:
            start, end = int(span[0]), int(span[1] or len(content) - 1)
            whole = f"bytes {start}-{min(end, len(content) - 1)}/{len(content)}"
            self._say(206, content[start : end + 1], Content_Range=whole, **about)
            return
        self._say(200, content, **about)

    def _listed(self) -> bytes:
        asked = parse_qs(urlsplit(self.path).query)
        prefix = asked.get("prefix", [""])[0]
        folders, keys = set(), []
        for key in sorted(self.bucket.objects):
            rest = key.removeprefix(prefix)
            if key.startswith(prefix) and "/" in rest:
                folders.add(prefix + rest.split("/")[0] + "/")
            elif key.startswith(prefix):
                keys.append(key)
        parts = [f"<Contents><Key>{escape(key)}</Key></Contents>" for key in keys]
        parts += [
            f"<CommonPrefixes><Prefix>{escape(f)}</Prefix></CommonPrefixes>"
            for f in sorted(folders)
        ]
        return f"<ListBucketResult>{''.join(parts)}</ListBucketResult>".encode()

    def _content(self) -> bytes:
        """The body; `aws-chunked` is `size;signature`, the bytes, and a trailer."""
        length = int(self.headers.get("Content-Length") or 0)
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return self.rfile.read(length)
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return found

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def a_bucket() -> Iterator[Bucket]:
    """`FILES_URL` for it is `s3://key:secret@{url}/files?tls=no&region=eu`."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Answers,), {"bucket": bucket}))
    bucket.url = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
