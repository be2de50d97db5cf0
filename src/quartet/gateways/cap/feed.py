"""The feed: an Atom list of the alerts in force with each behind it, and the place where early warnings are posted.

Who reads shows a token, unless the door gives only what the world may have; what she may not have and what does not
exist are the same 404. A superseded alert is listed no more.
"""

import asyncio
import contextlib
import hashlib
import hmac
import socket
from collections.abc import Awaitable, Callable, Generator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import uvicorn

from quartet.core.faults import Unavailable
from quartet.core.release import Door
from quartet.gateways.cap.incoming import take
from quartet.gateways.cap.outgoing import written
from quartet.gateways.cap.words import plain
from quartet.gateways.cap.xml import MAX_CAP
from quartet.node.desk.outgoing import Outgoing
from quartet.node.earlysource import CapDoor
from quartet.node.node import Node
from quartet.node.views import moment

ATOM: Final = "http://www.w3.org/2005/Atom"
CAP: Final = "application/cap+xml"
MAX_AT_ONCE: Final = 64
STOP_SECONDS: Final = 2
STATUS: Final[Mapping[str, int]] = {"too-fast": 429, "too-large": 413}
"""What HTTP says to a reason; to any other 400 where it will never be taken, and 503 where it may be sent again."""
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Feed:
    """The application of one door, as ASGI has it."""

    def __init__(self, settings: CapDoor, node: Node, door: Callable[[], Door]) -> None:
        self._settings = settings
        self._node = node
        self._door = door

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path, method = str(scope["path"]), str(scope["method"])
        if method == "POST" and path.startswith("/cap/in/"):
            await self._taken(path.removeprefix("/cap/in/"), scope, receive, send)
        elif method not in ("GET", "HEAD"):
            await _say(send, 405)
        elif not self._may_read(scope):
            await _say(send, 401)
        elif path == "/cap/feed":
            await _say(send, 200, "application/atom+xml", self._list())
        else:
            await self._alert(path, send)

    def _may_read(self, scope: Mapping[str, Any]) -> bool:
        """Return whether who asks may read: with the token, or at a door for which nobody answers, without."""
        if self._settings.token_sha256 is None:
            return not self._settings.principals
        return _shows(scope, self._settings.token_sha256)

    async def _alert(self, path: str, send: Send) -> None:
        found = {f"/cap/{one.id}.xml": one for one in self._node.desk.doors.warnings(self._door())}
        told = found.get(path)
        if told is None:
            await _say(send, 404)
        else:
            await _say(send, 200, CAP, written(told, self._settings))

    def _list(self) -> bytes:
        """Return the list of what is in force: what another took the place of is behind that."""
        found = self._node.desk.doors.warnings(self._door())
        before = {item for one in found for item, _, _ in one.follows}
        feed = ET.Element("feed", xmlns=ATOM)
        _put(feed, "id", f"urn:quartet:{self._settings.domain}:{self._settings.name}")
        _put(feed, "title", self._settings.sender_name)
        newest = max((one.at for one in found), default=None)
        _put(feed, "updated", _atom_time(newest))
        for told in found:
            if told.id not in before:
                self._entry(feed, told)
        return b"<?xml version='1.0' encoding='UTF-8'?>\n" + ET.tostring(feed, encoding="unicode").encode()

    def _entry(self, feed: ET.Element, told: Outgoing) -> None:
        entry = ET.SubElement(feed, "entry")
        _put(entry, "id", f"urn:quartet:{told.id}")
        _put(entry, "title", told.form.info[0].headline)
        _put(entry, "updated", _atom_time(told.at))
        author = ET.SubElement(entry, "author")
        _put(author, "name", self._settings.sender_name)
        ET.SubElement(entry, "link", rel="alternate", type=CAP, href=f"/cap/{told.id}.xml")

    async def _taken(self, name: str, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Take a posted alert; an unknown source and a wrong token are told alike."""
        source = next((one for one in self._settings.sources if one.name == name), None)
        if source is None or source.token_sha256 is None or not _shows(scope, source.token_sha256):
            await _say(send, 401)
            return
        data = await _body(receive)
        if data is None:
            await _say(send, 413)
            return
        taken = await take(data, source, self._settings, self._node)
        refused = STATUS.get(taken.reason or "", 503 if taken.again else 400)
        await _say(send, 200 if taken.reason is None else refused, CAP, taken.answer)


async def serve_feed(settings: CapDoor, node: Node, door: Callable[[], Door], place: Callable[[str], Path]) -> None:
    """Serve a door's feed until cancelled; raise `Unavailable("port-taken")` where nobody can listen there."""
    config = uvicorn.Config(
        Feed(settings, node, door),
        ssl_certfile=None if settings.certificate is None else str(place(settings.certificate)),
        ssl_keyfile=None if settings.key is None else str(place(settings.key)),
        limit_concurrency=MAX_AT_ONCE,
        timeout_graceful_shutdown=STOP_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="",
        lifespan="off",
        ws="none",
    )
    server, listener = _Server(config), _listen(settings.listen or "")
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
        listener.close()


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


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request, or None for one that is too large: it is not read to its end."""
    data = bytearray()
    while True:
        message = await receive()
        data += message.get("body", b"")
        if len(data) > MAX_CAP:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(data)


async def _say(send: Send, status: int, kind: str = "text/plain", body: bytes = b"") -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _shows(scope: Mapping[str, Any], sha256: str) -> bool:
    """Return whether a request shows the token of this hash; how long that takes tells nothing of it."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    token = given.removeprefix(b"Bearer ") if given.startswith(b"Bearer ") else b""
    return hmac.compare_digest(hashlib.sha256(token).hexdigest(), sha256) and bool(token)


def _atom_time(at: Any) -> str:
    return "1970-01-01T00:00:00Z" if at is None else moment(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = plain(text)
