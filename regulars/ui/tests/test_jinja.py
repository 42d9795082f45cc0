"""The environment and its building blocks: escaped, labelled, readable without colour."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from django import forms
from django.contrib.messages.storage.session import SessionStorage
from django.test import RequestFactory
from django.utils import timezone

from regulars.ui import jinja, toasts

BLOCKS = Path(jinja.__file__).parent / "templates/ui/blocks.html"


PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture
def env(settings: Any) -> jinja2.Environment:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}
    return jinja.environment()


def drawn(env: jinja2.Environment, source: str, **context: Any) -> str:
    return env.from_string(source).render(**context)


def test_there_are_twelve_building_blocks_at_most() -> None:
    assert BLOCKS.read_text().count("{% macro") <= 12


def test_what_people_typed_is_escaped_in_every_block(env: jinja2.Environment) -> None:
    evil = '"><script>x</script>'
    html = drawn(
        env,
        "{{ ui.face(x) }}{{ ui.chip(x, x, remove=x) }}{{ ui.button(x, href=x) }}"
        "{{ ui.button(x, disabled=x) }}{{ ui.act('', x, x, values={x: x}) }}"
        "{{ ui.empty(x, x) }}{{ ui.rating(3, x, 'star') }}{{ ui.pager(x, x, x) }}"
        "{{ ui.age('red', text=x) }}{{ x|lines }}{{ [x, x]|parts }}{{ icon('x', label=x) }}",
        x=evil,
    )
    assert "<script>" not in html


def test_a_missing_variable_is_an_error_and_not_an_empty_string(env: jinja2.Environment) -> None:
    with pytest.raises(jinja2.UndefinedError):
        drawn(env, "{{ nobody }}")


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("green", "new", "New · 3 min"),
        ("orange", "warm", "3 min"),
        ("red", "late", "3 min"),
        ("gray", "done", "3 min"),
    ],
)
def test_an_age_is_a_shape_and_words_besides_its_colour(
    env: jinja2.Environment, state: str, kind: str, words: str
) -> None:
    at = timezone.now() - timedelta(minutes=3, seconds=5)
    html = drawn(env, "{{ ui.age(state, at) }}", state=state, at=at)
    assert f"#age-{kind}" in html
    assert f">{words}</time>" in html
    assert jinja._exact(at) in html


def test_an_age_that_may_move_carries_when_it_turns(env: jinja2.Environment) -> None:
    at = timezone.now()
    turns = {"warm_at": at + timedelta(minutes=5), "late_at": at + timedelta(minutes=30)}
    html = drawn(env, "{{ ui.age('green', at, warm_at=warm_at, late_at=late_at) }}", at=at, **turns)
    assert f'data-new-until="{turns["warm_at"].isoformat()}"' in html
    assert f'data-warm-until="{turns["late_at"].isoformat()}"' in html
    done = drawn(env, "{{ ui.age('gray', at, warm_at=warm_at, late_at=late_at) }}", at=at, **turns)
    assert "data-new-until" not in done


def test_a_face_says_who_and_whether_they_are_here(env: jinja2.Environment) -> None:
    assert 'aria-label="Mia Hollander, online"' in drawn(
        env, "{{ ui.face('Mia Hollander', true) }}"
    )
    assert ">MH<" in drawn(env, "{{ ui.face('Mia Hollander') }}")
    assert 'aria-label="Unassigned"' in drawn(env, "{{ ui.face('') }}")


def test_a_disabled_button_says_why_and_goes_nowhere(env: jinja2.Environment) -> None:
    html = drawn(env, "{{ ui.button('Text', href='sms:1', key='t', disabled='She opted out.') }}")
    assert 'aria-label="Text. She opted out."' in html
    assert "sms:" not in html
    assert "data-key" not in html


def test_a_rating_without_enough_data_says_so(env: jinja2.Environment) -> None:
    html = drawn(env, "{{ ui.rating(none, 'Purchase intent', 'flame') }}")
    assert "not enough data" in html


def test_an_error_stands_under_its_field_and_is_tied_to_it(env: jinja2.Environment) -> None:
    class Form(forms.Form):
        name = forms.CharField(help_text="A person or a company.")
        agreed = forms.BooleanField(required=False)

    html = drawn(
        env, "{{ ui.problems(f) }}{{ ui.field(f.name) }}{{ ui.field(f.agreed) }}", f=Form({})
    )
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name-error"' in html
    assert "Nothing you typed is lost" in html
    assert html.index('type="checkbox"') < html.index("<span>Agreed</span>")


def test_addresses_leave_out_what_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jinja, "reverse", lambda name, args, kwargs: "/customers/")
    assert jinja.url("customers", q={"tag": ["a", "b"], "owner": None, "q": ""}) == (
        "/customers/?tag=a&tag=b"
    )


def test_every_drawing_a_template_asks_for_is_in_the_sprite() -> None:
    root = Path(jinja.__file__).parent.parent
    sprite = (root / "ui/static/ui/icons.svg").read_text()
    have = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    asked = {
        name
        for file in [*root.rglob("templates/**/*.html"), *root.glob("desk/*.py")]
        for name in re.findall(r"icon\([\"']([a-z-]+)[\"']|symbol='([a-z-]+)'", file.read_text())
        for name in name
        if name
    }
    assert asked <= have, f"Add to vendor.toml and run tools/vendor_assets.py: {asked - have}"


def test_every_drawing_in_the_sprite_is_asked_for_somewhere() -> None:
    root = Path(jinja.__file__).parent.parent
    sprite = (root / "ui/static/ui/icons.svg").read_text()
    files = [
        f
        for end in ("py", "html", "js")
        for f in root.rglob(f"*.{end}")
        if not {"vendor", "tests"} & {*f.parts}
    ]
    said = "\n".join(f.read_text() for f in files)
    said += (root.parent / "docs/packs.md").read_text()
    for name in re.findall(r'<symbol id="([^"]+)"', sprite):
        named = rf"""["'#]{name}\b""" if not name.startswith("age-") else "age-"
        assert re.search(named, said), f"Take {name} out of vendor.toml: every page loads it"


def test_a_region_draws_blocks_without_imports(env: jinja2.Environment) -> None:
    message = SimpleNamespace(tags="success")
    html = env.get_template("ui/_toasts.html").render(messages=[message], csrf_input="")
    assert "Undo" not in html
    assert html.strip().startswith('<hx-partial hx-target="#toasts"')
    assert env.get_template("ui/_toasts.html").render(messages=[]).strip() == ""


def test_a_toast_offers_the_way_back_it_was_given(env: jinja2.Environment) -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    storage = SessionStorage(request)
    request._messages = storage  # type: ignore[attr-defined]
    toasts.say(request, "Moved to <Ana>.", undo="/customers/1/owner/undo/")
    toasts.warn(request, "Not saved.")
    html = env.get_template("ui/_toasts.html").render(messages=storage, csrf_input="TOKEN")
    assert html.count('action="/customers/1/owner/undo/" data-undo>TOKEN<button') == 1
    assert "Moved to &lt;Ana&gt;." in html
    assert 'class="toast error"' in html


def test_no_time_is_drawn_for_nothing(env: jinja2.Environment) -> None:
    never: datetime | None = None
    assert (
        drawn(env, "{{ at|ago }}{{ at|exact }}{{ at|clock }}{{ at|iso }}{{ at|waited }}", at=never)
        == ""
    )


def test_parts_of_a_line_keep_their_own_direction(env: jinja2.Environment) -> None:
    html = drawn(env, "{{ ['شركة', '', '+49 30 1234']|parts }}")
    assert html == "<bdi>شركة</bdi> · <bdi>+49 30 1234</bdi>"
