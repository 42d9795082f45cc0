"""Coming in: passwords, throttling before hashing, second steps, sessions, links, the demo."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from regulars import settings as shipped
from regulars.staff import tasks
from regulars.staff.models import SignInTries, User
from regulars.staff.sign_in import hashing
from regulars.staff.sign_in.adapter import MfaAdapter
from regulars.staff.sign_in.hashing import CappedArgon2

pytestmark = pytest.mark.django_db

WORDS = "correct horse battery"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def anna(ana: User) -> User:
    ana.set_password(WORDS)
    ana.save()
    return ana


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each password that is really hashed."""
    done: list[str] = []
    for verb in ("encode", "verify"):
        real = getattr(CappedArgon2, verb)

        def counted(self: Any, *args: Any, _real: Any = real, _verb: str = verb) -> Any:
            done.append(_verb)
            return _real(self, *args)

        monkeypatch.setattr(CappedArgon2, verb, counted)
    return done


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def sign_in(client: Client, email: str, password: str, address: str = "10.0.0.1") -> Any:
    return client.post(
        "/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=address
    )


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def said(answer: Any) -> str:
    found = re.search(r'role="alert".*?</div></div>', answer.content.decode(), re.S)
    return re.sub(r"<[^>]+>", "", found[0].partition(">")[2]) if found else ""


# --- The password -------------------------------------------------------------------------------


def test_email_and_password_let_in_however_the_email_is_written(anna: User) -> None:
    client = Client()
    assert sign_in(client, " ANA@demo.example ", WORDS)["Location"] == "/"
    assert is_in(client)


def test_next_leads_on_but_never_to_another_site(anna: User) -> None:
    typed = {"login": anna.email, "password": WORDS}
    answer = Client().post("/accounts/login/", {**typed, "next": "/settings/people/?a=1"})
    assert answer["Location"] == "/settings/people/?a=1"
    for trap in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        answer = Client().post("/accounts/login/", {**typed, "next": trap})
        assert answer["Location"] == "/"


def test_a_wrong_password_and_an_unknown_email_are_told_apart_by_nobody(
    anna: User, hashes: list[str]
) -> None:
    wrong = said(sign_in(Client(), "ana@demo.example", "not it at all", "10.0.0.1"))
    unknown = said(sign_in(Client(), "nobody@demo.example", "not it at all", "10.0.0.2"))
    assert wrong == unknown
    assert "do not fit together" in wrong
    assert len(hashes) == 2


def test_a_colleague_without_a_password_costs_the_same_hash(ana: User, hashes: list[str]) -> None:
    assert "do not fit" in said(sign_in(Client(), "ana@demo.example", "anything at all"))
    assert len(hashes) == 1


