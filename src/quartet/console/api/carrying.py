"""The routes that take parcels across an air gap as files: at the local socket alone, beside which the files are."""

from typing import Any, Final

from litestar import Request, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from quartet.console.api.marks import ROLE, SIGNS
from quartet.console.api.routes import BYTES, TheNode, TheViewer
from quartet.core.release import Viewer
from quartet.node.carryviews import CameIn, CarriedView
from quartet.node.seeing import WATCH


@get("/carry")
async def carried(node: TheNode, viewer: TheViewer) -> list[CarriedView]:
    """Tell for each member when a file was last written for it, when one last came, and what is due."""
    return node.carrying.views(viewer)


@post("/carry/out", status_code=200, media_type=BYTES, opt={SIGNS: True, ROLE: WATCH})
async def carry_out(node: TheNode, viewer: TheViewer, to: FromQuery[str], most: FromQuery[int]) -> bytes:
    """Give a file of at most `most` bytes with all that a member has not confirmed; what does not fit stays due."""
    return await node.carrying.out(viewer, to, most)


@put("/carry/in", status_code=200, opt={SIGNS: True, ROLE: WATCH})
async def carry_in(request: Request[Viewer, None, Any], node: TheNode, viewer: TheViewer) -> CameIn:
    """Take a file that another member's node wrote, or a portion of it under a head of its own."""
    return await node.carrying.took(viewer, await request.body())


CARRY_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (carried, carry_out, carry_in)
