"""Asks a virus scanner, clamd, about a file.

Its INSTREAM command (clamd(8)): the content goes over the connection in chunks, each after its
length in four bytes, an empty one ends it; the scanner never opens a file of ours.
"""

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

ANSWER_WITHIN = 60
MOST_ANSWERED = 4_096


class ScannerUnavailable(Exception):
    """The scanner is away or cut the line. To be asked again."""


class NoVerdict(Exception):
    """The scanner answers, and says nothing of this file: too large for it, or not to be read."""


def is_clean(chunks: Iterable[bytes], address: str) -> bool:
    """Whether the scanner at ``address`` finds nothing in ``chunks``.

    ``address``: ``tcp://HOST:PORT`` or ``unix:///path/to/socket``.
    Errors: ``ScannerUnavailable``, ``NoVerdict``.
    """
    try:
        with _connected(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                if chunk:
                    connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            answer = _answer(connection)
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if answer.endswith("FOUND"):
        return False
    if answer.endswith("OK"):
        return True
    raise NoVerdict


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_WITHIN)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((parts.hostname or "", parts.port or 3310), ANSWER_WITHIN)


def _answer(connection: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < MOST_ANSWERED:
        more = connection.recv(MOST_ANSWERED)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
