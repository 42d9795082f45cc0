"""Lists and the customer page: statements, rows touched, and ratios to the same rows said raw."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from regulars import urls
from regulars.customers import queries
from regulars.customers.models import Customer
from regulars.staff.models import User

from . import measure
from .people import people

STATEMENTS, ROWS = 8, 5_000
STATIC = re.compile(r'(?:href|src)="/static/([^"#]+)')
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([^"']+)["']""")

# What the list shows, written by hand for exactly its rows.
RAW = """
SELECT c.*, o.name, o.last_seen_at, t.name, s.name, g.name,
  ARRAY(SELECT t.name FROM customers_tagging x JOIN customers_tag t ON t.id = x.tag_id
        WHERE x.customer_id = c.id ORDER BY t.name),
  ARRAY(SELECT json_build_array(p.typed, p.e164, p.digits, p.status, p.call_consent, p.text_consent)
        FROM customers_phone p JOIN customers_contact k ON k.id = p.contact_id
        WHERE p.customer_id = c.id ORDER BY k.is_primary DESC, k.id, p.position LIMIT 10),
  ARRAY(SELECT json_build_array(e.address, e.status, e.consent)
        FROM customers_email e JOIN customers_contact k ON k.id = e.contact_id
        WHERE e.customer_id = c.id ORDER BY k.is_primary DESC, k.id, e.position LIMIT 10),
  (SELECT json_build_array(e.kind, e.data, e.happened_at, a.name) FROM timeline_event e
     LEFT JOIN staff_user a ON a.id = e.actor_id
   WHERE e.customer_id = c.id AND e.awaits_answer AND e.answered_at IS NULL
   ORDER BY e.happened_at DESC, e.id DESC LIMIT 1),
  (SELECT json_build_array(e.kind, e.data, e.happened_at, a.name) FROM timeline_event e
     LEFT JOIN staff_user a ON a.id = e.actor_id
   WHERE e.customer_id = c.id AND e.is_activity
   ORDER BY e.happened_at DESC, e.id DESC LIMIT 1),
  (SELECT r.read_at FROM timeline_reading r WHERE r.customer_id = c.id AND r.user_id = {user})
FROM customers_customer c
LEFT JOIN staff_user o ON o.id = c.owner_id LEFT JOIN staff_team t ON t.id = o.team_id
LEFT JOIN staff_store s ON s.id = c.store_id LEFT JOIN customers_group g ON g.id = c.group_id
WHERE c.archived_at IS NULL {where}
ORDER BY c.last_activity_at DESC, c.id DESC LIMIT 51
"""


def run(tell: Callable[..., None]) -> None:
    asking = people()
    for name, user in asking.items():
        _lists(tell, name, user)
    _whole_request(tell, asking["administrator"])
    _weight(tell, asking["administrator"])
    _customer(tell, asking["administrator"])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "regulars.staff.sign_in.backend.Backend")
    return client


def get(client: Client, url: str) -> Callable[[], Any]:
    def run() -> Any:
        answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer

    return run


def _lists(tell: Callable[..., None], name: str, user: User) -> None:
    case = f"list, {name}"
    client = signed_in(user)
    cursor = None
    for _ in range(20):
        found = queries.page(user, cursor=cursor)
        cursor = found.next or cursor
    for what, url in (("first page", "/customers/"), ("page 20", f"/customers/?cursor={cursor}")):
        work = measure.work(get(client, url))
        tell(case, f"{what}: statements", len(work.statements), STATEMENTS)
        tell(case, f"{what}: most rows of one", work.most_rows, ROWS)
    seen: list[tuple[str, Any]] = []
    with measure.statements(seen):
        queries.page(user)
    store, team = user.store_id, user.team_id
    mates = f"SELECT id FROM staff_user WHERE team_id = {team}"
    where = {
        "administrator": "",
        "manager": f"AND c.store_id = {store}",
        "salesperson": f"AND (c.owner_id IN ({mates}) OR (c.owner_id IS NULL"
        f" AND (c.store_id = {store} OR c.store_id IS NULL)))",
    }[name]
    ours, raw = measure.database(seen, [(RAW.format(user=user.pk, where=where), None)])
    tell(case, "database ms", ours)
    tell(case, "database, ratio to raw SQL", ours / raw, 1.5)


def _whole_request(tell: Callable[..., None], user: User) -> None:
    """The page against the same rows as JSON behind the same middleware, session and user."""

    def rows(request: HttpRequest) -> JsonResponse:
        with connection.cursor() as cursor:
            cursor.execute(RAW.format(user=user.pk, where=""))
            return JsonResponse({"items": cursor.fetchall()}, json_dumps_params={"default": str})

    urls.urlpatterns.append(path("bench-rows/", rows))
    try:
        with override_settings(ROOT_URLCONF="regulars.urls"):
            client = signed_in(user)
            plain, page, region = measure.cpu(
                get(client, "/bench-rows/"),
                get(client, "/customers/"),
                lambda: client.get("/customers/", headers={"HX-Request": "true"}),
            )
    finally:
        urls.urlpatterns.pop()
    tell("list, whole request", "CPU ms", page)
    tell("list, whole request", "ratio to the rows as JSON", page / plain, 2.5)
    tell("list, region only", "CPU ms", region)


def _weight(tell: Callable[..., None], user: User) -> None:
    """Compressed bytes of the list and of all it loads."""
    page = get(signed_in(user), "/customers/")().content
    todo = {*STATIC.findall(page.decode())}
    seen: set[str] = set()
    bytes_of = {"html": len(gzip.compress(page)), "script": 0, "all": len(gzip.compress(page))}
    while todo - seen:
        name = (todo - seen).pop()
        seen.add(name)
        content = (Path(settings.STATIC_ROOT) / name).read_bytes()
        size = len(gzip.compress(content))
        bytes_of["all"] += size
        if name.endswith(".woff2"):
            tell("list, page weight", "typeface, KB (kept for a year)", size / 1024)
            bytes_of["all"] -= size
        if name.endswith(".js"):
            bytes_of["script"] += size
            beside = Path(name).parent
            todo |= {str(beside / n) for n in IMPORTED.findall(content.decode())}
    tell("list, page weight", "HTML, KB gzipped", bytes_of["html"] / 1024)
    tell("list, page weight", "script, KB gzipped", bytes_of["script"] / 1024, 60)
    tell("list, page weight", "without typeface, KB gzipped", bytes_of["all"] / 1024, 60)


def _customer(tell: Callable[..., None], user: User) -> None:
    row = Customer.objects.get_queryset().order_by("pk")[1_000]
    work = measure.work(get(signed_in(user), f"/customers/{row.public_id}/"))
    tell("customer page", "statements", len(work.statements), STATEMENTS)
    tell("customer page", "most rows of one", work.most_rows, ROWS)
    tell("customer page", "database ms", work.milliseconds)
