"""A wrong value is one sentence that names what to set."""

import stat
from pathlib import Path

import pytest

from regulars.server.environment import Environment, Wrong

ISSUER = {"OIDC_ISSUER": "https://login.example.com/shop"}


def test_nothing_set_runs_on_a_fresh_machine(tmp_path: Path) -> None:
    empty = Environment({})
    assert empty.port() == 8000
    assert empty.site() == "http://127.0.0.1:8000"
    assert empty.database() is None
    assert empty.mail() is None
    assert empty.var(tmp_path) == tmp_path / "var"
    assert empty.yes("DEBUG") is False


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("PORT", "http", lambda e: e.port()),
        ("PORT", "0", lambda e: e.port()),
        ("PORT", "70000", lambda e: e.port()),
        ("DEBUG", "perhaps", lambda e: e.yes("DEBUG")),
        ("TRUSTED_PROXIES", "-1", lambda e: e.count("TRUSTED_PROXIES", 0, most=9)),
        ("GREEN_MINUTES", "9" * 20, lambda e: e.count("GREEN_MINUTES", 5, most=99)),
        ("GREEN_MINUTES", "9" * 5_000, lambda e: e.count("GREEN_MINUTES", 5, most=99)),
        ("IMPORT_MEGABYTES", "0", lambda e: e.count("IMPORT_MEGABYTES", 50, least=1, most=99)),
        ("BASE_URL", "https://a.example;b", lambda e: e.site()),
        ("BASE_URL", "https://ana@a.example", lambda e: e.site()),
        ("OIDC_ISSUER", "notaurl", lambda e: e.issuer()),
        ("OIDC_ISSUER", "https://login.example.com/?a=b", lambda e: e.issuer()),
        ("OIDC_CLIENT_ID", "", lambda e: Environment(ISSUER).issuer()),
        ("MAIL_FROM", "Shop <a@example.com>\nBcc: b@example.com", lambda e: e.sender("")),
        ("MAIL_FROM", "Shop", lambda e: e.sender("")),
        ("DATABASE_URL", "postgresql://ana:hunter2@host/name?bogus=1", lambda e: e.database()),
        ("MAP_TILES", "https://a.example/{z}/{x}/{y}.png; script-src *", lambda e: e.map_tiles()),
        ("MAP_TILES", "https://a.example/{z}/{x}/{y}.png;script-src", lambda e: e.map_tiles()),
        ("MAP_TILES", "https://a.example; script-src */{z}/{x}/{y}", lambda e: e.map_tiles()),
        ("MAP_TILES", "https://*/{z}/{x}/{y}.png", lambda e: e.map_tiles()),
        ("MATCHING_FOLDER", "/nowhere/at/all", lambda e: e.folder("MATCHING_FOLDER")),
        ("MATCHING_FOLDER", __file__, lambda e: e.folder("MATCHING_FOLDER")),
        ("MAP_TILES", "https://ana:pw@a.example/{z}/{x}/{y}.png", lambda e: e.map_tiles()),
        ("BASE_URL", "regulars.example.com", lambda e: e.site()),
        ("BASE_URL", "ftp://regulars.example.com", lambda e: e.site()),
        ("BASE_URL", "https://regulars.example.com/crm", lambda e: e.site()),
        ("BASE_URL", "https://host:port", lambda e: e.site()),
        ("DATABASE_URL", "mysql://host/name", lambda e: e.database()),
        ("DATABASE_URL", "sqlite:///file", lambda e: e.database()),
        ("DATABASE_URL", "postgresql://host", lambda e: e.database()),
        ("DATABASE_URL", "postgresql://host:port/name", lambda e: e.database()),
        ("DATABASE_URL", "nonsense", lambda e: e.database()),
        ("EMAIL_URL", "mail.example.com", lambda e: e.mail()),
        ("EMAIL_URL", "carrier-pigeon://loft", lambda e: e.mail()),
        ("FILES_URL", "https://host/bucket", lambda e: e.files()),
        ("FILES_URL", "s3://host/bucket", lambda e: e.files()),
        ("FILES_URL", "s3://key:secret@host", lambda e: e.files()),
        ("FILES_URL", "s3://key:secret@host/a/b", lambda e: e.files()),
        ("FILES_URL", "s3://key:secret@host:port/bucket", lambda e: e.files()),
        ("FILES_URL", "s3://key:secret@host/bucket?colour=red", lambda e: e.files()),
        ("FILE_SCANNER", "clamd:", lambda e: e.scanner()),
        ("FILE_SCANNER", "clamd://host:port", lambda e: e.scanner()),
        ("FILE_SCANNER", "clamscan 'half", lambda e: e.scanner()),
        ("SECRET_KEY", "short", lambda e: e.secret_key(Path("/nowhere"))),
        ("SECRET_KEY", "a" * 80, lambda e: e.secret_key(Path("/nowhere"))),
        ("REGULARS_PACKS", "no_such_trade", lambda e: e.packs(Path("/nowhere"))),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, read) -> None:
    with pytest.raises(Wrong) as refused:
        read(Environment({name: value}))
    said = str(refused.value)
    assert said.startswith(f"Set {name} to ")
    assert "\n" not in said
    assert "hunter2" not in said


