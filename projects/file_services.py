"""Writes about pictures of updates and documents of projects, and about their stored content.

Content first, row second, so that no row is without its file; what a crash or a removal leaves
behind is a file that no row knows, which the sweep deletes.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import audit, filetypes, scanning
from core.enums import AuditAction, FileState
from core.filestates import FILE_STEPS
from core.filetypes import FileRefused
from core.transitions import transition

from .images import drawn_anew, read_upload
from .models import Project, ProjectFile, Update, UpdateImage
from .models.work import PROJECT_FILES, UPDATE_IMAGES
from .services import NotADraft, must_be_draft

logger = logging.getLogger(__name__)

MOST_IMAGES = 6
MOST_FILES = 100
# A file that no row knows may belong to an upload under way.
UNDER_WAY = timedelta(hours=1)
SCANNED_AT_ONCE = 20

__all__ = ["FileRefused", "NotADraft"]


def add_image(  # noqa: PLR0913 - each is a fact of the picture
    *,
    update: Update,
    upload: UploadedFile,
    alternative: str,
    once_key: UUID,
    by: Any,
    now: datetime,
) -> UpdateImage:
    """Add a picture to a draft; ``alternative`` may follow, but before the update is published.

    The same ``once_key`` a second time gives the first one's row. Errors: ``FileRefused``,
    ``NotADraft``.
    """
    picture = drawn_anew(read_upload(upload))
    with transaction.atomic():
        locked = Update.objects.select_for_update().get(pk=update.pk)
        must_be_draft(locked)
        if same := UpdateImage.objects.filter(once_key=once_key, update=locked).first():
            return same
        if locked.images.count() >= MOST_IMAGES:
            raise FileRefused(
                _("There are %(most)s pictures already, which is the most. Remove one first.")
                % {"most": MOST_IMAGES}
            )
        image = UpdateImage(
            update=locked,
            alternative=alternative,
            width=picture.width,
            height=picture.height,
            once_key=once_key,
            is_example=locked.is_example,
        )
        image.file.save(f"picture.{picture.suffix}", ContentFile(picture.content), save=False)
        image.save()
        _note(locked.project, {"updateimage": ["", locked.title]}, by, now)
    return image


def describe_image(*, obj: UpdateImage, alternative: str, by: Any, now: datetime) -> None:
    """Say what a picture of a draft shows. Errors: ``NotADraft``."""
    with transaction.atomic():
        update = Update.objects.select_for_update().get(pk=obj.update_id)
        must_be_draft(update)
        image = UpdateImage.objects.get(pk=obj.pk)
        if image.alternative != alternative:
            old, image.alternative = image.alternative, alternative
            image.save(update_fields=["alternative", "updated_at"])
            _note(update.project, {"image_words": [old, alternative]}, by, now)


def remove_image(*, obj: UpdateImage, by: Any, now: datetime) -> None:
    """Take a picture out of a draft; the sweep deletes its content. Errors: ``NotADraft``."""
    with transaction.atomic():
        update = Update.objects.select_for_update().get(pk=obj.update_id)
        must_be_draft(update)
        if UpdateImage.objects.filter(pk=obj.pk).delete()[0]:
            _note(update.project, {"updateimage": [update.title, ""]}, by, now)


def add_file(  # noqa: PLR0913 - each is a fact of the file
    *, project: Project, upload: UploadedFile, title: str, once_key: UUID, by: Any, now: datetime
) -> ProjectFile:
    """Add a document; without ``title`` it is called as the file is.

    The same ``once_key`` a second time gives the first one's row. Errors: ``FileRefused``.
    """
    content = read_upload(upload)
    name = filetypes.safe_name(upload.name or "")
    kind = filetypes.check(name, content)
    with transaction.atomic():
        locked = Project.objects.select_for_update().get(pk=project.pk)
        if same := ProjectFile.objects.filter(once_key=once_key, project=locked).first():
            return same
        if locked.files.count() >= MOST_FILES:
            raise FileRefused(
                _("There are %(most)s files already, which is the most. Remove one first.")
                % {"most": MOST_FILES}
            )
        file = ProjectFile(
            project=locked,
            title=title.strip() or name,
            name=name,
            kind=kind,
            size=len(content),
            uploaded_by=by,
            once_key=once_key,
            state=FileState.WAITING if settings.CLAMAV_ADDRESS else FileState.UNSCANNED,
            is_example=locked.is_example,
        )
        file.file.save(name, ContentFile(content), save=False)
        file.save()
        _note(locked, {"projectfile": ["", file.title]}, by, now)
    return file


def remove_file(*, obj: ProjectFile, by: Any, now: datetime) -> None:
    """Take a document away; the sweep deletes its content. Twice is once."""
    with transaction.atomic():
        if ProjectFile.objects.filter(pk=obj.pk).delete()[0]:
            _note(obj.project, {"projectfile": [obj.title, ""]}, by, now)


def _note(project: Project, changes: dict[str, list[str]], by: Any, now: datetime) -> None:
    audit.record(action=AuditAction.CHANGED, obj=project, by=by, now=now, changes=changes)


def scan_waiting_files(*, now: datetime) -> int:
    """Have the scanner look at the documents that wait; how many got a verdict. Idempotent."""
    if not settings.CLAMAV_ADDRESS:
        return 0
    done = 0
    waiting = ProjectFile.objects.filter(state=FileState.WAITING).order_by("updated_at", "id")
    for file in waiting[:SCANNED_AT_ONCE]:
        try:
            with file.file.open("rb") as content:
                clean = scanning.is_clean(content.chunks(64 * 1024), settings.CLAMAV_ADDRESS)
        except scanning.ScannerUnavailable as problem:
            logger.warning("scanner.unavailable project_file=%s reason=%s", file.pk, problem)
            break
        except (scanning.NoVerdict, FileNotFoundError) as problem:
            logger.error("scanner.no_verdict file=%s reason=%s", file.pk, type(problem).__name__)  # noqa: TRY400
            # To the end of the queue: one file must not keep the others waiting.
            file.save(update_fields=["updated_at"])
            continue
        _settle(file, clean, now)
        done += 1
    return done


def _settle(file: ProjectFile, clean: bool, now: datetime) -> None:
    def forget_content(refused: ProjectFile) -> None:
        refused.file.name = ""

    if clean:
        transition(obj=file, step=FILE_STEPS["pass"], by=None, now=now)
    else:
        step = FILE_STEPS["refuse"]
        transition(obj=file, step=step, by=None, now=now, apply=forget_content)


def sweep_files(*, now: datetime) -> int:
    """Delete stored files of this room that no row knows; how many."""
    swept = 0
    for name in _stored_names():
        known = any(
            model._default_manager.filter(file=name).exists() for model in _models_with_files()
        )
        if not known and now - default_storage.get_modified_time(name) >= UNDER_WAY:
            default_storage.delete(name)
            swept += 1
    return swept


def _models_with_files() -> list[type[models.Model]]:
    return [ProjectFile, UpdateImage]


def _stored_names() -> Iterator[str]:
    for top in [UPDATE_IMAGES, PROJECT_FILES]:
        if default_storage.exists(top):
            folders, files = default_storage.listdir(top)
            yield from (f"{top}/{name}" for name in files)
            for folder in folders:
                for name in default_storage.listdir(f"{top}/{folder}")[1]:
                    yield f"{top}/{folder}/{name}"
