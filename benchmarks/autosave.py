"""200 writers who save at once: how long each waits, and that no answer is lost."""

import http.client
import json
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import Role, User
from expressions import questions
from expressions.enums import CallState, QuestionKind
from expressions.models import Answer, Call, Expression, Question, Section
from partners.models import Organisation

WRITERS = 200
SAVES = 5
# Every writer pauses about as long as somebody who types.
PAUSE = 3.0
CSRF = "a" * 32


@dataclass(frozen=True)
class Writer:
    """Somebody who writes in a draft of their own organisation."""

    number: int
    expression: int
    question: int
    cookie: str


@dataclass(frozen=True)
class Outcome:
    """Milliseconds of the median and of the slowest hundredth, and answers that are not there."""

    p50: float
    p99: float
    saves: int
    lost: int


def make_writers(count: int = WRITERS) -> list[Writer]:
    """An open call with one question, and ``count`` organisations with a draft and a contact."""
    now = timezone.now()
    call = Call.objects.create(
        slug="bench-autosave",
        title="Host a project",
        year=2026,
        state=CallState.OPEN,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    section = Section.objects.create(call=call, order=1, title="About you")
    question = Question.objects.create(
        section=section, key="why", order=1, kind=QuestionKind.LONG, text="Why?"
    )
    scope = ContentType.objects.get_for_model(Organisation)
    writers = []
    for number in range(count):
        organisation = Organisation.objects.create(name=f"Writers {number}", kind="community")
        person = User.objects.create_user(f"writer{number}@example.org", preferred_name="Writer")
        Role.objects.create(
            person=person,
            kind=RoleKind.PARTNER_CONTACT,
            scope_type=scope,
            scope_id=organisation.pk,
            starts_on=date(2022, 1, 1),
        )
        draft = Expression.objects.create(call=call, organisation=organisation, listed_at=now)
        writers.append(Writer(number, draft.pk, question.pk, _cookie(person)))
    return writers


def _cookie(person: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={CSRF}"


def measure(port: int, writers: list[Writer], saves: int = SAVES) -> Outcome:
    """Let all write at the same time; errors: ``RuntimeError`` on an answer that is not 200."""
    together = threading.Barrier(len(writers))

    def write(writer: Writer) -> list[float]:
        together.wait()
        # Nobody types in step with anybody else.
        time.sleep(PAUSE * writer.number / len(writers))
        return _write(port, writer, saves)

    with ThreadPoolExecutor(len(writers)) as threads:
        taken = sorted(one for several in threads.map(write, writers) for one in several)
    last = dict(Answer.objects.filter(
        expression__in=[writer.expression for writer in writers]
    ).values_list("expression_id", "value"))  # fmt: skip
    lost = sum(last.get(writer.expression) != _text(writer.number, saves - 1) for writer in writers)
    slow = taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    return Outcome(statistics.median(taken), slow, len(taken), lost)


def _text(number: int, turn: int) -> str:
    words = "we want to have a life, and not only services. " * 20
    return f"Writer {number}, turn {turn}: {words}".strip()


def _write(port: int, writer: Writer, saves: int) -> list[float]:
    taken, version, shown = [], 0, ""
    address = f"/expressions/{writer.expression}/answers/{writer.question}/"
    headers = {
        "Cookie": writer.cookie,
        "X-CSRFToken": CSRF,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for turn in range(saves):
        text = _text(writer.number, turn)
        pk = writer.question
        body = urlencode({f"q{pk}": text, f"v{pk}": version, f"f{pk}": shown})
        begun = time.perf_counter()
        answer = _post(port, address, body, headers)
        taken.append((time.perf_counter() - begun) * 1_000)
        version, shown = json.loads(answer)["version"], questions.fingerprint(text)
        time.sleep(PAUSE)
    return taken


def _post(port: int, address: str, body: str, headers: dict[str, str]) -> bytes:
    """On a connection of its own: the server keeps none over a writer's pause."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", address, body, headers)
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise RuntimeError(f"{address} answered {response.status}: {answer[:200]!r}")
    return answer
