"""What the forms behind the customer's page share: how they are drawn, and how they are refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from regulars.customers.models import Customer
from regulars.lib.errors import Invalid
from regulars.ui import toasts
from regulars.ui.page import page


def editor(
    request: HttpRequest, template: str, who: Customer, form: forms.Form, **known: Any
) -> HttpResponse:
    """The form as a page, or as the dialog's content."""
    wrong = bool(form.errors) or any(known.get(key) for key in ("wrong", "stale"))
    context = {"customer": who, "form": form, "next": str(request.POST.get("next", "")), **known}
    return page(request, template, context, block="editor", status=422 if wrong else 200)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form too; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def say_removed(request: HttpRequest, who: Customer, what: str, act: str) -> None:
    """Told with its Undo, which brings it back as it was."""
    undo = reverse("desk:bring_back", args=[who.public_id, act])
    toasts.say(request, f"Removed {what}.", undo=undo)


def blame(form: forms.Form, no: Invalid) -> None:
    """What an action or a fact refused, beside the field it is about; once said is enough."""
    known = set(form.errors)
    for path, sentence in no.errors.items():
        field = path.rpartition(".")[2]
        field = {"address": "email", "number": "phone", "name": "first_name"}.get(field, field)
        if field not in known:
            form.add_error(field if field in form.fields else None, sentence)
