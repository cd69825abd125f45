"""Files as answers on the pages: uploaded, scanned, opened, taken away, swept up."""

import errno
import os
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core import scanning
from core.enums import FileState
from core.filetypes import FileRefused
from expressions import selectors
from expressions.copies import collect
from expressions.enums import CallState, QuestionKind
from expressions.models import Answer, AnswerFile, Conflict
from expressions.services import files
from notifications.models import Message
from tests.accounts.factories import person_with
from tests.expressions.factories import QuestionFactory, SectionFactory, write
from tests.expressions.hostile import EICAR, HARMLESS, HOSTILE, pdf
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def plan(scene):
    """A question of the first section that a file answers."""
    return QuestionFactory(
        section=scene.why.section, kind=QuestionKind.FILE, text="Your plan?", is_required=False
    )


@pytest.fixture
def writing(client, scene):
    client.force_login(scene.writer)
    return client


def section(scene):
    return reverse("expressions:section", args=[scene.draft.pk, 1])


def upload(name="plan.pdf", content=None):
    return SimpleUploadedFile(name, pdf() if content is None else content)


def add(scene, plan, name="plan.pdf", content=None, by=None):
    return files.add_file(
        obj=scene.draft,
        question=plan,
        upload=upload(name, content),
        by=by or scene.writer,
        now=timezone.now(),
    )


def text(response):
    return response.content.decode()


def opened(client, file):
    """The status of the file's address, read to its end."""
    response = client.get(reverse("expressions:file", args=[file.pk]))
    response.getvalue()
    return response.status_code


def stored():
    return sorted(files._stored_names())


class Scanner(threading.Thread):
    """A stand-in for clamd on a socket: finds EICAR; says ``says`` instead where it is given."""

    def __init__(self, family=socket.AF_INET, at=("127.0.0.1", 0), says=b""):
        super().__init__(daemon=True)
        self.listening = socket.socket(family, socket.SOCK_STREAM)
        self.listening.bind(at)
        self.listening.listen()
        self.says = says
        self.seen: list[bytes] = []
        self.start()

    @property
    def address(self):
        name = self.listening.getsockname()
        return f"unix://{name}" if isinstance(name, str) else f"tcp://127.0.0.1:{name[1]}"

    def run(self):
        while True:
            try:
                connection, _peer = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">I", sent.read(4))[0]:
                    content += sent.read(length)
                self.seen.append(content)
                verdict = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
                connection.sendall(self.says or b"stream: " + verdict + b"\0")

    def stop(self):
        self.listening.close()


@pytest.fixture
def scanner(settings):
    running = Scanner()
    settings.CLAMAV_ADDRESS = running.address
    yield running
    running.stop()


def test_upload_keeps_what_else_was_typed_on_the_page(writing, scene, plan):
    sent = {f"q{scene.why.pk}": "Because.", f"v{scene.why.pk}": "0", "finished": "no"}
    response = writing.post(
        section(scene), {**sent, f"file{plan.pk}": upload(), "upload": str(plan.pk)}
    )
    assert response.url == f"{section(scene)}#q{plan.pk}-files"
    assert Answer.objects.get().value == "Because."
    page = text(writing.get(section(scene)))
    assert "plan.pdf" in page
    assert "Not checked for viruses." in page
    assert "Take away plan.pdf" in page


def test_file_that_was_chosen_comes_with_the_save_button_too(writing, scene, plan):
    writing.post(section(scene), {f"file{plan.pk}": upload(), "finished": "no"})
    assert AnswerFile.objects.get().name == "plan.pdf"


def test_refused_file_says_why_beside_its_field_and_keeps_the_words(writing, scene, plan):
    sent = {f"q{scene.why.pk}": "Because.", f"v{scene.why.pk}": "0", "finished": "yes"}
    hostile = upload("page.pdf", HOSTILE["page.pdf"])
    response = writing.post(section(scene), {**sent, f"file{plan.pk}": hostile})
    page = text(response)
    assert response.status_code == 422
    assert "This is not a PDF file inside" in page
    assert f'href="#q{plan.pk}"' in page
    assert "Because.</textarea>" in page
    assert (AnswerFile.objects.count(), stored()) == (0, [])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_leaves_neither_row_nor_file(writing, scene, plan, name):
    hostile = upload(name, HOSTILE[name])
    response = writing.post(section(scene), {f"file{plan.pk}": hostile, "upload": str(plan.pk)})
    assert response.status_code in {302, 422}
    assert (AnswerFile.objects.count(), stored()) == (0, [])


