"""Settings › Import, as people use it, also without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.customers.models import Customer
from regulars.imports import actions, tasks
from regulars.imports.models import Import, State
from regulars.imports.tests import make
from regulars.staff.models import User

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
LIST = "/settings/imports/"


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def mia_in(signed_in: SignedIn, mia: User) -> Client:
    return signed_in(mia)


def send(client: Client, text: str | bytes, name: str = "customers.csv") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(LIST, {"file": SimpleUploadedFile(name, content), "kind": ""})


def uploaded(client: Client, text: str = make.CUSTOMERS) -> Import:
    answer = send(client, text)
    assert answer.status_code == 303, answer.content.decode()[:2_000]
    return Import.objects.latest("pk")


def choices(job: Import, **changed: str) -> dict[str, Any]:
    """The mapping form as the page shows it, some fields changed."""
    found: dict[str, Any] = {"kind": job.kind, "system": "import", "has_header": ""}
    found |= {f"column-{at}": one["target"] or "" for at, one in enumerate(job.columns)}
    return found | changed


def test_a_file_goes_from_upload_to_receipt(mia_in: Client) -> None:
    job = uploaded(mia_in)
    page = mia_in.get(job.get_absolute_url()).content.decode()
    assert "Nothing is imported yet" in page
    assert "“14, quai Perrache” as one address" in page
    assert "Café Mañana" in page
    answer = mia_in.post(job.get_absolute_url(), choices(job, then="run"))
    assert answer.status_code == 303
    job.refresh_from_db()
    assert job.state == State.QUEUED
    assert "0 of 10 rows done" in mia_in.get(job.get_absolute_url()).content.decode()
    actions.run(job, by=job.by)
    receipt = mia_in.get(job.get_absolute_url()).content.decode()
    assert "10 customers added. 3 rows repaired." in receipt
    assert Customer.objects.count() == 10
    assert "10 customers added" in mia_in.get(LIST).content.decode()


def test_a_day_without_a_time_of_day_is_shown_as_the_day(
    mia_in: Client, signed_in: SignedIn, ada: User
) -> None:
    actions.run(uploaded(mia_in), by=None)
    orders = "OrderID,CustomerID,Date\n1,CAFEM,2024-03-01\n2,CAFEM,2024-03-02 09:15\n"
    send(mia_in, orders, "orders.csv")
    actions.run(Import.objects.get(kind="events"), by=None)
    cafe = Customer.objects.get(name="Café Mañana")
    page = signed_in(ada).get(cafe.get_absolute_url()).content.decode()
    assert '<time datetime="2024-03-01" title="Fri 1 Mar 2024">1 Mar 2024</time>' in page
    assert "9:15</time>" in page
    assert "0:00</time>" not in page


def test_another_target_gives_another_preview(mia_in: Client, htmx: Any) -> None:
    job = uploaded(mia_in, "Name,Extra\nAna Lopez,bad@\n")
    changed = choices(job, **{"column-1": "email"})
    answer = mia_in.post(
        job.get_absolute_url(), changed, headers=htmx("proposal", job.get_absolute_url())
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<html" not in page
    assert "is not an email address" in page
    assert mia_in.post(job.get_absolute_url(), changed).status_code == 303


def test_two_columns_for_one_field_are_refused_and_nothing_is_lost(mia_in: Client) -> None:
    job = uploaded(mia_in, "Name,Town\nAna Lopez,Boise\n")
    answer = mia_in.post(job.get_absolute_url(), choices(job, **{"column-1": "name"}))
    assert answer.status_code == 422
    assert "Two columns would fill" in answer.content.decode()


def test_the_kind_can_be_changed_and_the_mapping_follows(mia_in: Client) -> None:
    job = uploaded(mia_in, "Customer,Date,Text\n17,2024-01-02,called\n")
    kind = "events" if job.kind == "customers" else "customers"
    mia_in.post(job.get_absolute_url(), choices(job, kind=kind))
    job.refresh_from_db()
    assert job.kind == kind


def test_rejected_rows_are_shown_and_downloaded(mia_in: Client) -> None:
    job = uploaded(mia_in, "ID,Name,Email\n1,One,one@example.com\n2,Two,=bad\n")
    actions.run(job, by=job.by)
    assert "1 row rejected" in mia_in.get(job.get_absolute_url()).content.decode()
    answer = mia_in.get(f"{job.get_absolute_url()}rejected.csv")
    sent = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="customers-rejected.csv"'
    assert sent.splitlines()[1].endswith('"2","Two","\'=bad"')


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"%PDF-1.7", "This is a PDF document"), (b"", "The file is empty"),
     (b"a,b\n" + b"," * 70_000, "The file has no rows|customer|columns")],
)  # fmt: skip
def test_what_is_no_table_is_answered_with_a_sentence(
    mia_in: Client, content: bytes, words: str
) -> None:
    answer = send(mia_in, content)
    if answer.status_code == 303:
        answer = mia_in.get(answer["Location"])
    assert any(word in answer.content.decode() for word in words.split("|"))


def test_a_report_can_be_deleted_and_the_customers_stay(mia_in: Client) -> None:
    job = uploaded(mia_in)
    actions.run(job, by=job.by)
    assert mia_in.post(f"{job.get_absolute_url()}forgetting/").status_code == 303
    assert not Import.objects.exists()
    assert Customer.objects.count() == 10


def test_a_queued_import_can_be_stopped(mia_in: Client) -> None:
    job = uploaded(mia_in)
    mia_in.post(job.get_absolute_url(), choices(job, then="run"))
    assert mia_in.post(f"{job.get_absolute_url()}stop/").status_code == 303
    job.refresh_from_db()
    assert job.state == State.STOPPED


def test_only_who_may_import_sees_the_pages(
    signed_in: SignedIn, ana: User, omar: User, mia: User, ada: User, ben: User
) -> None:
    assert [signed_in(who).get(LIST).status_code for who in (ana, omar, mia, ada)] == [
        403, 403, 200, 200,
    ]  # fmt: skip
    job = uploaded(signed_in(mia))
    assert signed_in(ada).get(job.get_absolute_url()).status_code == 200
    User.objects.filter(pk=ben.pk).update(role=mia.role)
    ben.refresh_from_db()
    for path in ("", "rejected.csv"):
        assert signed_in(ben).get(f"{job.get_absolute_url()}{path}").status_code == 404
    for path in ("", "stop/", "forgetting/"):
        assert signed_in(ben).post(f"{job.get_absolute_url()}{path}").status_code == 404


def test_no_page_needs_more_than_eight_statements(
    mia_in: Client, django_assert_max_num_queries: Any
) -> None:
    job = uploaded(mia_in, "ID,Name,Email\n1,One,one@example.com\n2,Two,=bad\n")
    for path in (LIST, job.get_absolute_url()):
        with django_assert_max_num_queries(8):
            mia_in.get(path)
    actions.run(job, by=job.by)
    with django_assert_max_num_queries(8):
        mia_in.get(job.get_absolute_url())


def test_old_uploads_and_reports_are_forgotten(mia_in: Client) -> None:
    job = uploaded(mia_in)
    Import.objects.update(created_at=job.created_at - actions.running.UPLOADS_KEPT * 2)
    assert actions.sweep() == 1
    assert not Import.objects.exists()


def test_the_worker_runs_what_is_queued(mia_in: Client) -> None:
    job = uploaded(mia_in)
    mia_in.post(job.get_absolute_url(), choices(job, then="run"))
    tasks.run_import.func(None, import_id=job.pk)  # type: ignore[arg-type]
    job.refresh_from_db()
    assert job.state == State.DONE
