"""The routes of incidents: the file, its ladder, ratings made apart. What is said goes by `POST /items/{ref}/said`."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.incidentviews import IncidentPage, IncidentView, Ratings, WhichIncident
from quartet.node.views import Published


@get("/incidents")
async def incidents(
    node: TheNode,
    viewer: TheViewer,
    which: FromQuery[WhichIncident] = "all",
    after: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
) -> IncidentPage:
    """List the incidents that this officer may see, the newest first."""
    return await node.desk.incidents.page(viewer, which, after, limit)


@get("/incidents/{ref:str}")
async def incident(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> IncidentView:
    """Show one incident's file whole: evidence with custody, the ladder, every member's judgement beside the others."""
    return await node.desk.incidents.view(viewer, ref)


@post("/questions/{ref:str}/ratings", opt={SIGNS: True})
async def rate(ref: FromPath[str], data: JSONBody[Ratings], node: TheNode, viewer: TheViewer) -> Published:
    """Seal this member's ratings of a question: only their hash goes out."""
    return await node.publish(await node.desk.ratings.seal(viewer, ref, data), viewer)


@post("/questions/{ref:str}/ratings/shown", opt={SIGNS: True})
async def show_ratings(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Published:
    """Show the ratings that this member sealed; they are read once all that were sealed are shown."""
    return await node.publish(node.desk.ratings.show(viewer, ref), viewer)


INCIDENT_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (incidents, incident, rate, show_ratings)
