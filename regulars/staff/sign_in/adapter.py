"""Our rules for the sign-in library: nobody signs up, guesses are throttled, mail is queued."""

import base64
import hashlib
import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from regulars.lib import clock
from regulars.staff import actions
from regulars.staff.models import User

from . import devices, throttle
from .hashing import Busy

log = logging.getLogger("regulars.sign_in")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Every password, at sign-in or to confirm, passes `authenticate`."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Email and password do not fit together. Check both, or set a "
        "new password by email.",
        "incorrect_password": "That is not your password.",
        "incorrect_code": "That code is not right, or was used already. Wait for the next one.",
        "too_many_login_attempts": "Too many codes. Wait a while and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where `next` may lead; what is no address at all leads nowhere."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        email = str(credentials.get("email") or "")
        keys = self._keys(request, email)
        wait = actions.try_password(keys, now=clock.now())
        if wait:
            log.warning("sign-in throttled keys=%s wait=%s", sorted(keys), wait)
            raise ValidationError(too_many(wait), code="too_many_login_attempts")
        try:
            user = super().authenticate(request, **credentials)
        except Busy as busy:
            actions.take_back_try(keys)
            raise ValidationError(
                "Many people are signing in at this moment. Try again in a few seconds.",
                code="busy",
            ) from busy
        if user is None:
            log.warning("sign-in failed keys=%s", sorted(keys))
        else:
            actions.take_back_try(keys)
        return user if isinstance(user, User) else None

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library's own limit is not asked: ours came first, in `authenticate`."""

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **facts)
        if user.email:
            devices.remember(request, response, user.email)
        log.info("signed in person=%s", user.pk)
        return response

    def set_password(self, user: User, password: str) -> None:
        """A new password by email also opens an account that guessing had closed."""
        super().set_password(user, password)
        actions.forget_tries([_account(user.email or "")])
        log.info("password set person=%s", user.pk)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """By the worker: an answer that takes as long as sending mail would tell who works here."""
        from regulars.staff import tasks

        tasks.send_password_link.defer(user_id=user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """News about the own account; mail that is down must not undo what was done."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            log.exception("mail not sent template=%s", template_prefix)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """“You have signed in” is no news to who just did."""
        if "account/messages/logged_in.txt" not in args:
            super().add_message(request, level, *args, **kwargs)

    def _keys(self, request: HttpRequest, email: str) -> dict[str, throttle.Limit]:
        device = devices.known(request, email)
        if device:
            return {f"device:{device}:{devices.digest(email)}": throttle.ACCOUNT}
        return {_account(email): throttle.ACCOUNT, f"address:{address(request)}": throttle.ADDRESS}


def _account(email: str) -> str:
    return f"account:{devices.digest(email)}"


def address(request: HttpRequest) -> str:
    """Where a request comes from, an IPv6 one by its network; "unknown" behind a unix socket."""
    try:
        return str(truncate_ip(AccountAdapter(request).get_client_ip(request)))
    except PermissionDenied:
        return "unknown"


def too_many(wait: timedelta) -> str:
    return (
        f"Too many tries. Wait {throttle.said(wait)} and try again, or set a new password by email."
    )


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps are encrypted at rest, with room for a new SECRET_KEY."""

    def get_totp_issuer(self) -> str:
        return "Regulars"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"regulars.mfa" + key.encode()).digest()))
        for key in keys
    )
