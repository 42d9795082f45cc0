"""Files for programs: listed, sent, fetched, renamed, removed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Router
from ninja.files import UploadedFile

from regulars.customers import actions
from regulars.customers.files import answers
from regulars.customers.files.schemas import FilePage, FilePatch, FileRow, row
from regulars.customers.models import Attachment, Customer
from regulars.lib import cursors
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from .gate import reader, seen, writer

router = Router()

_BYTES = {
    "responses": {
        200: {
            "description": "The content",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}


@router.get("/customers/{customer_id}/files", response=FilePage, summary="Files")
def files(
    request: HttpRequest, customer_id: UUID, cursor: Cursor = None, limit: Limit = PAGE
) -> HttpResponse:
    """Newest first."""
    customer = seen(reader(request), customer_id)
    rows = customer.attachments.select_related("uploaded_by").order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=cursors.decode(cursor, int)[0])
    found = list(rows[: limit + 1])
    following = cursors.encode(found[limit - 1].pk) if len(found) > limit else None
    return answer({"items": [row(f, customer_id) for f in found[:limit]], "next": following})


@router.post("/customers/{customer_id}/files", response={201: FileRow}, summary="Add a file")
def add_file(request: HttpRequest, customer_id: UUID, file: File[UploadedFile]) -> HttpResponse:
    """Its type is found out from what it contains; its name is only what it is called."""
    user = writer(request)
    customer = seen(user, customer_id)
    kept = actions.attach(customer, file.file or file, name=file.name or "", by=user)
    answered = answer(row(kept, customer_id), status=201)
    answered["Location"] = f"/api/v1/customers/{customer_id}/files/{kept.public_id}"
    return answered


@router.get("/customers/{customer_id}/files/{file_id}", response=FileRow, summary="One file")
def file(request: HttpRequest, customer_id: UUID, file_id: UUID) -> HttpResponse:
    return answer(row(_file(seen(reader(request), customer_id), file_id), customer_id))


@router.get(
    "/customers/{customer_id}/files/{file_id}/content",
    response={200: None},
    summary="What a file contains",
    openapi_extra=_BYTES,
)
def file_content(request: HttpRequest, customer_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Octets, whatever they are: `content_type` of the file says what."""
    found = _file(seen(reader(request), customer_id), file_id)
    return answers.content(found, as_octets=True)


@router.patch("/customers/{customer_id}/files/{file_id}", response=FileRow, summary="Rename a file")
def rename_file(
    request: HttpRequest, customer_id: UUID, file_id: UUID, body: FilePatch
) -> HttpResponse:
    user = writer(request)
    found = _file(seen(user, customer_id), file_id)
    return answer(row(actions.rename_file(found, body.name, by=user), customer_id))


@router.delete(
    "/customers/{customer_id}/files/{file_id}", response={204: None}, summary="Remove a file"
)
def remove_file(request: HttpRequest, customer_id: UUID, file_id: UUID) -> HttpResponse:
    """From the customer and from the storage."""
    user = writer(request)
    actions.remove_file(_file(seen(user, customer_id), file_id), by=user)
    return HttpResponse(status=204)


def _file(customer: Customer, file_id: UUID) -> Attachment:
    found = customer.attachments.filter(public_id=file_id).select_related("uploaded_by").first()
    if found is None:
        raise Http404
    found.customer = customer
    return found
