"""What architecture promises, held by tests."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from regulars.customers.models import Customer, histories
from regulars.lib import clock
from regulars.lib.registry import Registry
from regulars.server import demo_world
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.kinds import EventKind, event_kinds
from regulars.timeline.models import Event

ROOT = Path(__file__).resolve().parent.parent
FACES = {"views", "api", "commands", "forms", "schemas"}
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create", "set_password",
}  # fmt: skip
NO_ROWS = {"router", "errors"}  # decorates a view; a dict
VAGUE = {"utils", "helpers", "helper", "misc", "base", "manager", "managers", "common"}
NAMED_BY_DJANGO = {"regulars/server/postgresql/base.py"}

# Verbs without anybody's name, and why.
ALONE = {
    "audiences.note_sizes": "the house itself, by the clock",
    "audiences.shown_by": "only looks",
    "customers.keep_hot": "the house itself, by the clock",
    "customers.keep_spelling": "the house itself, by the clock",
    "customers.reindex": "what search finds follows from the record",
    "imports.check": "only looks, for the preview",
    "imports.fail": "the house itself finds a run broken",
    "imports.leave_unchecked": "the house itself finds a check broken",
    "imports.revive": "the house itself, by the clock",
    "imports.sweep": "the house itself, by the clock",
    "staff.seen": "of the colleague themselves",
    "staff.set_profile": "of the colleague themselves",
    "staff.try_password": "nobody is signed in yet",
    "staff.take_back_try": "nobody is signed in yet",
    "staff.forget_tries": "nobody is signed in yet",
    "timeline.check": "only looks",
    "timeline.record_many": "each event says its actor",
    "timeline.count_unread": "follows from the events",
    "timeline.derive_standing": "follows from the events",
    "timeline.rebuild_standing": "follows from the events",
}

# What wordings may say without it being about the person: erasing need not blank it.
PLAIN = {
    "channel", "count", "fields", "form", "from", "goal", "minutes", "page", "source", "stage",
    "system", "to",
}  # fmt: skip


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the house and of the packs, without migrations and tests, by its path."""
    roots = [ROOT / "regulars", ROOT / "tests" / "tailor"]
    paths = [path for root in roots for path in sorted(root.rglob("*.py"))]
    inner = {path: path.relative_to(ROOT / "tests" if "tailor" in path.parts else ROOT)
             for path in paths}  # fmt: skip
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for path in paths
        if not {"migrations", "tests"} & set(inner[path].parts)
    }


def calls(tree: ast.Module) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def test_imports_go_down_the_floors_and_never_up() -> None:
    # A process of its own: the linter silences every logger of the process it runs in.
    lint = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_faces_never_write() -> None:
    assert [
        f"{path}:{call.lineno} {ast.unparse(call)}"
        for path, tree in sources().items()
        if FACES & set(Path(path).with_suffix("").parts)
        for call in calls(tree)
        if call.attr in WRITES and ast.unparse(call.value) not in NO_ROWS
    ] == []


def test_every_room_and_module_says_what_it_is_for() -> None:
    rooms = [folder.parent / "__init__.py" for folder in ROOT.glob("regulars/*/apps.py")]
    assert [str(path) for path in rooms if not path.exists() or not path.read_text()] == []
    assert [path for path, tree in sources().items() if tree.body and not _says(tree)] == []


def _says(tree: ast.Module) -> bool:
    first = (ast.get_docstring(tree) or "").splitlines()
    return bool(first) and first[0][-1] in ".:?`"


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [path for path in sources() if VAGUE & set(Path(path).with_suffix("").parts)]
    assert set(vague) == NAMED_BY_DJANGO


def test_ready_plugs_in_and_does_nothing_else() -> None:
    for path, tree in sources().items():
        if not path.endswith("/apps.py"):
            continue
        for ready in ast.walk(tree):
            if isinstance(ready, ast.FunctionDef) and ready.name == "ready":
                assert [type(node) for node in ready.body] == [ast.ImportFrom], path


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    for app in apps.get_app_configs():
        if not app.name.startswith(("regulars.", *settings.REGULARS_PACKS)):
            continue
        if importlib.util.find_spec(f"{app.name}.actions") is None:
            continue
        module = importlib.import_module(f"{app.name}.actions")
        for name in getattr(module, "__all__", None) or vars(module):
            found = getattr(module, name)
            ours = getattr(found, "__module__", "").startswith(module.__name__)
            if ours and inspect.isfunction(found) and not name.startswith("_"):
                yield f"{app.label}.{name}", found


def test_verbs_say_who_acts_and_take_all_but_their_subject_by_name() -> None:
    silent = []
    for name, verb in verbs():
        parameters = list(inspect.signature(verb).parameters.values())
        by = [p for p in parameters if p.name == "by"]
        if not by and name not in ALONE:
            silent.append(f"{name} has no by")
        if by and (by[0].kind is not by[0].KEYWORD_ONLY or by[0].default is not by[0].empty):
            silent.append(f"{name}: by is said by name, each time")
    assert silent == []
    assert ALONE.keys() <= {name for name, _ in verbs()}


