"""Settings › People › Hand over: all customers of a colleague at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from regulars.customers import actions, tasks
from regulars.customers.forms import HandOverForm
from regulars.customers.models import Customer
from regulars.lib.errors import Invalid, in_words
from regulars.staff import queries as staff
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui.wording import plural

AT_ONCE = 1_000
"""So many are handed over while one waits; more go to the worker."""


@require("staff")
@require("ownership", Level.EDIT)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """To a colleague, or to nobody; those whom the person asking may see are counted."""
    user, of = signed_in(request), get_object_or_404(staff.everybody(), pk=pk)
    theirs = Customer.objects.get_queryset().filter(owner=of)
    count = theirs[: AT_ONCE + 1].count()
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        people=staff.colleagues(user).exclude(pk=pk),
    )
    if request.method == "POST" and form.is_valid():
        try:
            said = _hand_over(of, form.cleaned_data["to"], user, form.cleaned_data["reason"], count)
        except Invalid as no:
            form.add_error("to", in_words(no) + ".")
        else:
            messages.success(request, said)
            return redirect("staff:person", pk)
    context = {"form": form, "person": of, "count": count, "most": AT_ONCE}
    status = 422 if form.errors else 200
    return render(request, "customers/hand_over.html", context, status=status)


def _hand_over(of: User, to: User | None, by: User, reason: str, count: int) -> str:
    whom = to.name if to else "nobody"
    if count > AT_ONCE:
        tasks.hand_over.defer(of=of.pk, to=to.pk if to else None, by=by.pk, reason=reason)
        return f"All customers of {of.name} are on their way to {whom}; it takes a moment."
    moved = actions.hand_over(of, to=to, by=by, reason=reason)
    return f"{plural(moved, 'customer')} of {of.name} went to {whom}."
