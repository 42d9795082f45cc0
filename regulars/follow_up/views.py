"""What is due: the list, a task's form, and what is done to one in one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers import queries as customers
from regulars.customers.models import Customer
from regulars.lib import clock, cursors
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other, target

from . import actions, pressing, queries
from .actions.one import OWNER
from .due import When
from .facts import TaskFacts, clean
from .forms import NOBODY, TaskForm
from .forms import OWNER as THE_OWNER
from .models import State, Task
from .queries import Asked, Whose
from .shown import icon_of, mark

FOUND = 8
LABELS = {Whose.MINE: "Mine", Whose.TEAM: "Team", Whose.ALL: "Everybody"}


@require_safe
@require("customers")
def tasks(request: HttpRequest) -> HttpResponse:
    """What is to be done, by when it is due; or one section of it, or what is done or put away."""
    user, now, zone = signed_in(request), clock.now(), timezone.get_current_timezone()
    asked = _asked(request, user)
    bands: list[dict[str, Any]] = []
    after = ""
    try:
        if asked.is_one_list:
            found, cursor = queries.one_list(user, asked, now, zone)
            label = asked.when.label if asked.when else State(asked.state).label
            after = _address(asked, cursor=cursor) if cursor else ""
            bands = [{"when": asked.when, "label": label, "tasks": found, "more": after}]
        else:
            for when, some in queries.sections(user, asked, now, zone).items():
                more = _address(asked, when=when) if some.goes_on else ""
                bands.append({"when": when, "label": when.label, "tasks": some.tasks, "more": more})
    except cursors.BadCursor:
        return see_other(request, reverse("follow_up:tasks"))
    context = {
        "asked": asked,
        "bands": [band for band in bands if band["tasks"] or band["more"]],
        "after": after,
        "whose": [(LABELS[w], _address(asked, whose=w), w == asked.whose) for w in _offered(user)],
        "states": [(s.label, _address(asked, state=s), s == asked.state) for s in State],
        "whole": _address(asked),
        "mark_of": lambda task: mark(task.due, now, zone),
        "icon_of": icon_of,
        "badge": lambda: pressing.pressing(request, user),
        "may_edit": user.may("customers", Level.EDIT),
    }
    beside = [] if target(request) == "next-page" else ["tasks", "badge_tasks"]
    return page(request, "follow_up/tasks.html", context, beside=beside)


def _offered(user: User) -> list[Whose]:
    return [Whose.MINE, *([Whose.TEAM] if user.team_id else []), Whose.ALL]


def _asked(request: HttpRequest, user: User) -> Asked:
    """What the address says; what it does not know means the ordinary."""
    said = request.GET
    customer = None
    if said.get("customer"):
        customer = _customer(user, said["customer"])
    ordinary = Whose.ALL if customer else Whose.MINE
    whose = Whose(said["whose"]) if said.get("whose", "") in list(Whose) else ordinary
    state = State(said["state"]) if said.get("state", "") in State.values else State.TODO
    when = When(said["when"]) if said.get("when", "") in list(When) else None
    when = when if state == State.TODO else None
    return Asked(whose, state, customer, when, said.get("cursor", "")[:500])


def _address(asked: Asked, **other: Any) -> str:
    """The list asked for otherwise; another list begins at its beginning."""
    said = {"whose": asked.whose, "state": asked.state, "when": asked.when, **other}
    if "whose" in other or "state" in other:
        said["when"] = None
    plain = {
        "customer": str(asked.customer.public_id) if asked.customer else "",
        "whose": "" if said["whose"] == Whose.MINE or asked.customer else said["whose"],
        "state": "" if said["state"] == State.TODO else said["state"],
        "when": said["when"] or "",
        "cursor": said.get("cursor", ""),
    }
    query = "&".join(f"{key}={quote(str(value))}" for key, value in plain.items() if value)
    return reverse("follow_up:tasks") + (f"?{query}" if query else "")


def _customer(user: User, said: str) -> Customer:
    try:
        rows = Customer.objects.visible_to(user).known_as(UUID(said))
    except ValueError:
        raise Http404("No such customer") from None
    found = rows.select_related("owner").first()
    if found is None:
        raise Http404("No such customer")
    return found


def _task(user: User, pk: int) -> Task:
    found = Task.objects.visible_to(user).select_related(*queries.RELATED).filter(pk=pk).first()
    if found is None:
        raise Http404("No such task")
    return found


@require("customers", Level.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a task about the `customer`, who is asked for first when the page is about nobody."""
    user = signed_in(request)
    given = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and not given.get("customer"):
        return _whom(request, user)
    who = _customer(user, str(given.get("customer", "")))
    form = TaskForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            facts = clean(form.facts(), timezone.get_current_timezone())
            chosen = form.cleaned_data["assignee"] or THE_OWNER
            to = None if chosen == NOBODY else form.people.get(chosen)
            actions.add(who, facts, assignee=OWNER if chosen == THE_OWNER else to, by=user)
        except Invalid as no:
            _blame(form, no)
        else:
            toasts.say(request, f"To be done: {facts.title}")
            return _on(request, who)
    return _form(request, form, who)


