"""Files in an S3-compatible storage: kept, handed out and deleted over the wire."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client, TestCase

from regulars.customers import actions
from regulars.customers.models import Attachment, Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.server.environment import Environment
from regulars.staff.models import User
from tests.cast import MakeCustomer

from .s3 import Bucket, a_bucket
from .test_files import picture

CONTENT = b"a contract " * 50_000


@pytest.fixture
def bucket(settings: Any) -> Iterator[Bucket]:
    with a_bucket() as found:
        url = f"s3://key:secret@{found.url}/files?tls=no&region=eu&prefix=shop"
        storage = Environment({"FILES_URL": url}).files()
        assert storage is not None
        retries = {"client_config": _impatient()}
        storage["OPTIONS"] |= retries
        settings.STORAGES = {**settings.STORAGES, "default": storage}
        yield found


def _impatient() -> object:
    from botocore.config import Config

    return Config(
        retries={"max_attempts": 0}, s3={"addressing_style": "path"}, signature_version="s3v4"
    )


@pytest.fixture
def renee(ana: User, make_customer: MakeCustomer) -> Customer:
    return make_customer("Renée Roe", owner=ana)


def _attach(customer: Customer, ana: User, content: bytes = CONTENT) -> Attachment:
    return actions.attach(customer, io.BytesIO(content), name="contract.txt", by=ana)


def test_a_file_is_kept_there_and_handed_out_from_there(
    bucket: Bucket, renee: Customer, ana: User, ana_in: Client
) -> None:
    one = _attach(renee, ana)
    assert bucket.objects == {f"shop/{one.key}": CONTENT}
    answer = ana_in.get(f"{renee.get_absolute_url()}files/{one.public_id}/")
    assert b"".join(answer.streaming_content) == CONTENT  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_picture_is_shown_small(
    bucket: Bucket, renee: Customer, ana: User, ana_in: Client
) -> None:
    one = _attach(renee, ana, picture(side=900))
    answer = ana_in.get(f"{renee.get_absolute_url()}files/{one.public_id}/preview/")
    assert answer.status_code == 200
    assert len(bucket.objects) == 2


def test_removing_and_erasing_leave_nothing_there(
    bucket: Bucket, renee: Customer, ana: User, ada: User
) -> None:
    one, _ = _attach(renee, ana), _attach(renee, ana)
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.remove_file(one, by=ana)
    assert len(bucket.objects) == 1
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.erase(renee, confirm=renee.name, by=ada)
    assert bucket.objects == {}


def test_what_no_row_claims_is_swept(bucket: Bucket, renee: Customer, ana: User) -> None:
    one = _attach(renee, ana)
    default_storage.save("attachments/ab/abandoned", io.BytesIO(b"x"))
    with clock.at(clock.now() + timedelta(days=3)):
        actions.sweep_files(by=None)
    assert list(bucket.objects) == [f"shop/{one.key}"]


def test_a_storage_that_is_away_is_said_and_nothing_is_half_there(
    bucket: Bucket, renee: Customer, ana: User, ana_in: Client
) -> None:
    one = _attach(renee, ana)
    bucket.broken = True
    with pytest.raises(Invalid, match="try again in a moment"):
        _attach(renee, ana)
    assert Attachment.objects.count() == 1
    ana_in.raise_request_exception = False
    answer = ana_in.get(f"{renee.get_absolute_url()}files/{one.public_id}/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.remove_file(one, by=ana)
    assert not Attachment.objects.exists()
