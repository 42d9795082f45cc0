"""Files under names that change with their content."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from regulars.server import static


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    settings.STATIC_ROOT = kept = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "regulars.server.static.Fingerprinted"}
    }
    static.collect()
    return kept


def test_every_reference_is_found_and_renamed(root: Path) -> None:
    script = staticfiles_storage.url("ui/app.js")
    assert script != "/static/ui/app.js"
    text = (root / script.removeprefix("/static/")).read_text()
    assert '"./csrf.js"' not in text
    assert "csrf." in text


def test_it_is_collected_again_only_when_something_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def collectstatic(name: str, **options: object) -> None:
        runs.append(name)

    monkeypatch.setattr(static, "call_command", collectstatic)
    static.collect()
    assert runs == []
    monkeypatch.setattr(static, "_fingerprint", lambda: "changed")
    static.collect()
    static.collect()
    assert runs == ["collectstatic"]


def test_what_only_we_read_is_left_out(root: Path) -> None:
    for name in ("ui/keys.js", "ui/app.css"):
        served = (root / staticfiles_storage.url(name).removeprefix("/static/")).read_text()
        written = Path(finders.find(name) or "").read_text()
        assert len(written) * 0.4 < len(served) < len(written) * 0.9
        assert "\n// " not in served
        assert "/* " not in served


def test_a_smaller_style_means_the_same() -> None:
    written = """/* Ours */ .chip :is(a, b) { width: calc(1px + 2px); /* so */
      &:hover { content: "; /* not ours */ }"; } }"""
    meant = '.chip :is(a, b){width: calc(1px + 2px);&:hover{content: "; /* not ours */ }"}}'
    assert static.css(written) == meant


def test_no_script_asks_for_another_under_the_name_it_is_written_with(root: Path) -> None:
    manifest: dict[str, str] = staticfiles_storage.hashed_files  # type: ignore[attr-defined]
    own = [name for name in manifest if name.endswith(".js") and "vendor" not in name]
    assert own
    for name in own:
        served = (root / manifest[name]).read_text()
        asked = re.findall(r"""["'](\./[\w-]+\.js)["']""", served)
        assert not asked, f"{name} asks for {asked}"
