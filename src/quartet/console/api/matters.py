"""The routes of corroboration: how many roots an event has, what may be the same or is related, names in a circle."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from quartet.console.api.marks import COSTLY, SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.assist.views import NearPage
from quartet.node.desk.alikeviews import AlikePage
from quartet.node.desk.matterviews import MatterPage, Sources
from quartet.node.desk.relatedviews import RelatedPage


@get("/items/{ref:str}/sources")
async def sources(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> MatterPage:
    """Tell how each event of a report is corroborated: by how many roots at most, denied by how many, said by whom."""
    return await node.desk.matters.of(viewer, ref)


@get("/items/{ref:str}/alike", opt={COSTLY: True})
async def alike(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> AlikePage:
    """Suggest which events of other reports may be the same as a report's; that they are, an officer says.

    Answered at one of few times, so that how long it took tells of nothing that the viewer may not see.
    """
    return await node.desk.alike.of(viewer, ref)


@get("/items/{ref:str}/related", opt={COSTLY: True})
async def related(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> RelatedPage:
    """List items that have names, places or days in common with one, and say which; answered at one of few times."""
    return await node.desk.related.of(viewer, ref)


@post("/items/{ref:str}/near", status_code=200, opt={COSTLY: True})
async def near(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> NearPage:
    """Have an embedder say which items lie near one in meaning: those that the gate lets go to `[assist.embedder]`.

    It is a suggestion of a model's, beside those of the rules. No text goes twice.
    """
    return await node.assisting.near.of(viewer, ref)


@post("/sources", opt={SIGNS: True})
async def blind(data: JSONBody[Sources], node: TheNode, viewer: TheViewer) -> list[str]:
    """Return the blinded names of sources in a circle; the first time this makes the circle's key, and shares it."""
    return list(await node.desk.matters.blinded(viewer, data, node.publish))


MATTER_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (sources, alike, related, near, blind)
