"""The `regulars` command: Django's commands, with what went wrong outside in one sentence."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from regulars.server import memory


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command; ends with code 1 and a sentence when its surroundings are wrong."""
    memory.hurry()
    argv = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    if argv[1:2] == ["demo"] and "--help" not in argv:
        os.environ["DEMO"] = "anyway" if "--anyway" in argv else "1"
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _leave)
    try:
        from django.conf import settings

        settings.INSTALLED_APPS  # noqa: B018 (Django would swallow what is wrong with the settings)
        execute_from_command_line(argv)
    except ImproperlyConfigured as error:
        _end(str(error))
    except OperationalError as error:
        from regulars.server import database

        sentence = database.explain(error)
        if sentence is None:
            raise
        _end(sentence)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)


def _leave(number: int, frame: FrameType | None) -> None:
    """An ordinary exit, so that the embedded database is left behind properly."""
    sys.exit(128 + number)


def _end(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201
    sys.exit(1)


if __name__ == "__main__":
    main()
