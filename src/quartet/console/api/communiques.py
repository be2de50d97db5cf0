"""The routes of communiqués: who stands behind a text, and its publication once all do."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.communiqueviews import CommuniqueRow, CommuniqueView
from quartet.node.factviews import Prepared
from quartet.node.views import Published


@get("/communiques")
async def communiques(node: TheNode, viewer: TheViewer) -> list[CommuniqueRow]:
    """List the drafted texts that this officer may see, the newest first."""
    return list(await node.desk.communiques.list(viewer))


@get("/communiques/{ref:str}")
async def communique(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> CommuniqueView:
    """Show a drafted text whole: all languages, where members stand, what was published of it and who signed."""
    return await node.desk.communiques.view(viewer, ref)


@post("/communiques/{ref:str}/publication", opt={SIGNS: True})
async def publish_communique(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Published:
    """Publish an agreed text for everybody, letter by letter as it was agreed."""
    return await node.publish(node.desk.communiques.publication(viewer, ref), viewer)


@post("/communiques/{ref:str}/publication/prepared", status_code=200)
async def prepare_communique(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare an agreed text for everybody, for whoever presides to assert; nothing happens yet."""
    return node.asserting.prepare(node.desk.communiques.publication(viewer, ref), viewer)


COMMUNIQUE_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    communiques,
    communique,
    publish_communique,
    prepare_communique,
)
