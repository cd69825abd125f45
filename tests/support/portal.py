"""The running portal for journeys: web server, worker, mail sink, and the programme."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from pytest_django.live_server_helper import LiveServer

from impact_portal.celery import app
from impact_portal.management.commands.load_programme import DEMONSTRATION_PASSWORD
from tests.support.mail import MailSink

ROOT = Path(__file__).resolve().parents[2]


class Portal:
    """What a journey holds in its hands."""

    def __init__(self, server: LiveServer, mail: MailSink) -> None:
        self.server = server
        self.mail = mail

    def url(self, path: str) -> str:
        return self.server.url + path

    def sign_in(self, page: Any, key: str, at: str = "") -> None:
        """Sign in through the page as the example account ``<key>@example.org``."""
        page.goto(f"{at or self.server.url}/account/login/")
        page.get_by_label("Email").first.fill(f"{key}@example.org")
        page.get_by_label("Password", exact=True).fill(DEMONSTRATION_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/account/login" not in url)

    def sweep(self) -> None:
        """Ask the worker for all that beat asks for each minute."""
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            app.send_task(entry["task"])

    def begin(self, test_settings: Any) -> None:
        """The programme as loaded, an empty queue, an empty letter box."""
        restore_database()
        app.control.purge()
        self.mail.received.clear()
        test_settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        test_settings.EMAIL_HOST = "127.0.0.1"
        test_settings.EMAIL_PORT = self.mail.port
        test_settings.PORTAL_BASE_URL = self.server.url


@contextmanager
def own_database() -> Iterator[None]:
    """A test database, made here when no other test of the session has asked for one.

    pytest-django makes it only for tests marked ``django_db``, whose tables it then empties after
    each test; journeys put theirs back from a template instead.
    """
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    config = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    try:
        yield
    finally:
        # A connection that a test opened may live in another context than this one.
        name = connection.settings_dict["NAME"]
        _administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        teardown_databases(config, verbosity=0)


def start_portal(folder: Path) -> Iterator[Portal]:
    """Load the programme, keep it as a template, and start everything; stop it at the end."""
    with own_database():
        yield from _started(folder)


def _started(folder: Path) -> Iterator[Portal]:
    with_password = settings.DEMONSTRATION
    settings.DEMONSTRATION = True
    call_command("load_programme", verbosity=0)
    settings.DEMONSTRATION = with_password
    keep_as_template()
    mail = MailSink()
    mail.start()
    server = LiveServer("127.0.0.1")
    worker = start_worker(folder, server.url, mail.port)
    try:
        yield Portal(server, mail)
    finally:
        worker.terminate()
        worker.wait(20)
        server.stop()
        mail.stop()
        drop_template()
        end_sessions()


def start_worker(folder: Path, base_url: str, mail_port: int) -> subprocess.Popen:
    """A Celery worker as in production, on the test database."""
    database = settings.DATABASES["default"]
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.support.worker_settings",
        "DATABASE_URL": address,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PORTAL_BASE_URL": base_url,
    }
    command = [sys.executable, "-m", "celery", "-A", "impact_portal", "worker", "-c", "1"]
    with (folder / "worker.log").open("wb") as log:
        return subprocess.Popen(
            [*command, "--loglevel", "INFO"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )


def _template_name() -> str:
    return f"{settings.DATABASES['default']['NAME']}_programme"


def _administer(*statements: str) -> None:
    """Run statements that no connection to the test database may be open for."""
    for open_connection in connections.all():
        open_connection.close()
    database = settings.DATABASES["default"]
    admin = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"] or 5432,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
    )
    try:
        admin.autocommit = True
        with admin.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        admin.close()


def keep_as_template() -> None:
    """Keep the test database as it is now, to begin each journey from."""
    name = connection.settings_dict["NAME"]
    _administer(
        f'DROP DATABASE IF EXISTS "{_template_name()}" WITH (FORCE)',
        f'CREATE DATABASE "{_template_name()}" TEMPLATE "{name}"',
    )


def restore_database() -> None:
    """Put the test database back to what :func:`keep_as_template` kept."""
    name = connection.settings_dict["NAME"]
    _administer(
        f'DROP DATABASE "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{_template_name()}"',
    )


def end_sessions() -> None:
    """End the sessions that journeys left open.

    While a page is driven, an event loop runs, and the ORM keeps a connection of its own for it
    that nothing outside of the loop can close.
    """
    name = connection.settings_dict["NAME"]
    _administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def drop_template() -> None:
    """Remove what :func:`keep_as_template` kept."""
    _administer(f'DROP DATABASE IF EXISTS "{_template_name()}" WITH (FORCE)')
