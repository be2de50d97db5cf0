"""The routes of requests for information: who asks what of whom, and what each says to it."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.requestviews import Answer, RequestPage, RequestView, Which, Worth
from quartet.node.views import Published


@get("/requests")
async def requests(
    node: TheNode,
    viewer: TheViewer,
    which: FromQuery[Which] = "open",
    after: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
) -> RequestPage:
    """List the requests that this officer may see, the newest first."""
    return await node.desk.requests.page(viewer, which, after, limit)


@get("/requests/{ref:str}")
async def request(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> RequestView:
    """Show one request whole: where each asked member has got to, and what it said."""
    return await node.desk.requests.view(viewer, ref)


@post("/requests/{ref:str}/replies", opt={SIGNS: True})
async def answer(ref: FromPath[str], data: JSONBody[Answer], node: TheNode, viewer: TheViewer) -> Published:
    """Say something to a request that asks this member."""
    return await node.publish(node.desk.requests.answer(viewer, ref, data), viewer)


@post("/requests/{ref:str}/closing", opt={SIGNS: True})
async def close(ref: FromPath[str], data: JSONBody[Worth], node: TheNode, viewer: TheViewer) -> Published:
    """Close a request of this member, and say what the answers were worth."""
    return await node.publish(node.desk.requests.close(viewer, ref, data), viewer)


REQUEST_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (requests, request, answer, close)
