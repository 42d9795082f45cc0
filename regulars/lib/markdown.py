"""Markdown as colleagues write it, drawn as HTML that can do nothing but be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

SCHEMES = ("http", "https", "mailto")
TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("a", "span"),
}
_SAFE = re.compile(rf"(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)
# Without any of these a text reads the same with or without Markdown, and is drawn much faster.
_MARKS = re.compile(r"[*_`#>~\[\]\\|<&@]|://|mailto:|^\s*(?:[-+=]|\d+[.)]|\s{2})", re.M | re.I)


def render(text: str, names: Sequence[str] = ()) -> Markup:
    """The text as HTML; `@` before one of `names` marks somebody who was mentioned.

    No raw HTML, no pictures, links to other sites and mail addresses only.
    """
    if not _MARKS.search(text):
        return _plain(text)
    drawn = _parser.render(text, {"names": sorted(names, key=len, reverse=True)})
    return Markup(_cleaner.clean(drawn))  # noqa: S704 (cleaned one line above)


def unmarked(text: str, most: int = 200) -> str:
    """The first `most` characters on one line, as one reads them: without the marks."""
    start = text[:most]
    if _MARKS.search(start):
        start = " ".join(_words(_reader.parse(start)))
    return " ".join(start.split())


def _words(blocks: Sequence[Token]) -> Iterator[str]:
    for block in blocks:
        if block.children is None:
            yield block.content
        else:
            yield "".join(
                " " if token.type.endswith("break") else token.content for token in block.children
            )


def _plain(text: str) -> Markup:
    """Blank lines part paragraphs, single ones stay."""
    found = Markup()
    for part in re.split(r"\n[ \t]*\n", text.strip()):
        lines = (escape(line.strip()) for line in part.strip().split("\n"))
        if part.strip():
            found += Markup("<p>{}</p>\n").format(Markup("<br>\n").join(lines))
    return found


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    made.enable(["strikethrough", "linkify"]).disable("image")
    made.validateLink = lambda url: bool(_SAFE.match(url.strip()))  # type: ignore[method-assign]
    assert made.linkify is not None  # noqa: S101 (asked for above)
    made.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    made.linkify.add("ftp:", None).add("//", None)
    made.core.ruler.push("empty_links", _empty_links)
    made.core.ruler.push("mentions", _mentions)
    # A heading of somebody's note is no heading of the page.
    for rule, drawn in (("heading_open", "<p><strong>"), ("heading_close", "</strong></p>\n")):
        made.add_render_rule(rule, _always(drawn))
    return made


def _always(drawn: str) -> Any:
    def rule(self: RendererHTML, *_: object) -> str:
        return drawn

    return rule


def _empty_links(state: StateCore) -> None:
    """A link without an address would lead to the page it stands on."""
    for block in state.tokens:
        kept, empty = [], False
        for token in block.children or ():
            if token.type == "link_open":
                empty = not token.attrGet("href")
            if not (empty and token.type in ("link_open", "link_close")):
                kept.append(token)
        if block.children:
            block.children = kept


def _mentions(state: StateCore) -> None:
    """Marks @Full Name in running text; inside links and code it stays what it is."""
    names = state.env.get("names") or ()
    if not names:
        return
    one = re.compile(f"@(?:{'|'.join(map(re.escape, names))})(?!\\w)", re.IGNORECASE)
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _marked(block.children, one)


def _marked(tokens: Sequence[Token], one: re.Pattern[str]) -> list[Token]:
    found: list[Token] = []
    in_link = 0
    for token in tokens:
        in_link += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not in_link:
            found += _split(token, one)
        else:
            found.append(token)
    return found


def _split(token: Token, one: re.Pattern[str]) -> list[Token]:
    found, end = [], 0
    for match in one.finditer(token.content):
        found.append(_token("text", token.content[end : match.start()], token.level))
        drawn = Markup('<span class="mention">{}</span>').format(match[0])
        found.append(_token("html_inline", drawn, token.level))
        end = match.end()
    return [*found, _token("text", token.content[end:], token.level)]


def _token(kind: str, content: str, level: int) -> Token:
    return Token(type=kind, tag="", nesting=0, content=content, level=level)


_parser = _markdown()
# Finds the marks and nothing else, in half the time.
_reader = MarkdownIt("commonmark").enable("strikethrough").disable("image")
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    allowed_classes={"span": {"mention"}},
    url_schemes=set(SCHEMES),
    link_rel="noopener nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    strip_comments=True,
)
