"""The routes of what is said about an item in a form: a position, a step, a hypothesis, that two events are one."""

from typing import Final

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.speech import Speech
from quartet.node.factviews import Prepared
from quartet.node.views import Published


@post("/items/{ref:str}/said", opt={SIGNS: True})
async def say_so(ref: FromPath[str], data: JSONBody[Speech], node: TheNode, viewer: TheViewer) -> Published:
    """Publish what is said about an item, marked as the item is; for all who may have it, or for some of them."""
    return await node.publish(node.desk.speaking.draft(viewer, ref, data), viewer)


@post("/items/{ref:str}/said/prepared", status_code=200)
async def prepare_said(ref: FromPath[str], data: JSONBody[Speech], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare what an officer must assert with her own key: a position, an acknowledgement. Nothing happens yet."""
    return node.asserting.prepare(node.desk.speaking.draft(viewer, ref, data), viewer)


SAID_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (say_so, prepare_said)
