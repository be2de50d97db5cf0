"""The track socket: frames of what is, or of what was, to a browser's map, and from it what it shows.

A browser that reads slowly is waited for, and then told what is new since; frames do not queue, and nobody else waits.
The socket ends with the session, with the officer's right, or when she states another purpose.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, NamedTuple

from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from quartet.console.signin import SigninDesk
from quartet.console.signin.desk import now
from quartet.console.signin.limits import Limit, Rate
from quartet.console.web.guard import Admitted, admit_socket, cookie_name
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import OfficerName
from quartet.node.node import Node
from quartet.node.replay import Screen
from quartet.picture.look import Look, read_look

BEAT_SECONDS: Final = 0.25
"""How often the picture is looked at for something new."""
STALL_SECONDS: Final = 60.0
"""How long a browser may take nothing before its socket is closed."""
FIRST_LOOK_SECONDS: Final = 10.0
MAX_OF_ONE: Final = 8
MAX_OF_ALL: Final = 256
LOOKS: Final = Rate("looks", burst=40, a_minute=300)
"""What one map may ask for."""

REFUSED: Final = 4403
MALFORMED: Final = 4400
OVER: Final = 4401
STALLED: Final = 4408
OFTEN: Final = 4429
"""Why a socket is closed; the reason word goes along."""

Socket = WebSocket[Any, Any, Any]


class End(NamedTuple):
    """Why a socket ends; no code where the browser left."""

    code: int | None
    reason: str = ""


class Seats:
    """How many sockets are open, of each officer - however often she signed in - and in all."""

    def __init__(self) -> None:
        self._taken: Counter[OfficerName] = Counter()

    @contextmanager
    def take(self, officer: OfficerName) -> Iterator[None]:
        """Hold a seat, or raise `Unavailable("too-many-requests")`."""
        if self._taken[officer] >= MAX_OF_ONE or self._taken.total() >= MAX_OF_ALL:
            raise Unavailable("too-many-requests", f"{MAX_OF_ONE} maps of one officer, {MAX_OF_ALL} in all")
        self._taken[officer] += 1
        try:
            yield
        finally:
            self._taken[officer] -= 1
            self._taken += Counter()  # those at nought go


class Viewing:
    """One open socket."""

    def __init__(self, socket: Socket, screen: Screen, alive: Callable[[], bool], touch: Callable[[], None]) -> None:
        self._socket = socket
        self._screen = screen
        self._alive = alive
        self._touch = touch
        self._limit = Limit(LOOKS)
        self._asked = asyncio.Event()
        self._period = BEAT_SECONDS
        self._looks = 0

    async def run(self) -> End:
        """Speak and listen until one of both ends; say why."""
        tasks = {asyncio.create_task(self._hear()), asyncio.create_task(self._tell())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _hear(self) -> End:
        """Take what the map asks for, until the browser leaves or says what nobody can read."""
        while True:
            message: Any = await self._socket.receive()
            if message["type"] != "websocket.receive":
                return End(None)
            data = message.get("bytes") or (message.get("text") or "").encode()
            try:
                self._limit.take("", time.monotonic())
                self._ask(read_look(data))
            except Malformed as fault:
                return End(MALFORMED, fault.reason)
            except Unavailable as fault:
                return End(OFTEN, fault.reason)

    def _ask(self, look: Look) -> None:
        """The first look is the page's own; those after it are what somebody did, and keep her session young."""
        self._looks += 1
        if self._looks > 1:
            self._touch()
        self._period = max(BEAT_SECONDS, 1 / look.max_hz)
        self._screen.ask(look)
        self._asked.set()

    async def _tell(self) -> End:
        """Tell what is new while she may have it; wait for her, never for what she did not take."""
        if not await self._until_asked(FIRST_LOOK_SECONDS):
            return End(MALFORMED, "bad-look")
        while self._alive():
            self._asked.clear()
            data = await self._screen.told()
            if data is not None:
                try:
                    async with asyncio.timeout(STALL_SECONDS):
                        await self._socket.send_data(data, mode="binary")
                except TimeoutError:
                    return End(STALLED, "too-slow")
                except WebSocketDisconnect:
                    return End(None)
            await self._until_asked(BEAT_SECONDS if data is None else self._period)
        return End(OVER, "no-session")

    async def _until_asked(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` of Python 3.11 may swallow that it is cancelled
                await self._asked.wait()
        return self._asked.is_set()


def track_socket(node: Node, desk: SigninDesk) -> Callable[[Socket], Awaitable[None]]:
    """Return what serves the sockets of a console's maps."""
    seats = Seats()

    async def tracks(socket: Socket) -> None:
        try:
            admitted = admit_socket(socket, node, desk)
            with seats.take(admitted.session.officer):
                await _serve(socket, node, desk, admitted)
        except Fault as fault:
            await socket.close(code=REFUSED, reason=fault.reason)

    return tracks


async def _serve(socket: Socket, node: Node, desk: SigninDesk, admitted: Admitted) -> None:
    await socket.accept()
    word = socket.cookies.get(cookie_name(node), "")

    def touch() -> None:
        with suppress(Untrusted):  # a session that ended is noticed before anything more is told
            desk.sessions.find(word, now())

    screen = node.replays.screen(admitted.viewer)
    try:
        end = await Viewing(socket, screen, admitted.alive, touch).run()
    finally:
        screen.close()
    if end.code is not None:
        with suppress(WebSocketDisconnect):
            await socket.close(code=end.code, reason=end.reason)
