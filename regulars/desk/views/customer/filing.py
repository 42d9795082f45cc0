"""A customer's files: sent, listed, fetched, shown small, renamed, removed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers import actions
from regulars.customers.files import answers, panel, previews
from regulars.customers.models import Attachment, Customer
from regulars.lib import numbers
from regulars.lib.errors import Invalid, in_words
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other
from regulars.ui.wording import plural

from .form import blame, editor, posted
from .page import done, only

PAGE = 50
AT_ONCE = 20


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=255)


def _file(who: Customer, file_id: UUID) -> Attachment:
    found = who.attachments.filter(public_id=file_id).select_related("uploaded_by").first()
    if found is None:
        raise Http404("No such file")
    found.customer = who
    return found


@require("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All files, newest first, fifty to a page; or those that are sent."""
    user = signed_in(request)
    who = only(user, public_id)
    if request.method == "POST":
        return _send(request, public_id)
    return _listed(request, who, user)


@require("customers", Level.EDIT)
def _send(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    sent = request.FILES.getlist("file")
    kept, wrong = 0, []
    if not sent:
        wrong.append("Choose a file first.")
    if len(sent) > AT_ONCE:
        wrong.append(f"At most {AT_ONCE} files at once.")
        sent = []
    for one in sent:
        try:
            actions.attach(who, one.file or one, name=one.name or "", by=user)
        except Invalid as no:
            wrong.append(f"{one.name}: {in_words(no)}.")
        else:
            kept += 1
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"kept": kept, "errors": wrong}, status=422 if wrong else 201)
    if wrong:
        return _listed(request, who, user, wrong)
    messages.success(request, f"{plural(kept, 'file')} kept.")
    return see_other(request, who.get_absolute_url())


def _listed(
    request: HttpRequest, who: Customer, user: User, wrong: list[str] | None = None
) -> HttpResponse:
    after = numbers.whole(request.GET.get("after", ""))
    rows = who.attachments.select_related("uploaded_by").order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE + 1])
    context = {
        "customer": who,
        "files": [panel.shown(file) for file in found[:PAGE]],
        "after": str(found[PAGE - 1].pk) if len(found) > PAGE else "",
        "wrong": wrong or [],
        "may_edit": user.may("customers", Level.EDIT),
        **panel.limits(),
    }
    return page(request, "desk/files.html", context, status=422 if wrong else 200)


@require("customers")
@require_safe
def file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The content, as an attachment that no browser runs."""
    return answers.content(_file(only(signed_in(request), public_id), file_id))


@require("customers")
@require_safe
def preview(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A picture in the small, made when it is first asked for."""
    found = _file(only(signed_in(request), public_id), file_id)
    if not found.is_picture:
        raise Http404("No picture")
    try:
        content = previews.of(found)
    except FileNotFoundError:
        raise Http404("The content of this file is gone") from None
    if content is None:
        actions.drop_preview(found, by=None)
        raise Http404("No picture")
    return answers.picture(content)


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def rename_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    found = _file(who, file_id)
    form = NameForm(posted(request), initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_file(found, form.cleaned_data["name"], by=user)
        except Invalid as no:
            blame(form, no)
        else:
            messages.success(request, f"It is called {found.name} now.")
            return done(request, who)
    return editor(request, "desk/file.html", who, form, file=found)


@require("customers", Level.EDIT)
@require_POST
def remove_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    found = _file(who, file_id)
    actions.remove_file(found, by=user)
    messages.success(request, f"{found.name} is removed.")
    return done(request, who)
