"""What one door of one node gives to the routes behind it.

To shape hundreds of routes takes far longer than to open a node's store, and their shape is the same for every node: a
process makes it once, and each request is told at which door it came.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from litestar import Litestar
from litestar.di import Provide
from litestar.types import Receive, Scope, Send

from quartet.console.api.gate import Asked, Guard
from quartet.console.api.streams import Streams
from quartet.console.clippings.reading import Clippings
from quartet.console.preview import Previews
from quartet.console.signin import SigninDesk
from quartet.core.release import Viewer
from quartet.node.adjusting import Adjusting
from quartet.node.node import Node

_DOOR: Final = "quartet-door"


@dataclass(frozen=True, kw_only=True)
class Door:
    """Whose node is asked, who is let in, and what a door has one of, so that few are drawn, read or told at a time."""

    node: Node
    admit: Guard
    desk: SigninDesk | None = None
    adjusting: Adjusting | None = None
    previews: Previews = field(default_factory=Previews)
    clippings: Clippings = field(default_factory=Clippings)
    streams: Streams = field(default_factory=Streams)


D = TypeVar("D", bound=Door)


class AtDoor(Generic[D]):
    """Routes, at one door: what an ASGI server serves."""

    def __init__(self, routes: Litestar, door: D) -> None:
        self.routes = routes
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a server's start and end are answered here, for the routes outlive every door."""
        if str(scope["type"]) == "lifespan":  # which litestar leaves out of its type
            await _live(receive, send)
            return
        told: Any = {**scope, _DOOR: self.door}
        await self.routes(told, receive, send)


async def _live(receive: Any, send: Any) -> None:
    for turn in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{turn}.complete"})


def door_of(scope: Any) -> Door:
    """Return the door at which a request came."""
    door: Door = scope[_DOOR]
    return door


async def admit(request: Asked) -> None:
    """Let in whom the request's door lets in; raise its `Fault` for anybody else."""
    await door_of(request.scope).admit(request)


async def _node(scope: Scope) -> Node:
    return door_of(scope).node


async def _viewer(request: Asked) -> Viewer:
    return request.user


async def _desk(scope: Scope) -> SigninDesk | None:
    return door_of(scope).desk


async def _adjusting(scope: Scope) -> Adjusting | None:
    return door_of(scope).adjusting


async def _previews(scope: Scope) -> Previews:
    return door_of(scope).previews


async def _clippings(scope: Scope) -> Clippings:
    return door_of(scope).clippings


async def _streams(scope: Scope) -> Streams:
    return door_of(scope).streams


GIVEN: Final[dict[str, Provide]] = {
    "node": Provide(_node),
    "viewer": Provide(_viewer),
    "desk": Provide(_desk),
    "adjusting": Provide(_adjusting),
    "previews": Provide(_previews),
    "clippings": Provide(_clippings),
    "streams": Provide(_streams),
}
"""What a route may ask for by name."""
