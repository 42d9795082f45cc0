"""API tokens: issued once in clear, kept as a hash, acting as their user until revoked."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from regulars.lib import clock, names
from regulars.staff.models import User

from .models import ApiToken

log = logging.getLogger("regulars.wire")

PREFIX = "rg_"
USED_EVERY = timedelta(minutes=1)
SHOWN = len(PREFIX) + 6


def digest(secret: str) -> str:
    """SHA-256 is enough: 32 random bytes cannot be guessed from it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(
    user: User,
    *,
    name: str,
    by: User | None,
    expires_at: datetime | None = None,
    now: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is kept nowhere; `by` is None on the command line."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=names.clean(name)[:80] or "Token",
        hash=digest(secret),
        prefix=secret[:SHOWN],
        created_at=now or clock.now(),
        expires_at=expires_at,
    )
    log.info("token issued token=%s person=%s by=%s", token.pk, user.pk, by.pk if by else "-")
    return token, secret


def revoke(token: ApiToken, *, by: User | None, now: datetime | None = None) -> None:
    """From now on it opens nothing; a token once revoked stays so."""
    if token.revoked_at is None:
        token.revoked_at = now or clock.now()
        token.save(update_fields=["revoked_at"])
        log.info("token revoked token=%s by=%s", token.pk, by.pk if by else "-")


def revoke_all(user: User, now: datetime) -> None:
    """What a colleague's programs could do ends with the colleague."""
    count = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    if count:
        log.info("tokens revoked person=%s count=%s", user.pk, count)


def find(secret: str, *, now: datetime) -> ApiToken | None:
    """The live token of an active user, with role, team and store; one statement.

    Notes the use, at most once a minute.
    """
    if not secret.startswith(PREFIX):
        return None
    token = (
        ApiToken.objects.filter(hash=digest(secret))
        .select_related("user__role", "user__team", "user__store")
        .first()
    )
    if token is None or not token.is_live(now) or not token.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token
