"""For machines that watch us: is the process alive, and can it work?"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import condition


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when pages and jobs work, else 503 saying what does not."""
    missing = [finding for finding in condition.readiness() if not finding.ok]
    if not missing:
        return JsonResponse({"status": "ok"})
    return JsonResponse(
        {"status": "not ready", "not_ready": {each.name: each.words for each in missing}},
        status=503,
    )
