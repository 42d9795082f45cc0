"""Files under names that change with their content."""

from pathlib import Path

import pytest
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
