"""Phone numbers: E.164 where the number is real, the typed form always."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

MAX_LENGTH = 60


@dataclass(frozen=True)
class Number:
    """`typed` as given; `e164` like +17345550162, or "" when no such number can exist."""

    typed: str
    e164: str
    digits: str
    extension: str = ""


@lru_cache(maxsize=4096)
def read(typed: str, region: str = "US") -> Number:
    """Read a number as typed by somebody in `region` (ISO alpha-2)."""
    typed = " ".join(typed.replace("\x00", "").split())[:MAX_LENGTH]
    digits = "".join(str(int(c)) for c in typed if c.isdecimal())
    try:
        parsed = phonenumbers.parse(typed, region or None)
    except phonenumbers.NumberParseException:
        return Number(typed, "", digits)
    extension = parsed.extension or ""
    if not phonenumbers.is_valid_number(parsed):
        return Number(typed, "", digits, extension)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Number(typed, e164, e164[1:], extension)


@lru_cache(maxsize=4096)
def shown(e164: str, region: str = "US", *, extension: str = "") -> str:
    """National form inside `region`, international outside; "" for ""."""
    if not e164:
        return ""
    parsed = phonenumbers.parse(e164, None)
    home = phonenumbers.region_code_for_number(parsed) == region
    form = phonenumbers.PhoneNumberFormat
    said = phonenumbers.format_number(parsed, form.NATIONAL if home else form.INTERNATIONAL)
    return f"{said} ext. {extension}" if extension else said
