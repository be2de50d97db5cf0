"""The routes of the register: what this member gave to whom, and how it marks and answers."""

from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from quartet.console.api.marks import COSTLY
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.registerviews import Measures, Register


@get("/register")
async def register(
    node: TheNode, viewer: TheViewer, after: FromQuery[str] = "", limit: FromQuery[int] = 50
) -> Register:
    """List what this member gave to others, of what this officer may know, the newest first."""
    return await node.dissemination.register(viewer, after, limit)


@get("/measures", opt={COSTLY: True})
async def measures(node: TheNode, viewer: TheViewer, days: FromQuery[int] = 30) -> Measures:
    """Tell how this member marked, and how long whoever asked it waited, of what this officer may know."""
    return await node.dissemination.measures(viewer, days)


REGISTER_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (register, measures)
