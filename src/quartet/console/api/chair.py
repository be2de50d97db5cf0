"""The routes of the chair: who presides, and the procedural log. What a chair says goes by `POST /items/prepared`."""

from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler

from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.chairviews import ChairView, Presiding


@get("/chair")
async def chair(node: TheNode, viewer: TheViewer) -> ChairView:
    """Tell who presides, and what chairs said: what held, what is contested."""
    return await node.desk.chairs.view(viewer)


@get("/chair/presiding")
async def presiding(node: TheNode, viewer: TheViewer) -> Presiding:
    """Tell who presides now, and nothing else."""
    return node.desk.chairs.presiding(viewer)


CHAIR_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (chair, presiding)
