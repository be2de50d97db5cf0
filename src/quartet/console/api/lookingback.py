"""The routes of the picture's past: how far back it goes, and where one track was."""

from datetime import datetime
from typing import Any, Final

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from quartet.console.api.marks import BACK
from quartet.console.api.routes import TheNode, TheViewer, check_time
from quartet.core.release import Viewer
from quartet.node.pastviews import PastSpan, TrackHistory
from quartet.node.views import micros

TEN_MINUTES: Final = 10


@get("/picture/past")
async def span(node: TheNode) -> PastSpan:
    """Tell from when on the picture can be looked back at."""
    return node.history.span()


@get("/picture/history", opt={BACK: True})
async def history(
    request: Request[Viewer, None, Any],
    node: TheNode,
    viewer: TheViewer,
    track: FromQuery[str],
    source: FromQuery[str | None] = None,
    at: FromQuery[datetime | None] = None,
    minutes: FromQuery[int] = TEN_MINUTES,
) -> TrackHistory:
    """Tell where a track was in the minutes before now, or before a time: as much of it as this officer may see."""
    check_time(request, "at")
    return await node.history.of(viewer, track, source, None if at is None else micros(at), minutes)


BACK_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (span, history)
