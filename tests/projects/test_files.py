"""Pictures of updates and documents of projects: what is taken, kept, shown and to whom."""

import io
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.enums import RoleKind
from core.enums import FileState
from core.filetypes import FileRefused
from core.transitions import TransitionNotAllowed
from projects.enums import Audience
from projects.file_services import add_image, scan_waiting_files, sweep_files
from projects.history import history_of
from projects.images import drawn_anew
from projects.models import ProjectFile, UpdateImage
from projects.services import NotADraft
from projects.transitions import publish, take_down
from tests.accounts.factories import person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import (
    ProjectFactory,
    ProjectFileFactory,
    UpdateFactory,
    UpdateImageFactory,
    picture_bytes,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def upload(content, name="picture.png"):
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(staff):
    return ProjectFactory(title="Time off", lead=staff, host=OrganisationFactory(), is_public=True)


@pytest.fixture
def draft(project):
    return UpdateFactory(project=project, title="News", audience=Audience.PUBLIC)


# --- Pictures ------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(kind, suffix):
    exif = Image.Exif()
    exif[0x010E] = "Taken at home, 1 Secret Street"
    content = picture_bytes(kind, exif=exif.tobytes())
    assert b"Secret Street" in content
    drawn = drawn_anew(content)
    assert b"Secret Street" not in drawn.content
    assert (drawn.suffix, drawn.width, drawn.height) == (suffix, 40, 30)


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = drawn_anew(picture_bytes("JPEG", exif=exif.tobytes()))
    assert (drawn.width, drawn.height) == (30, 40)


def test_a_picture_wider_than_a_page_is_made_smaller_and_keeps_its_shape():
    drawn = drawn_anew(picture_bytes("JPEG", size=(3_200, 800)))
    assert (drawn.width, drawn.height) == (1_600, 400)


def test_a_picture_one_can_see_through_stays_so():
    made = io.BytesIO()
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(made, format="PNG")
    with Image.open(io.BytesIO(drawn_anew(made.getvalue()).content)) as found:
        assert found.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='x'/>", b"GIF89a" + b"\0" * 40, picture_bytes()[:60], b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_picture_inside_is_refused(content):
    with pytest.raises(FileRefused):
        drawn_anew(content)


def test_a_cut_off_picture_is_refused_after_a_report_was_made_in_the_same_process():
    import_module("reports.pdf")
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = picture_bytes(kind)
        with pytest.raises(FileRefused):
            drawn_anew(whole[: len(whole) - 24])


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked():
    with pytest.raises(FileRefused):
        drawn_anew(picture_bytes(size=(20_000, 6_000)))


def test_a_picture_without_words_is_kept_but_its_update_is_not_published(
    project, draft, staff, staff_client, now
):
    data = {"upload": upload(picture_bytes()), "alternative": "", "once_key": uuid4()}
    response = staff_client.post(url("image-add", project.pk, draft.pk), data)
    image = UpdateImage.objects.get()
    assert response.url == url("image-edit", project.pk, image.pk)
    with pytest.raises(TransitionNotAllowed):
        publish(obj=draft, by=staff, now=now)
    page = staff_client.post(url("update-publish", project.pk, draft.pk), follow=True)
    assert "Say what each picture shows." in page.content.decode()
    staff_client.post(response.url, {"alternative": "Three people at a table."})
    staff_client.post(url("update-publish", project.pk, draft.pk))
    draft.refresh_from_db()
    assert not draft.is_draft


def test_a_picture_is_added_once_by_a_double_click(draft, staff, now):
    key = uuid4()
    for _ in range(2):
        add_image(
            update=draft,
            upload=upload(picture_bytes()),
            alternative="A table",
            once_key=key,
            by=staff,
            now=now,
        )
    assert UpdateImage.objects.count() == 1


def test_a_published_update_takes_no_picture(draft, staff, now):
    publish(obj=draft, by=staff, now=now)
    with pytest.raises(NotADraft):
        add_image(
            update=draft,
            upload=upload(picture_bytes()),
            alternative="A table",
            once_key=uuid4(),
            by=staff,
            now=now,
        )


def test_what_is_no_picture_is_said_beside_its_box(project, draft, staff_client):
    data = {"upload": upload(b"%PDF-1.7"), "alternative": "A table", "once_key": uuid4()}
    page = staff_client.post(url("image-add", project.pk, draft.pk), data)
    assert list(page.context["form"].errors) == ["upload"]
    assert UpdateImage.objects.count() == 0


def test_a_picture_is_public_only_while_its_update_is(project, draft, staff, client, now):
    image = UpdateImageFactory(update=draft)
    address = url("public-image", project.slug, image.pk)
    assert client.get(address).status_code == 404
    publish(obj=draft, by=staff, now=now)
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["X-Content-Type-Options"] == "nosniff"
    response.getvalue()
    page = client.get(project.public_url).content.decode()
    assert 'alt="Three people at a table."' in page
    take_down(obj=draft, by=staff, now=now, reason="A mistake.")
    assert client.get(address).status_code == 404


def test_a_picture_of_the_team_is_never_public(project, client, staff, now):
    own = UpdateFactory(project=project, audience=Audience.INTERNAL)
    image = UpdateImageFactory(update=own)
    publish(obj=own, by=staff, now=now)
    assert client.get(url("public-image", project.slug, image.pk)).status_code == 404
    client.force_login(person_with(RoleKind.PARTNER_CONTACT, project.host))
    assert client.get(url("image", project.pk, image.pk)).status_code == 404


def test_a_picture_is_removed_after_one_question(project, draft, staff_client):
    image = UpdateImageFactory(update=draft)
    address = url("image-remove", project.pk, image.pk)
    assert "Remove this picture?" in staff_client.get(address).content.decode()
    staff_client.post(address)
    assert UpdateImage.objects.count() == 0
    assert history_of(project, 3)[0].text == "Removed a picture from the update “News”"


# --- Documents -----------------------------------------------------------------------------


def add_file(client, project, content=b"a,b\n1,2\n", name="plan.csv", **more):
    data = {"upload": upload(content, name), "title": "The plan", "once_key": uuid4(), **more}
    return client.post(url("file-add", project.pk), data)


def test_a_document_is_given_back_as_a_download_and_never_shown(project, staff_client):
    assert add_file(staff_client, project).status_code == 302
    file = ProjectFile.objects.get()
    assert (file.title, file.state) == ("The plan", FileState.UNSCANNED)
    response = staff_client.get(file.get_absolute_url())
    assert b"".join(response.streaming_content) == b"a,b\n1,2\n"
    assert response["Content-Disposition"] == 'attachment; filename="plan.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "The plan" in staff_client.get(url("detail", project.pk)).content.decode()
    assert history_of(project, 3)[0].text == "Added the file “The plan”"


def test_the_list_of_documents_costs_the_same_queries_for_1_and_for_30(project, staff_client):
    counts = []
    for more in [1, 29]:
        ProjectFileFactory.create_batch(more, project=project)
        with CaptureQueriesContext(connection) as caught:
            assert staff_client.get(reverse("projects:files", args=[project.pk])).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8


def test_a_document_is_added_once_by_a_double_click_and_named_as_its_file(project, staff_client):
    key = uuid4()
    for _ in range(2):
        add_file(staff_client, project, title="", once_key=key)
    assert [file.title for file in ProjectFile.objects.all()] == ["plan.csv"]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x90\0program", "plan.pdf"), (b"<html>", "plan.csv"), (b"", "plan.csv"), (b"x", "a.exe")],
)
def test_what_is_not_what_its_name_says_is_refused(content, name, project, staff_client):
    page = add_file(staff_client, project, content, name)
    assert list(page.context["form"].errors) == ["upload"]
    assert ProjectFile.objects.count() == 0


