"""Make the console of one node: the API's own routes behind sessions, sign-in, and the page with its headers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from litestar import Litestar, Request, Response, Router, get, websocket
from litestar.handlers import WebsocketRouteHandler
from litestar.params import FromPath
from litestar.types import Message, Scope

from quartet.console.api.app import FAULTS, MAX_BODY
from quartet.console.api.description import description, exact
from quartet.console.api.door import GIVEN, AtDoor, Door, admit, door_of
from quartet.console.api.every import EVERY
from quartet.console.api.marks import OPEN
from quartet.console.api.pace import pace
from quartet.console.api.strict import StrictRequest
from quartet.console.signin import SigninDesk
from quartet.console.web.guard import session_guard
from quartet.console.web.headers import Hook, add_headers, tell_methods
from quartet.console.web.page import File, Page, built_page, part_of
from quartet.console.web.people import BROWSER_ROUTES
from quartet.console.web.settings import SETTINGS_ROUTES
from quartet.console.web.tracks import Socket, track_socket
from quartet.core.faults import Unavailable
from quartet.node.adjusting import Adjusting
from quartet.node.node import Node

API: Final = "/api"


@dataclass(frozen=True, kw_only=True)
class ConsoleDoor(Door):
    """A door for browsers: its page, what is told with each answer, and its maps' socket."""

    page: Page
    headers: Hook
    tracks: Callable[[Socket], Awaitable[None]]


def make_console(
    node: Node, desk: SigninDesk, page: Page | None = None, adjusting: Adjusting | None = None
) -> AtDoor[ConsoleDoor]:
    """Return the console of `node`; the page is the one that was built into the package."""
    door = ConsoleDoor(
        node=node,
        admit=session_guard(node, desk),
        desk=desk,
        adjusting=adjusting,
        page=page or built_page(),
        headers=add_headers(desk.origin),
        tracks=track_socket(node, desk),
    )
    return AtDoor(_shaped(), door)


@cache
def _shaped() -> Litestar:
    return Litestar(
        route_handlers=[_api(tracks), root, place],
        before_request=admit,
        dependencies=GIVEN,
        exception_handlers=FAULTS,
        openapi_config=None,
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        before_send=[pace, tell_headers, tell_methods],
        logging_config=None,
    )


def describe() -> dict[str, Any]:
    """Return the OpenAPI description of the API that browsers use; no node is needed."""
    config = description("One member's console, as its officers' browsers use it.")
    app = Litestar(route_handlers=[_api()], openapi_config=config, dependencies=GIVEN, logging_config=None)
    return exact(app.openapi_schema.to_schema())


def _api(*sockets: WebsocketRouteHandler) -> Router:
    return Router(path=API, route_handlers=[*EVERY, *BROWSER_ROUTES, *SETTINGS_ROUTES, *sockets])


def _at(scope: Any) -> ConsoleDoor:
    return cast(ConsoleDoor, door_of(scope))


async def tell_headers(message: Message, scope: Scope) -> None:
    """Put on an answer what its door tells with each."""
    await _at(scope).headers(message, scope)


@websocket("/tracks")
async def tracks(socket: Socket) -> None:
    """Give the tracks that this officer may see, as they move."""
    await _at(socket.scope).tracks(socket)


@get("/", include_in_schema=False, opt={OPEN: True})
async def root(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the page."""
    return _answer(request, _found(_at(request.scope).page, ""))


@get("/{place:path}", include_in_schema=False, opt={OPEN: True})
async def place(request: Request[Any, Any, Any], place: FromPath[str]) -> Response[bytes]:
    """Give a file of the page, or the page: whatever is no call of the API is a place in it."""
    return _answer(request, _found(_at(request.scope).page, place))


def _found(page: Page, place: str) -> File:
    if not page.built:
        raise Unavailable("page-not-built", "this copy has no page: make page, or install the package again")
    file = page.file(place)
    if file is None or place.strip("/").split("/", 1)[0] == API.strip("/"):
        raise Unavailable("unknown-item", "there is no such file")
    return file


def _answer(request: Request[Any, Any, Any], file: File) -> Response[bytes]:
    headers = {"ETag": file.tag, "Cache-Control": file.keep, "Vary": "Accept-Encoding", "Accept-Ranges": "bytes"}
    if request.headers.get("if-none-match") == file.tag:
        return Response(b"", status_code=304, headers=headers, media_type=file.kind)
    part = part_of(request.headers.get("range"), len(file.data))
    if part is not None and request.headers.get("if-range", file.tag) == file.tag:
        return _part(file, part, headers)
    if file.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.zipped, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.kind)
    return Response(file.data, headers=headers, media_type=file.kind)


def _part(file: File, part: range, headers: dict[str, str]) -> Response[bytes]:
    """Answer with a part of a file, as it lies here: never zipped."""
    whole = len(file.data)
    if not part:
        return Response(
            b"", status_code=416, headers=headers | {"Content-Range": f"bytes */{whole}"}, media_type=file.kind
        )
    about = {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{whole}"}
    return Response(file.data[part.start : part.stop], status_code=206, headers=headers | about, media_type=file.kind)
