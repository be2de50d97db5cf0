"""The routes of this member's sensors: how they are, and where they see."""

from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.sensorviews import CoverageView, SensorView


@get("/sensors")
async def sensors(node: TheNode, viewer: TheViewer) -> list[SensorView]:
    """Tell how this member's sensors are, of which this officer may see what they see."""
    return list(node.surveying.sensors(viewer))


@get("/sensors/{name:str}/coverage")
async def coverage(name: FromPath[str], node: TheNode, viewer: TheViewer) -> CoverageView:
    """Tell where a sensor saw movers in the last hour, and where it saw none though it did all around."""
    return node.surveying.coverage(viewer, name)


SENSOR_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (sensors, coverage)
