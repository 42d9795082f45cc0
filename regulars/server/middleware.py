"""What every answer carries, and the two addresses that answer before anything else."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import bodies, views

Answer = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
        *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
        *("payment", "usb", "xr-spatial-tracking"),
    )
)


def headers(get_response: Answer) -> Answer:
    """Nothing about customers is kept by browsers or proxies, and no device may be asked for."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer


def probes(get_response: Answer) -> Answer:
    """Health is asked by address, over http, without a session: before hosts matter."""
    doors = {"/healthz": views.healthz, "/readyz": views.readyz}

    def answer(request: HttpRequest) -> HttpResponseBase:
        door = doors.get(request.path)
        if door is None:
            return get_response(request)
        response = door(request)
        # Whoever asks is told; the log need not repeat it.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return answer


def not_too_big(get_response: Answer) -> Answer:
    """A body beyond what one request may have, which was thrown away: said, and why."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        return views.too_big(request) if bodies.TOO_BIG in request.META else get_response(request)

    return answer
