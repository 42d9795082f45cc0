"""The search postings of a customer, written anew from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regulars.customers import search, written
from regulars.customers.models import Contact, Customer, Email, FormerName, Phone


def reindex(customers: Sequence[int]) -> None:
    """Write the search postings of these customers anew, and what else follows from the record."""
    found: dict[int, dict[str, set[Any]]] = {
        pk: {"people": set(), "companies": set(), "emails": set(), "numbers": set()}
        for pk in customers
    }
    rows = Customer.objects.filter(pk__in=customers).values_list(
        "pk", "first_name", "last_name", "company"
    )
    for pk, first, last, company in rows:
        found[pk]["people"].add((first, last))
        found[pk]["companies"].add(company)
    for pk, first, last in Contact.objects.filter(customer__in=customers).values_list(
        "customer_id", "first_name", "last_name"
    ):
        found[pk]["people"].add((first, last))
    for pk, first, last, company in FormerName.objects.filter(customer__in=customers).values_list(
        "customer_id", "first_name", "last_name", "company"
    ):
        found[pk]["people"].add((first, last))
        found[pk]["companies"].add(company)
    for pk, normal in Email.objects.filter(customer__in=customers).values_list(
        "customer_id", "normal"
    ):
        found[pk]["emails"].add(normal)
    for pk, digits, typed in Phone.objects.filter(customer__in=customers).values_list(
        "customer_id", "digits", "typed"
    ):
        found[pk]["numbers"] |= {digits, search.digits_of(typed)}
    search.index({pk: search.terms(**parts) for pk, parts in found.items()})
    written.tell(customers)
