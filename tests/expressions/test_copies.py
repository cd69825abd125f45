"""The PDF copy of an expression."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from expressions import copies
from reports.building import build_waiting
from reports.enums import RunState
from reports.models import ReportRun
from reports.services import ask_for_report
from tests.expressions.factories import write
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ask(scene, by):
    return ask_for_report(
        kind=copies.COPY,
        parameters=copies.parameters_of(scene.draft),
        by=by,
        now=timezone.now(),
    )


def test_writer_gets_a_pdf_with_all_answers(client, scene):
    sent = scene.send()
    client.force_login(scene.writer)
    address = reverse("expressions:copy", args=[sent.pk])
    assert client.post(address).url == address
    assert b"hx-get" in client.get(address).content
    build_waiting(now=timezone.now())
    run = ReportRun.objects.get()
    assert run.state == RunState.READY
    download = reverse("reports:download", args=[run.pk, "pdf"])
    assert download in client.get(address).content.decode()
    content = b"".join(client.get(download).streaming_content)
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for part in ("EOI-2023-0001", "Newport voices", "Because people wait too long."):
        assert part in words


def test_copy_says_when_it_was_made_and_that_answers_changed_since(client, scene):
    sent = scene.send()
    client.force_login(scene.writer)
    address = reverse("expressions:copy", args=[sent.pk])
    ask(scene, scene.writer)
    build_waiting(now=timezone.now())
    page = client.get(address).content.decode()
    assert "This copy was made on" in page
    assert "have changed since" not in page
    write(sent, scene.why, "Because of something else.", scene.writer, timezone.now())
    page = client.get(address).content.decode()
    assert "The answers have changed since this copy was made." in page
    assert "Make a new copy" in page


def test_nobody_else_asks_for_or_fetches_a_copy(client, scene, somebody, staff):
    scene.fill()
    for person in (somebody, staff, contact_of(OrganisationFactory())):
        with pytest.raises(PermissionDenied):
            ask(scene, person)
    run = ask(scene, scene.writer)
    build_waiting(now=timezone.now())
    for person in (somebody, staff, contact_of(OrganisationFactory())):
        client.force_login(person)
        assert client.get(reverse("reports:download", args=[run.pk, "pdf"])).status_code == 404


def test_staff_copy_what_has_been_sent_in(scene, staff):
    scene.send()
    assert ask(scene, staff).requested_by == staff


def test_run_of_something_else_is_a_copy_of_nothing(scene):
    assert copies.expression_of(ReportRun(kind="other", parameters={})) is None
    assert copies.expression_of(ReportRun(kind=copies.COPY.name, parameters={})) is None
