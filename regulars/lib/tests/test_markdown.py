"""What colleagues write is drawn, and does nothing."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.lib.markdown import TAGS, render, unmarked

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example><input name=x autofocus onfocus=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "</p></div><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](//evil.example/)",
    "[x](/customers/)",
    "[x](https://ok.example/\"onmouseover=alert(1)//)",
    "[x](https://ok.example/ \"><script>alert(1)</script>\")",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]: https://ok.example/ '\"onclick=alert(1)'\n\n[x]",
    "<javascript:alert(1)>",
    "<https://ok.example/\" onclick=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](x\" onerror=\"alert(1))",
    "![x][r]\n\n[r]: https://evil.example/pixel.png",
    "`<img src=x onerror=alert(1)>`",
    "```<script>\nalert(1)\n```",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "https://ok.example/<script>alert(1)</script>",
    "https://ok.example/\"onmouseover=\"alert(1)",
    "javascript:alert(1)",
    "mailto:x@example.com?body=\"><img src=x onerror=alert(1)>",
    "# <img src=x onerror=alert(1)>",
    "> <img src=x onerror=alert(1)>",
    "1. <img src=x onerror=alert(1)>",
    "@Ana<img src=x onerror=alert(1)>",
    "@Ana\" onmouseover=\"alert(1)",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "**<b onmouseover=alert(1)>x</b>**",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "\u202e<script>alert(1)</script>",
    "\x00<script>alert(1)</script>",
    "<xss style=\"position:fixed;inset:0;background:red\">",
    "<a href=# id=customer name=csrf-token>clobber</a>",
]  # fmt: skip


class Reader(HTMLParser):
    """Every element and attribute that a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(text: str) -> bool:
    for tag, attributes in Reader(text).found:
        assert tag in TAGS, text
        assert attributes.keys() <= {"href", "title", "rel", "target", "class", "start"}, text
        if tag == "a":
            assert str(attributes["href"]).startswith(("http://", "https://", "mailto:")), text
            assert set(str(attributes["rel"]).split()) >= {"noopener", "nofollow"}, text
        assert attributes.get("class", "mention") == "mention", text
    return True


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "around", ["{}", "a *b* {} c", "- {}", "> {}", "**{}**", "[{}](https://x.y)"]
)
def test_nothing_that_is_written_runs(payload: str, around: str) -> None:
    assert harmless(str(render(around.format(payload) if "{}" in around else payload, ["Ana"])))


@given(st.text(alphabet="<>\"'`*_[]()!&#;:/@\\ \n\taijsx=-.~", max_size=120))
def test_whatever_is_typed_is_harmless(text: str) -> None:
    assert harmless(str(render(text, ["a", "j s"])))


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Prefers texts.", "<p>Prefers texts.</p>\n"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>\n"),
        ("*one*\ntwo", "<p><em>one</em><br>\ntwo</p>\n"),
        ("**b** and ~~s~~", "<p><strong>b</strong> and <s>s</s></p>\n"),
        ("# Head", "<p><strong>Head</strong></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>\n"),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_what_is_written_is_drawn(text: str, drawn: str) -> None:
    assert str(render(text)) == drawn


@given(st.text(alphabet="abc .,\n", max_size=60))
def test_plain_words_read_the_same_on_the_short_way_and_the_long_one(text: str) -> None:
    def words(drawn: str) -> list[str]:
        parts = [part.replace("<p>", "").split() for part in drawn.split("</p>")]
        return [word for part in parts for word in (*part, "¶") if part]

    assert words(str(render(text))) == words(str(render(f"{text}\n\n\\")))[:-2]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://x.example/a?b=1&c=2 now", ["https://x.example/a?b=1&c=2"]),
        ("HTTP://X.EXAMPLE", ["HTTP://X.EXAMPLE"]),
        ("www.x.example and x.example", []),
        ("ftp://x.example //x.example", []),
        ("mailto:a@x.example", ["mailto:a@x.example"]),
        ("[a](http://x.example) [b](ftp://x.example)", ["http://x.example"]),
    ],
)
def test_only_these_become_links(text: str, links: list[str]) -> None:
    found = [a["href"] for tag, a in Reader(str(render(text))).found if tag == "a"]
    assert [str(href).lower() for href in found] == [link.lower() for link in links]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("@Ana Ferreira, please", ["@Ana Ferreira"]),
        ("hello @ana ferreira", ["@ana ferreira"]),
        ("@Ana Ferreirano", ["@Ana"]),
        ("@Anastasia", []),
        ("`@Ana Ferreira`", []),
        ("[@Ana Ferreira](https://x.example)", []),
        ("@Ana and @Ana Ferreira", ["@Ana", "@Ana Ferreira"]),
        ("@Bo", []),
    ],
)
def test_who_was_mentioned_is_marked(text: str, marked: list[str]) -> None:
    drawn = str(render(text, ["Ana", "Ana Ferreira"]))
    found = [part.split("</span>")[0] for part in drawn.split('<span class="mention">')[1:]]
    assert found == marked


@pytest.mark.parametrize("mark", ["[", ">", "*a", "`", "![[]()", "- ", "\\", "<", "a@", "[a](b"])
def test_a_note_full_of_marks_is_drawn_in_time(mark: str) -> None:
    assert harmless(str(render(mark * (8_000 // len(mark)), ["Ana Ferreira"])))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Call in May", "Call in May"),
        (
            "Likes the **linen** group, *not* the ~~red~~ one",
            "Likes the linen group, not the red one",
        ),
        ("# Fitting\n- sleeve\n- hem\n\n> ask Mia", "Fitting sleeve hem ask Mia"),
        ("1. sleeve\n2. hem", "sleeve hem"),
        ("One\ntwo  \nthree", "One two three"),
        ("[look book](https://x.example/book) by `SKU-1`", "look book by SKU-1"),
        ("    indented\n```\nfenced\n```", "indented fenced"),
        ("2 * 3 = 6 and a_b_c", "2 * 3 = 6 and a_b_c"),
        ("a < b & c", "a < b & c"),
        ("---", ""),
    ],
)
def test_on_one_line_the_marks_are_gone(text: str, read: str) -> None:
    assert unmarked(text) == read


@given(st.text(max_size=500))
def test_on_one_line_anything_is_short(text: str) -> None:
    assert "\n" not in unmarked(text)
    assert len(unmarked(text)) <= 250
