"""What may happen, for programs: `/event-kinds`."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from regulars.wire.answers import answer

from .kinds import event_kinds
from .schemas import KindPage, kind_row

router = Router(tags=["Events"])


@router.get("/event-kinds", response=KindPage, summary="Kinds of events")
def kinds(request: HttpRequest) -> HttpResponse:
    """What can be recorded by programs (`recordable`), and what Regulars records by itself."""
    return answer({"items": [kind_row(kind) for kind in event_kinds], "next": None})
