"""How files look to programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from regulars.timeline.schemas import ColleagueRef

if TYPE_CHECKING:
    from regulars.customers.models import Attachment


class FileRow(TypedDict):
    """`content_type` is what the content says it is; the content itself is at `content`."""

    id: str
    name: str
    size: int
    content_type: str
    sha256: str
    width: int | None
    height: int | None
    uploaded_at: datetime
    uploaded_by: ColleagueRef | None
    content: str


class FilePage(TypedDict):
    items: list[FileRow]
    next: str | None


class FilePatch(BaseModel):
    """A file is only ever renamed."""

    name: str = Field(min_length=1, max_length=255)


def row(file: Attachment, customer_id: Any) -> FileRow:
    by = file.uploaded_by
    return {
        "id": str(file.public_id),
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "width": file.width,
        "height": file.height,
        "uploaded_at": file.uploaded_at,
        "uploaded_by": {"id": by.pk, "name": by.name} if by else None,
        "content": f"/api/v1/customers/{customer_id}/files/{file.public_id}/content",
    }
