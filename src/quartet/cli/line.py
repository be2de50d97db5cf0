"""A line to the node: HTTP over its local socket, by the standard library, which is loaded sooner than any other.

A line is for one request: none grows old while an officer thinks, and none is used again that the node has ended.
"""

import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

CONNECT_SECONDS: Final = 3.0
BLOCK: Final = 64 * 1024

Params = Mapping[str, str | int | bool | None]


class NotReached(Exception):  # noqa: N818 - it says where a request came to, and is told as a fault by who asked
    """Nobody took the request."""


class _Line(HTTPConnection):
    def __init__(self, path: Path, within: float) -> None:
        super().__init__("node", timeout=within)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(CONNECT_SECONDS)
        try:
            self.sock.connect(str(self._path))
        except TimeoutError:
            raise
        except OSError as error:
            raise NotReached(str(error)) from error
        self.sock.settimeout(self.timeout)


@contextmanager
def asked(
    path: Path, method: str, target: str, content: bytes, headers: Mapping[str, str], within: float
) -> Generator[HTTPResponse, None, None]:
    """Ask the node at `path`, and give its answer while the context lasts.

    Raise `NotReached` where none takes the request, `TimeoutError` where it is silent for `within` seconds, and
    `OSError` or `HTTPException` where it breaks off.
    """
    line = _Line(path, within)
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read all
            line.request(method, target, content or None, {**headers, "Connection": "close"})
        yield line.getresponse()
    finally:
        line.close()


def target(path: str, params: Params | None = None) -> str:
    """Return a path and its query as they are sent; what is None is not asked."""
    given = {name: _word(value) for name, value in (params or {}).items() if value is not None}
    return quote(path, safe="/%:@!$&'()*+,;=~") + (f"?{urlencode(given)}" if given else "")


def blocks(answer: HTTPResponse) -> Generator[bytes, None, None]:
    """Yield an answer's body block by block; raise `IncompleteRead` where it ends before it should."""
    while block := answer.read(BLOCK):
        yield block
    if answer.length:
        raise IncompleteRead(b"", answer.length)


def _word(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
