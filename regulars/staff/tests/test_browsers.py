"""Browsers by the names people know."""

import pytest

from regulars.staff.sign_in import browsers

KIT = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (KIT.format("Windows NT 10.0; Win64") + "Chrome/140.0 Safari/537.36", "Chrome on Windows"),
        (KIT.format("Windows NT 10.0") + "Chrome/140.0 Safari/537.36 Edg/140", "Edge on Windows"),
        (KIT.format("Macintosh; Intel") + "Version/18 Safari/605.1.15", "Safari on Mac"),
        (KIT.format("iPhone; CPU iPhone OS 18") + "CriOS/140 Safari/604.1", "Chrome on iPhone"),
        (KIT.format("Linux; Android 15; SM-S911") + "SamsungBrowser/28 Chrome/130 Safari/537",
         "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
         "Firefox on Linux"),
        ("curl/8.14", "curl/8.14"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_and_its_system_are_told(user_agent: str, words: str) -> None:
    assert browsers.said(user_agent) == words
