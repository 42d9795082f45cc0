"""Who was erased is known again by a keyed digest, from which nobody reads the address back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from .models import Suppression

WORDING = "Erased here before: no marketing until they ask for it themselves."


def digest(address: str, key: str) -> str:
    """HMAC-SHA256 of a normal email address or of a number's digits, in hex."""
    made = hmac.new(f"suppression:{key}".encode(), address.encode(), hashlib.sha256)
    return made.hexdigest()


def suppress(addresses: Iterable[str]) -> None:
    """Remember these addresses; `""` is none."""
    Suppression.objects.bulk_create(
        [Suppression(digest=digest(one, settings.SECRET_KEY)) for one in set(addresses) - {""}],
        ignore_conflicts=True,
    )


def suppressed(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses that were erased; older secret keys still know theirs."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = {digest(one, key): one for one in set(addresses) - {""} for key in keys}
    if not made:
        return set()
    found = Suppression.objects.filter(digest__in=list(made)).values_list("digest", flat=True)
    return {made[one] for one in found}
