"""A large file is looked at in its beginning while somebody waits, and in whole by the worker."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.customers.models import Customer
from regulars.imports import actions, preview, tasks
from regulars.imports.models import Import, State
from regulars.imports.reading import splitting
from regulars.imports.reading import table as tables
from regulars.imports.reading.limits import CannotRead
from regulars.imports.tests import make
from regulars.lib import clock
from regulars.staff.models import User
from tests.api import Program, ok

pytestmark = pytest.mark.django_db

HALF_BAD = "Name,Email\n" + "".join(
    f"Ana {at},{'bad' if at % 2 else f'a{at}@example.com'}\n" for at in range(1_200)
)


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of each record that was split from a file, how many characters it has."""
    seen: list[int] = []

    def counted(*args: Any, **kwargs: Any) -> Iterator[Any]:
        for found in split(*args, **kwargs):
            seen.append(len(found.text))
            yield found

    split = splitting.split
    monkeypatch.setattr(tables, "split", counted)
    return seen


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of each call of a planner, how many records it was given."""
    seen: list[int] = []

    def counting(job: Import) -> Any:
        planner = planner_of(job)
        plan = planner.plan

        def counted(records: Any) -> Any:
            seen.append(len(records))
            return plan(records)

        planner.plan = counted  # type: ignore[method-assign]
        return planner

    planner_of = preview.planner_of
    monkeypatch.setattr(preview, "planner_of", counting)
    return seen


def sent(text: str | bytes, name: str = "customers.csv") -> Import:
    content = text if isinstance(text, bytes) else text.encode()
    return actions.upload(io.BytesIO(content), name=name, by=None)


def checked(job: Import, version: int | None = None) -> Import:
    wanted = job.version if version is None else version
    tasks.check_import.func(None, import_id=job.pk, version=wanted)  # type: ignore[arg-type]
    job.refresh_from_db()
    return job


def waiting() -> list[dict[str, Any]]:
    jobs = ProcrastinateJob.objects.filter(task_name="imports.check").order_by("pk")
    return [job.args for job in jobs]


@pytest.mark.parametrize(
    "text",
    [
        "Name,City\n" + "Ana,B\n" * 30_000,
        "Name\n" + "a\n" * 300_000,
        ",".join(f"C{at}" for at in range(500)) + "\n" + ("," * 499 + "x\n") * 4_000,
        "Name,City\n" + ('"' + "a,b\n" * 2_000 + '",c\n') * 100,
        'Name,City\n"\n' + '","\n' * 300_000,
        "Name,City\n" + '"a,\n' * 300_000,
        "Name,City\n" + ",\n" * 300_000,
    ],
    ids=["short", "one letter", "wide", "long texts", "quotes", "open quotes", "empty"],
)
def test_an_upload_reads_the_beginning_and_judges_a_few_hundred(
    text: str, read: list[int], judged: list[int]
) -> None:
    job = sent(text)
    assert not job.is_checked
    for _ in range(2):
        assert sum(judged) <= preview.LOOKED_AT
        assert sum(read) + splitting.PER_LINE * len(read) < 5_000_000
        for seen in (read, judged):
            seen.clear()
        actions.choose(job, by=None, columns={0: "company"})


def test_one_endless_line_is_refused(read: list[int]) -> None:
    with pytest.raises(CannotRead, match="The first row cannot be read"):
        sent("Name,City," * 800_000)
    assert len(read) == 1


@pytest.mark.apart
def test_of_a_workbook_only_the_first_rows_are_unpacked(tmp_path: Path, judged: list[int]) -> None:
    rows = [["Name", "City"], *([f"Ana {at}", "Boise" * (at % 2)] for at in range(10_000))]
    path = make.workbook(tmp_path, rows)
    job = sent(path.read_bytes(), "people.xlsx")
    assert (job.kind, job.is_counted) == ("customers", False)
    assert 7_500 < job.expected < 12_500
    assert sum(judged) == preview.LOOKED_AT
    assert [one["cells"] for one in job.reading["first"]][:2] == [["Ana 0", ""], ["Ana 1", "Boise"]]
    job = checked(job)
    assert (job.expected, job.reading["counts"]["added"], job.is_checked) == (10_000, 10_000, True)


def test_a_small_file_is_checked_at_once() -> None:
    job = sent(make.CUSTOMERS)
    assert (job.is_counted, job.is_checked, job.expected) == (True, True, 10)
    assert not waiting()


def test_the_worker_finds_every_problem() -> None:
    job = sent(HALF_BAD)
    assert (job.reading["checked"], job.is_counted, job.expected) == (500, True, 1_200)
    assert job.reading["counts"]["rejected"] == 250
    assert waiting() == [{"import_id": job.pk, "version": 0}]
    job = checked(job)
    assert (job.reading["checked"], job.is_checked) == (1_200, True)
    assert job.reading["counts"] == {"added": 600, "updated": 0, "unchanged": 0, "rejected": 600}
    assert len(job.reading["problems"]) == preview.SHOWN


def test_an_older_check_never_overwrites_a_newer_mapping(judged: list[int]) -> None:
    job = sent(HALF_BAD)
    changed = actions.choose(job, by=None, columns={1: None})
    assert changed.reading["counts"]["rejected"] == 0
    assert waiting()[1:] == [{"import_id": job.pk, "version": 1}]
    judged.clear()
    assert not actions.check(job, version=0)
    checked(changed, version=0)
    assert judged == []
    assert changed.reading["checked"] == 500
    assert checked(changed).reading["counts"]["rejected"] == 0


def test_a_check_ends_when_the_mapping_changes_the_import_starts_or_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def during(deed: Callable[[Import], object]) -> tuple[Import, bool]:
        job = sent(HALF_BAD)
        old = Import.objects.get(pk=job.pk)
        found = preview.Found.add

        def add(self: Any, plans: Any, header: Any) -> None:
            monkeypatch.setattr(preview.Found, "add", found)
            deed(job)
            found(self, plans, header)

        monkeypatch.setattr(preview.Found, "add", add)
        return job, actions.check(old, version=0)

    job, kept = during(lambda job: actions.choose(job, by=None, columns={1: None}))
    job.refresh_from_db()
    assert (kept, job.is_checked, job.reading["counts"]["rejected"]) == (False, False, 0)
    job, kept = during(lambda job: actions.start(job, by=None))
    job.refresh_from_db()
    assert (kept, job.state, job.is_checked) == (False, State.QUEUED, False)
    assert not during(lambda job: actions.forget(job, by=None))[1]


def test_what_cannot_be_read_further_on_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(job: Import) -> None:
        raise CannotRead("The workbook is damaged.")

    job = sent(HALF_BAD)
    monkeypatch.setattr(preview, "planner_of", gone)
    job = checked(job)
    assert (job.is_checked, job.reading["checked"]) == (True, 500)
    assert job.reading["trouble"] == "The workbook is damaged."


def test_letters_that_break_far_down_cost_only_their_rows() -> None:
    text = b"Name,City\n" + b"Ana,Boise\n" * 3_000 + b"Zo\xeb \xd0\x96,Kiel\n" * 2
    text += "Zoë,Köln\n".encode() * 5
    job = checked(sent(text))
    assert job.reading["encoding"] == "utf-8"
    assert job.reading["counts"]["rejected"] >= 1
    assert "no letters in UTF-8" in job.reading["problems"][0]["reason"]


def test_the_page_follows_the_check(signed_in: Any, mia: User, htmx: Any) -> None:
    client: Client = signed_in(mia)
    file = SimpleUploadedFile("customers.csv", HALF_BAD.encode())
    url = client.post("/settings/imports/", {"file": file, "kind": ""})["Location"]
    page = client.get(url).content.decode()
    assert "Checked the first 500 of 1,200 rows, the others are being checked." in page
    assert 'hx-trigger="every 2s"' in page
    job = checked(Import.objects.get())
    region = client.get(url, headers=htmx("found", url)).content.decode()
    assert "All 1,200 rows checked." in region
    assert "every 2s" not in region
    assert "600 rows would be rejected" in region
    assert "<select" not in region
    actions.start(job, by=mia)
    assert client.get(url, headers=htmx("found", url))["HX-Redirect"] == url


def test_programs_see_how_far_it_is(api: Any, ada: User) -> None:
    program: Program = api(ada)
    file = SimpleUploadedFile("customers.csv", HALF_BAD.encode())
    answer: Any = program.client.post("/api/v1/imports", {"file": file, "run": "false"})
    found = ok(answer, 201)
    assert (found["rows"], found["counted"]) == (1_200, True)
    assert (found["preview"]["checked"], found["preview"]["complete"]) == (500, False)
    checked(Import.objects.get())
    found = program.get(f"/imports/{found['id']}")
    assert (found["preview"]["checked"], found["preview"]["complete"]) == (1_200, True)


def test_who_starts_needs_no_check() -> None:
    job = actions.upload(io.BytesIO(HALF_BAD.encode()), name="a.csv", by=None, check=False)
    assert not waiting()
    job = actions.run(job, by=None)
    assert (job.added, job.rejected, job.expected, job.state) == (600, 600, 1_200, State.DONE)


def test_runs_and_checks_of_a_dead_worker_are_taken_up() -> None:
    job = sent(HALF_BAD)
    assert actions.revive() == 0
    Import.objects.update(moved_at=clock.now() - timedelta(minutes=5))
    assert (actions.revive(), actions.revive()) == (1, 0)
    assert waiting()[1:] == [{"import_id": job.pk, "version": 0}]
    actions.start(job, by=None)
    assert actions.revive() == 0
    Import.objects.update(state=State.RUNNING, moved_at=clock.now() - timedelta(minutes=5))
    assert actions.revive() == 1
    tasks.run_import.func(None, import_id=job.pk)  # type: ignore[arg-type]
    assert Customer.objects.count() == 600
