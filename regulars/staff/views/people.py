"""Settings › People: who works here, in which role, team and store."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from regulars.lib import clock
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff import actions, queries
from regulars.staff.forms import PersonForm
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.staff.sign_in import links


@require("staff")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    rows = [(person, person.is_online(clock.now())) for person in queries.everybody()]
    return render(request, "staff/people.html", {"people": rows})


@require("staff", Level.EDIT)
def new_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, by=signed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(**form.cleaned_data, by=signed_in(request))
        except (Invalid, NotAllowed) as no:
            _tell(form, no)
        else:
            messages.success(request, f"{person.name} is added.{_invited(request, person)}")
            return redirect("staff:person", person.pk)
    return _drawn(request, form, None)


def _invited(request: HttpRequest, person: User) -> str:
    """A new colleague with an email is invited at once unless that was unticked."""
    if not person.email or not request.POST.get("invite"):
        return ""
    actions.invite(person, by=signed_in(request))
    return f" An invitation goes to {person.email}."


@require("staff", Level.EDIT)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail with a link to set their password."""
    person = get_object_or_404(queries.everybody(), pk=pk)
    try:
        actions.invite(person, by=signed_in(request))
    except NotAllowed as no:
        messages.error(request, str(no))
    else:
        messages.success(request, f"An invitation goes to {person.email}.")
    return redirect("staff:person", pk)


@require("staff")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(queries.everybody(), pk=pk)
    by = signed_in(request)
    facts = ("name", "email", "title", "phone", "role", "team", "store")
    form = PersonForm(
        request.POST or None,
        by=by,
        person=person,
        initial={fact: getattr(person, fact) for fact in facts},
    )
    if request.method == "POST":
        return _change(request, form, person)
    return _drawn(request, form, person)


@require("staff", Level.EDIT)
def _change(request: HttpRequest, form: PersonForm, person: User) -> HttpResponse:
    if form.is_valid():
        try:
            actions.change(person, by=signed_in(request), **form.cleaned_data)
        except (Invalid, NotAllowed) as no:
            _tell(form, no)
        else:
            messages.success(request, f"{person.name} is saved.")
            return redirect("staff:person", person.pk)
    return _drawn(request, form, person)


@require("staff", Level.EDIT)
@require_POST
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable (`active=no`) or enable (`active=yes`) a colleague."""
    person = get_object_or_404(queries.everybody(), pk=pk)
    by = signed_in(request)
    try:
        if request.POST.get("active") == "yes":
            actions.enable(person, by=by)
            messages.success(request, f"{person.name} can sign in again.")
        else:
            actions.disable(person, by=by)
            messages.success(request, f"{person.name} is disabled and signed out everywhere.")
    except NotAllowed as no:
        messages.error(request, str(no))
    return redirect("staff:person", pk)


@require("staff", Level.EDIT)
@require_POST
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to hand over, with which a colleague sets their password once."""
    person = get_object_or_404(queries.everybody(), pk=pk, is_active=True)
    try:
        link = links.offer(person, by=signed_in(request))
    except NotAllowed as no:
        messages.error(request, str(no))
        return redirect("staff:person", pk)
    answer = render(request, "staff/password_link.html", {"person": person, "link": link})
    answer["Cache-Control"] = "no-store"
    return answer


def _tell(form: PersonForm, no: Invalid | NotAllowed) -> None:
    """What an action refused, beside the field it is about."""
    if isinstance(no, Invalid):
        for field, text in no.errors.items():
            form.add_error(field if field in form.fields else None, text)
    else:
        form.add_error("role", str(no))


def _drawn(request: HttpRequest, form: PersonForm, person: User | None) -> HttpResponse:
    by = signed_in(request)
    known = {
        "form": form,
        "person": person,
        "online": person.is_online(clock.now()) if person else None,
        "can_edit": by.may("staff", Level.EDIT) and (not person or by.role.covers(person.role)),
    }
    return render(request, "staff/person.html", known, status=422 if form.errors else 200)
