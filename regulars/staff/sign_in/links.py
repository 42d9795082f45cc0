"""Links to set a password: one-time, three days, for a new colleague or a forgotten password."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from regulars.staff.models import User


def set_password_url(user: User) -> str:
    """Absolute, by `BASE_URL` and never by the Host header of whoever asked."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.BASE_URL}{path}"
