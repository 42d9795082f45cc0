"""Custom fields for programs: which there are, and what is said in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Router

from regulars.customers import actions
from regulars.customers.custom import queries, values
from regulars.customers.models import CustomField
from regulars.customers.schemas.fields import (
    CustomFieldIn,
    CustomFieldList,
    CustomFieldPatch,
    CustomFieldRow,
)
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import check
from regulars.wire.answers import answer

from .gate import reader

router = Router()

FieldId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def custom(given: Mapping[str, Any], errors: dict[str, str]) -> dict[values.Definition, Any]:
    """What a body says under `custom`; what is wrong with it goes to `errors`."""
    said = given.get("custom")
    return values.read_all(queries.definitions(), said, errors) if said else {}


@router.get("/custom-fields", response=CustomFieldList, summary="Custom fields")
def custom_fields(request: HttpRequest) -> HttpResponse:
    """All that are in use, in their order; there are a hundred at most."""
    reader(request)
    rows = CustomField.objects.filter(archived_at=None)[: queries.MOST_FIELDS]
    return answer({"items": [_row(row) for row in rows], "next": None})


@router.post("/custom-fields", response={201: CustomFieldRow}, summary="Add a custom field")
def add_custom_field(request: HttpRequest, body: CustomFieldIn) -> HttpResponse:
    user = _keeper(request)
    made = actions.add_field(**body.model_dump(), by=user)
    return answer(_row(made), status=201)


@router.patch("/custom-fields/{field_id}", response=CustomFieldRow, summary="Change a custom field")
def change_custom_field(
    request: HttpRequest, field_id: FieldId, body: CustomFieldPatch
) -> HttpResponse:
    """Only what is given changes; key and kind never do. `archived` puts it away or back."""
    user = _keeper(request)
    row = CustomField.objects.filter(pk=field_id).first()
    if row is None:
        raise Http404
    said = {"label": row.label, "help": row.help, "choices": row.choices}
    said |= body.model_dump(exclude_unset=True, exclude_none=True, exclude={"archived"})
    actions.change_field(row, **said, by=user)
    if body.archived is not None:
        put = actions.archive_field if body.archived else actions.restore_field
        put(row, by=user)
    return answer(_row(row))


def _keeper(request: HttpRequest) -> User:
    user = reader(request)
    check(user, "settings", Level.EDIT)
    return user


def _row(row: CustomField) -> CustomFieldRow:
    return {
        "id": row.pk,
        "key": row.key,
        "label": row.label,
        "help": row.help,
        "kind": cast(Any, row.kind),
        "choices": row.choices,
        "archived_at": row.archived_at,
    }
