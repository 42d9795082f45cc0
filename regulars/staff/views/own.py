"""Settings a colleague has for themselves."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from regulars.staff import actions, settings_pages
from regulars.staff.forms import ProfileForm
from regulars.staff.permission import signed_in


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    groups = settings_pages.shown_to(signed_in(request))
    return render(request, "staff/settings.html", {"groups": groups})


def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    kept = {"name": user.name, "time_zone": user.time_zone, "single_keys": user.single_keys}
    form = ProfileForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        actions.set_profile(user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("staff:profile")
    return render(request, "staff/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What guards the account, and where to change each of it."""
    user = signed_in(request)
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    known = {
        "totp": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "sessions": UserSession.objects.filter(user=user).count(),
    }
    return render(request, "staff/security.html", known)
