"""Make the API of one node: its routes behind one guard, its faults as problem JSON, its description from the types."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from litestar import Litestar
from litestar.datastructures import ResponseHeader
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from quartet.console.api.carrying import CARRY_ROUTES
from quartet.console.api.description import description
from quartet.console.api.every import EVERY
from quartet.console.api.gate import Asked, guard
from quartet.console.api.pace import pace
from quartet.console.api.problems import tell_bug, tell_fault, tell_http, tell_spelling
from quartet.console.api.streams import Streams
from quartet.console.api.strict import StrictRequest
from quartet.console.clippings.reading import Clippings
from quartet.console.preview import Previews
from quartet.console.signin import SigninDesk
from quartet.core.faults import Fault
from quartet.core.release import Viewer
from quartet.node.node import Node

MAX_BODY: Final = 1024 * 1024
"""A text of 128 KiB in JSON's worst spelling fits; files go in parts."""


FAULTS: Final[dict[int | type[Exception], Any]] = {
    Fault: tell_fault,
    HTTPException: tell_http,
    UnicodeDecodeError: tell_spelling,
    Exception: tell_bug,
}
"""How each kind of fault is told, at both doors."""


def make_api(node: Node, desk: SigninDesk | None = None, more: Sequence[HTTPRouteHandler] = ()) -> Litestar:
    """Return the API of `node` for its local socket; `more` routes are those that speak to the sign-in `desk`."""

    async def the_node() -> Node:
        return node

    async def the_desk() -> SigninDesk | None:
        return desk

    return Litestar(
        route_handlers=(*EVERY, *CARRY_ROUTES, *more),
        before_request=guard(node),
        before_send=[pace],
        dependencies={
            "node": Provide(the_node),
            "viewer": Provide(the_viewer),
            "desk": Provide(the_desk),
            "previews": Provide(give_previews()),
            "clippings": Provide(give_clippings()),
            "streams": Provide(give_streams()),
        },
        exception_handlers=FAULTS,
        openapi_config=description(
            "One member's node, over its local socket. Every request is proved by an officer's key."
        ),
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        response_headers=[ResponseHeader(name="Cache-Control", value="no-store")],
        logging_config=None,
    )


def give_previews() -> Callable[[], Awaitable[Previews]]:
    """Return what gives a door's drawer of previews: one, so that few are drawn at a time."""
    previews = Previews()

    async def the_previews() -> Previews:
        return previews

    return the_previews


def give_clippings() -> Callable[[], Awaitable[Clippings]]:
    """Return what gives a door's reader of open sources: one, so that few are read at a time."""
    clippings = Clippings()

    async def the_clippings() -> Clippings:
        return clippings

    return the_clippings


def give_streams() -> Callable[[], Awaitable[Streams]]:
    """Return what gives a door's count of streams."""
    streams = Streams()

    async def the_streams() -> Streams:
        return streams

    return the_streams


async def the_viewer(request: Asked) -> Viewer:
    """Return whom the guard let in."""
    return request.user