def test_a_disabled_colleague_learns_it_only_with_the_right_password(anna: User) -> None:
    User.objects.update(is_active=False)
    assert "do not fit" in said(sign_in(Client(), "ana@demo.example", "not it at all"))
    client = Client()
    assert sign_in(client, "ana@demo.example", WORDS)["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_a_hash_is_as_dear_as_the_policy_says() -> None:
    assert [f"{CappedArgon2.__module__}.CappedArgon2"] == shipped.PASSWORD_HASHERS
    made = CappedArgon2().encode("a long enough one", "some salt")
    assert made.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")


def test_passwords_are_argon2id_and_any_length_counts(ana: User) -> None:
    for words in ("8 chars!", "x" * 64 + "end", "pässwörter 🔑 zählen"):
        ana.set_password(words)
        assert ana.password.startswith("argon2$argon2id$")
        assert ana.check_password(words)
        assert not ana.check_password(words[:-1])


# --- Throttling ----------------------------------------------------------------------------------


def test_guessing_one_account_from_everywhere_is_stopped_before_hashing(
    anna: User, hashes: list[str], clock: Any
) -> None:
    answers = [
        sign_in(Client(), "ana@demo.example", "a wrong guess", f"10.1.{n // 250}.{n % 250}")
        for n in range(40)
    ]
    assert len(hashes) == 3
    assert "Too many tries" in said(answers[-1])


def test_an_hour_of_patient_guessing_gets_ten_looks(
    anna: User, hashes: list[str], clock: Any
) -> None:
    for second in range(0, 3600, 30):
        clock.move_to(NOW + timedelta(seconds=second))
        sign_in(Client(), "ana@demo.example", "a wrong guess", f"10.2.0.{second // 30}")
    assert len(hashes) <= 10


def test_one_address_cannot_try_a_thousand_accounts(hashes: list[str], clock: Any) -> None:
    for n in range(60):
        sign_in(Client(), f"person{n}@demo.example", "a wrong guess", "10.3.0.1")
    assert len(hashes) == 30
    sign_in(Client(), "other@demo.example", "a wrong guess", "10.3.0.2")
    assert len(hashes) == 31


def test_a_whole_ipv6_network_is_one_address(hashes: list[str], clock: Any) -> None:
    for n in range(40):
        sign_in(Client(), f"person{n}@demo.example", "a wrong guess", f"2001:db8:1:2::{n:x}")
    assert len(hashes) == 30


def test_the_right_password_does_not_count_as_a_try(
    anna: User, hashes: list[str], clock: Any
) -> None:
    for _ in range(15):
        assert sign_in(Client(), "ana@demo.example", WORDS).status_code == 302
    assert set(SignInTries.objects.values_list("count", flat=True)) == {0}


def test_the_owner_still_gets_in_from_a_device_they_used_before(anna: User, clock: Any) -> None:
    mine = Client()
    sign_in(mine, "ana@demo.example", WORDS, "10.4.0.1")
    mine.post("/accounts/logout/")
    for n in range(12):
        sign_in(Client(), "ana@demo.example", "a wrong guess", f"10.4.1.{n}")
    stranger = sign_in(Client(), "ana@demo.example", WORDS, "10.4.2.1")
    assert "Too many tries" in said(stranger)
    assert sign_in(mine, "ana@demo.example", WORDS, "10.4.0.1").status_code == 302


def test_a_made_up_device_is_no_known_one(anna: User, clock: Any) -> None:
    for n in range(3):
        sign_in(Client(), "ana@demo.example", "a wrong guess", f"10.5.1.{n}")
    forged = Client()
    forged.cookies["known_device"] = "abc:def:ghi"
    assert "Too many tries" in said(sign_in(forged, "ana@demo.example", WORDS, "10.5.2.1"))


def test_time_opens_the_door_again(anna: User, clock: Any) -> None:
    for n in range(3):
        sign_in(Client(), "ana@demo.example", "a wrong guess", f"10.6.0.{n}")
    assert "Wait 1 second" in said(sign_in(Client(), "ana@demo.example", WORDS, "10.6.1.1"))
    clock.shift(timedelta(seconds=1))
    assert sign_in(Client(), "ana@demo.example", WORDS, "10.6.1.1").status_code == 302


def test_a_new_password_by_email_opens_the_door_again(
    anna: User, clock: Any, mailoutbox: list[Any]
) -> None:
    for n in range(5):
        sign_in(Client(), "ana@demo.example", "a wrong guess", f"10.7.0.{n}")
    tasks.send_password_link(anna.pk)
    link = re.search(r"https?://\S+", mailoutbox[0].body.partition("three days:")[2])
    assert link
    client = Client()
    form = client.get("/" + link[0].split("/", 3)[3], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another long one", "password2": "another long one"})
    answer = sign_in(Client(), "ana@demo.example", "another long one", "10.7.1.1")
    assert answer.status_code == 302


def test_a_crowd_at_the_door_is_asked_to_come_again(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "PATIENCE_SECONDS", 0.01)
    taken = [hashing._turn.acquire(blocking=False) for _ in range(hashing.AT_ONCE)]
    try:
        assert "Try again in a few seconds" in said(sign_in(Client(), "ana@demo.example", WORDS))
    finally:
        for _ in filter(None, taken):
            hashing._turn.release()
    assert sign_in(Client(), "ana@demo.example", WORDS).status_code == 302


# --- A forgotten password ------------------------------------------------------------------------


def test_asking_for_a_link_answers_the_same_for_everybody(
    anna: User, dora: User, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks.send_password_link, "defer", lambda user_id: asked.append(user_id))
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("ana@demo.example", "nobody@demo.example", "dora@demo.example")
    ]
    assert len({a.content for a in answers}) == 1
    assert asked == [anna.pk, 0, 0]  # a job each: how long the answer takes tells nothing
    assert not mailoutbox


def test_no_link_is_made_for_who_cannot_sign_in(dora: User, mailoutbox: list[Any]) -> None:
    tasks.send_password_link(dora.pk)
    tasks.send_password_link(0)
    assert not mailoutbox


@pytest.mark.parametrize("words", ["short", "password123", "ana@demo.example"])
def test_a_weak_password_is_refused_beside_its_field(anna: User, words: str) -> None:
    client = Client()
    sign_in(client, "ana@demo.example", WORDS)
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": WORDS, "password1": words, "password2": words},
    )
    assert 'id="id_password1-error"' in answer.content.decode()
    assert User.objects.get(pk=anna.pk).check_password(WORDS)


