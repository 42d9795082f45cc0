"""Mailboxes and numbers: one spelling each, and nothing for those that say nothing of anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

_DOTLESS = {"gmail.com", "googlemail.com"}
_PLUS = {
    "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com",
    "fastmail.com", "fastmail.fm", "proton.me", "protonmail.com", "pm.me", "yahoo.com", "ymail.com",
}  # fmt: skip
PUBLIC = _DOTLESS | _PLUS | {
    "aol.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net",
    "charter.net", "earthlink.net", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de",
    "mail.ru", "yandex.ru", "mail.com", "zoho.com", "hey.com", "orange.fr", "free.fr", "wanadoo.fr",
    "laposte.net", "libero.it", "yahoo.co.uk", "btinternet.com", "rogers.com", "shaw.ca",
    "bell.net", "sympatico.ca", "hotmail.co.uk", "live.ca", "yahoo.ca", "yahoo.fr", "hotmail.fr",
    "qq.com", "163.com", "naver.com", "rocketmail.com", "optonline.net", "frontier.com", "juno.com",
    "duck.com", "freenet.de", "arcor.de", "posteo.de", "mailbox.org", "sfr.fr", "neuf.fr",
    "bbox.fr", "alice.it", "virgilio.it", "tiscali.it", "tin.it", "telefonica.net", "terra.es",
    "ziggo.nl", "kpnmail.nl", "planet.nl", "xs4all.nl", "home.nl", "casema.nl", "hetnet.nl",
    "telenet.be", "skynet.be", "proximus.be", "bluewin.ch", "sunrise.ch", "aon.at", "chello.at",
    "wp.pl", "onet.pl", "o2.pl", "interia.pl", "op.pl", "telia.com", "comhem.se", "bredband.net",
    "sky.com", "virginmedia.com", "talktalk.net", "ntlworld.com", "blueyonder.co.uk", "o2.co.uk",
    "online.no", "mail.dk", "seznam.cz", "abv.bg", "ukr.net", "rediffmail.com", "bigpond.com",
    "optusnet.com.au", "xtra.co.nz", "uol.com.br", "bol.com.br", "terra.com.br", "videotron.ca",
    "telus.net", "cogeco.ca", "sasktel.net", "eastlink.ca", "windstream.net", "centurylink.net",
    "netzero.net", "126.com", "sina.com", "daum.net", "hanmail.net", "email.de", "inbox.lv",
}  # fmt: skip
# These have one domain for each country.
_EVERYWHERE = {"hotmail", "yahoo", "live", "outlook", "gmx", "msn", "ymail", "yandex"}
_MEANT = {
    "gmial.com": "gmail.com", "gamil.com": "gmail.com", "gmai.com": "gmail.com",
    "gmail.co": "gmail.com", "gmaill.com": "gmail.com", "gnail.com": "gmail.com",
    "gmail.cm": "gmail.com", "gmal.com": "gmail.com", "hotmial.com": "hotmail.com",
    "hotmai.com": "hotmail.com", "hotmal.com": "hotmail.com", "yaho.com": "yahoo.com",
    "yahooo.com": "yahoo.com", "yahoo.co": "yahoo.com", "outlok.com": "outlook.com",
    "iclod.com": "icloud.com", "googlemail.com": "gmail.com",
}  # fmt: skip
ROLES = {
    "info", "sales", "contact", "office", "admin", "administrator", "hello", "support", "service",
    "accounts", "accounting", "billing", "invoice", "invoices", "orders", "order", "shop", "store",
    "mail", "email", "team", "help", "reception", "frontdesk", "manager", "marketing", "hr", "jobs",
    "enquiries", "inquiries", "purchasing", "ap", "ar", "parts", "webmaster", "postmaster", "news",
    "newsletter", "kontakt", "buero", "verkauf", "ventas", "contacto", "bonjour", "booking",
    "bookings", "reservations", "customerservice", "receiving", "warehouse",
}  # fmt: skip
_JUNK = {
    "na", "none", "no", "noemail", "test", "nomail", "no.email", "unknown", "x", "xx", "xxx", "abc",
    "asdf", "noreply", "no-reply", "donotreply", "declined", "refused", "notgiven", "customer",
    "none.given", "noone", "nobody", "fake", "a",
}  # fmt: skip
_JUNK_DOMAINS = {"test.com", "none.com", "na.com", "noemail.com", "nomail.com"}


@dataclass(frozen=True)
class Mailbox:
    """`whole` is the mailbox, `local` what stands before the @ without tag and dots."""

    whole: str
    local: str
    domain: str

    @property
    def is_role(self) -> bool:
        return self.local in ROLES

    @property
    def is_public(self) -> bool:
        return self.domain in PUBLIC or self.domain.partition(".")[0] in _EVERYWHERE


@lru_cache(maxsize=16_384)
def mailbox(address: str) -> Mailbox | None:
    """The mailbox behind an address, None for one that was made up to fill the field."""
    local, at, domain = address.strip().lower().rpartition("@")
    domain = domain.strip(".")
    if domain.endswith(".con"):
        domain = domain[:-1] + "m"
    domain = _MEANT.get(domain, domain)
    if not at or not local or "." not in domain:
        return None
    if domain in _DOTLESS:
        local = local.partition("+")[0].replace(".", "")
    elif domain in _PLUS:
        local = local.partition("+")[0]
    if not local or local in _JUNK or domain in _JUNK_DOMAINS:
        return None
    return Mailbox(f"{local}@{domain}", local, domain)


_NANP = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")
_EXTENSION = re.compile(
    r"(?:x|ext\.?|extension|poste|durchwahl|dw|interno|#)\.?\s*[0-9]{1,6}\s*$", re.IGNORECASE
)


@lru_cache(maxsize=16_384)
def number(typed: str, region: str = "US") -> str | None:
    """Ten digits in North America, +49… elsewhere; None for what is no number or nobody's."""
    text = _EXTENSION.sub("", typed.strip())
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    foreign = text.startswith("+") and not digits.startswith("1")
    if not foreign and (region in ("US", "CA") or text.startswith("+1")):
        found = _NANP.fullmatch(digits)
        if found:
            return None if _is_junk(found[1]) else found[1]
    return _abroad(text, region)


def _abroad(text: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    national = str(parsed.national_number)
    if parsed.country_code == 1:
        found = _NANP.fullmatch(national)
        return found[1] if found and not _is_junk(found[1]) else None
    return None if _is_junk(national) else f"+{parsed.country_code}{national}"


def _is_junk(digits: str) -> bool:
    """One digit over and over, or counted up: typed to get past the field."""
    tail = digits[-7:]
    return len(set(tail)) == 1 or digits in {"1234567890", "2345678901", "9876543210"}
