"""What the browser is given: within its budget, as vendored, and clean under the policy."""

import gzip
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "regulars/ui/static"
OURS = STATIC / "ui"
CSS_BUDGET = 12 * 1024
JS_BUDGET = 60 * 1024

TEMPLATES = sorted(
    file
    for folder in ("regulars", "tests")
    for file in (ROOT / folder).rglob("templates/**/*")
    if file.is_file() and file.suffix in {".html", ".txt", ".svg"}
)
# What stands in every row of a list is drawn by hand.
DRAWN = [ROOT / "regulars" / name for name in ("ui/ageing.py", "desk/acts.py", "desk/table.py")]

BANNED = {
    "hx-on evaluates strings": r"\b(?:data-)?hx-on\b",
    "hx-vals with js: evaluates strings": r"""hx-(?:vals|headers)\s*=\s*["'](?:js|javascript):""",
    "a trigger filter in brackets evaluates strings": r"""hx-trigger\s*=\s*["'][^"']*\[""",
    "an inline style breaks the policy": r"""<[^>]*\sstyle\s*=""",
    "a <style> element breaks the policy": r"<style\b",
    "an inline script breaks the policy": r"<script\b(?![^>]*(\bsrc\s*=|application/json))",
    "an inline handler breaks the policy": r"""<[a-z][^>]*\son[a-z]+\s*=\s*["']""",
    "a javascript: address breaks the policy": r"""(?:href|action|src)\s*=\s*["']javascript:""",
    "no other host is asked": r"""(?:src|href)\s*=\s*["'](?:https?:)?//[^"']*\.(?:js|css|woff)""",
}


def size(*files: Path) -> int:
    """Bytes over the wire: each file gzipped by itself, as it is served."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


@pytest.mark.parametrize("rule", BANNED)
def test_templates_are_clean_under_the_policy(rule: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}: {hit.group()[:80]}"
        for file in TEMPLATES + DRAWN
        for hit in re.finditer(BANNED[rule], file.read_text(), re.IGNORECASE)
    ]
    assert not found, f"{rule}: {found}"


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        ("hx-on evaluates strings", '<a hx-on:click="x()">'),
        ("hx-vals with js: evaluates strings", '<a hx-vals="js:{a: 1}">'),
        ("a trigger filter in brackets evaluates strings", '<a hx-trigger="click[ctrlKey]">'),
        ("an inline style breaks the policy", '<p class="a" style="color:red">'),
        ("an inline script breaks the policy", "<script>alert(1)</script>"),
        ("an inline handler breaks the policy", '<a onclick="x()">'),
    ],
)
def test_the_lint_itself_sees_what_it_looks_for(rule: str, sample: str) -> None:
    assert re.search(BANNED[rule], sample, re.IGNORECASE)


def test_our_styles_stay_within_twelve_kilobytes() -> None:
    assert size(*OURS.glob("*.css")) <= CSS_BUDGET


def test_the_scripts_of_an_ordinary_page_stay_within_sixty_kilobytes() -> None:
    htmx = list((STATIC / "vendor/htmx.org").rglob("*.js"))
    assert htmx
    assert size(*htmx, *OURS.glob("*.js")) <= JS_BUDGET


def test_our_scripts_never_evaluate_strings_or_set_inline_styles() -> None:
    for file in OURS.glob("*.js"):
        text = file.read_text()
        for banned in (
            r"\beval\(",
            r"new Function",
            r"\.innerHTML\b",
            r"\.style\b",
            r"localStorage",
        ):
            assert not re.search(banned, text), f"{file.name}: {banned}"


def test_every_style_rule_names_a_role_and_no_raw_colour() -> None:
    text = (OURS / "app.css").read_text()
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?![\w-])\s*[;)]", text, re.IGNORECASE)


def test_every_custom_property_in_use_is_declared() -> None:
    text = "".join(file.read_text() for file in OURS.glob("*.css"))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    declared = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert used <= declared, used - declared


def test_vendored_files_are_what_was_pinned() -> None:
    spec = importlib.util.spec_from_file_location("vendor_assets", ROOT / "tools/vendor_assets.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.differing() == []


def test_the_page_asks_for_the_vendored_htmx() -> None:
    base = (ROOT / "regulars/ui/templates/ui/base.html").read_text()
    (asked,) = re.findall(r"static\('(vendor/htmx[^']+)'\)", base)
    assert (STATIC / asked).is_file()


def test_every_module_a_script_imports_is_there() -> None:
    for file in OURS.glob("*.js"):
        for name in re.findall(r'(?:from|import) "\./([^"]+)"', file.read_text()):
            assert (OURS / name).is_file(), f"{file.name} imports {name}"