def test_changing_the_password_signs_other_devices_out(anna: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, "ana@demo.example", WORDS)
    new = {"oldpassword": WORDS, "password1": "another long one", "password2": "another long one"}
    here.post("/accounts/password/change/", new)
    assert is_in(here)
    assert not is_in(there)


def test_guessing_the_password_at_a_confirmation_is_throttled_too(
    anna: User, hashes: list[str], clock: Any
) -> None:
    client = Client()
    sign_in(client, "ana@demo.example", WORDS)
    hashes.clear()
    for _ in range(8):
        client.post("/accounts/reauthenticate/", {"password": "a wrong guess"})
    assert len(hashes) == 3


# --- Second steps --------------------------------------------------------------------------------


def code(at: float | None = None) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int((at or time.time()) // 30))))


def confirm(client: Client) -> None:
    """“Is it you?” before anything that guards the account is changed."""
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
    client.post("/accounts/reauthenticate/", {"password": WORDS})


def with_second_step(user: User) -> list[str]:
    """An authenticator app and recovery codes; the codes."""
    TOTP.activate(user, SECRET)
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def test_an_authenticator_app_is_switched_on_and_then_asked_for(anna: User, clock: Any) -> None:
    client = Client()
    sign_in(client, "ana@demo.example", WORDS)
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'class="secret" tabindex="0">([A-Z2-7]+)<', page)
    assert secret
    now = format_hotp_value(hotp_value(secret[1], int(time.time() // 30)))
    answer = client.post("/accounts/2fa/totp/activate/", {"code": now})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<li>\w+</li>", shown)) == 10
    kept = Authenticator.objects.get(user=anna, type="totp").data["secret"]
    assert secret[1] not in kept

    fresh = Client()
    answer = sign_in(fresh, "ana@demo.example", WORDS)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(fresh)


def test_a_code_lets_in_once(anna: User, clock: Any) -> None:
    with_second_step(anna)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "ana@demo.example", WORDS)
        client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert is_in(first)
    assert not is_in(second)


def test_a_used_code_stays_used_when_its_half_minute_is_over(anna: User, clock: Any) -> None:
    with_second_step(anna)
    used = code()
    first = Client()
    sign_in(first, "ana@demo.example", WORDS)
    first.post("/accounts/2fa/authenticate/", {"code": used})
    assert is_in(first)
    clock.shift(timedelta(seconds=31))
    second = Client()
    sign_in(second, "ana@demo.example", WORDS)
    second.post("/accounts/2fa/authenticate/", {"code": used})
    assert not is_in(second)


def test_a_recovery_code_lets_in_once(anna: User) -> None:
    spare = with_second_step(anna)[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "ana@demo.example", WORDS)
        client.post("/accounts/2fa/authenticate/", {"code": spare})
    assert is_in(first)
    assert not is_in(second)


def test_codes_are_not_guessed_for_long(anna: User, clock: Any) -> None:
    with_second_step(anna)
    client = Client()
    sign_in(client, "ana@demo.example", WORDS)
    for n in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06d}"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert "Too many codes" in answer.content.decode()
    assert not is_in(client)


def test_a_new_secret_key_still_opens_what_the_old_one_closed(settings: Any) -> None:
    closed = MfaAdapter().encrypt("a secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key, as long as it should be, and never used before"
    assert MfaAdapter().decrypt(closed) == "a secret"


def test_the_passkey_button_asks_for_a_challenge(anna: User) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert 'id="passkey_login"' in page
    asked = Client().get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]


def test_adding_a_key_has_what_its_script_needs(anna: User) -> None:
    client = Client()
    sign_in(client, "ana@demo.example", WORDS)
    confirm(client)
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert '<script id="js_data" type="application/json">{"creation_options"' in page
    for wanted in ("id_name", "id_passwordless", "id_credential", "mfa_webauthn_add"):
        assert f'id="{wanted}"' in page


@pytest.mark.parametrize(
    "path",
    [
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "sessions/",
        "password/change/",
        "reauthenticate/",
    ],
)
def test_no_page_of_signing_in_runs_a_script_of_its_own(anna: User, path: str) -> None:
    client = Client()
    sign_in(client, "ana@demo.example", WORDS)
    if path != "reauthenticate/":
        confirm(client)
    page = client.get(f"/accounts/{path}", follow=True).content.decode()
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)


