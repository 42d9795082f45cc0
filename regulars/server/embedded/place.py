"""Where the cluster and its socket are: known before anything runs."""

import hashlib
import re
from pathlib import Path
from typing import Any

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 103  # what every Unix can address; Linux allows 107
PLAIN = re.compile(r"[\w./+-]+")


def data_dir(var: Path) -> Path:
    return var / "postgres"


def socket_dir(var: Path) -> Path:
    """The folder with the socket: the data itself, or a short one when that path is too long."""
    own = data_dir(var)
    if len(str(own / SOCKET)) <= LONGEST_SOCKET and PLAIN.fullmatch(str(own)):
        return own
    return Path("/tmp") / f"regulars-{hashlib.sha256(str(own).encode()).hexdigest()[:12]}"  # noqa: S108


def describe(var: Path) -> dict[str, Any]:
    """Django's description of the cluster's database, known before anything runs."""
    return {"NAME": "postgres", "USER": "postgres", "HOST": str(socket_dir(var)), "PORT": "5432"}
