"""Make the API of one node: its routes behind one guard, its faults as problem JSON, its description from the types."""

from functools import cache
from typing import Any, Final

from litestar import Litestar
from litestar.datastructures import ResponseHeader
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from quartet.console.api.carrying import CARRY_ROUTES
from quartet.console.api.description import description
from quartet.console.api.door import GIVEN, AtDoor, Door, admit
from quartet.console.api.every import EVERY
from quartet.console.api.gate import guard
from quartet.console.api.pace import pace
from quartet.console.api.problems import tell_bug, tell_fault, tell_http, tell_spelling
from quartet.console.api.strict import StrictRequest
from quartet.console.signin import SigninDesk
from quartet.core.faults import Fault
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


def make_api(node: Node, desk: SigninDesk | None = None, more: tuple[HTTPRouteHandler, ...] = ()) -> AtDoor[Door]:
    """Return the API of `node` for its local socket; `more` routes are those that speak to the sign-in `desk`."""
    return AtDoor(_shaped(more), Door(node=node, admit=guard(node), desk=desk))


@cache
def _shaped(more: tuple[HTTPRouteHandler, ...]) -> Litestar:
    return Litestar(
        route_handlers=(*EVERY, *CARRY_ROUTES, *more),
        before_request=admit,
        before_send=[pace],
        dependencies=GIVEN,
        exception_handlers=FAULTS,
        openapi_config=description(
            "One member's node, over its local socket. Every request is proved by an officer's key."
        ),
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        response_headers=[ResponseHeader(name="Cache-Control", value="no-store")],
        logging_config=None,
    )