@pytest.mark.parametrize("kind", event_kinds, ids=lambda kind: kind.key)
def test_an_event_kind_says_its_sentence_and_names_what_is_private(kind: EventKind) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind.key)
    assert kind.say({}) == kind.sentence[-1]
    assert "{" not in kind.sentence[-1]
    said = {field for wording in kind.sentence for field in re.findall(r"{(\w+)}", wording)}
    full = kind.say(dict.fromkeys(said, "something"))
    assert "{" not in full
    assert full == kind.sentence[0].format_map(dict.fromkeys(said, "something"))
    assert said - set(kind.private) <= PLAIN
    assert {kind.quote} - {""} <= set(kind.private)


def sockets() -> dict[str, Registry[Any]]:
    """Every Registry that a module of the house holds by name."""
    found: dict[str, Registry[Any]] = {}
    for path, tree in sources().items():
        if not re.search(r"\b(Registry|Fields)\(", "\n".join(map(ast.unparse, tree.body))):
            continue
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        for value in vars(module).values():
            if isinstance(value, Registry):
                found[value.name] = value
    return found


@pytest.mark.apart
def test_every_socket_and_each_of_its_fields_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "packs.md").read_text()
    missing = []
    for name, socket in sockets().items():
        missing += [] if f"`{name}`" in page else [name]
        missing += [
            f"{name}: {field.name}"
            for item in list(socket)[:1]
            for field in fields(item)
            if not re.search(rf"`{field.name}\b", page)
        ]
    assert missing == []


def docs() -> str:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    return "\n".join(page.read_text() for page in pages)


def test_every_command_is_in_the_docs() -> None:
    files = ROOT.glob("regulars/**/management/commands/*.py")
    names = {file.stem for file in files if file.stem != "__init__"}
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", docs())] == []


ASKS = re.compile(r"(environment|self)\.(text|yes|words|count|read|service)$")


def test_every_variable_of_the_environment_is_in_the_docs() -> None:
    names = set()
    for path in ("regulars/settings.py", "regulars/server/environment.py"):
        for node in ast.walk(sources()[path]):
            asks = isinstance(node, ast.Call) and bool(ASKS.match(ast.unparse(node.func)))
            if asks and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
                names.add(str(node.args[0].value))
    names = {name for name in names if re.fullmatch(r"[A-Z][A-Z_]+", name)}
    assert len(names) > 5
    assert [name for name in sorted(names) if f"`{name}`" not in docs()] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_demo_is_the_same_twice_and_its_standing_follows_from_its_events() -> None:
    # On a day of its own: the demo must not look at any other clock than the one it is given.
    now = clock.now().replace(microsecond=0) - timedelta(minutes=3)
    first, second = (_demo(now) for _ in range(2))
    assert len(first["customers"]) == 200
    for part in first:
        assert first[part] == second[part], part


STANDING = (
    "public_id", "name", "last_inbound_at", "last_activity_at", "waiting_since", "unread_count",
    "owner__email", "store__name", "archived_at",
)  # fmt: skip
INBOUND = STANDING.index("last_inbound_at")


def _said(data: dict[str, Any]) -> str:
    """Without the ids of rows, which no two loads share."""
    return str({key: value for key, value in data.items() if not key.endswith("_id")})


def _demo(now: datetime) -> dict[str, list[Any]]:
    with transaction.atomic():
        for room in demo_world._rooms():
            room.load(demo_world.world(200, now))
        rows = Customer.objects.order_by("public_id")
        standing = rows.values_list(*STANDING)
        kept = list(standing)
        timeline.rebuild_standing()
        assert list(standing.all()) == kept, "rebuilt standing = kept standing"
        # When something came in is when it was recorded: two loads are not at the same moment.
        found = {"customers": [row[:INBOUND] + row[INBOUND + 1 :] for row in kept]}
        found["events"] = sorted(
            (str(event.customer.public_id), event.happened_at, event.kind, _said(event.data),
             event.answered_at, event.actor and event.actor.email)
            for event in Event.objects.select_related("customer", "actor")
        )  # fmt: skip
        found["people"] = list(User.objects.order_by("email").values_list("email", "name"))
        transaction.set_rollback(True)
    return found


NO_HISTORY = {
    "ConsentRecord": "append only: it is the evidence itself",
    "Event": "append only: it is history itself",
    "Merge": "what was merged, when and by whom stands in it, and its undoing beside it",
    "MergedProfile": "part of its merge",
    "NotFamily": "written once: who said it and when stands in the row",
    "HouseholdMove": "written once: who lived where before and after an act, which can be undone",
    "ImportRow": "what became of a row of a file, not what is known of somebody",
    "Line": "what a bulk action did with somebody; what it wrote is kept where it wrote",
    "Key": "follows from the record",
    "Likeness": "follows from the record",
    "Pair": "follows from the record",
    "Verdict": "written once: who said it and when stands in the row",
    "Member": "follows from the record, and says since when",
    "Mention": "who was asked to look is no fact of the customer",
    "Reading": "who has read what is no fact of the customer",
    "Stay": "written once: it is the history of members",
    "SearchTerm": "follows from the record",
    "HotTerm": "follows from the record",
}


def test_every_table_of_a_customer_keeps_its_history() -> None:
    kept = {model for model, _, column in histories() if column}
    for model in apps.get_models():
        if model.__name__.endswith("History") or not model.__module__.startswith("regulars."):
            continue
        for field in model._meta.concrete_fields:
            if field.related_model is Customer and model is not Customer:
                assert model in kept or model.__name__ in NO_HISTORY, model.__name__