def test_what_is_right_is_taken_as_it_is() -> None:
    tiles = "https://tiles.example.com:8443/{z}/{x}/{y}.png?key=a&size=2"
    asked = Environment(
        {
            "MAP_TILES": tiles,
            "MAIL_FROM": "Our shop <shop@example.com>",
            "OIDC_ISSUER": "https://login.example.com/shop/",
            "OIDC_CLIENT_ID": "regulars",
            "DATABASE_URL": "postgresql://h/n?sslmode=require&connect_timeout=5",
            "BASE_URL": "http://[::1]:8000/",
            "GREEN_MINUTES": "0",
        }
    )
    assert (asked.map_tiles(), asked.tile_hosts()) == (tiles, ["https://tiles.example.com:8443"])
    assert asked.sender("") == "Our shop <shop@example.com>"
    assert asked.issuer() == "https://login.example.com/shop/"
    assert (asked.database() or {})["OPTIONS"] == {"sslmode": "require", "connect_timeout": 5}
    assert asked.site() == "http://[::1]:8000"
    assert asked.count("GREEN_MINUTES", 5, most=99) == 0


@pytest.mark.parametrize("name", ["DATABASE_URL", "EMAIL_URL"])
def test_a_wrong_address_is_not_repeated_because_passwords_are_in_it(name: str) -> None:
    environment = Environment({name: "ftp://ana:hunter2@host/name"})
    with pytest.raises(Wrong) as refused:
        environment.database() if name == "DATABASE_URL" else environment.mail()
    assert "hunter2" not in str(refused.value)


def test_a_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    first = Environment({}).secret_key(tmp_path / "var")
    assert len(first) >= 50
    assert Environment({}).secret_key(tmp_path / "var") == first
    kept = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_packs_default_to_all_in_the_repository_and_empty_means_none(tmp_path: Path) -> None:
    (tmp_path / "tailor").mkdir()
    (tmp_path / "tailor" / "apps.py").touch()
    assert Environment({}).packs(tmp_path) == ["regulars.packs.tailor"]
    assert Environment({"REGULARS_PACKS": ""}).packs(tmp_path) == []
    assert Environment({"REGULARS_PACKS": "email.mime"}).packs(tmp_path) == ["email.mime"]


S3 = "s3://key:se%2Fcret@minio.example:9000/files?region=eu&prefix=shop&tls=no"


def test_files_lie_in_an_s3_storage_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.server.environment._importable", lambda module: True)
    found = Environment({"FILES_URL": S3}).files()
    assert found is not None
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    asked = found["OPTIONS"]
    assert asked["endpoint_url"] == "http://minio.example:9000"
    assert (asked["access_key"], asked["secret_key"]) == ("key", "se/cret")
    assert (asked["bucket_name"], asked["region_name"]) == ("files", "eu")
    assert (asked["location"], asked["default_acl"]) == ("shop", None)


def test_the_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.server.environment._importable", lambda module: False)
    with pytest.raises(Wrong, match=r"pip install 'regulars\[s3\]'") as no:
        Environment({"FILES_URL": S3}).files()
    assert "cret" not in str(no.value)


@pytest.mark.parametrize(
    "said", ["", "clamscan --no-summary -", "clamd://127.0.0.1:3310", "clamd:///run/clamd.sock"]
)
def test_a_scanner_is_a_command_or_a_socket(said: str) -> None:
    assert Environment({"FILE_SCANNER": said}).scanner() == said
