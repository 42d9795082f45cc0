"""Reads the environment; a wrong value is one sentence that says what to set."""

import os
import re
import secrets
import shlex
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
import psycopg
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from psycopg.conninfo import make_conninfo

OLDEST_POSTGRES = 15
SHORTEST_KEY = 50
_NETLOC = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?", re.ASCII | re.IGNORECASE)
_OF_AN_ADDRESS = re.compile(r"[!-~]+")  # no space, no line break, nothing that needs a rule
T = TypeVar("T")


class Wrong(ImproperlyConfigured):
    """Something outside the program is not as it must be; the message says what to do about it."""


def _yes(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False}
    return known[value.strip().lower()]


def _port(value: str) -> int:
    if not 0 < int(value) < 65_536:
        raise ValueError
    return int(value)


def _count(least: int, most: int, value: str) -> int:
    if not least <= int(value) <= most:
        raise ValueError
    return int(value)


def _web(value: str) -> SplitResult:
    """An address on the web: a plain host, perhaps a port, nobody's name."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not _OF_AN_ADDRESS.fullmatch(value):
        raise ValueError
    if not _NETLOC.fullmatch(parts.netloc) or (parts.port or 1) < 1:
        raise ValueError
    return parts


def _site(value: str) -> str:
    parts = _web(value)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError
    return value.rstrip("/")


def _issuer(value: str) -> str:
    parts = _web(value)
    if parts.query or parts.fragment:
        raise ValueError
    return value


def _sender(value: str) -> str:
    if not value.isprintable():
        raise ValueError
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        raise ValueError from None
    return value


def _database(value: str) -> dict[str, Any]:
    scheme = value.partition(":")[0]
    if scheme not in {"postgres", "postgresql", "psql", "pgsql"}:
        raise ValueError
    found = dict(environ.Env.db_url_config(value))
    if not found.get("NAME"):
        raise ValueError
    return found


def _mail(value: str) -> dict[str, Any]:
    return dict(environ.Env.email_url_config(value))


def _files(value: str) -> dict[str, Any]:
    """`s3://key:secret@host/bucket?region=…` as Django's description of a storage."""
    parts = urlsplit(value)
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not parts.hostname or not bucket or "/" in bucket:
        raise ValueError
    if not parts.username or not parts.password or parts.fragment:
        raise ValueError
    asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    if asked.keys() - {"region", "prefix", "tls"}:
        raise ValueError
    said = {key: values[-1] for key, values in asked.items()}
    scheme = "https" if _yes(said.get("tls", "1")) else "http"
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": f"{scheme}://{host}",
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "bucket_name": bucket,
            "region_name": said.get("region"),
            "location": said.get("prefix", ""),
            "addressing_style": "path",
            "signature_version": "s3v4",
            "file_overwrite": False,
            "default_acl": None,
        },
    }


def _scanner(value: str) -> str:
    if not value.startswith("clamd:"):
        return value if shlex.split(value) else ""
    parts = urlsplit(value)
    if parts.scheme != "clamd" or not (parts.hostname or len(parts.path) > 1):
        raise ValueError
    if (parts.port or 1) < 1:
        raise ValueError
    return value


def _folder(value: str) -> Path:
    path = Path(value).expanduser().resolve()
    # Such a path would be read as a pattern.
    if set("'\"*?[]{}") & set(str(path)) or not path.is_dir() or not os.access(path, os.W_OK):
        raise ValueError
    return path


def _tiles(value: str) -> str:
    _web(value)
    if not all(sign in value for sign in ("{z}", "{x}", "{y}")) or set(value) & set(";,'\""):
        raise ValueError
    return value


