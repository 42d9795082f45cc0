"""Settings › API tokens: thin, each one call of `tokens`."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from regulars.lib import clock
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in

from . import tokens as actions
from .forms import TokenForm
from .models import ApiToken


@require("tokens")
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; a POST makes one and shows its secret once, in that answer only."""
    if request.method == "POST":
        return _issue(request)
    return _drawn(request, TokenForm())


@require("tokens", Level.EDIT)
def _issue(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _drawn(request, form, status=422)
    days = form.cleaned_data["days"]
    token, secret = actions.issue(
        user,
        name=form.cleaned_data["name"],
        by=user,
        expires_at=clock.now() + days if days else None,
    )
    return _drawn(request, TokenForm(), token=token, secret=secret)


@require("tokens", Level.EDIT)
@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """Only one's own: somebody else's is the same 404 as a missing one."""
    user = signed_in(request)
    token = get_object_or_404(ApiToken, pk=pk, user=user)
    actions.revoke(token, by=user)
    messages.success(request, f"{token.name} is revoked.")
    return redirect("wire:tokens")


def _drawn(
    request: HttpRequest,
    form: TokenForm,
    *,
    token: ApiToken | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    known = {
        "form": form,
        "fresh": token,
        "secret": secret,
        "tokens": list(ApiToken.objects.filter(user=user, revoked_at=None)),
        "can_edit": user.may("tokens", Level.EDIT),
    }
    answer = render(request, "wire/tokens.html", known, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
