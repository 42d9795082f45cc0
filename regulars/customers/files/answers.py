"""How content leaves: always as an attachment, as nothing a browser would run, kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, StreamingHttpResponse

from . import names, sniffing, storing

if TYPE_CHECKING:
    from regulars.customers.models import Attachment

# No script, no style, no frame, no other site, whatever the content turns out to be.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"


def fenced(answer: HttpResponse | StreamingHttpResponse) -> None:
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    # What is packed already is not packed again, and says how long it is.
    answer["Content-Encoding"] = "identity"


def content(file: Attachment, *, as_octets: bool = False) -> StreamingHttpResponse:
    """The file in pieces; 404 when its content is gone."""
    try:
        pieces = storing.pieces(file.key)
    except FileNotFoundError:
        raise Http404("The content of this file is gone") from None
    kind = sniffing.OCTETS if as_octets else sniffing.served(file.content_type)
    answer = StreamingHttpResponse(pieces, content_type=kind)
    fenced(answer)
    answer["Content-Length"] = str(file.size)
    answer["Content-Disposition"] = names.disposition(file.name)
    return answer


def picture(content: bytes) -> HttpResponse:
    """A preview, which may be shown."""
    answer = HttpResponse(content, content_type="image/webp")
    fenced(answer)
    return answer
