"""A backup put back gives the same rows and the same files; a harmed one is refused."""

import os
import secrets
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.support.services import REPOSITORY

pytestmark = pytest.mark.enable_socket

FILES = {"letter.docx": b"words", "a folder/map of places.pdf": b"\x00\x01" * 5000}


def execute(url, statement):
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None


@pytest.fixture
def place(tmp_path):
    """A database and a folder of files of their own, as the script's environment."""
    server = os.environ["DATABASE_URL"]
    name = f"backup_{secrets.token_hex(6)}"
    execute(server, f"CREATE DATABASE {name}")
    media = tmp_path / "media"
    for path, content in FILES.items():
        (media / path).parent.mkdir(parents=True, exist_ok=True)
        (media / path).write_bytes(content)
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    execute(url, "CREATE TABLE letter (id int PRIMARY KEY, words text)")
    execute(url, "INSERT INTO letter SELECT n, 'letter ' || n FROM generate_series(1, 500) n")
    yield {
        **os.environ,
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(media),
        "BACKUP_ROOT": str(tmp_path / "back ups"),
    }
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def backup(place, *arguments):
    return subprocess.run(
        ["bash", REPOSITORY / "deploy" / "backup.sh", *arguments],
        env=place,
        capture_output=True,
        text=True,
        check=False,
    )


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_comes_back_as_it_was(place, tmp_path):
    made = backup(place, "make")
    assert made.returncode == 0, made.stderr
    folder = made.stdout.strip()
    execute(place["DATABASE_URL"], "UPDATE letter SET words = 'harmed' WHERE id < 200")
    execute(place["DATABASE_URL"], "DELETE FROM letter WHERE id > 300")
    (tmp_path / "media" / "letter.docx").write_bytes(b"harmed")
    (tmp_path / "media" / "later.txt").write_bytes(b"came after the backup")

    restored = backup(place, "restore", folder)
    assert restored.returncode == 0, restored.stderr
    rows = execute(place["DATABASE_URL"], "SELECT id, words FROM letter ORDER BY id")
    assert rows == [(number, f"letter {number}") for number in range(1, 501)]
    assert files_in(tmp_path / "media") == FILES


def test_a_harmed_backup_is_refused_and_touches_nothing(place, tmp_path):
    folder = backup(place, "make").stdout.strip()
    with Path(folder, "database.dump").open("ab") as dump:
        dump.write(b"harm")
    assert backup(place, "verify", folder).returncode != 0
    execute(place["DATABASE_URL"], "DELETE FROM letter WHERE id > 10")
    assert backup(place, "restore", folder).returncode != 0
    assert execute(place["DATABASE_URL"], "SELECT count(*) FROM letter") == [(10,)]
    assert files_in(tmp_path / "media") == FILES


def test_a_backup_that_fails_leaves_no_folder_that_looks_whole(place, tmp_path):
    broken = {**place, "DATABASE_URL": place["DATABASE_URL"] + "_absent"}
    assert backup(broken, "make").returncode != 0
    assert list((tmp_path / "back ups").iterdir()) == []


def test_a_backup_without_files_can_be_restored(place, tmp_path):
    empty = {**place, "MEDIA_ROOT": str(tmp_path / "none yet")}
    folder = backup(empty, "make").stdout.strip()
    assert backup(empty, "restore", folder).returncode == 0


def test_a_backup_comes_back_over_a_later_release_with_more_tables(place):
    folder = backup(place, "make").stdout.strip()
    execute(
        place["DATABASE_URL"],
        "CREATE TABLE added_by_an_upgrade (letter_id int REFERENCES letter (id));"
        "INSERT INTO added_by_an_upgrade VALUES (1);"
        "CREATE VIEW letters AS SELECT words FROM letter",
    )
    restored = backup(place, "restore", folder)
    assert restored.returncode == 0, restored.stderr
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    assert execute(place["DATABASE_URL"], tables) == [("letter",)]
    assert execute(place["DATABASE_URL"], "SELECT count(*) FROM letter") == [(500,)]


def test_a_restore_that_breaks_off_changes_nothing(place):
    execute(place["DATABASE_URL"], "CREATE EXTENSION pg_trgm")
    folder = Path(backup(place, "make").stdout.strip())
    # A dump of something that cannot be put back: its extension does not exist here.
    odd = {**place, "PATH": f"{folder.parent}:{place['PATH']}"}
    command = folder.parent / "pg_restore"
    command.write_text(
        '#!/bin/sh\nfor a; do case "$a" in --file=*) f="${a#--file=}";; esac; done\n'
        'echo "CREATE TABLE half (id int); CREATE EXTENSION no_such;" >"$f"\n'
    )
    command.chmod(0o755)
    assert backup(odd, "restore", str(folder)).returncode != 0
    assert execute(place["DATABASE_URL"], "SELECT count(*) FROM letter") == [(500,)]
    assert backup(place, "restore", str(folder)).returncode == 0


def test_of_the_last_day_all_backups_are_kept_and_of_each_day_before_the_last(place, tmp_path):
    def named(**ago):
        at = datetime.now(UTC) - timedelta(**ago)
        return at.strftime("%Y-%m-%dT%H-%M-%SZ")

    def on(days, clock):
        return (datetime.now(UTC) - timedelta(days=days)).strftime(f"%Y-%m-%dT{clock}Z")

    lately = [named(minutes=15), named(hours=20)]
    last_of_day = [on(3, "23-45-00"), on(4, "10-00-00"), on(29, "12-00-00")]
    gone = [on(3, "23-30-00"), on(3, "00-15-00"), on(29, "11-45-00"), named(days=31)]
    for name in [*lately, *last_of_day, *gone]:
        (tmp_path / "back ups" / name).mkdir(parents=True)
    made = backup(place, "make")
    kept = {path.name for path in (tmp_path / "back ups").iterdir()}
    assert kept == {Path(made.stdout.strip()).name, *lately, *last_of_day}
