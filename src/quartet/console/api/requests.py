"""The routes of requests for information: who asks what of whom, and what each says to it."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.requestviews import Answer, PassOn, Put, RequestPage, RequestView, Which, Worth
from quartet.node.factviews import Prepared
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


@post("/requests/{ref:str}/replies/prepared", status_code=200)
async def prepare_answer(ref: FromPath[str], data: JSONBody[Answer], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare what the chair says to a request that asks her, for her to assert. Nothing happens yet."""
    return node.asserting.prepare(node.desk.requests.answer(viewer, ref, data), viewer)


@post("/requests/{ref:str}/closing/prepared", status_code=200)
async def prepare_closing(ref: FromPath[str], data: JSONBody[Worth], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare the closing of a request that the chair asked, for her to assert. Nothing happens yet."""
    return node.asserting.prepare(node.desk.requests.close(viewer, ref, data), viewer)


@post("/requests/{ref:str}/question/prepared", status_code=200)
async def prepare_question(ref: FromPath[str], data: JSONBody[Put], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare the chair's own question in place of one that hides who asks, for her to assert. Nothing happens yet."""
    return node.asserting.prepare(node.desk.brokering.question(viewer, ref, data), viewer)


@post("/replies/{ref:str}/passed/prepared", status_code=200)
async def prepare_passing(ref: FromPath[str], data: JSONBody[PassOn], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare what gives all members an answer to the chair's question, if its controller consents. Nothing yet."""
    return node.asserting.prepare(node.desk.brokering.pass_on(viewer, ref, data), viewer)


REQUEST_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    requests,
    request,
    answer,
    close,
    prepare_answer,
    prepare_closing,
    prepare_question,
    prepare_passing,
)
