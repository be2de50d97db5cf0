"""The routes of rosters: who is to be on watch, and a new plan."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.rosterviews import RosterDraft, RosterView
from quartet.node.views import Published


@get("/roster")
async def roster(node: TheNode, viewer: TheViewer) -> RosterView:
    """Tell who is on watch and who is to be, of whom this officer is told, and when nobody is planned."""
    return await node.desk.rosters.view(viewer)


@post("/roster", opt={SIGNS: True})
async def plan_watches(data: JSONBody[RosterDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Plan who is to be on watch: for what it spans this counts, and no longer what was planned before."""
    return await node.publish(await node.desk.rosters.draft(viewer, data), viewer)


ROSTER_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (roster, plan_watches)