class Environment:
    """The variables of one process, each read once and checked while it is read."""

    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self._values = values

    def read(self, name: str, of: Callable[[str], T], default: T, should_be: str) -> T:
        """The value of `name`, or `default` when it is not set or empty."""
        text = self._values.get(name, "").strip()
        if not text:
            return default
        try:
            return of(text)
        except (ValueError, KeyError, LookupError, ImproperlyConfigured):
            shown = "what it is now" if name.endswith(("_URL", "_KEY")) else repr(text[:80])
            raise Wrong(f"Set {name} to {should_be}; {shown} is not.") from None

    def yes(self, name: str) -> bool:
        return self.read(name, _yes, False, "1 or 0")

    def count(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        should_be = f"a whole number from {least} to {most:,}"
        return self.read(name, partial(_count, least, most), default, should_be)

    def port(self) -> int:
        return self.read("PORT", _port, 8000, "a port number from 1 to 65535")

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, "").strip() or default

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def var(self, root: Path) -> Path:
        return Path(self.text("VAR") or root / "var").expanduser().resolve()

    def site(self) -> str:
        """Where people reach us, without a slash at the end."""
        return self.read(
            "BASE_URL",
            _site,
            f"http://127.0.0.1:{self.port()}",
            "the address people use, such as https://regulars.example.com",
        )

    def service(self, name: str, default: str) -> str:
        """Where a service of others is reached, without a slash at the end."""
        return self.read(name, _site, default, f"an address such as {default}")

    def database(self) -> dict[str, Any] | None:
        """Django's description of DATABASE_URL, or None for the embedded one."""
        found = self.read(
            "DATABASE_URL",
            _database,
            None,
            "an address such as postgresql://user:password@host:5432/name",
        )
        for option, value in (found or {}).get("OPTIONS", {}).items():
            try:
                make_conninfo("", **{option: value})
            except psycopg.Error:
                raise Wrong(
                    f"Set DATABASE_URL to an address without {option[:40]!r}: PostgreSQL knows no "
                    "such option."
                ) from None
        return found

    def sender(self, default: str) -> str:
        """Whom people see that mail is from."""
        return self.read(
            "MAIL_FROM", _sender, default, "one address, such as Our shop <shop@example.com>"
        )

    def issuer(self) -> str:
        """The company's own identity provider; "" for none."""
        found = self.read(
            "OIDC_ISSUER", _issuer, "", "an address such as https://login.example.com/company"
        )
        if found and not self.text("OIDC_CLIENT_ID"):
            raise Wrong("Set OIDC_CLIENT_ID to what the provider calls us, or unset OIDC_ISSUER.")
        return found

    def mail(self) -> dict[str, Any] | None:
        return self.read(
            "EMAIL_URL", _mail, None, "an address such as smtp+tls://user:password@host:587"
        )

    def files(self) -> dict[str, Any] | None:
        """Django's description of where files lie; None for a folder of our own."""
        found = self.read(
            "FILES_URL", _files, None, "an address such as s3://key:secret@host/bucket?region=eu"
        )
        if found is not None and not _importable("storages.backends.s3"):
            raise Wrong(
                "FILES_URL names an S3 storage, which needs one more library: install it with "
                "`pip install 'regulars[s3]'`, or unset FILES_URL to keep files in VAR."
            )
        return found

    def map_tiles(self) -> str:
        """Where pictures of the map are fetched, "" for the outline of our own."""
        return self.read(
            "MAP_TILES",
            _tiles,
            "",
            "an address with {z}, {x} and {y}, such as https://tiles.example.com/{z}/{x}/{y}.png",
        )

    def tile_hosts(self) -> list[str]:
        """What the policy must let pictures come from."""
        parts = urlsplit(self.map_tiles())
        return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []

    def folder(self, name: str) -> Path | None:
        """A folder that is there, or None where it is left to us."""
        should_be = "a folder that exists and may be written, without quotes or * in its path"
        return self.read(name, _folder, None, should_be)

    def scanner(self) -> str:
        """How every file is scanned; "" for not at all."""
        return self.read(
            "FILE_SCANNER",
            _scanner,
            "",
            "a command, or an address such as clamd://127.0.0.1:3310 or clamd:///run/clamd.sock",
        )

    def packs(self, folder: Path) -> list[str]:
        """REGULARS_PACKS as module names; not set means every pack there is, empty means none."""
        if "REGULARS_PACKS" not in self._values:
            return [f"regulars.packs.{pack.parent.name}" for pack in _packs_in(folder)]
        packs = [
            word if "." in word else f"regulars.packs.{word}"
            for word in self.words("REGULARS_PACKS")
        ]
        for pack in packs:
            if not _importable(pack):
                known = ", ".join(pack.parent.name for pack in _packs_in(folder)) or "none here"
                raise Wrong(
                    f"Set REGULARS_PACKS to names of packs ({known}) or of Django apps that are "
                    f"installed; there is no {pack.rpartition('.')[2]!r}."
                )
        return packs

    def secret_key(self, var: Path) -> str:
        """SECRET_KEY, else the one kept in `var`, which is made at the first start."""
        key = self.text("SECRET_KEY")
        if not key:
            return _kept_key(var)
        if len(key) < SHORTEST_KEY or len(set(key)) < 5:
            raise Wrong(
                f"Set SECRET_KEY to at least {SHORTEST_KEY} random characters, or unset it and one "
                "is made and kept."
            )
        return key


def _packs_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/apps.py"))


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _kept_key(var: Path) -> str:
    path = var / "secret_key"
    try:
        return path.read_text().strip() or _make_key(path)
    except FileNotFoundError:
        return _make_key(path)
    except OSError as error:
        raise unwritable(var, error) from None


def _make_key(path: Path) -> str:
    """Two first starts at once agree: the key is linked into place, and the first link wins."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(mine, path)
        except FileExistsError:
            if not path.read_text().strip():
                mine.replace(path)
        finally:
            mine.unlink(missing_ok=True)
        return path.read_text().strip()
    except OSError as error:
        raise unwritable(path.parent, error) from None


def unwritable(folder: Path, error: OSError) -> Wrong:
    """The sentence for a data folder that cannot be used."""
    why = (error.strerror or str(error)).lower()
    return Wrong(
        f"Regulars cannot write to its data folder {folder} ({why}): make it writable, or set VAR "
        "to another folder."
    )
