"""Settings a colleague has for themselves."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from regulars.lib.errors import Invalid, in_words
from regulars.staff import actions, settings_pages
from regulars.staff.forms import PhotoForm, ProfileForm
from regulars.staff.models import Photo
from regulars.staff.permission import signed_in


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    groups = settings_pages.shown_to(signed_in(request))
    return render(request, "staff/settings.html", {"groups": groups})


def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    keys = ("name", "time_zone", "hours", "single_keys")
    form = ProfileForm(request.POST or None, initial={key: getattr(user, key) for key in keys})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_profile(user, **form.cleaned_data)
        except Invalid as no:
            form.add_error("hours", in_words(no))
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("staff:profile")
    return _profile(request, form, PhotoForm())


def _profile(request: HttpRequest, form: ProfileForm, photo: PhotoForm) -> HttpResponse:
    status = 422 if form.errors or photo.errors else 200
    known = {"form": form, "photo_form": photo}
    return render(request, "staff/profile.html", known, status=status)


@require_POST
def set_photo(request: HttpRequest) -> HttpResponse:
    """A face for oneself, or with `remove` initials again."""
    user = signed_in(request)
    if request.POST.get("remove"):
        actions.remove_photo(user, by=user)
        return redirect("staff:profile")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.set_photo(user, form.cleaned_data["photo"], by=user)
        except Invalid as no:
            form.add_error("photo", in_words(no))
        else:
            messages.success(request, "This is how colleagues see you now.")
            return redirect("staff:profile")
    keys = ("name", "time_zone", "hours", "single_keys")
    return _profile(request, ProfileForm(initial={k: getattr(user, k) for k in keys}), form)


@require_safe
def photo(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """A colleague's face; its address changes with it, so it may be kept for long."""
    found = get_object_or_404(Photo, user=pk)
    answer = HttpResponse(bytes(found.content), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


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
