"""The Jinja2 environment every page is drawn with."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jinja2
from django.apps import apps
from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup, escape

from regulars.lib import names

from . import toasts, wording
from .ageing import age


def rooms() -> list[str]:
    """The template folders of our rooms and packs; other apps' templates are Django's own."""
    packs = set(getattr(settings, "REGULARS_PACKS", ()))
    folders = [
        Path(app.path) / "templates"
        for app in apps.get_app_configs()
        if app.name.startswith("regulars.") or app.name in packs
    ]
    return [str(folder) for folder in folders if folder.is_dir()]


def url(name: str, *args: Any, q: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """`reverse`, with `q` as the query string; values that are None or "" are left out."""
    path = reverse(name, args=args, kwargs=kwargs)
    if not q:
        return path
    query = QueryDict(mutable=True)
    for key, value in q.items():
        values = value if isinstance(value, list | tuple) else [value]
        query.setlist(key, [str(v) for v in values if v not in (None, "")])
    text = query.urlencode()
    return f"{path}?{text}" if text else path


@lru_cache(maxsize=1024)
def icon(name: str, size: str = "", label: str = "") -> Markup:
    """One drawing from the sprite; with a `label` it is read aloud, without it is decoration."""
    sprite = static("ui/icons.svg")
    said = Markup('aria-hidden="true"')
    if label:
        said = Markup('role="img" aria-label="{}"').format(label)
    return Markup('<svg class="{}" {}><use href="{}#{}"/></svg>').format(
        f"i {size}".strip(), said, sprite, name
    )


class Blocks:
    """`ui.face(…)` in any template or region: a region is drawn without its template's imports.

    The same few faces and ratings stand in every row of a list, so those are drawn once.
    """

    REPEATED = frozenset({"face", "rating"})
    age = staticmethod(age)

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        block = getattr(self._env.get_template("ui/blocks.html").module, name)
        if name in self.REPEATED:
            block = lru_cache(maxsize=2048)(block)
        if not self._env.auto_reload:
            setattr(self, name, block)
        return block


def _zone() -> Any:
    return timezone.get_current_timezone()


def _ago(at: datetime | None) -> str:
    return wording.ago(at, timezone.now(), _zone()) if at else ""


def _exact(at: datetime | date | None) -> str:
    if isinstance(at, datetime):
        return wording.exact(at, _zone())
    return wording.exact_day(at) if at else ""


def _short_day(at: date) -> str:
    return wording.short_day(at, timezone.localdate())


def _clock(at: datetime | None) -> str:
    return wording.clock(at, _zone()) if at else ""


def _waited(since: datetime | None) -> str:
    return wording.span((timezone.now() - since).total_seconds()) if since else ""


def _day(at: datetime | date) -> str:
    day = timezone.localdate(at) if isinstance(at, datetime) else at
    return wording.day(day, timezone.localdate())


def _iso(at: datetime | date | None) -> str:
    return at.isoformat() if at else ""


def _lines(text: str) -> Markup:
    """Typed line breaks kept, everything else escaped."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _parts(texts: Iterable[str]) -> Markup:
    """What is known, in a line; each part keeps its own direction of writing."""
    return Markup(" · ").join(Markup("<bdi>{}</bdi>").format(text) for text in texts if text)


def _breakable(text: str) -> Markup:
    """An email address that may break at its @ and its dots, and is copied without a trace."""
    parts = [Markup("<wbr>.").join(map(escape, part.split("."))) for part in text.split("@")]
    return Markup("<wbr>@").join(parts)


def environment(**options: Any) -> jinja2.Environment:
    """What Django's Jinja2 backend calls; a missing variable is an error, not an empty string."""
    loader = options.get("loader")
    searched = loader.searchpath if isinstance(loader, jinja2.FileSystemLoader) else []
    options["loader"] = jinja2.FileSystemLoader([*searched, *rooms()])
    options["undefined"] = jinja2.StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options.pop("autoescape", None)
    env = jinja2.Environment(autoescape=True, **options)
    env.globals.update(
        # The files of a process that serves do not change: their names are looked up once.
        static=static if env.auto_reload else cache(static),
        url=url,
        icon=icon,
        now=timezone.now,
        ui=Blocks(env),
    )
    env.filters.update(
        breakable=_breakable,
        ago=_ago,
        exact=_exact,
        short_day=_short_day,
        clock=_clock,
        waited=_waited,
        day=_day,
        iso=_iso,
        initials=names.initials,
        plural=wording.plural,
        listed=wording.listed,
        capped=wording.capped,
        roughly=wording.roughly,
        lines=_lines,
        parts=_parts,
        undo_of=toasts.undo_of,
    )
    return env
