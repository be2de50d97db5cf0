"""Where early warnings are posted: by a source that shows its token, each answered with CAP's own Ack or Error."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from quartet.gateways.cap.incoming import take
from quartet.gateways.cap.serving import MAX_POSTING, Bound, Receive, Send, say, serve, shows
from quartet.gateways.cap.xml import MAX_CAP
from quartet.node.earlysource import CapDoor
from quartet.node.node import Node

CAP: Final = "application/cap+xml"
PREFIX: Final = "/cap/in/"
STATUS: Final[Mapping[str, int]] = {"too-fast": 429, "too-large": 413}
"""What HTTP says to a reason; to any other 400 where it will never be taken, and 503 where it may be sent again."""


class Intake:
    """The application that takes what is posted, as ASGI has it."""

    def __init__(self, settings: CapDoor, node: Node) -> None:
        self._settings = settings
        self._node = node
        self._posting = Bound(MAX_POSTING)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path, method = str(scope["path"]), str(scope["method"])
        if method != "POST":
            await say(send, 405)
        elif not path.startswith(PREFIX):
            await say(send, 404)
        else:
            await self._asked(path.removeprefix(PREFIX), scope, receive, send)

    async def _asked(self, name: str, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Take a posted alert; an unknown source and a wrong token are told alike."""
        source = next((one for one in self._settings.sources if one.name == name), None)
        if source is None or source.token_sha256 is None or not shows(scope, source.token_sha256):
            await say(send, 401)
            return
        try:
            async with self._posting.place() as may:
                data = await _body(receive) if may else b""
        except TimeoutError:
            await say(send, 408)
            return
        if not may:
            await say(send, 503)
        elif data is None:
            await say(send, 413)
        else:
            taken = await take(data, source, self._settings, self._node)
            refused = STATUS.get(taken.reason or "", 503 if taken.again else 400)
            await say(send, 200 if taken.reason is None else refused, CAP, taken.answer)


async def serve_intake(settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
    """Serve what is posted at an address of its own, until cancelled; raise `Unavailable("port-taken")`."""
    await serve(Intake(settings, node), settings.listen_in or "", settings, place)


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
