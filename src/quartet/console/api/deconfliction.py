"""The routes of deconfliction: notify an activity to a desk, see what meets there, and tell the owners the least."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.deconflictviews import Deconfliction, Outline, Telling
from quartet.node.views import Published


@get("/deconfliction")
async def deconfliction(node: TheNode, viewer: TheViewer) -> Deconfliction:
    """Show the activities that this officer may see, what desks told of them, and what meets at this member's desk."""
    return await node.desk.deconfliction.view(viewer)


@post("/deconfliction/activities", opt={SIGNS: True})
async def notify(data: JSONBody[Outline], node: TheNode, viewer: TheViewer) -> Published:
    """Release the outline of an activity to one desk, and to no other."""
    return await node.publish(node.desk.deconfliction.outline(data), viewer)


@post("/deconfliction/conflicts", opt={SIGNS: True})
async def tell_conflict(data: JSONBody[Telling], node: TheNode, viewer: TheViewer) -> list[Published]:
    """Tell the owners of two activities that meet the least: a cell, a time, and whom to call; each is told once."""
    return [await node.publish(draft, viewer) for draft in node.desk.deconfliction.tell(viewer, data)]


DECONFLICTION_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (deconfliction, notify, tell_conflict)
