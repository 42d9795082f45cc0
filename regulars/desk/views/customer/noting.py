"""Notes on the customer's page: kept, edited, pinned, taken back; whom they may mention."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers import actions
from regulars.customers.models import Customer, Note
from regulars.customers.notes import queries
from regulars.customers.notes.facts import may_change, read
from regulars.customers.notes.mentions import mentioned
from regulars.desk.forms.note import DETAIL, NoteForm, said
from regulars.lib.errors import Invalid, NotAllowed, in_words
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.staff.queries import colleagues
from regulars.timeline.models import Event
from regulars.ui import toasts
from regulars.ui.page import page
from regulars.ui.wording import listed

from .form import editor
from .page import done, only
from .undoing import way_back


def keep(request: HttpRequest, who: Customer, user: User) -> Note:
    """The note that was sent, kept; says who is told and who is not. Raises `Invalid`."""
    note = actions.add_note(who, read(said(request.POST), by=user, about=who), by=user)
    toasts.say(request, f"The note is kept.{_told(note)}", undo=way_back(note.event, who))
    _warn(request, note, who, user)
    return note


def _told(note: Note) -> str:
    names = [person["name"] for person in note.event.data.get("mentions", [])]
    if not names:
        return ""
    return f" {listed(names)} {'is' if len(names) == 1 else 'are'} asked to look."


def _warn(request: HttpRequest, note: Note, who: Customer, user: User) -> None:
    """Colleagues who do not see the customer would look at nothing."""
    if "@" not in note.text:
        return
    told = {person["id"] for person in note.event.data.get("mentions", [])}
    everybody = mentioned(note.text, colleagues(user).exclude(pk=user.pk))
    blind = [person.name for person in everybody if person.pk not in told]
    if blind:
        does = "does" if len(blind) == 1 else "do"
        messages.warning(
            request, f"{listed(blind)} {does} not see {who.familiar_name} and cannot be asked."
        )


def _event(who: Customer, pk: int) -> Event:
    """The note's event; Ids beyond what can exist are missing like all others."""
    rows = who.events.filter(kind=queries.KIND).select_related("actor", "customer__owner")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404("No such note")
    return found


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Edit one's own note; what it said before stays in its history."""
    user = signed_in(request)
    who = only(user, public_id)
    event = _event(who, pk)
    row = queries.by_event(who, [event]).get(event.pk)
    if row is not None and row.is_retracted:
        raise Http404("No such note")
    author = row.author if row else event.actor
    if not may_change(author, user):
        messages.error(request, f"Only {author.name if author else 'its author'} can change it.")
        return done(request, who)
    text, wrong = row.text if row else event.quote, {}
    if request.method == "POST":
        text = str(request.POST.get("text", ""))
        try:
            facts = read(said(request.POST), by=user, of=actions.row_of(event, by=user))
            actions.edit_note(event, facts, by=user)
        except Invalid as no:
            wrong = no.errors
        else:
            messages.success(request, "The note is saved.")
            return done(request, who)
    return editor(
        request,
        "desk/note.html",
        who,
        _form(request, user, who, row),
        event=event,
        text=text,
        errors=wrong,
        wrong=bool(wrong),
    )


def _form(request: HttpRequest, user: User, who: Customer, row: Note | None) -> NoteForm:
    kinds = [(kind.pk, kind.name) for kind in queries.types()]
    known = {}
    if row is not None:
        known = {"type": str(row.type_id or ""), "call_status": row.call_status}
        known |= {f"{DETAIL}{key}": value for key, value in row.details.items()}
        if row.type is not None and row.type.retired_at is not None:
            kinds.append((row.type.pk, row.type.name))
    data = request.POST if request.method == "POST" else None
    return NoteForm(data, by=user, about=who, types=kinds, known=known)


@require("customers", Level.EDIT)
@require_POST
def pin(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    try:
        actions.pin_note(_event(who, pk), by=user)
    except Invalid as no:
        messages.error(request, in_words(no) + ".")
    else:
        messages.success(request, "The note is pinned above the timeline.")
    return done(request, who)


@require("customers", Level.EDIT)
@require_POST
def unpin(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    actions.unpin_note(_event(who, pk), by=user)
    messages.success(request, "The note is no longer pinned.")
    return done(request, who)


@require("customers", Level.EDIT)
@require_POST
def retract(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    try:
        actions.retract_note(_event(who, pk), by=user)
    except NotAllowed as no:
        messages.error(request, str(no))
    else:
        messages.success(request, "The note is taken back; a mark says so.")
    return done(request, who)


@require("customers", Level.EDIT)
@require_safe
def mentionable(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whom a note may mention: options for the box one types in."""
    user = signed_in(request)
    people = queries.mentionable(user, only(user, public_id))
    return page(request, "desk/_mentionable.html", {"people": people}, block="mentionable")
