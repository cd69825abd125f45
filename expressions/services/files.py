"""Files as answers: taking them, having them scanned, taking them away, sweeping up.

Content first, row second, so that no row is without its file; what a crash leaves between the two
is a file that no row knows, which the sweep deletes.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, filetypes, scanning
from core.enums import AuditAction, FileState
from core.filetypes import FileRefused
from notifications.services import queue

from .. import notifications
from ..enums import QuestionKind
from ..models import AnswerFile, Expression, Question
from ..models.files import ANSWER_FILES, answer_file_path
from ..transitions.files import pass_file, refuse_file
from ..waking import wake_scanner
from .writing import let_check_again, lock_for_writing

logger = logging.getLogger(__name__)

# A file that no row knows may belong to an upload under way.
UNDER_WAY = timedelta(hours=1)
SCANNED_AT_ONCE = 20


def add_file(
    *, obj: Expression, question: Question, upload: UploadedFile, by: User, now: datetime
) -> AnswerFile:
    """Make ``upload`` one of the files that answer ``question``.

    The same content again, as by a double click, is the file that is there already. Errors:
    ``FileRefused``, and those of ``save_answers``.
    """
    name, content = _read(upload)
    kind = filetypes.check(name, content)
    digest = hashlib.sha256(content).hexdigest()
    made: list[str] = []
    try:
        with transaction.atomic():
            expression = lock_for_writing(obj, by, now)
            _check_question(expression, question)
            others = AnswerFile.objects.filter(expression=expression, question=question)
            if same := others.filter(sha256=digest).exclude(state=FileState.REFUSED).first():
                return same
            _make_room(others)
            file = AnswerFile(
                expression=expression,
                question=question,
                name=name,
                kind=kind,
                size=len(content),
                sha256=digest,
                uploaded_by=by,
                uploaded_at=now,
                state=FileState.WAITING if settings.CLAMAV_ADDRESS else FileState.UNSCANNED,
                is_example=expression.is_example,
            )
            file.file = _stored(file, content, made)
            file.save()
            audit.record(
                action=AuditAction.CREATED, obj=expression, by=by, now=now, note=_note(file)
            )
            let_check_again(expression, by, now)
    except BaseException:
        _delete_content(made)
        raise
    if file.is_waiting:
        transaction.on_commit(wake_scanner)
    return file


def _read(upload: UploadedFile) -> tuple[str, bytes]:
    """Name and content. Errors: ``FileRefused`` for one that is too large, before it is read."""
    most = settings.ANSWER_FILE_BYTES
    if upload.size is None or upload.size > most:
        raise FileRefused(
            _("This file is larger than %(most)s. Make it smaller, or split it.")
            % {"most": filesizeformat(most)}
        )
    return filetypes.safe_name(upload.name or ""), upload.read()


def _check_question(expression: Expression, question: Question) -> None:
    right = question.kind == QuestionKind.FILE and not question.is_retired
    if not right or question.section.call_id != expression.call_id:
        raise FileRefused(_("This question is not answered with a file."))


def _make_room(others: QuerySet[AnswerFile]) -> None:
    """Let refused files go; refuse one too many."""
    others.filter(state=FileState.REFUSED).delete()
    if others.count() >= settings.ANSWER_FILES_A_QUESTION:
        raise FileRefused(
            _("There are %(most)s files here already, which is the most. Take one away first.")
            % {"most": settings.ANSWER_FILES_A_QUESTION}
        )


def _stored(file: AnswerFile, content: bytes, made: list[str]) -> str:
    """Write the content; the name under which it is kept. A full disk is said in words."""
    wanted = answer_file_path(file, file.name)
    made.append(wanted)
    try:
        return default_storage.save(wanted, ContentFile(content))
    except OSError as error:
        logger.error("answer_file.not_stored error=%s", type(error).__name__)  # noqa: TRY400
        raise FileRefused(
            _("We could not keep your file just now. Your other answers are safe. Try again later.")
        ) from error


def _note(file: AnswerFile) -> str:
    return f"file {file.question.key} {file.sha256[:12]}"


def remove_file(*, obj: AnswerFile, by: User, now: datetime) -> None:
    """Take a file away. Twice is once. Errors: those of ``save_answers``."""
    with transaction.atomic():
        expression = lock_for_writing(obj.expression, by, now)
        found = AnswerFile.objects.filter(pk=obj.pk, expression=expression).first()
        if found is None:
            return
        name = str(found.file.name)
        audit.record(action=AuditAction.REMOVED, obj=expression, by=by, now=now, note=_note(found))
        found.delete()
        let_check_again(expression, by, now)
        transaction.on_commit(lambda: _delete_content([name]))


def _delete_content(names: list[str]) -> None:
    """Delete stored files; what cannot be deleted now, the sweep deletes."""
    for name in names:
        if name:
            with suppress(OSError):
                default_storage.delete(name)


def scan_waiting_files(*, now: datetime) -> int:
    """Have the scanner look at the files that wait; how many got a verdict.

    Idempotent: a file whose scan was cut short still waits. Without a scanner, as after it was
    taken out of the settings, files that wait stay waiting rather than slip through.
    """
    if not settings.CLAMAV_ADDRESS:
        return 0
    done = 0
    waiting = AnswerFile.objects.filter(state=FileState.WAITING).order_by("updated_at", "id")
    for file in waiting.select_related("expression__call", "uploaded_by")[:SCANNED_AT_ONCE]:
        try:
            clean = _is_clean(file)
        except scanning.ScannerUnavailable as problem:
            logger.warning("scanner.unavailable file=%s reason=%s", file.pk, problem)
            break
        except (scanning.NoVerdict, FileNotFoundError) as problem:
            logger.error("scanner.no_verdict file=%s reason=%s", file.pk, type(problem).__name__)  # noqa: TRY400
            # To the end of the queue: one file must not keep the others waiting.
            file.save(update_fields=["updated_at"])
            continue
        _settle(file, clean, now)
        done += 1
    return done


def _is_clean(file: AnswerFile) -> bool:
    with file.file.open("rb") as content:
        return scanning.is_clean(content.chunks(64 * 1024), settings.CLAMAV_ADDRESS)


def _settle(file: AnswerFile, clean: bool, now: datetime) -> None:
    if clean:
        pass_file(obj=file, now=now)
        return
    name = str(file.file.name)
    with transaction.atomic():
        refused = refuse_file(obj=file, now=now)
        if file.uploaded_by:
            queue(
                kind=notifications.FILE_REFUSED,
                to=file.uploaded_by,
                about=refused,
                now=now,
                context={
                    "file": refused,
                    "call": file.expression.call,
                    "path": reverse("expressions:tasks", args=[file.expression_id]),
                },
            )
        transaction.on_commit(lambda: _delete_content([name]))


def sweep_files(*, now: datetime) -> int:
    """Delete stored files that no row knows; how many. Says in the log which rows lack theirs."""
    known = set(AnswerFile.objects.exclude(file="").values_list("file", flat=True))
    swept, seen = 0, set()
    for name in _stored_names():
        seen.add(name)
        if name in known or now - default_storage.get_modified_time(name) < UNDER_WAY:
            continue
        default_storage.delete(name)
        swept += 1
    # Asked again: rows and files came and went while the folders were read.
    for name in known - seen:
        if AnswerFile.objects.filter(file=name).exists() and not default_storage.exists(name):
            logger.error("answer_file.missing name=%s", name)
    return swept


def _stored_names() -> Iterator[str]:
    if not default_storage.exists(ANSWER_FILES):
        return
    folders, _files = default_storage.listdir(ANSWER_FILES)
    for folder in folders:
        for name in default_storage.listdir(f"{ANSWER_FILES}/{folder}")[1]:
            yield f"{ANSWER_FILES}/{folder}/{name}"
