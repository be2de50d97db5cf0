"""Serve a CAP door over HTTP, within bounds: how many connections at once, from one address, and in which work.

A connection costs a stranger nothing, so one that waits for nothing makes room for the next; one whose request is being
answered does not. Requests have bounds of their own, by what they ask for: a flood of readers takes no place of who
posts.
"""

import asyncio
import contextlib
import hashlib
import hmac
import ipaddress
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from quartet.core.faults import Unavailable
from quartet.node.earlysource import CapDoor

MAX_CONNECTIONS: Final = 256
MAX_FROM_ONE: Final = 32
"""Connections from one address; of IPv6 from one network of 64 bits, which is one site."""
MAX_READING: Final = 32
"""Requests of readers that are answered at once; others are told to come again."""
MAX_POSTING: Final = 32
"""Early warnings that are taken at once, of those whose source showed its token."""
ANSWER_S: Final = 10
"""How long a reader may take to take its answer, and a source to send its warning."""
STOP_SECONDS: Final = 2
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class Bound:
    """So many at once, each for so long at most; who comes when all places are taken is told at once."""

    def __init__(self, most: int) -> None:
        self._left = most

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[bool]:
        """Take a place, or none: then what is yielded is False. Raise `TimeoutError` when it lasts too long."""
        if not self._left:
            yield False
            return
        self._left -= 1
        try:
            async with asyncio.timeout(ANSWER_S):
                yield True
        finally:
            self._left += 1


class Connections:
    """The open connections of one listener."""

    def __init__(self) -> None:
        self._open: dict[Connection, str] = {}
        self._from: Counter[str] = Counter()

    def admit(self, one: "Connection", address: str) -> bool:
        """Note a connection; False where none more may be from there, or each that there is is being answered."""
        network = _network(address)
        if self._from[network] >= MAX_FROM_ONE:
            return False
        if len(self._open) >= MAX_CONNECTIONS:
            idle = next((other for other in self._open if other.idle), None)
            if idle is None:
                return False
            idle.transport.abort()
            self.gone(idle)
        self._open[one] = network
        self._from[network] += 1
        return True

    def gone(self, one: "Connection") -> None:
        """Forget a connection."""
        network = self._open.pop(one, None)
        if network is not None:
            self._from[network] -= 1
            self._from += Counter()


class Connection(H11Protocol):
    """A connection that is counted."""

    open_ones: Connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or end at once where no more may be."""
        super().connection_made(transport)
        if not self.open_ones.admit(self, "" if self.client is None else self.client[0]):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self.open_ones.gone(self)
        super().connection_lost(exc)

    @property
    def idle(self) -> bool:
        """Whether no request is being answered, but for one whose reader was left."""
        return self.cycle is None or self.cycle.response_complete or self.transport.is_closing()


async def serve(app: App, listen: str, settings: CapDoor, place: Callable[[str], Path]) -> None:
    """Serve until cancelled; raise `Unavailable("port-taken")` where nobody can listen there."""
    config = uvicorn.Config(
        app,
        http=type("Counted", (Connection,), {"open_ones": Connections()}),
        ssl_certfile=None if settings.certificate is None else str(place(settings.certificate)),
        ssl_keyfile=None if settings.key is None else str(place(settings.key)),
        timeout_graceful_shutdown=STOP_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="",
        lifespan="off",
        ws="none",
    )
    server, listener = _Server(config), _listen(listen)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
        listener.close()


async def say(send: Send, status: int, kind: str = "text/plain", body: bytes = b"") -> None:
    """Answer a request whole."""
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status in (429, 503):
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def shows(scope: Mapping[str, Any], sha256: str) -> bool:
    """Return whether a request shows the token of this hash; how long that takes tells nothing of it."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    token = given.removeprefix(b"Bearer ") if given.startswith(b"Bearer ") else b""
    return hmac.compare_digest(hashlib.sha256(token).hexdigest(), sha256) and bool(token)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        listener = socket.create_server((host.strip("[]"), int(port)), family=family)
    except (OSError, OverflowError) as error:
        raise Unavailable("port-taken", address) from error
    listener.setblocking(False)
    return listener


class _Server(uvicorn.Server):
    """A server that leaves the signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield
