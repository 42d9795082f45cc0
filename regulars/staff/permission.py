"""The one question “may they?” for every face, with every refusal logged."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from regulars.lib.errors import NotAllowed

from .functions import Level, functions
from .models import User

log = logging.getLogger("regulars.access")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def refusal(function: str, level: Level) -> str:
    """What a colleague reads who may not."""
    label = functions[function].label
    if level == Level.EDIT:
        return f"Your role may not do this ({label}). An administrator can change that."
    return f"Your role may not see this ({label}). An administrator can change that."


def check(user: User, function: str, level: Level = Level.EDIT) -> None:
    """Raise `NotAllowed`, with a sentence, when the user's role does not reach `level`."""
    if not user.may(function, level):
        log.warning(
            "refused user=%s role=%s function=%s level=%s",
            user.pk,
            user.role.key,
            function,
            level.name,
        )
        raise NotAllowed(refusal(function, level))


def require(function: str, level: Level = Level.VIEW) -> Callable[[View], View]:
    """For a view of signed-in people: below `level` the answer is the 403 page with a sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                check(signed_in(request), function, level)
            except NotAllowed as no:
                raise PermissionDenied(str(no)) from no
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return decorate


def signed_in(request: HttpRequest) -> User:
    """The user of a view that only signed-in people reach."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied("Sign in first.")
    return user