def test_file_that_is_too_large_is_refused_before_it_is_read(scene, plan, settings):
    settings.ANSWER_FILE_BYTES = 100
    with pytest.raises(FileRefused, match="larger than"):
        add(scene, plan, content=pdf(b"x" * 100))


def test_sixth_file_is_one_too_many(scene, plan):
    for number in range(5):
        add(scene, plan, f"{number}.pdf", pdf(b"%d" % number))
    with pytest.raises(FileRefused, match="the most"):
        add(scene, plan, content=pdf(b"6"))


def test_same_file_twice_is_one(scene, plan):
    assert add(scene, plan).pk == add(scene, plan, "again.pdf").pk
    assert len(stored()) == 1


@pytest.mark.django_db(transaction=True)
def test_uploads_at_once_keep_to_the_most(scene, plan):
    def one(number):
        try:
            add(scene, plan, f"{number}.pdf", pdf(b"%d" % number))
        except FileRefused:
            return "refused"
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(8 if connection.vendor == "postgresql" else 1) as threads:
        outcomes = list(threads.map(one, range(8)))
    assert sorted(outcomes) == ["kept"] * 5 + ["refused"] * 3
    assert AnswerFile.objects.count() == len(stored()) == 5


def test_question_of_words_takes_no_file_and_the_other_way_round(scene, plan):
    with pytest.raises(FileRefused, match="not answered with a file"):
        add(scene, scene.why)
    write(scene.draft, plan, "words", scene.writer, timezone.now())
    assert Answer.objects.count() == 0


def test_question_of_another_call_takes_no_file(scene):
    other = QuestionFactory(section=SectionFactory(), kind=QuestionKind.FILE)
    with pytest.raises(FileRefused):
        add(scene, other)


def test_needed_file_is_missed_until_it_is_there(scene, plan):
    plan.is_required = True
    plan.save()
    scene.fill()
    assert [one.words for one in selectors.problems_of(scene.draft)] == [
        "This question needs a file"
    ]
    add(scene, plan)
    assert selectors.problems_of(scene.draft) == []


def test_file_is_always_a_download_and_never_guessed(writing, scene, plan):
    file = add(scene, plan, 'a "plan" – é.pdf')
    response = writing.get(reverse("expressions:file", args=[file.pk]))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "application/pdf"
    assert response.getvalue() == pdf()


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_each_kind_of_file_comes_back_byte_for_byte(writing, scene, plan, name):
    file = add(scene, plan, name, HARMLESS[name])
    response = writing.get(reverse("expressions:file", args=[file.pk]))
    assert response.getvalue() == HARMLESS[name]
    assert "html" not in response["Content-Type"]


def test_file_opens_for_those_who_read_the_answers_alone(client, scene, plan, staff):
    file = add(scene, plan)
    address = reverse("expressions:file", args=[file.pk])

    def opens(person):
        client.force_login(person)
        return opened(client, file)

    assert opens(contact_of(OrganisationFactory())) == 404
    assert opens(person_with(RoleKind.ASSESSOR, scene.call)) == 404
    assert opens(staff) == 404  # staff read no draft
    scene.send()
    assert opens(staff) == 200
    Conflict.objects.create(
        expression=scene.draft, person=staff, state="declared", decided_at=timezone.now()
    )
    assert opens(staff) == 404
    client.logout()
    assert "/account/login/" in client.get(address).url


def test_file_of_a_sealed_call_is_shut_until_it_closes(client, scene, plan, staff):
    file = add(scene, plan)
    scene.send()
    scene.call.is_sealed = True
    scene.call.save()
    client.force_login(staff)
    assert opened(client, file) == 404
    type(scene.call).objects.update(state=CallState.CLOSED)
    assert opened(client, file) == 200


