"""What is shipped is safe where it matters, and says no where it would not be."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from .processes import regulars

SITE = "https://regulars.example.com"
ASK = "import json; from django.conf import settings as s; print(json.dumps([{}], default=str))"


def asked(expression: str, **environment: str) -> Any:
    done = regulars(
        settings.VAR, "shell", "--no-imports", "-c", ASK.format(expression), **environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_shipped_production_settings_have_no_warning(tmp_path: Path) -> None:
    done = regulars(tmp_path, "check", "--deploy", "--fail-level", "WARNING", BASE_URL=SITE)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "postgres").exists()


def test_over_https_cookies_belong_to_this_host_alone() -> None:
    assert asked(
        "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SESSION_COOKIE_DOMAIN, s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS[0]",
        BASE_URL=SITE,
    ) == ["__Host-session", "__Host-csrf", True, True, None, 31_536_000, "regulars.example.com"]


@pytest.mark.parametrize("unsafe", [{"BASE_URL": SITE}, {"DATABASE_URL": "postgresql://h/n"}])
def test_the_demo_lets_nobody_in_where_strangers_could_come(unsafe: dict[str, str]) -> None:
    done = regulars(settings.VAR, "demo", "--no-serve", **unsafe)
    assert done.returncode == 1
    assert done.stderr.startswith("The demo lets anybody in")


def test_a_wrong_value_stops_any_command_with_one_sentence() -> None:
    done = regulars(settings.VAR, "check", PORT="eighty")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("Set PORT to a port number")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/nowhere/", "/healthz"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_another_host_name_is_refused(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_tracing_is_refused(client: Client) -> None:
    assert client.trace("/healthz").status_code == 405
