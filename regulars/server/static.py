"""Static files under names that change with their content, collected when they changed."""

import hashlib
import re
from pathlib import Path
from typing import Any

import rjsmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = ".collected"
_GAP = r"(?:\s|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)"
_STRING = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
TO_READ = re.compile(rf"({_STRING})|{_GAP}*(?:;{_GAP}*(?=}}))?([{{}};]){_GAP}*|{_GAP}+")


def css(text: str) -> str:
    """Without comments and indentation; a space may say descendant, as in `.chip :is(a, b)`."""
    return TO_READ.sub(lambda found: found[1] or found[2] or " ", text).strip()


SMALLER = {".css": css, ".js": rjsmin.jsmin}


class Fingerprinted(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also renames what one ES module imports from another; our comments stay at home."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        smaller = SMALLER.get(Path(name).suffix)
        if smaller and "vendor" not in Path(name).parts:
            content.seek(0)
            content = ContentFile(smaller(content.read().decode()).encode())
        return super()._save(name, content)  # type: ignore[no-any-return]


def collect() -> None:
    """Fills STATIC_ROOT, unless it was filled from exactly these files before."""
    root = Path(settings.STATIC_ROOT)
    now = _fingerprint()
    stamp = root / STAMP
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(now)


def _fingerprint() -> str:
    seen = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            real = Path(storage.path(path)).stat()
            seen.update(f"{path} {real.st_size} {real.st_mtime_ns}\n".encode())
    return seen.hexdigest()