def _whom(request: HttpRequest, user: User) -> HttpResponse:
    """Whom the task is about: found as the search finds; region `hits`."""
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    found = customers.search(user, q, limit=FOUND)
    context = {
        "q": q,
        "hits": found.items,
        "alike": found.alike,
        "more": bool(found.next),
        "next": _next(request),
        "back": reverse("follow_up:tasks"),
    }
    block = "hits" if target(request) == "hits" else "editor"
    return page(request, "follow_up/whom.html", context, block=block)


@require("customers", Level.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what it says and for whom it is."""
    user = signed_in(request)
    found = _task(user, pk)
    form = TaskForm(request.POST if request.method == "POST" else None, by=user, of=found)
    if request.method == "POST" and form.is_valid():
        try:
            facts = clean(form.facts(), timezone.get_current_timezone(), TaskFacts.of(found))
            actions.change(found, facts, by=user)
            chosen = form.cleaned_data["assignee"]
            if chosen:
                to = None if chosen == NOBODY else form.people[chosen]
                actions.reassign(found, to=to, by=user)
        except Invalid as no:
            _blame(form, no)
        else:
            toasts.say(request, "Saved.")
            return _on(request, found.customer)
    return _form(request, form, found.customer, task=found)


def _form(
    request: HttpRequest, form: TaskForm, who: Customer, task: Task | None = None
) -> HttpResponse:
    context = {"form": form, "customer": who, "task": task, "next": _next(request)}
    status = 422 if form.errors else 200
    return page(request, "follow_up/task.html", context, block="editor", status=status)


def _blame(form: TaskForm, no: Invalid) -> None:
    for key, sentence in no.errors.items():
        form.add_error(key if key in form.fields else None, sentence)


def _deed(
    did: Callable[..., Task], says: str, undo: str
) -> Callable[[HttpRequest, int], HttpResponse]:
    @require("customers", Level.EDIT)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        found = did(_task(signed_in(request), pk), by=signed_in(request))
        back = reverse(f"follow_up:{undo}", args=[pk])
        on = _next(request)
        toasts.say(
            request, says.format(found.title), undo=f"{back}?next={quote(on)}" if on else back
        )
        return _on(request, found.customer)

    return view


done = _deed(actions.finish, "Done: {}", "reopen")
reopen = _deed(actions.reopen, "To be done again: {}", "done")
archive = _deed(actions.archive, "Archived: {}", "restore")
restore = _deed(actions.restore, "Back on the list: {}", "archive")


def _next(request: HttpRequest) -> str:
    """Where the page that sent the form wants to be; "" unless it is one of ours."""
    on = str(request.POST.get("next", "") or request.GET.get("next", ""))[:2_000]
    return on if on and url_has_allowed_host_and_scheme(on, None) else ""


def _on(request: HttpRequest, who: Customer) -> HttpResponse:
    return see_other(request, _next(request) or who.get_absolute_url())