# --- Sessions ------------------------------------------------------------------------------------


def test_a_colleague_sees_their_sessions_and_ends_the_others(anna: User) -> None:
    here, there = Client(), Client(headers={"User-Agent": "Old phone"})
    for client in (here, there):
        sign_in(client, "ana@demo.example", WORDS)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Old phone" in page
    assert page.count("This device") == 1
    here.post("/accounts/sessions/")
    assert is_in(here)
    assert not is_in(there)


def test_htmx_is_sent_to_the_sign_in_page_instead_of_swapping_it_in() -> None:
    answer = Client().get(
        "/settings/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?q=a&b=c"},
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fcustomers%2F%3Fq%3Da%26b%3Dc"


@pytest.mark.parametrize("here", ["http://[", "//[::1"])
def test_a_browser_that_does_not_know_where_it_is_is_sent_to_the_sign_in_page(here: str) -> None:
    asked = Client().get("/", headers={"HX-Request": "true", "HX-Current-URL": here})
    assert asked["HX-Redirect"] == "/accounts/login/?next=%2F"


@pytest.mark.parametrize("key", [r"\000aaaaaaaa", r"\377" * 9, "a" * 5_000, "'\"; --aaaa"])
def test_a_cookie_that_is_no_session_of_ours_is_nobody(key: str) -> None:
    client = Client(headers={"cookie": f'session="{key}"'})
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("path", ["login", "logout", "password/reset"])
def test_next_that_is_no_address_leads_nowhere(anna: User, path: str) -> None:
    client = Client()
    facts = {"login": "ana@demo.example", "password": WORDS, "email": "ana@demo.example"}
    answer = client.post(f"/accounts/{path}/?next=http://[", facts)
    assert answer.status_code == 302
    assert "[" not in answer["Location"]


def test_presence_is_a_heartbeat(anna: User) -> None:
    client = Client()
    assert client.post("/presence/").status_code == 302
    sign_in(client, "ana@demo.example", WORDS)
    assert client.get("/presence/").status_code == 405
    assert client.post("/presence/").status_code == 204
    assert User.objects.get(pk=anna.pk).last_seen_at is not None


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "login/code/confirm/"])
def test_nobody_signs_up_or_changes_their_email_by_themselves(path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == 404


# --- The demo ------------------------------------------------------------------------------------


def test_in_demo_mode_one_click_signs_in(ana: User, settings: Any) -> None:
    settings.DEMO = True
    client = Client()
    assert f'name="user" value="{ana.pk}"' in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/demo/", {"user": ana.pk})["Location"] == "/"
    assert is_in(client)


def test_outside_demo_mode_there_is_no_such_door(ana: User, settings: Any) -> None:
    settings.DEMO = False
    client = Client()
    assert "/accounts/demo/" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/demo/", {"user": ana.pk}).status_code == 404
    assert not is_in(client)


def test_the_demo_door_opens_for_demo_people_only(ana: User, dora: User, settings: Any) -> None:
    settings.DEMO = True
    User.objects.filter(pk=ana.pk).update(email="ana@marlow.example")
    for user in (ana.pk, dora.pk, "", "x", "9" * 30, "9" * 5_000):
        assert Client().post("/accounts/demo/", {"user": user}).status_code == 404
    assert Client().get("/accounts/demo/").status_code == 405