def test_file_is_named_in_check_copy_receipt_and_for_staff(writing, scene, plan, staff):
    add(scene, plan)
    scene.send()
    address = reverse("expressions:check", args=[scene.draft.pk])
    assert "plan.pdf" in text(writing.get(address))
    figures = collect({"expression": scene.draft.pk}, lambda *_progress: None)
    words = [answer["words"] for part in figures["parts"] for answer in part["answers"]]
    assert any("plan.pdf (PDF, " in one for one in words)
    assert "plan.pdf (PDF, " in Message.objects.get(kind="expressions.receipt").body
    writing.force_login(staff)
    page = text(writing.get(reverse("expressions:staff-page", args=[scene.draft.pk])))
    assert reverse("expressions:file", args=[AnswerFile.objects.get().pk]) in page


def test_file_waits_for_the_scanner_and_nobody_opens_it_before(writing, scene, plan, scanner):
    file = add(scene, plan)
    address = reverse("expressions:file", args=[file.pk])
    assert file.state == FileState.WAITING
    assert opened(writing, file) == 404
    page = text(writing.get(section(scene)))
    progress = reverse("expressions:file-progress", args=[scene.draft.pk, plan.pk])
    assert "It is being checked for viruses" in page
    assert f'data-waiting="{progress}"' in page
    assert files.scan_waiting_files(now=timezone.now()) == 1
    assert scanner.seen == [pdf()]
    assert opened(writing, file) == 200
    page = text(writing.get(progress))
    assert "data-waiting" not in page
    assert address in page


def test_file_with_a_virus_is_not_kept_and_its_writer_is_told(
    writing, scene, plan, scanner, django_capture_on_commit_callbacks
):
    scene.fill()
    file = add(scene, plan, "notes.txt", EICAR)
    with django_capture_on_commit_callbacks(execute=True):
        files.scan_waiting_files(now=timezone.now())
    file.refresh_from_db()
    assert (file.state, file.file.name, stored()) == (FileState.REFUSED, "", [])
    assert Message.objects.get(kind="expressions.file_refused").recipient == scene.writer
    assert "Refused: the virus scanner found something" in text(writing.get(section(scene)))
    assert "A file was refused" in selectors.problems_of(scene.draft)[0].words
    assert writing.get(reverse("expressions:file", args=[file.pk])).status_code == 404
    add(scene, plan)
    assert [one.state for one in AnswerFile.objects.all()] == [FileState.WAITING]


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"nonsense\0"])
def test_scanner_without_a_verdict_leaves_the_file_waiting(scene, plan, settings, says):
    running = Scanner(says=says or b"\0")
    settings.CLAMAV_ADDRESS = running.address
    add(scene, plan)
    assert files.scan_waiting_files(now=timezone.now()) == 0
    assert AnswerFile.objects.get().state == FileState.WAITING
    running.stop()


def test_file_without_a_verdict_or_content_keeps_no_other_waiting(scene, plan, scanner):
    gone = add(scene, plan, "gone.pdf", pdf(b"1"))
    default_storage.delete(str(gone.file.name))
    other = add(scene, plan, "other.pdf", pdf(b"2"))
    assert files.scan_waiting_files(now=timezone.now()) == 1
    other.refresh_from_db()
    gone.refresh_from_db()
    assert (other.state, gone.state) == (FileState.CLEAN, FileState.WAITING)


def test_scanner_that_is_away_leaves_the_file_waiting(scene, plan, settings):
    settings.CLAMAV_ADDRESS = "tcp://127.0.0.1:9"
    add(scene, plan)
    assert files.scan_waiting_files(now=timezone.now()) == 0
    settings.CLAMAV_ADDRESS = ""
    assert files.scan_waiting_files(now=timezone.now()) == 0
    assert AnswerFile.objects.get().state == FileState.WAITING


def test_scanner_on_a_unix_socket_is_asked_the_same(tmp_path):
    running = Scanner(socket.AF_UNIX, str(tmp_path / "clamd.sock"))
    assert scanning.is_clean([b"a" * 70_000, b"", b"b"], running.address)
    assert not scanning.is_clean([EICAR], running.address)
    running.stop()
    with pytest.raises(scanning.ScannerUnavailable):
        scanning.is_clean([b"x"], "unix:///nowhere/clamd.sock")


