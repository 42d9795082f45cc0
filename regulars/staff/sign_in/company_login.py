"""Signing in with the company's own identity provider: it lets in colleagues, and nobody new."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class CompanyLogin(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A verified email that belongs to a colleague signs that colleague in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
