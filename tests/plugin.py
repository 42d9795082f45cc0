"""Loaded before Django's settings: tests run on their own cluster under var/test, without a net.

With DATABASE_URL they run on that server instead, in databases of their own.
"""

import ast
import gc
import os
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Without packs every page is still drawn and every verb done once, so that what needs a pack fails.
# Left out, as `apart`, is what packs plug nothing into, as here, and what shows by hundreds of
# cases what one case shows of the house without them.
APART = (
    "regulars/lib/", "regulars/criteria/", "regulars/server/tests/", "regulars/ui/",
    "regulars/matching/tests/test_searching.py", "tests/test_plans.py",
)  # fmt: skip

# What a developer's shell says must not change what the tests see.
for name in ("BASE_URL", "DEBUG", "DEMO", "EMAIL_URL", "PORT", "COMPANY", "OIDC_ISSUER"):
    os.environ.pop(name, None)
os.environ["VAR"] = os.environ.get("TEST_VAR") or str(ROOT / "var" / "test")
if "REGULARS_PACKS" not in os.environ:  # REGULARS_PACKS= is how the core is tested by itself
    packs = sorted(pack.parent.name for pack in ROOT.glob("regulars/packs/*/apps.py"))
    os.environ["REGULARS_PACKS"] = ",".join([*packs, "tests.tailor"])
os.environ["SECRET_KEY"] = "the-tests-need-a-key-that-is-long-enough-and-no-secret"
# Playwright's loop runs in the tests' thread, where Django would then refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def one_at_a_time(parse: Callable[..., Any]) -> Callable[..., Any]:
    """Pythons before 3.11.8 count how deep a syntax tree is for all threads together, and then
    break off with "AST constructor recursion depth mismatch" (python/cpython#106905)."""
    lock = threading.RLock()

    def parse_alone(*args: Any, **options: Any) -> Any:
        with lock:
            return parse(*args, **options)

    return parse_alone


if sys.version_info < (3, 11, 8):
    ast.parse = one_at_a_time(ast.parse)


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from . import laws

    laws.profiles(once=config.getoption("once"))
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["tests.hashing.CheapArgon2"]
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] += " -c synchronous_commit=off"  # shipped settings keep it on


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """A quarter of the time of collecting went into looking for garbage; then as in production."""
    from regulars.server import memory

    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        memory.settle()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """A pack's tests are left out where it is not installed."""
    from django.conf import settings

    if not (collection_path / "apps.py").exists() or not collection_path.is_relative_to(ROOT):
        return None
    app = ".".join(collection_path.relative_to(ROOT).parts)
    is_pack = app.startswith("regulars.packs.") or app == "tests.tailor"
    return True if is_pack and app not in settings.REGULARS_PACKS else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--once", action="store_true", help="each test with its first values only")


def pytest_itemcollected(item: pytest.Item) -> None:
    if {"chromium", "page"} & set(getattr(item, "fixturenames", ())):
        item.add_marker("browser")
    if item.path.relative_to(ROOT).as_posix().startswith(APART):
        item.add_marker("apart")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Long ones first, so that no worker is left alone with one at the end."""
    if config.getoption("once"):
        seen: dict[tuple[object, str], pytest.Item] = {}
        for item in items:
            seen.setdefault((item.parent, getattr(item, "originalname", item.name)), item)
        items[:] = seen.values()
    yield
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
