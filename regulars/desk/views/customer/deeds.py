"""What is done to a customer in one press: log, resolve, tag, archive, bring back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from regulars.customers import actions
from regulars.customers.models import Customer, Tag
from regulars.desk.forms import LogForm
from regulars.desk.forms.log import KINDS, SAID
from regulars.lib import clock, numbers
from regulars.lib.errors import Invalid, in_words
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from regulars.ui import toasts, wording
from regulars.ui.page import page, toasts_only, wants_region

from . import noting
from .page import done, draw, find, is_here, only
from .undoing import read_at, way_back


@require("customers", Level.EDIT)
@require_POST
def log(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A note, or a call, text or email that took place; the last three answer what waits."""
    user = signed_in(request)
    who = only(user, public_id)
    form = LogForm(request.POST)
    if not form.is_valid():
        return _refused(request, who, form)
    kind = form.cleaned_data["kind"]
    try:
        if kind == KINDS["note"]:
            noting.keep(request, who, user)
            return done(request, who)
        event = timeline.record(who, kind, by=user, data=form.data_kept())
    except Invalid as no:
        form.add_error("text", ". ".join(no.errors.values()))
        return _refused(request, who, form)
    answered = event.answers and who.waiting_since is not None
    said = f"{SAID[kind]} {_after(who)}" if answered else SAID[kind]
    toasts.say(request, said, undo=way_back(event, who))
    return done(request, who)


def _refused(request: HttpRequest, who: Customer, form: LogForm) -> HttpResponse:
    """The composer with what is wrong; over a list it is still there, and hears it as a toast."""
    if wants_region(request) and not is_here(request, who):
        toasts.warn(request, " ".join(str(text) for said in form.errors.values() for text in said))
        return toasts_only(request, status=422)
    return draw(
        request, find(signed_in(request), who.public_id), log=form, status=422, block="composer"
    )


@require("customers", Level.EDIT)
@require_POST
def resolve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All that waits, or the one `event`, counts as addressed."""
    user = signed_in(request)
    who = only(user, public_id)
    event = _event(who, str(request.POST.get("event", "")))
    if who.waiting_since is None:
        messages.info(request, f"Nothing waits at {who.name}: somebody was faster.")
    else:
        since = event.happened_at if event else who.waiting_since
        before, reason = read_at(who, user), str(request.POST.get("reason", ""))
        done_by = timeline.resolve(who, by=user, reason=reason, event=event)
        waited = wording.span((clock.now() - since).total_seconds())
        undo = way_back(done_by, who, read_at=before)
        toasts.say(request, f"{who.name} is resolved after {waited}.", undo=undo)
    return done(request, who)


def _after(who: Customer) -> str:
    """How long somebody waited until now."""
    if who.waiting_since is None:
        return ""
    waited = wording.span((clock.now() - who.waiting_since).total_seconds())
    return f"{who.familiar_name} is answered after {waited}."


def _event(who: Customer, pk: str) -> Event | None:
    if not pk:
        return None
    number = numbers.whole(pk)
    event = who.events.filter(pk=number).first() if number is not None else None
    if event is None:
        raise Http404("No such event")
    return event


@require("customers", Level.EDIT)
@require_POST
def tags(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put a `tag` on, or take one `off`."""
    user = signed_in(request)
    who = only(user, public_id)
    off = str(request.POST.get("off", ""))
    try:
        if off:
            actions.untag(who, off, by=user)
        else:
            actions.tag(who, str(request.POST.get("tag", "")), by=user)
    except Invalid as no:
        error = in_words(no)
        return draw(request, find(user, public_id), tag_error=error, status=422, block="record")
    return done(request, who)


@require("customers", Level.EDIT)
@require_safe
def known_tags(request: HttpRequest) -> HttpResponse:
    """The tags in use, to complete from while typing."""
    names = list(Tag.objects.values_list("name", flat=True)[:500])
    return page(request, "desk/_tags.html", {"names": names}, block="known_tags")


@require("customers", Level.EDIT)
@require_POST
def archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = actions.archive(only(user, public_id), by=user)
    said = f"{who.name} is archived: off the lists, with everything kept."
    toasts.say(request, said, undo=reverse("desk:restore", args=[who.public_id]))
    return done(request, who)


@require("customers", Level.EDIT)
@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = actions.restore(only(user, public_id), by=user)
    messages.success(request, f"{who.name} is back on the lists.")
    return done(request, who)
