"""The routes of the watch: what there is to do, which threats stand, and a note to the next that writes itself."""

from datetime import datetime
from typing import Any, Final

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from quartet.console.api.routes import TheNode, TheViewer, check_time
from quartet.core.release import Viewer
from quartet.node.desk.watchviews import ThreatView, WatchList, WatchNote


@get("/watch")
async def watch(node: TheNode, viewer: TheViewer) -> WatchList:
    """Tell what waits for this member's word, what is overdue, and which threats stand."""
    return await node.desk.watch.before(viewer)


@get("/watch/note")
async def note(
    request: Request[Viewer, None, Any], node: TheNode, viewer: TheViewer, since: FromQuery[datetime | None] = None
) -> WatchNote:
    """Write a note to the next watch, of what every officer here may see: what is open, overdue, was urgent."""
    check_time(request, "since")
    return await node.desk.watch.note(viewer, since)


@get("/threats")
async def threats(node: TheNode, viewer: TheViewer, whole: FromQuery[bool] = False) -> list[ThreatView]:
    """List the threats that stand, the likeliest first; or all that were ever said."""
    return list(await node.desk.watch.threats(viewer, whole=whole))


WATCH_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (watch, note, threats)
