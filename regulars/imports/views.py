"""Settings › Import: upload, mapping and preview, progress, receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.imports import actions, alike, guessing, preview, report
from regulars.imports.forms import MappingForm, UploadForm
from regulars.imports.models import Import
from regulars.imports.reading.limits import CannotRead, in_megabytes
from regulars.imports.reading.targets import Kind
from regulars.imports.targets import targets as targets_of
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other, target, wants_region

LISTED = 50
PROBLEMS = 100
FIRST_COLUMNS = 12


@require("imports")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The list, and the form to send a file."""
    if request.method == "POST":
        return _upload(request)
    return _listed(request, UploadForm())


@require("imports", Level.EDIT)
def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        try:
            job = actions.upload(
                file.file,
                name=file.name,
                by=signed_in(request),
                kind=Kind(kind) if kind else None,
            )
        except CannotRead as error:
            form.add_error("file", str(error))
        except NotAllowed as error:
            form.add_error("kind", str(error))
        else:
            return see_other(request, job.get_absolute_url())
    return _listed(request, form, status=422)


def _listed(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    known = {
        "form": form,
        "jobs": Import.objects.visible_to(user).select_related("by")[:LISTED],
        "can_edit": user.may("imports", Level.EDIT),
        "most": in_megabytes(preview.limits().file_bytes),
        "sentence": report.sentence,
    }
    return page(request, "imports/imports.html", known, status=status)


@require("imports")
@require_http_methods(["GET", "HEAD", "POST"])
def one_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mapping and preview while it waits, progress while it runs, the receipt afterwards."""
    job = _found(request, public_id)
    if request.method == "POST":
        return _decide(request, job)
    if not job.is_open:
        return _left(job) if target(request) == "found" else _told(request, job)
    return _proposed(request, job, MappingForm(job=job))


@require("imports", Level.EDIT)
def _decide(request: HttpRequest, job: Import) -> HttpResponse:
    """Save the mapping; with `then=run` also start."""
    if not job.is_open:
        return see_other(request, job.get_absolute_url())
    form = MappingForm(request.POST, job=job)
    if not form.is_valid():
        return _proposed(request, job, form, status=422)
    try:
        job = actions.choose(
            job,
            by=signed_in(request),
            kind=form.wanted_kind(),
            columns=form.wanted_columns(),
            options=form.wanted_options(),
        )
        if request.POST.get("then") == "run":
            actions.start(job, by=signed_in(request))
    except (Invalid, NotAllowed, CannotRead, actions.Busy) as error:
        said = error.errors.values() if isinstance(error, Invalid) else [str(error)]
        for sentence in said:
            form.add_error(None, sentence)
        return _proposed(request, job, form, status=422)
    if wants_region(request):
        return _proposed(request, job, MappingForm(job=job))
    return see_other(request, job.get_absolute_url())


def _proposed(
    request: HttpRequest, job: Import, form: MappingForm, status: int = 200
) -> HttpResponse:
    labels = {one.key: one.label for one in targets_of(Kind(job.kind)).values()}
    known: dict[str, Any] = {
        "job": job,
        "form": form,
        "seen": job.reading,
        "trouble": job.reading.get("trouble", ""),
        "how": report.how(job),
        "noun": report.NOUNS[job.kind],
        "missing": guessing.missing(Kind(job.kind), preview.columns_of(job)),
        "columns": job.columns[:FIRST_COLUMNS],
        "labels": labels,
        "problems": job.reading["problems"][:PROBLEMS],
        "alike": job.reading.get("alike", {}),
        "twins": alike.shown(job, signed_in(request)),
        "advice": alike.advice(job),
        "samples": _samples(job),
        "can_edit": signed_in(request).may("imports", Level.EDIT),
    }
    beside = ["troubles"] if target(request) == "found" else []
    return page(
        request, "imports/proposal.html", known, block="proposal", beside=beside, status=status
    )


def _left(job: Import) -> HttpResponse:
    """Who still looks at the preview of an import that was started goes to its progress."""
    answer = HttpResponse()
    answer["HX-Redirect"] = job.get_absolute_url()
    return answer


def _samples(job: Import) -> list[str]:
    """A value or two of each column, for the person who maps it."""
    rows = [one["cells"] for one in job.reading["first"]]
    found = []
    for at in range(len(job.columns)):
        values = [row[at] for row in rows if at < len(row) and row[at].strip()]
        found.append(" · ".join(value[:40] for value in list(dict.fromkeys(values))[:2]))
    return found


def _told(request: HttpRequest, job: Import) -> HttpResponse:
    known = {
        "job": job,
        "sentence": report.sentence(job) if job.is_over else "",
        "noun": report.NOUNS[job.kind],
        "undone": report.undone(job),
        "may_undo": job.is_over and not job.undone_at and job.staff_lines.exists(),
        "rejected": report.troubled(job)[:PROBLEMS] if job.rejected else [],
        "others": report.others(job).select_related("customer")[:PROBLEMS] if job.is_over else [],
        "mended": report.mended(job).select_related("customer")[:PROBLEMS] if job.is_over else [],
        "can_edit": signed_in(request).may("imports", Level.EDIT),
    }
    return page(request, "imports/receipt.html", known)


@require("imports", Level.EDIT)
@require_POST
def stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = _found(request, public_id)
    try:
        actions.stop(job, by=signed_in(request))
    except (actions.Busy, Invalid, NotAllowed) as error:
        messages.error(request, str(error))
    return see_other(request, job.get_absolute_url())


@require("imports", Level.EDIT)
@require_POST
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Of colleagues; customers are taken back with the receipt."""
    job = _found(request, public_id)
    try:
        actions.take_back(job, by=signed_in(request))
    except (actions.Busy, NotAllowed) as error:
        messages.error(request, str(error))
    return see_other(request, job.get_absolute_url())


@require("imports", Level.EDIT)
@require_POST
def forget(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = _found(request, public_id)
    try:
        actions.forget(job, by=signed_in(request))
    except actions.Busy as error:
        messages.error(request, str(error))
        return see_other(request, job.get_absolute_url())
    messages.success(request, f"The report of {job.name} is deleted; what it brought in stays.")
    return see_other(request, reverse("imports:list"))


@require("imports")
@require_GET
def rejects(request: HttpRequest, public_id: UUID) -> StreamingHttpResponse:
    """The rejected rows as a file to fix and send again."""
    job = _found(request, public_id)
    answer = StreamingHttpResponse(report.rejects(job), content_type="text/csv; charset=utf-8")
    stem = slugify(job.name.rpartition(".")[0]) or "import"
    answer["Content-Disposition"] = f'attachment; filename="{stem}-rejected.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _found(request: HttpRequest, public_id: UUID) -> Import:
    """Somebody else's import is the same 404 as a missing one."""
    found = (
        Import.objects.visible_to(signed_in(request))
        .select_related("by__role", "by__store", "receipt")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
