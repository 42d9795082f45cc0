"""Many colleagues at once on few customers, who are merged, taken apart and erased meanwhile.

`python -m bench.at_once` (WORKERS=100 OPERATIONS=200 CUSTOMERS=50 RUNS=1) in a database of its own:
everything goes through the API, and then the whole of it is looked over. The tests run it small.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from dataclasses import replace

from . import sums
from .busy import Crowd, Worker
from .held import problems

MORTAL = 5  # of so many customers the last one may be erased


def crowd(customers: int) -> Crowd:
    """Customers with everything, every fifth of whom may be erased; two colleagues who see all."""
    from regulars.customers import actions, facts
    from regulars.customers.actions.contact_rows import contact_facts
    from regulars.staff.models import User
    from regulars.wire import tokens

    bosses = [u for u in User.objects.filter(is_active=True).order_by("pk")
              if u.role.sees_everybody]  # fmt: skip
    made = []
    for n in range(customers):
        raw = {
            "first_name": f"No{n}", "last_name": "Moss", "tags": ["VIP"],
            "contacts": [{"first_name": f"No{n}", "last_name": "Moss", "emails": [
                {"address": f"shared{n % 7}@example.com", "consent": "express"}],
                "phones": [{"number": f"+1734555{1000 + n % 9}"}]}],
            "locations": [{"line1": f"{n % 5} Elm St", "city": "Troy", "postal_code": "48084"}],
            "external_ids": {"dms": f"D{n}"},
        }  # fmt: skip
        one = actions.add(facts.clean(raw), owner=bosses[0], by=bosses[0])
        own = facts.clean({"name": "x", "email": f"{one.public_id}@example.com"}).contacts[0]
        contact = one.contacts.get(is_primary=True)
        known = contact_facts(contact)
        actions.change_contact(
            contact, replace(known, emails=(*known.emails, *own.emails)), by=bosses[0]
        )
        made.append(one)
    lasting = [str(c.public_id) for n, c in enumerate(made) if n % MORTAL]
    mortal = [str(c.public_id) for n, c in enumerate(made) if not n % MORTAL]
    found = Crowd(
        [tokens.issue(boss, name="At once", by=None)[1] for boss in bosses],
        [boss.pk for boss in bosses],
        lasting,
        mortal,
        {str(c.public_id): c.name for c in made},
    )
    found.given = sums.give([c for n, c in enumerate(made) if n % MORTAL], bosses[0])
    found.worth = sums.held()
    return found


def run(found: Crowd, workers: int, operations: int) -> None:
    """All of them at once."""
    from django.db import connection

    start = threading.Barrier(workers)

    def work(seed: int) -> None:
        try:
            worker = Worker(found, seed)
            start.wait()
            for _ in range(operations):
                worker.one()
        except Exception as error:  # a thread must not go unseen
            found.wrong.append(f"worker {seed}: {error!r}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def told(found: Crowd, locks: int, seconds: float) -> str:
    """The figures."""
    deeds = sorted({what for what, _ in found.answers})
    asked = sum(found.answers.values())
    lines = [f"{asked} requests in {seconds:.0f} s, {locks} deadlocks broken and done again, "
             f"slowest answer {found.slowest:.1f} s"]  # fmt: skip
    for deed in deeds:
        each = {status: n for (what, status), n in sorted(found.answers.items()) if what == deed}
        lines.append(f"  {deed:<10} " + "  ".join(f"{status}: {n}" for status, n in each.items()))
    return "\n".join(lines)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    os.environ.setdefault("REGULARS_PACKS", f"regulars.packs.wholesale,{sums.TAILOR}")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.SECURE_SSL_REDIRECT = False
    logging.basicConfig(level=logging.ERROR)
    numbers = {
        key: int(os.environ.get(key, usual))
        for key, usual in {"WORKERS": 100, "OPERATIONS": 200, "CUSTOMERS": 50, "RUNS": 1}.items()
    }
    left = 0
    for _ in range(numbers["RUNS"]):
        old = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            _staff()
            people = crowd(numbers["CUSTOMERS"])
            before, began = deadlocks(), time.perf_counter()
            run(people, numbers["WORKERS"], numbers["OPERATIONS"])
            seconds = time.perf_counter() - began
            print(told(people, deadlocks() - before, seconds), flush=True)
            wrong = problems(people)
            print(f"{len(wrong)} things that do not hold", *wrong[:20], sep="\n  ", flush=True)
            left += len(wrong)
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)
    return 1 if left else 0


def _staff() -> None:
    """Two colleagues who see everybody."""
    from regulars.staff.models import Role, User

    role = Role.objects.get(key="administrator")
    for name in ("ada", "bea"):
        User.objects.create_user(f"{name}@example.com", "x", name=name.title(), role=role)


if __name__ == "__main__":
    sys.exit(main())