def test_a_document_larger_than_we_take_is_refused(project, staff_client, settings):
    settings.ANSWER_FILE_BYTES = 5
    assert list(add_file(staff_client, project).context["form"].errors) == ["upload"]


def test_a_document_that_waits_for_the_scanner_is_not_opened(project, staff_client):
    file = ProjectFileFactory(project=project, state=FileState.WAITING)
    assert staff_client.get(file.get_absolute_url()).status_code == 404


def test_a_host_opens_documents_of_its_project_and_of_no_other(project, client):
    client.force_login(person_with(RoleKind.PARTNER_CONTACT, project.host))
    response = client.get(ProjectFileFactory(project=project).get_absolute_url())
    assert response.status_code == 200
    response.getvalue()
    assert client.get(ProjectFileFactory().get_absolute_url()).status_code == 404


def test_scanner_that_is_away_leaves_documents_waiting(project, settings, now):
    settings.CLAMAV_ADDRESS = "unix:///nowhere/clamd.sock"
    ProjectFileFactory(project=project, state=FileState.WAITING)
    assert scan_waiting_files(now=now) == 0
    assert ProjectFile.objects.get().state == FileState.WAITING


def test_sweep_deletes_what_no_row_knows_and_nothing_else(project, draft):
    kept = [ProjectFileFactory(project=project), UpdateImageFactory(update=draft)]
    lost = [
        default_storage.save(name, ContentFile(b"x"))
        for name in [f"project-files/{project.pk}/lost", "update-images/lost.png"]
    ]
    soon = timezone.now()
    assert sweep_files(now=soon) == 0
    assert sweep_files(now=soon + timedelta(hours=2)) == 2
    assert not any(default_storage.exists(name) for name in lost)
    assert all(default_storage.exists(str(one.file.name)) for one in kept)
