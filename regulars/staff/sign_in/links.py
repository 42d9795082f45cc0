"""Links to set a password: one-time, three days, for a new colleague or a forgotten password."""

import logging

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from regulars.lib.errors import NotAllowed
from regulars.staff.models import User

log = logging.getLogger("regulars.staff")


def set_password_url(user: User) -> str:
    """Absolute, by `BASE_URL` and never by the Host header of whoever asked."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return f"{settings.BASE_URL}{path}"


def may_offer(user: User, *, by: User) -> None:
    """`NotAllowed` when a link would open more than one's own role, or nobody could use it."""
    if not by.role.covers(user.role):
        raise NotAllowed("That role may do more than yours; ask an administrator.")
    if not user.email:
        raise NotAllowed(f"{user.name} has no email yet. Add one first: people sign in with it.")
    if not user.is_active:
        raise NotAllowed(f"{user.name} is disabled. Enable them first.")


def offer(user: User, *, by: User) -> str:
    """A link to hand over; `NotAllowed` as `may_offer` says."""
    may_offer(user, by=by)
    log.info("password link made person=%s by=%s", user.pk, by.pk)
    return set_password_url(user)
