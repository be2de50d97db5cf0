"""The route of the duty board."""

from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler

from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.dutyviews import Board


@get("/duty")
async def duty(node: TheNode, viewer: TheViewer) -> Board:
    """Tell who is on watch where, of whom this officer is told, and what our own watches left to the next."""
    return await node.duties.board(viewer)


DUTY_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (duty,)