def test_taking_a_file_away_takes_its_content_too(
    writing, scene, plan, django_capture_on_commit_callbacks
):
    file = add(scene, plan)
    with django_capture_on_commit_callbacks(execute=True):
        for _again in range(2):
            writing.post(section(scene), {"remove": str(file.pk)})
    assert (AnswerFile.objects.count(), stored()) == (0, [])


@pytest.mark.parametrize("number", ["", "-1", "²", "9" * 30, "x"])
def test_taking_away_what_is_no_file_changes_nothing(writing, scene, plan, number):
    add(scene, plan)
    assert writing.post(section(scene), {"remove": number}).status_code == 302
    assert AnswerFile.objects.count() == 1


def test_file_of_another_organisation_is_not_taken_away(client, scene, plan):
    file = add(scene, plan)
    other = OrganisationFactory()
    person = contact_of(other)
    theirs = scene.draft.__class__.objects.create(
        call=scene.call, organisation=other, listed_at=timezone.now()
    )
    client.force_login(person)
    client.post(reverse("expressions:section", args=[theirs.pk, 1]), {"remove": str(file.pk)})
    assert AnswerFile.objects.filter(pk=file.pk).exists()


def test_nothing_is_uploaded_after_the_call_has_closed(writing, scene, plan):
    scene.call.closes_at = timezone.now()
    scene.call.save()
    response = writing.post(section(scene), {f"file{plan.pk}": upload()}, follow=True)
    assert "The call is closed." in text(response)
    assert (AnswerFile.objects.count(), stored()) == (0, [])


def test_full_disk_is_said_and_leaves_neither_row_nor_file(writing, scene, plan, monkeypatch):
    def full(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb") as half:  # noqa: PTH123
            half.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    sent = {f"q{scene.why.pk}": "Because.", f"v{scene.why.pk}": "0", "finished": "no"}
    response = writing.post(section(scene), {**sent, f"file{plan.pk}": upload()})
    assert "We could not keep your file just now" in text(response)
    assert Answer.objects.get().value == "Because."
    assert (AnswerFile.objects.count(), stored()) == (0, [])


def age(name, hours):
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(default_storage.path(name), (then, then))


def test_sweep_deletes_what_no_row_knows_once_no_upload_can_be_under_way(scene, plan, caplog):
    kept = str(add(scene, plan).file.name)
    old = default_storage.save(f"answers/{scene.draft.pk}/old", ContentFile(b"x"))
    young = default_storage.save(f"answers/{scene.draft.pk}/young", ContentFile(b"x"))
    age(kept, 5)
    age(old, 2)
    assert files.sweep_files(now=timezone.now()) == 1
    assert stored() == sorted([kept, young])
    assert "missing" not in caplog.text
    default_storage.delete(kept)
    files.sweep_files(now=timezone.now())
    assert "answer_file.missing" in caplog.text


def test_row_that_goes_with_its_expression_leaves_nothing_after_the_sweep(scene, plan):
    name = str(add(scene, plan).file.name)
    scene.draft.delete()
    age(name, 2)
    assert files.sweep_files(now=timezone.now()) == 1
    assert stored() == []


def test_sweep_before_the_first_upload_finds_nothing(db):
    assert files.sweep_files(now=timezone.now()) == 0


def test_section_page_costs_the_same_for_one_file_and_for_five(
    writing, scene, plan, django_assert_max_num_queries
):
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            writing.get(section(scene))
        return len(queries)

    add(scene, plan)
    one = cost()
    for number in range(4):
        add(scene, plan, f"{number}.pdf", pdf(b"%d" % number))
    assert cost() == one <= 15


def test_upload_is_cut_off_by_none_of_the_odd_names(writing, scene, plan):
    for name in ["a\0.pdf", "x" * 5_000 + ".pdf", "\u202e.pdf", "plan.pdf\n"]:
        sent = BytesIO(pdf(name.encode("utf-8", "replace")))
        sent.name = name
        status = writing.post(section(scene), {f"file{plan.pk}": sent}).status_code
        assert status in {302, 400, 422}  # 400: a header that Django does not take
