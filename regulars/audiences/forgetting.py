"""What views and audiences still say of somebody who was erased: a filter that names them."""

from __future__ import annotations

from regulars.customers.erasure import Traces

from .models import Audience, Changed, Listed, Member, View


def forget(traces: Traces) -> None:
    """Such a view goes; such an audience keeps its people as a list."""
    Changed.objects.filter(customer=traces.customer).delete()
    if not traces.words:
        return
    for view in View.objects.iterator():
        if traces.are_in(f"{view.name} {view.criteria} {view.q}"):
            view.delete()
    for audience in Audience.objects.iterator():
        if traces.are_in(f"{audience.name} {audience.description} {audience.criteria or ''}"):
            if not audience.is_list:
                Listed.objects.bulk_create(
                    Listed(audience=audience, customer_id=pk)
                    for pk in Member.objects.filter(audience=audience).values_list(
                        "customer", flat=True
                    )
                )
            audience.name, audience.description = f"Audience {audience.pk}", ""
            audience.criteria, audience.problem = None, ""
            audience.save(update_fields=["name", "description", "criteria", "problem"])
